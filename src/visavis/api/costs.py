"""What a run knows of costs: prices, tokens, throughput and energy of each candidate."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from visavis.api.tokens import TokenCounts
from visavis.core.candidate import Candidate, Unknown
from visavis.core.outcome import Usage
from visavis.core.tariff import HERE, UNASKED, UNRECOGNISED, Tariff
from visavis.report.run_facts import RunFacts
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.ratio import Cost, per_solved
from visavis.verdict.compare import Judgement
from visavis.verdict.methods import NOT_MEASURED, PRICE
from visavis.verdict.money import Money
from visavis.verdict.must import MONTHLY
from visavis.verdict.policy import Policy
from visavis.verdict.workload import Costed, Engine, Workload

if TYPE_CHECKING:
    from visavis.report.speed.figures import SpeedFigures

OUTPUT_SPEED, THROUGHPUT = "output_tokens_per_s", "throughput_tokens_per_s"
PerSolved = Mapping[str, Estimate | TooFew]


def money_of(
    run: RunFacts, counts: TokenCounts, judgement: Judgement, day: date | None = None
) -> Money:
    """What the run knows of costs, by the price lists of its day or of another."""
    counted, found = counts.counted(), []
    for candidate in run.spec.candidates:
        tariff, of = _listed(candidate, day or _day_of(run))
        name, paid = candidate.name, {} if day else _measured(candidate.name, judgement)
        found.append(
            Costed(
                candidate=name,
                tariff=tariff,
                listed_for=of,
                tokens=counted[name],
                per_solved=paid or _reckoned(name, tariff, counts),
                engine=_engine(name, judgement) if candidate.kind == "local" else None,
            )
        )
    own = tuple(one.name for one in run.spec.candidates if one.kind == "local")
    return Money(candidates=tuple(found), own=own)


def repriced(money: Money, given: Mapping[str, Tariff], counts: TokenCounts) -> Money:
    """With other prices for some candidates."""
    found = (
        replace(
            one,
            tariff=given[one.candidate],
            listed_for="",
            per_solved=_reckoned(one.candidate, given[one.candidate], counts),
        )
        if one.candidate in given
        else one
        for one in money.candidates
    )
    return replace(money, candidates=tuple(found))


def _day_of(run: RunFacts) -> date | None:
    try:
        return date.fromisoformat(run.started_at[:10])
    except ValueError:
        return None


def _listed(candidate: Candidate, day: date | None) -> tuple[Tariff | Unknown, str]:
    """Its price list, and whose it is where the run asked nobody who takes money."""
    match candidate.kind:
        case "local":
            return HERE, ""
        case "scripted":
            return UNASKED, ""
        case "recorded" if candidate.system is None:
            return UNRECOGNISED, ""
    from visavis.candidates import prices  # slow to import

    if candidate.kind == "hosted":
        return prices.price_of(candidate, today=day), ""
    listed = prices.price_recorded(candidate, today=day)
    return (listed, "") if isinstance(listed, Unknown) else (listed.price, listed.of)


def _measured(name: str, judgement: Judgement) -> PerSolved:
    """By benchmark, where the run paid for what it asked."""
    return {
        row.benchmark: cell.estimate
        for row in judgement.rows
        for cell in row.cells
        if row.measure == PRICE and cell.candidate == name and cell.estimate != NOT_MEASURED
    }


def _reckoned(name: str, tariff: Tariff | Unknown, counts: TokenCounts) -> PerSolved:
    """By benchmark, from tokens and prices, where the run itself paid nothing."""
    if isinstance(tariff, Unknown):
        return {}
    costs: dict[str, dict[tuple[str, str], list[Cost]]] = {}
    for unit, (read, written) in counts.by_case[name].items():
        solved = counts.solved(name, unit)
        if solved is not None:
            usage = Usage(input_tokens=round(read), output_tokens=round(written))
            groups = costs.setdefault(unit[0], {})
            cost = Cost(usd=tariff.usd(usage), solved=solved)
            groups.setdefault(counts.group_of[unit], []).append(cost)
    return {benchmark: per_solved(list(groups.values())) for benchmark, groups in costs.items()}


def _engine(name: str, judgement: Judgement) -> Engine | None:
    """What the run itself measured, one request at a time."""
    for row in judgement.rows:
        for cell in row.cells:
            if row.measure == OUTPUT_SPEED and cell.candidate == name:
                known = cell.estimate
                return Engine(tokens_per_s=known) if isinstance(known, Estimate) else None
    return None


def with_speed(money: Money, speed: "SpeedFigures") -> Money:
    """With throughput and energy as a speed run measured them."""
    found = (
        replace(one, engine=_loaded(one.candidate, speed) or one.engine) for one in money.candidates
    )
    return replace(money, candidates=tuple(found))


def _loaded(name: str, speed: "SpeedFigures") -> Engine | None:
    """Under the load under which most came."""
    known = [
        (row.benchmark, cell.estimate)
        for row in speed.judgement.rows
        for cell in row.cells
        if row.measure == THROUGHPUT and cell.candidate == name
    ]
    measured = [(load, one) for load, one in known if isinstance(one, Estimate)]
    if not measured:
        return None
    load, most = max(measured, key=lambda each: each[1].value)
    energies = [one for one in speed.beside.energy.get(name, ()) if one.load == load]
    joules = [e.joules_per_token for e in energies if isinstance(e.joules_per_token, Estimate)]
    return Engine(
        tokens_per_s=most,
        under=load,
        idle_w=sum(one.idle_w for one in energies) if energies else None,
        joules_per_token=_together(joules) if len(joules) == len(energies) > 0 else None,
    )


def _together(parts: list[Estimate]) -> Estimate:
    """What several counters counted, with an interval that allows for all of theirs at once."""
    first, *others = parts
    for one in others:
        first = replace(
            first,
            value=first.value + one.value,
            low=first.low + one.low,
            high=first.high + one.high,
        )
    return first


def money_for(run: RunFacts, counts: TokenCounts, judgement: Judgement, policy: Policy) -> Money:
    """What the run knows of costs, for the workload and the hardware of a policy."""
    found = money_of(run, counts, judgement)
    return replace(
        found,
        workload=policy.workload or Workload(),
        hardware=policy.hardware,
        limit_usd=limit_of(policy),
    )


def limit_of(policy: Policy) -> float | None:
    """What a month may cost, where the policy says so."""
    limits = [one.limit for one in policy.must if one.measure == MONTHLY and one.at_most]
    return min(limits, default=None)
