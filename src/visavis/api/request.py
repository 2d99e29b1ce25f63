"""From what a user wrote to what is to be asked: names become candidates, benchmarks get cases.

Whatever is wrong with a request is found here, before anything is downloaded, asked or paid.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from visavis.api.again import passed
from visavis.api.around import Surroundings, check_writable, new_folder
from visavis.api.screen import Screen
from visavis.benchmarks.base import LoadOptions
from visavis.benchmarks.choose import Chosen, cases_of, chosen
from visavis.benchmarks.temperature import at_temperature, vain_repeats
from visavis.candidates.catalog import catalog
from visavis.candidates.grammar import canonical, check_name, parse, repeated
from visavis.candidates.kinship import told_of_kin
from visavis.candidates.lifecycle import warning
from visavis.candidates.pictures import prepared
from visavis.candidates.prices import Price, price_of
from visavis.candidates.scripted import ScriptedClient
from visavis.core.candidate import Candidate, Unknown
from visavis.core.client import Client
from visavis.core.errors import MissingKeyError, OptionError
from visavis.core.numbers import check_numbers
from visavis.core.prompt import Way
from visavis.core.registry import unknown
from visavis.core.rubric import RUBRICS
from visavis.measure.plan import Asked
from visavis.measure.spec import WRITTEN
from visavis.options import CompareOptions, flag
from visavis.pinned.fetch import Sources
from visavis.pinned.file import Progress
from visavis.report.text import counted
from visavis.verdict.claims_file import read
from visavis.verdict.policy import Policy
from visavis.verdict.policy_file import policy_of

LOCAL_AT_ONCE, HOSTED_AT_ONCE = 4, 16

MOST_TRIALS = 500_000
"""Of one candidate in one run: they are planned and judged in memory."""

JUDGES_PART = 0.5
"""Of the budget, where both candidates and judges cost money."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """All that is to be asked, checked as far as it can be without asking."""

    candidates: tuple[Candidate, ...]
    clients: Mapping[str, Client]
    """Candidates given as objects, by name."""
    specs: tuple[str, ...]
    """The candidates in texts that mean the same tomorrow: what a run is resumed from."""
    prices: Mapping[str, Price | Unknown]
    asked: tuple[Asked, ...]
    policy: Policy
    options: CompareOptions
    around: Surroundings
    judges: "Request | None" = None
    """Who judges the replies that need it, admitted as candidates are; their budget is apart."""

    @property
    def budget_usd(self) -> float:
        """What the candidates may cost: what they do not leave to their judges."""
        judges = self.judges
        if judges is None or not (_is_priced(self) and _is_priced(judges)):
            return self.options.budget
        return self.options.budget - judges.options.budget

    @property
    def runs_programs(self) -> bool:
        return any(one.benchmark.runs_programs for one in self.asked)

    def at_once(self, candidate: Candidate) -> int:
        """Requests in flight for one candidate."""
        usual = LOCAL_AT_ONCE if candidate.kind == "local" else HOSTED_AT_ONCE
        return self.options.at_once or usual

    def new_folder(self) -> Path:
        """Where its run may lie, unless the user names another place."""
        return new_folder(self.around.home, (candidate.name for candidate in self.candidates))

    def passed(self) -> dict[str, Any]:
        """The options that were given, in plain JSON."""
        judges = {} if self.judges is None else {"judge": list(self.judges.specs)}
        return passed(self.specs, self.options) | judges


def prepare(
    named: Sequence[str | ScriptedClient],
    options: CompareOptions,
    around: Surroundings,
    screen: Screen,
    *,
    least: int = 2,
) -> Request:
    """The request, or the one line that says what is wrong with it; `least` is how many
    candidates it needs."""
    if not isinstance(named, str) and len(named) < least:
        raise OptionError("a comparison needs two candidates; add one, or see 'visavis models'")
    for file in options.claims:
        read(Path(file))
    admitted = admit(named, options, around, screen)
    asked = _asked(admitted.candidates, options, around, screen)
    return replace(admitted, asked=asked, judges=_judges(admitted, asked, screen))


def _judges(request: Request, asked: Sequence[Asked], screen: Screen) -> Request | None:
    """Those who are to judge; refused where there is nothing that they could judge."""
    options = request.options
    waiting = sum(RUBRICS in case.fields for one in asked for case in one.cases)
    if not options.judge:
        if waiting:
            screen.note(
                f"{counted(waiting)} cases wait for a judge: add --judge, now or to 'visavis judge'"
            )
        return None
    if not waiting:
        raise OptionError("--judge has nothing to judge: no case asked here has a rubric")
    if options.until == "decided":
        raise OptionError("--until decided cannot wait for judges; leave out the one or the other")
    check_against(options.against, [candidate.name for candidate in request.candidates])
    judges = admit(options.judge, replace(options, judge=()), request.around, screen)
    for text in told_of_kin(judges.candidates, request.candidates):
        screen.note(text)
    if _is_priced(judges) and _is_priced(request):
        part = replace(judges.options, budget=JUDGES_PART * options.budget)
        judges = replace(judges, options=part)
    return judges


def check_against(name: str, candidates: Sequence[str]) -> None:
    """Refuse a baseline that is no candidate of the run."""
    if name and name not in candidates:
        raise unknown("candidate of this run", name, candidates)


def _is_priced(request: Request) -> bool:
    return any(not isinstance(price, Unknown) for price in request.prices.values())


def admit(
    named: Sequence[str | ScriptedClient],
    options: CompareOptions,
    around: Surroundings,
    screen: Screen,
) -> Request:
    """A request of these candidates that asks nothing yet."""
    check(options)
    if isinstance(named, str) or not all(isinstance(one, str | ScriptedClient) for one in named):
        raise OptionError(f"candidates are a list of names and ScriptedClients, not {named!r}")
    for one in named:
        if isinstance(one, str) and one.startswith(WRITTEN):
            raise OptionError(f"{one!r} was written in Python; go on with the run from there")
    clients = {one.name: one for one in named if isinstance(one, ScriptedClient)}
    candidates = tuple(_candidate(one, around) for one in named)
    twice = repeated(candidates)
    if twice is not None:
        raise twice
    prices = {candidate.name: price_of(candidate) for candidate in candidates}
    for candidate in candidates:
        check_name(candidate.name)
        if not options.dry_run:
            _look_for_key(candidate, around.environ)
        for text in _warned(candidate, prices[candidate.name]):
            screen.note(text)
    return Request(
        candidates=candidates,
        clients=clients,
        specs=tuple(WRITTEN + c.name if c.name in clients else canonical(c) for c in candidates),
        prices=prices,
        policy=policy_of(options.policy),
        asked=(),
        options=options,
        around=around,
    )


def check(options: CompareOptions) -> None:
    """Numbers that mean nothing, and words that are no choice, are refused by name."""
    for name, kind in get_type_hints(CompareOptions).items():
        value = getattr(options, name)
        if get_origin(kind) is Literal and value not in get_args(kind):
            raise unknown(name, str(value), get_args(kind))
    check_numbers(options, flag)
    if options.json is not None:
        check_writable(options.json, made=options.out)


def _data(options: CompareOptions, around: Surroundings) -> Path | None:
    """The user's own folder of benchmark files."""
    told = options.data or around.environ.get("VISAVIS_DATA")
    folder = Path(told).expanduser() if told else None
    if folder is not None and not folder.is_dir():
        raise OptionError(f"--data {str(folder)!r} is no folder; name one that holds benchmarks")
    return folder


def _candidate(one: str | ScriptedClient, around: Surroundings) -> Candidate:
    if isinstance(one, str):
        return parse(one, home=around.home, environ=around.environ)
    return Candidate(
        name=one.name,
        kind="scripted",
        route="scripted",
        model=one.name,
        snapshot="written by you",
        ways=get_args(Way),
    )


def _warned(candidate: Candidate, price: Price | Unknown) -> Iterator[str]:
    """What a user should know before a candidate is asked."""
    gone = warning(candidate, datetime.now(UTC).date())
    if gone is not None:
        yield gone
    if candidate.kind == "hosted" and isinstance(price, Unknown):
        yield f"no budget can guard what {candidate.name!r} may cost: {price.because}"


def _look_for_key(candidate: Candidate, environ: Mapping[str, str]) -> None:
    if candidate.key_name is not None and not environ.get(candidate.key_name, "").strip():
        raise MissingKeyError(
            f"{candidate.name!r} is asked by {candidate.route}, which needs a key; "
            f"set {candidate.key_name} in the environment{_or_without_a_key(candidate)}"
        )


def _or_without_a_key(candidate: Candidate) -> str:
    """Other ways to the same system, for which no key is needed."""
    ways = (known.way for known in catalog().known() if known.system.name == candidate.system)
    keyless = {route.name for route in catalog().routes if not route.key_needed}
    free = dict.fromkeys(f"'{way.route}:{way.model}'" for way in ways if way.route in keyless)
    return f", or ask {' or '.join(free)}" if free else ""


def _pools(
    options: CompareOptions, candidates: Sequence[Candidate], home: Path, screen: Screen
) -> Iterator[Chosen]:
    """What may be asked: where asking stops by itself, all cases unless the user set a number."""
    for one in chosen(options.on, options.suite, candidates, screen.note, home):
        if options.until == "all":
            yield one
        else:
            every = replace(one.benchmark, usual_count=None)
            yield Chosen(every, one.count if options.on else None)


def loaded(
    candidates: Sequence[Candidate], options: CompareOptions, around: Surroundings, screen: Screen
) -> Iterator[Asked]:
    """Each benchmark with the cases that may be asked, as they are published."""
    for one in _pools(options, candidates, around.home, screen):
        with screen.downloading(one.benchmark.name) as progress:
            how = how_to_load(options, around, screen, progress)
            repeats = options.repeats or one.benchmark.repeats
            asked = at_temperature(one.benchmark, options.temperature)
            yield Asked(benchmark=asked, cases=cases_of(one, how), repeats=repeats)


def how_to_load(
    options: CompareOptions, around: Surroundings, screen: Screen, progress: Progress
) -> LoadOptions:
    """What a benchmark's loader is told."""
    return LoadOptions(
        home=around.home,
        seed=options.seed,
        note=screen.note,
        progress=progress,
        sources=Sources.told(around.environ),
        data=_data(options, around),
    )


def _asked(
    candidates: Sequence[Candidate], options: CompareOptions, around: Surroundings, screen: Screen
) -> tuple[Asked, ...]:
    asked = []
    for one in loaded(candidates, options, around, screen):
        name = one.benchmark.name
        cases = prepared(one.cases, candidates, of=name, note=screen.note)
        vain = vain_repeats(one.benchmark, cases, one.repeats)
        if vain is not None and any(c.kind in ("hosted", "local") for c in candidates):
            screen.note(vain)
        asked.append(replace(one, cases=cases))
    trials = sum(len(one.cases) * one.repeats for one in asked)
    if trials > MOST_TRIALS:
        raise OptionError(
            f"each candidate would be asked {counted(trials)} times, at most "
            f"{counted(MOST_TRIALS)} fit in a run; lower --repeats or the number of cases"
        )
    return tuple(asked)
