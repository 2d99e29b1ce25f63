"""What is known of a run's judges: how far they agree, and what else than quality moves them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum
from typing import TypeVar

from visavis.core.outcome import Score, Unscored
from visavis.core.ruling import Item, Ruling
from visavis.core.trial import TrialKey
from visavis.scoring.panel import Opinions
from visavis.stats.agreement import kappa, near, position_bias, raw_agreement, verbosity_bias
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.proportion import share

T = TypeVar("T")

Said = Mapping[Item, float]
"""What one judge, or people, made of each thing."""

PEOPLE = "people"
"""Who gave the labels, where a name is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far two agree on what both judged."""

    a: str
    b: str
    """Another judge, or `PEOPLE`."""
    raw: Estimate | TooFew
    """Share of things of which they said the very same."""
    kappa: Estimate | TooFew
    """Cohen's, weighted by the square of the distance where marks have more than two values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeFigures:
    """One judge of a run."""

    judge: str
    asked: int
    failed: int
    """Of these, without a verdict that could be read."""
    ties: Estimate | TooFew | None
    """Share of pairs called a tie, contradictions included; None where no pair was judged."""
    contradictions: Estimate | TooFew | None
    """Share of pairs in which the reply shown first won both times, or lost both times."""
    position_bias: Estimate | TooFew | None
    verbosity_bias: Estimate | TooFew
    usd: float | None
    """Paid in this run; None where nothing says what it cost."""
    charged_usd: float
    """Perhaps paid beside that, at most: requests without a price to show for them."""
    input_tokens: int
    output_tokens: int
    total_s: float | None
    """Mean time of an answer, where it was timed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A judge that is no stranger to a candidate."""

    judge: str
    candidate: str
    how: str
    """`itself`, `the same weights`, `the same model`, or `the same family`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """All that is shown of a run's judges."""

    judges: tuple[JudgeFigures, ...]
    agreements: tuple[Agreement, ...]
    """Between judges, then of each with people."""
    kin: tuple[Kin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What figures of judges are made from."""

    rulings: Sequence[Ruling]
    """Of the judges of the panel."""
    opinions: Opinions
    lengths: Mapping[TrialKey, int]
    """Characters of each reply."""
    group_of: Callable[[Item], str]
    """Of the case that a thing is of: what rises and falls together."""
    charged_usd: Mapping[str, float]
    """By judge, as in `JudgeFigures`."""


def judge_figures(found: Judged) -> tuple[JudgeFigures, ...]:
    """Of each judge, in the panel's order."""
    return tuple(_figures(judge, found) for judge in found.opinions)


def agreements(found: Judged, labels: Said) -> tuple[Agreement, ...]:
    """Of every two judges, and of each with people where there are labels."""
    said: dict[str, Said] = {judge: _told(known) for judge, known in found.opinions.items()}
    pairs = [*combinations(said.items(), 2)]
    if labels:
        pairs += [((judge, known), (PEOPLE, labels)) for judge, known in said.items()]
    return tuple(
        _agreement(a, b, _grouped(((t, (x[t], y[t])) for t in x if t in y), found.group_of))
        for (a, x), (b, y) in pairs
    )


def _agreement(a: str, b: str, groups: Sequence[Sequence[tuple[float, float]]]) -> Agreement:
    return Agreement(a=a, b=b, raw=raw_agreement(groups), kappa=kappa(groups, near(1.0)))


def _told(known: Mapping[Item, float | Unscored]) -> dict[Item, float]:
    return {thing: said for thing, said in known.items() if not isinstance(said, Unscored)}


def _figures(judge: str, found: Judged) -> JudgeFigures:
    own = [one for one in found.rulings if one.judge == judge]
    told = _told(found.opinions[judge])
    pairs = {thing: value for thing, value in told.items() if thing.second}
    won = {one.item: one.grade.value for one in own if isinstance(one.grade, Score)}
    orders = _grouped(((t, (won[t], 1 - won[t.turned])) for t in pairs), found.group_of)
    timed = [one.total_s for one in own if one.total_s is not None and not one.reused]
    paid = [one.usd for one in own if one.usd is not None and not one.reused]
    usages = [one.usage for one in own if one.usage is not None and not one.reused]
    return JudgeFigures(
        judge=judge,
        asked=len(own),
        failed=sum(isinstance(one.grade, Unscored) for one in own),
        ties=_share(pairs, lambda thing: pairs[thing] == 0.5, found) if pairs else None,
        contradictions=_share(
            pairs, lambda t: abs(won[t] - 0.5) == 0.5 and won[t] == won[t.turned], found
        )
        if pairs
        else None,
        position_bias=position_bias(orders) if pairs else None,
        verbosity_bias=verbosity_bias(_grouped(_longer(told, found), found.group_of)),
        usd=fsum(paid) if paid else None,
        charged_usd=found.charged_usd.get(judge, 0.0),
        input_tokens=sum(usage.input_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
        total_s=fsum(timed) / len(timed) if timed else None,
    )


def _share(
    pairs: Iterable[Item], holds: Callable[[Item], bool], found: Judged
) -> Estimate | TooFew:
    return share(_grouped(((thing, float(holds(thing))) for thing in pairs), found.group_of))


def _grouped(told: Iterable[tuple[Item, T]], group_of: Callable[[Item], str]) -> list[list[T]]:
    groups: dict[str, list[T]] = {}
    for thing, value in told:
        groups.setdefault(group_of(thing), []).append(value)
    return list(groups.values())


def _longer(told: Said, found: Judged) -> Iterable[tuple[Item, tuple[float, float]]]:
    """Every two replies to one try of a case: what the first won, and how much longer it is."""
    alone: dict[Item, list[tuple[Item, float]]] = {}
    for thing, value in told.items():
        if thing.second:
            yield (
                thing,
                (value, _length(thing, thing.first, found) - _length(thing, thing.second, found)),
            )
        else:
            alone.setdefault(thing._replace(first=""), []).append((thing, value))
    for marked in alone.values():
        for (a, of_a), (b, of_b) in combinations(marked, 2):
            won = 0.5 if of_a == of_b else float(of_a > of_b)
            yield a, (won, _length(a, a.first, found) - _length(b, b.first, found))


def _length(thing: Item, candidate: str, found: Judged) -> float:
    return float(found.lengths[TrialKey(candidate, thing.benchmark, thing.case, thing.repeat)])
