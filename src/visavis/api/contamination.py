"""`visavis contamination`: a benchmark in other orders, asked of each candidate for itself.

Each candidate has a run of its own, in a folder that is named after all that is asked: the same
command goes on where it was cut off, and asks nothing where all is there.
"""

from asyncio import Event
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from string import ascii_uppercase

import numpy as np

from visavis.api.around import Surroundings
from visavis.api.doors import opened
from visavis.api.entry import ask
from visavis.api.interrupts import blocking
from visavis.api.request import Request, admit, how_to_load
from visavis.api.screen import Screen
from visavis.api.session import fetch_weights
from visavis.benchmarks.base import Benchmark, LoadOptions
from visavis.benchmarks.choose import counted, hindrances
from visavis.benchmarks.shelf import Shelf
from visavis.candidates.pictures import prepared
from visavis.candidates.scripted import ScriptedClient
from visavis.core.candidate import Candidate
from visavis.core.case import Case
from visavis.core.errors import OptionError, VisavisError
from visavis.core.outcome import Failure, Outcome, Reply, Score
from visavis.core.prompt import choose
from visavis.core.registry import unknown
from visavis.core.trial import Trial
from visavis.measure.contamination import (
    FILES,
    NEIGHBOURS,
    example_orders,
    fit,
    option_orders,
    options_of,
    published_id,
    turned,
)
from visavis.measure.plan import Asked
from visavis.measure.run import Ended
from visavis.measure.spec import describe
from visavis.options import CompareOptions, ContaminationOptions
from visavis.report import contamination as report
from visavis.report.contamination import Examined
from visavis.stats import orders

USUAL_COUNT = 100
"""Questions or examples where the user gives no number."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One benchmark's share of a run."""

    benchmark: str
    """As the user named it, without the number."""
    whole: int
    fitting: int
    turned: Asked | None = None
    weighed: Asked | None = None

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(one for one in (self.turned, self.weighed) if one is not None)


@dataclass(frozen=True, kw_only=True)
class Examination:
    """One candidate, and all that is to be asked of it."""

    request: Request
    parts: tuple[Part, ...]

    @property
    def candidate(self) -> Candidate:
        (only,) = self.request.candidates
        return only

    @property
    def folder(self) -> Path:
        """Where the run lies: another for other questions, another seed or another snapshot."""
        told = [self.candidate.snapshot, *(describe(one).sha256 for one in self.request.asked)]
        name = "".join(c if c.isalnum() or c in "-._" else "-" for c in self.candidate.name)[:80]
        digest = sha256("\n".join(told).encode()).hexdigest()[:12]
        return self.request.around.home / "contamination" / f"{name}-{digest}"


def examinations(
    named: Sequence[str | ScriptedClient],
    options: ContaminationOptions,
    around: Surroundings,
    screen: Screen,
) -> tuple[Examination, ...]:
    """What is to be asked of each candidate, or the one line that says what is wrong with it."""
    wanted = [name.strip() for text in options.on for name in text.split(",") if name.strip()]
    if not wanted:
        raise OptionError("--on names nothing; try '--on mmlu:100', or '--on gsm8k:100'")
    everyone = admit(named, _asking(options), around, screen)
    each = zip(everyone.candidates, everyone.specs, strict=True)
    alone = [replace(everyone, candidates=(one,), specs=(spec,)) for one, spec in each]
    return tuple(_examination(request, wanted, screen) for request in alone)


def examine(examination: Examination, screen: Screen) -> tuple[tuple[Examined, ...], Ended]:
    """Ask what is left, then say what all of it shows."""
    request = examination.request
    fetch_weights(request, screen)
    seen = ask(request, examination.folder, screen)
    assert seen.ended is not None
    trials = {(trial.key.benchmark, trial.key.case): trial for trial in seen.trials}
    shown = (found(examination.candidate.name, part, trials) for part in examination.parts)
    return tuple(shown), seen.ended


def _asking(options: ContaminationOptions) -> CompareOptions:
    return CompareOptions(
        on=options.on,
        data=options.data,
        at_once=options.at_once,
        seed=options.seed,
        budget=options.budget,
        lang=options.lang,
        json=options.json,
        yes=options.yes,
        speed=False,
    )


def _examination(request: Request, wanted: Sequence[str], screen: Screen) -> Examination:
    (candidate,) = request.candidates
    others = tuple(way for way in candidate.ways if way != "choose")
    weighs = _weighs(request, candidate, screen)
    candidate = replace(candidate, ways=(*others, "choose") if weighs else others)
    parts, reasons = [], []
    for name in wanted:
        with screen.downloading(name) as progress:
            how = how_to_load(request.options, request.around, screen, progress)
            part = _part(name, candidate, how)
        if isinstance(part, str):
            reasons.append(part)
        else:
            parts.append(part)
    if not parts:
        raise OptionError("; ".join(reasons))
    for reason in reasons:
        screen.note(reason)
    asked = (one for part in parts for one in part.asked)
    ready = tuple(
        replace(
            one,
            cases=prepared(one.cases, request.candidates, of=one.benchmark.name, note=screen.note),
        )
        for one in asked
    )
    return Examination(request=replace(request, asked=ready), parts=tuple(parts))


def _weighs(request: Request, candidate: Candidate, screen: Screen) -> bool:
    """Whether a candidate tells how likely texts are. A server is asked: few do, and none says."""
    if candidate.name in request.clients or candidate.route in ("gguf", "scripted", "recorded"):
        return "choose" in candidate.ways

    async def tried(stop: Event) -> Outcome:
        async with opened(request, candidate, screen.note) as door:
            return await door.careful.send(choose("One, two,", (" three", " blue")))

    outcome = blocking(tried)
    if isinstance(outcome, Failure) and outcome.kind not in _NOT_KNOWN:
        raise VisavisError(f"{candidate.name!r} is out of reach ({outcome.kind}): {outcome.detail}")
    return isinstance(outcome, Reply)


_NOT_KNOWN = ("rejected", "server error", "malformed")
"""What becomes of a request that a server does not know."""


def _part(name: str, candidate: Candidate, how: LoadOptions) -> Part | str:
    """What a benchmark has to be asked of this candidate, or why there is nothing."""
    plain, count = counted(name)
    if plain in FILES:
        return _of_file(plain, count, candidate, how)
    benchmark = _protocol(plain, candidate, how)
    if isinstance(benchmark, str):
        return benchmark
    cases = tuple(benchmark.load(how))
    if not any(map(options_of, cases)):
        return (
            f"{plain!r} has no options that could stand in another order; ask mmlu, mmmu or "
            f"mmmu-pro, or for the order of its examples {', '.join(FILES)}"
        )
    fitting = fit(cases)
    if not fitting:
        return f"{plain!r} has no question whose options could as well stand in another order"
    questions = fitting[: _wanted(plain, count, len(fitting))]
    in_turn = turned(benchmark, questions)
    if not _differ(in_turn):
        return f"{plain!r} has its options within its questions, where they cannot be moved"
    weighs = "choose" in candidate.ways
    return Part(
        benchmark=plain,
        whole=len(cases),
        fitting=len(fitting),
        turned=in_turn,
        weighed=option_orders(benchmark, questions, how.seed) if weighs else None,
    )


def _of_file(family: str, count: int | None, candidate: Candidate, how: LoadOptions) -> Part | str:
    if "choose" not in candidate.ways:
        return (
            f"{family!r} needs log-probabilities of a prompt, which {candidate.name!r} does not "
            "give; ask it questions with options, such as mmlu"
        )
    examples = FILES[family](how)
    first = examples[: _wanted(family, count, len(examples))]
    weighed = example_orders(next(iter(Shelf(how.home).of(family))), first, how.seed)
    if not weighed.cases:
        return f"{family!r} needs {NEIGHBOURS + 1} examples or more; write '{family}:100'"
    return Part(benchmark=family, whole=len(examples), fitting=len(examples), weighed=weighed)


def _wanted(name: str, count: int | None, there: int) -> int:
    if count is not None and count > there:
        raise OptionError(
            f"{name!r} has {there} cases whose order says nothing, {count} were asked for; write "
            f"'{name}:{there}' or less"
        )
    return USUAL_COUNT if count is None else count


def _protocol(name: str, candidate: Candidate, how: LoadOptions) -> Benchmark | str:
    """The protocol of that name; of a family the one with the shortest replies that the candidate
    can run, which is a choice of letters where it can weigh them."""
    shelf = Shelf(how.home)
    if name not in (*shelf.families, *shelf):
        raise unknown("benchmark", name, [*shelf.families, *shelf])
    protocols = shelf.of(name) if name in shelf.families else (shelf.get(name),)
    reasons = [reason for one in protocols for reason in hindrances(one, [candidate])]
    able = [one for one in protocols if not any(hindrances(one, [candidate]))]
    if not able:
        return f"{candidate.name!r} cannot be asked {name!r}: {'; '.join(reasons)}"
    return min(able, key=lambda one: _longest_reply(one, how)) if len(able) > 1 else able[0]


def _longest_reply(benchmark: Benchmark, how: LoadOptions) -> int:
    first = next(iter(benchmark.load(replace(how, note=lambda text: None))))
    return benchmark.ask(first).settings.max_tokens


def _differ(asked: Asked) -> bool:
    """Whether the candidate sees another order at all."""
    prompts = [asked.benchmark.ask(case).messages for case in asked.cases[:2]]
    return len(set(prompts)) == len(prompts)


Trials = Mapping[tuple[str, str], Trial]


def found(candidate: str, part: Part, trials: Trials) -> Examined:
    """What a candidate's trials show of one benchmark."""
    return Examined(
        candidate=candidate,
        benchmark=part.benchmark,
        whole=part.whole,
        fitting=part.fitting,
        turned=_turned(part.turned, trials) if part.turned else None,
        weighed=_weighed(part.weighed, trials) if part.weighed else None,
    )


def _turned(asked: Asked, trials: Trials) -> report.Turned:
    in_turn: dict[str, list[Case]] = {}
    for case in asked.cases:
        in_turn.setdefault(published_id(case), []).append(case)
    name = asked.benchmark.name
    answers = [_answered(cases, name, trials) for cases in in_turn.values()]
    whole = [answer for answer in answers if answer is not None]
    return report.Turned(
        protocol=name,
        n=len(whole),
        left_out=len(answers) - len(whole),
        found=orders.sensitivity(whole, np.random.default_rng(0)) if whole else None,
    )


def _answered(cases: Sequence[Case], name: str, trials: Trials) -> orders.Answered | None:
    """The answers to one question in all its orders; None where one of them is lacking."""
    grades = [trials[name, case.id].grade for case in cases if (name, case.id) in trials]
    scores = [grade for grade in grades if isinstance(grade, Score)]
    if len(scores) < len(cases):
        return None
    letters = ascii_uppercase[: len(cases)]
    return orders.Answered(
        group=cases[0].group,
        key=letters.index(cases[0].target),
        picked=tuple(_place(score.read, letters) for score in scores),
    )


def _place(read: str | None, letters: str) -> int | None:
    return letters.index(read) if read is not None and read in tuple(letters) else None


def _weighed(asked: Asked, trials: Trials) -> report.Weighed:
    name = asked.benchmark.name
    texts = [
        orders.Row(case.group, logprobs)
        for case in asked.cases
        if (logprobs := _logprobs(trials.get((name, case.id)))) is not None
    ]
    return report.Weighed(
        protocol=name,
        n=len(texts),
        left_out=len(asked.cases) - len(texts),
        found=orders.likelihood(texts, np.random.default_rng(0)) if texts else None,
    )


def _logprobs(trial: Trial | None) -> tuple[float, ...] | None:
    """Of the published order first; None where there is no such reply."""
    if trial is None or isinstance(trial.outcome, Failure):
        return None
    return trial.outcome.logprobs
