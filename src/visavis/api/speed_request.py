"""What `visavis speed` is asked for, made into a plan; whatever is wrong with it is found here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from math import ceil
from pathlib import Path
from random import Random
from typing import Any

from visavis.api.around import Surroundings
from visavis.api.request import Request, admit
from visavis.api.screen import Screen
from visavis.candidates.llama_settings import threads
from visavis.core.candidate import Unknown
from visavis.core.errors import OptionError
from visavis.core.numbers import check_numbers, whole_number
from visavis.core.outcome import Usage
from visavis.core.registry import unknown
from visavis.measure.load.arrivals import AtOnce, Rate, Shape
from visavis.measure.load.course import LoadPlan
from visavis.measure.load.drive import MOST_WARM_UPS
from visavis.measure.load.means import How, Quota
from visavis.measure.load.prompts import Prompts
from visavis.measure.load.slo import Objective, objective
from visavis.measure.load.traces import trace
from visavis.measure.plan import Forecast, size
from visavis.options import CompareOptions, SpeedOptions, flag
from visavis.report.text import counted

USUAL_SECONDS = 30.0
USUAL_CONCURRENCY = ("1", "4")
MOST_AT_ONCE = 4096
SWEPT_LOCAL, SWEPT_HOSTED = 16, 256
"""Requests at once that a sweep goes up to: a local file's context takes memory for each."""


@dataclass(frozen=True, kw_only=True)
class SpeedRequest:
    """A speed run, checked as far as it can be without asking."""

    base: Request
    """Candidates, prices and policy, as for a comparison that asks nothing."""
    plan: LoadPlan
    objectives: tuple[Objective, ...]
    options: SpeedOptions

    @property
    def most_at_once(self) -> int:
        """Requests that a closed loop has in flight at most; of an open loop nobody knows."""
        streams = [one.streams for one in self.plan.shapes if isinstance(one, AtOnce)]
        return max([self.plan.sweep_to, *streams])

    @property
    def longest_tokens(self) -> int:
        """Prompt and reply of one request, at most."""
        how = self.plan.how
        lengths = [(how.prompt_tokens, how.output_tokens)]
        for shape in self.plan.shapes:
            for arrival in getattr(shape, "arrivals", ()):
                prompt, output = arrival.prompt_tokens, arrival.output_tokens
                lengths.append((prompt or how.prompt_tokens, output or how.output_tokens))
        return max(map(sum, lengths))


def prepare_speed(
    named: Sequence[str], options: SpeedOptions, around: Surroundings, screen: Screen
) -> SpeedRequest:
    """The request, or the one line that says what is wrong with it."""
    _check(options)
    if not named:
        raise OptionError("nobody is named to be measured; see 'visavis models'")
    told = {f.name for f in fields(CompareOptions)} & {f.name for f in fields(SpeedOptions)}
    base = admit(
        named, CompareOptions(**{name: getattr(options, name) for name in told}), around, screen
    )
    for candidate in base.candidates:
        if candidate.kind in ("recorded", "scripted"):
            raise OptionError(f"{candidate.name!r} has no speed of its own; name a model")
    local = any(candidate.route == "gguf" for candidate in base.candidates)
    return SpeedRequest(
        base=base,
        plan=_plan(options, local=local),
        objectives=tuple(objective(text) for text in options.slo),
        options=options,
    )


def speed_options_of(given: Mapping[str, Any]) -> SpeedOptions:
    """Options from keyword arguments: `concurrency=[1, 4]`, `slo="total_s<=3"`, `trace="t.csv"`."""
    known = {f.name: f.default for f in fields(SpeedOptions)}
    told: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            raise unknown("option of speed", name, sorted(known))
        if known[name] == ():
            several = value if isinstance(value, list | tuple) else [value]
            told[name] = tuple(map(str, several))
        else:
            is_path = name in ("trace", "out", "json") and value is not None
            told[name] = Path(value) if is_path else value
    return SpeedOptions(**told)


def forecasts(request: SpeedRequest) -> tuple[Forecast, ...]:
    """What each candidate's share may cost. Where time ends a block nobody knows how many requests
    there will be: then of one request, and the budget ends the run."""
    how, plan = request.plan.how, request.plan
    requests = 1
    if how.quota.requests and not how.quota.seconds and not plan.sweep_to:
        filling = sum(one.streams for one in plan.shapes if isinstance(one, AtOnce))
        counted = how.quota.requests * len(plan.shapes)
        requests = (counted + filling) * plan.blocks + MOST_WARM_UPS + 1
    one = size(Prompts(Random(0)).prompt(how.prompt_tokens, how.output_tokens))
    usage = Usage(input_tokens=how.prompt_tokens, output_tokens=how.output_tokens)
    return tuple(
        Forecast(
            candidate=name,
            requests=requests,
            input_tokens=requests * how.prompt_tokens,
            expected_usd=price if isinstance(price, Unknown) else requests * price.usd(usage),
            worst_usd=price if isinstance(price, Unknown) else requests * one.worst_usd(price),
        )
        for name, price in request.base.prices.items()
    )


# --- from words to shapes -----------------------------------------------------------------------


def split(texts: Iterable[str]) -> Iterator[str]:
    """Words between commas, of flags that may be repeated."""
    return (word.strip() for text in texts for word in str(text).split(",") if word.strip())


def whole(text: str, option: str, most: int) -> int:
    """A number of requests at once."""
    number = whole_number(text)
    if number is None or not 1 <= number <= most:
        raise OptionError(
            f"{option} {text!r} is no number from 1 to {counted(most)}; write '{option} 1,4,16'"
        )
    return number


def _plan(options: SpeedOptions, *, local: bool) -> LoadPlan:
    """`local` engines compute on the cores on which requests are sent."""
    shapes = _shapes(options)
    seconds = options.seconds or (0.0 if options.requests else USUAL_SECONDS)
    quota = Quota(
        seconds=seconds / options.blocks, requests=ceil(options.requests / options.blocks)
    )
    return LoadPlan(
        shapes=tuple(shapes or ()),
        sweep_to=0 if shapes else SWEPT_LOCAL if local else SWEPT_HOSTED,
        blocks=options.blocks,
        processes=options.processes or 1,
        most_processes=1 if options.processes or local else max(1, threads() - 1),
        how=How(
            prompt_tokens=options.prompt_tokens,
            output_tokens=options.tokens,
            quota=quota,
            seed=options.seed,
        ),
    )


def _shapes(options: SpeedOptions) -> list[Shape] | None:
    """The loads; None for a sweep."""
    kinds = [name for name in ("concurrency", "rate", "trace") if getattr(options, name)]
    if len(kinds) > 1:
        raise OptionError(f"--{kinds[0]} and --{kinds[1]} are two kinds of load; give one of them")
    if options.poisson and kinds != ["rate"]:
        raise OptionError("--poisson says how requests come at a rate; add '--rate 1'")
    if options.trace is not None:
        return [trace(options.trace)]
    if options.rate:
        return list(_once(_rate(word, poisson=options.poisson) for word in split(options.rate)))
    words = list(split(options.concurrency or USUAL_CONCURRENCY))
    if words == ["auto"]:
        return None
    return list(_once(AtOnce(streams=whole(word, "--concurrency", MOST_AT_ONCE)) for word in words))


def _once(shapes: Iterable[Shape]) -> Iterable[Shape]:
    return {shape.name: shape for shape in shapes}.values()


def _rate(word: str, *, poisson: bool) -> Rate:
    low, rises, high = word.partition("-")
    try:
        rates = [float(low), *([float(high)] if rises else [])]
    except ValueError:
        rates = [0.0]
    if not all(0.001 <= rate <= 10_000 for rate in rates):
        raise OptionError(f"--rate {word!r} is no rate a second; write '--rate 0.5,2' or '1-10'")
    return Rate(per_s=rates[0], to_per_s=rates[1] if rises else None, poisson=poisson)


def _check(options: SpeedOptions) -> None:
    check_numbers(options, flag)
    if options.shared > options.prompt_tokens:
        raise OptionError("--shared is a part of --prompt-tokens; give no more than those")
