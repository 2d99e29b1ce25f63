"""`visavis claims`: published figures beside what the catalog, the price list and a run know."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import NamedTuple

from visavis.api.around import Surroundings, find
from visavis.api.comparison import Comparison
from visavis.api.limits_beside import CUTOFF, known_limits
from visavis.candidates.catalog import Known as Way
from visavis.candidates.catalog import catalog
from visavis.core.candidate import Candidate, Unknown
from visavis.core.errors import OptionError
from visavis.core.registry import unknown
from visavis.core.tariff import Rates
from visavis.measure.disk import write_whole
from visavis.measure.limits.found import Limits
from visavis.measure.limits.found import read as read_limits
from visavis.measure.spec import is_speed
from visavis.options import ClaimsOptions
from visavis.report.run_facts import RunFacts
from visavis.stats.estimate import Estimate
from visavis.verdict.claims import CRITERIA, HERE, Checked, Claim, Known, check
from visavis.verdict.claims_file import read, shipped
from visavis.verdict.compare import Judgement

WHOLE = frozenset({"F32", "F16", "BF16"})
"""Files whose score is the system's own; a smaller one is another candidate."""


FOLDER = "claims"
"""In a run's folder, what it was given to hold its figures against."""

PRICES: dict[str, Callable[[Rates], float]] = {
    "price_input": lambda rates: rates.input_usd,
    "price_output": lambda rates: rates.output_usd,
}
"""USD per million tokens."""


ONE_AT_A_TIME = "at once 1"
"""The load under which speeds are published, as a speed run names it."""

Measured = tuple[tuple[str, str], Known]
"""Of a system and a criterion."""


class Seen(NamedTuple):
    """What a run measured, however it measured it."""

    judgement: Judgement
    protocols: Mapping[str, str]
    """Of its benchmarks."""
    as_of: str
    """ISO date."""


def checked(
    systems: Sequence[str], options: ClaimsOptions, around: Surroundings
) -> tuple[Checked, ...]:
    """All claims about some systems, or about all that claims are made of."""
    claims = all_claims(options.file)
    spoken_of = dict.fromkeys(claim.system for claim in claims)
    for system in systems:
        if system not in spoken_of:
            raise unknown("system that claims are made of", system, spoken_of)
    measured = list(_in_run(find(options.run, around.home))) if options.run else []
    measured += [
        about
        for file in options.limits
        for one in read_limits(Path(file))
        for about in _limits(one)
    ]

    def known_of(claim: Claim) -> Sequence[Known]:
        here = [known for about, known in measured if about == (claim.system, claim.criterion)]
        return [*_stated(claim), *_priced(claim), *here]

    found = check(claims, known_of)
    return tuple(one for one in found if not systems or one.claim.system in systems)


def all_claims(files: Sequence[str | Path] = ()) -> tuple[Claim, ...]:
    """Those that come with the program, then those of files."""
    return (*shipped(), *(claim for file in files for claim in read(Path(file))))


def claims_of(
    run: RunFacts, judgement: Judgement, files: Sequence[str | Path] = (), *, priced: bool = True
) -> tuple[Checked, ...]:
    """The claims about the systems that a run's candidates reach, each held against what this run
    measured of that candidate. Looking up prices takes longer than all else: without them where
    not `priced`."""
    claims = all_claims(files)
    spoken_of = {claim.system for claim in claims}
    return tuple(
        one
        for candidate in run.spec.candidates
        if candidate.system in spoken_of
        for one in _of_candidate(candidate, run, judgement, claims, priced)
    )


def taken(files: Sequence[str]) -> dict[str, bytes]:
    """Claim files as they are now, by the names under which a run keeps them."""
    return {
        f"{number}{Path(file).suffix}": Path(file).read_bytes()
        for number, file in enumerate(files, 1)
    }


def keep(files: Mapping[str, bytes], folder: Path) -> None:
    """Writes claim files into a run's folder, so that they are shown with it from then on."""
    for name, content in files.items():
        (folder / FOLDER).mkdir(exist_ok=True)
        write_whole(folder / FOLDER / name, content)


def kept(folder: Path) -> list[Path]:
    """The claim files that a run was given, in that order. Its folder may be anybody's: a link out
    of it, or a pipe, is none of them."""
    found = (folder / FOLDER).glob("[0-9]*")
    files = [file for file in found if file.is_file() and not file.is_symlink()]
    return sorted(files, key=lambda file: (len(file.stem), file.name))


def of_all(folders: Iterable[Path]) -> dict[str, bytes]:
    """The claim files of several runs, each once, by the names under which one run keeps them."""
    files = [file for folder in folders for file in kept(folder)]
    for file in files:
        read(file)  # refused where it is none
    content = {file.read_bytes(): file.suffix for file in files}
    return {f"{number}{suffix}": text for number, (text, suffix) in enumerate(content.items(), 1)}


def _of_candidate(
    candidate: Candidate, run: RunFacts, judgement: Judgement, claims: Sequence[Claim], priced: bool
) -> tuple[Checked, ...]:
    protocols = {one.name: one.protocol for one in run.spec.benchmarks}
    seen = Seen(judgement, protocols, run.started_at[:10])
    limits = run.limits.get(candidate.name, ())
    measured = [*_measured(candidate, seen), *(known for one in limits for known in _limits(one))]

    def known_of(claim: Claim) -> Sequence[Known]:
        stated = [*_stated(claim)] or _stated_of(candidate, claim)
        prices = _priced(claim) if priced else []
        return [*stated, *prices, *(one for about, one in measured if about[1] == claim.criterion)]

    return check(claims, known_of, candidate=candidate.name, system=candidate.system)


def _stated(claim: Claim) -> Iterator[Known]:
    """What the catalog says of a system, and of the ways to reach it."""
    system = catalog().system(claim.system)
    if system is None:
        return
    own = (*system.facts, *system.snapshots[0].facts)
    hosts = [fact for way in catalog().named(system.name) for fact in way.way.facts]
    for facts, decides in ((own, True), (hosts, False)):
        for fact in facts:
            if fact.name in CRITERIA[claim.criterion].facts and not isinstance(fact.value, Unknown):
                yield Known(value=fact.value, source=fact.source, as_of=fact.as_of, decides=decides)


def _stated_of(candidate: Candidate, claim: Claim) -> list[Known]:
    """What a local file says of itself; of a system of the catalog, that speaks."""
    return [
        Known(value=fact.value, source=fact.source, as_of=fact.as_of)
        for fact in candidate.facts
        if fact.name in CRITERIA[claim.criterion].facts
        and candidate.kind == "local"
        and not isinstance(fact.value, Unknown)
    ]


def _priced(claim: Claim) -> list[Known]:
    """List prices on the day on which the claim was printed: the maker's own, else all hosts'. Who
    prints the name of a system may mean any of its snapshots."""
    if claim.criterion not in PRICES:
        return []
    day = date.fromisoformat(claim.source.published) if claim.source.published else None
    ways = [
        way for way in catalog().known() if claim.system in (way.system.name, way.snapshot.name)
    ]
    listed = [known for way in ways for known in _price(claim, way, day)]
    return [one for one in listed if one.decides] or listed


def _price(claim: Claim, way: Way, day: date | None) -> Iterator[Known]:
    from visavis.candidates.prices import price_of  # slow to import

    route = catalog().route(way.way.route)
    assert route is not None  # the catalog was checked when it was read
    candidate = Candidate(
        name=way.system.name,
        kind="hosted",
        route=route.name,
        model=way.way.model,
        snapshot=way.snapshot.name,
        system=way.system.name,
    )
    price = price_of(candidate, today=day)
    if not isinstance(price, Unknown):
        first = way.snapshot is way.system.snapshots[0]
        whose = route.title if first else f"{route.title}, {way.snapshot.name}"
        yield Known(
            value=PRICES[claim.criterion](price.rates[0]),
            source=f"{whose}, {price.source}",
            as_of=price.as_of,
            decides=route.title == way.system.maker,
        )


def _in_run(folder: Path) -> Iterator[Measured]:
    """What a run measured of the systems that its candidates reach."""
    candidates, seen = _seen_under_load(folder) if is_speed(folder) else _seen(folder)
    reached = [one for one in candidates if one.system is not None]
    if not reached:
        raise OptionError(
            f"no candidate of run {folder.name!r} is a system that the catalog knows; "
            "claims are held against those"
        )
    for candidate in reached:
        yield from _measured(candidate, seen)


def _seen(folder: Path) -> tuple[Sequence[Candidate], Seen]:
    run = Comparison(folder)
    protocols = {one.name: one.protocol for one in run.facts.spec.benchmarks}
    return run.facts.spec.candidates, Seen(run.judgement, protocols, run.facts.started_at[:10])


def _seen_under_load(folder: Path) -> tuple[Sequence[Candidate], Seen]:
    """Only what was asked one at a time: nobody publishes at what load else a speed was met."""
    from visavis.api.speed import SpeedRun  # it loads what times requests

    run = SpeedRun(folder).figures
    rows = tuple(row for row in run.judgement.rows if row.benchmark == ONE_AT_A_TIME)
    return run.spec.candidates, Seen(replace(run.judgement, rows=rows), {}, run.started_at[:10])


def _measured(candidate: Candidate, seen: Seen) -> Iterator[Measured]:
    """What a run measured of one candidate that a claim may be about."""
    for row in seen.judgement.rows:
        own = (cell.estimate for cell in row.cells if cell.candidate == candidate.name)
        protocol = seen.protocols.get(row.benchmark, "") if row.measure == "score" else ""
        for found, criterion in product(own, _criteria(row.measure, protocol)):
            if isinstance(found, Estimate):
                known = Known(
                    value=found.value,
                    low=found.low,
                    high=found.high,
                    source=HERE,
                    as_of=seen.as_of,
                    protocol=protocol,
                    decides=_decides(candidate, row.measure),
                )
                yield (candidate.system or "", criterion), known


def _limits(one: Limits) -> Iterator[Measured]:
    """What was found by asking that a claim may be about."""
    who = one.as_candidate()
    for criterion, known in known_limits(one, lambda fact: _decides(who, fact)):
        yield (one.system or "", criterion), known


def _criteria(measure: str, protocol: str) -> list[str]:
    """What claims may be about that is the same quantity."""
    family = protocol.partition("@")[0]
    return [
        one.name
        for one in CRITERIA.values()
        if measure == one.measure or (family and family == one.family)
    ]


def _decides(candidate: Candidate, measure: str) -> bool:
    """A score is the weights' own, and so is what they know; all else is its host's."""
    if measure in ("score", CUTOFF):
        return candidate.quantisation is None or candidate.quantisation in WHOLE
    system, route = catalog().system(candidate.system), catalog().route(candidate.route)
    return system is not None and route is not None and route.title == system.maker
