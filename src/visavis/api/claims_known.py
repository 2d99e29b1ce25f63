"""What is known of what claims are about: by the catalog, the price lists, and a run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, product
from pathlib import Path
from typing import NamedTuple

from visavis.api.limits_beside import CUTOFF, is_own, known_limits
from visavis.candidates.catalog import Known as Way
from visavis.candidates.catalog import catalog
from visavis.core.candidate import Candidate, Unknown
from visavis.core.tariff import Rates
from visavis.measure.limits.found import Limits
from visavis.report.run_facts import RunFacts
from visavis.stats.estimate import Estimate
from visavis.verdict.claims import CRITERIA, HERE, Checked, Claim, Known, check
from visavis.verdict.claims_file import read, shipped
from visavis.verdict.compare import Judgement

WHOLE = frozenset({"F32", "F16", "BF16"})
"""Files whose score is the system's own; a smaller one is another candidate."""

PRICES: dict[str, Callable[[Rates], float]] = {
    "price_input": lambda rates: rates.input_usd,
    "price_output": lambda rates: rates.output_usd,
}
"""USD per million tokens."""

Measured = tuple[tuple[str, str], Known]
"""Of a system and a criterion."""


class Seen(NamedTuple):
    """What a run measured, however it measured it."""

    judgement: Judgement
    protocols: Mapping[str, str]
    """Of its benchmarks."""
    as_of: str
    """ISO date."""


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


def _of_candidate(
    candidate: Candidate, run: RunFacts, judgement: Judgement, claims: Sequence[Claim], priced: bool
) -> tuple[Checked, ...]:
    limits = run.limits.get(candidate.name, ())
    here = [*measured(candidate, seen_in(run, judgement)), *chain(*map(found_limits, limits))]

    def known_of(claim: Claim) -> Sequence[Known]:
        told = [*stated(claim)] or _stated_of(candidate, claim)
        prices = list_prices(claim) if priced else []
        return [*told, *prices, *(one for about, one in here if about[1] == claim.criterion)]

    return check(claims, known_of, candidate=candidate.name, system=candidate.system)


def stated(claim: Claim) -> Iterator[Known]:
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


def list_prices(claim: Claim) -> list[Known]:
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


def seen_in(run: RunFacts, judgement: Judgement) -> Seen:
    """What a comparison measured."""
    protocols = {one.name: one.protocol for one in run.spec.benchmarks}
    return Seen(judgement, protocols, run.started_at[:10])


def measured(candidate: Candidate, seen: Seen) -> Iterator[Measured]:
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


def found_limits(one: Limits) -> Iterator[Measured]:
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
    return is_own(candidate.system, candidate.route)
