"""What a judgement comes to: plain data, which the report puts into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from visavis.verdict.compare import Gap, Judgement, MeasureRow
from visavis.verdict.decide import Alike, Prefer, Undecided
from visavis.verdict.policy import MEASURES


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferOverall:
    """Preferred to every other on at least one measure, and no other to it on any."""

    winner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Depends:
    """A trade-off: each has a measure to be preferred for."""

    between: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeOverall:
    """No measure has a difference that matters."""

    between: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndecidedOverall:
    """Nothing speaks for one of these alone, and something may yet."""

    between: tuple[str, ...]


Overall = PreferOverall | Depends | AlikeOverall | UndecidedOverall


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One measure's verdict on a pair."""

    row: MeasureRow
    gap: Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSummary:
    """What is to be said of `a` and `b`, measure by measure, in the table's order."""

    a: str
    b: str
    for_a: tuple[Point, ...]
    for_b: tuple[Point, ...]
    alike: tuple[Point, ...]
    undecided: tuple[Point, ...]
    overall: Overall


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What is to be said of all."""

    pairs: tuple[PairSummary, ...]
    overall: Overall


def explain(judgement: Judgement) -> Explanation:
    """Each pair by itself, then all together."""
    pairs = tuple(_pair(judgement, a, b) for a, b in combinations(judgement.candidates, 2))
    return Explanation(pairs=pairs, overall=_together(judgement.candidates, pairs))


def _pair(judgement: Judgement, a: str, b: str) -> PairSummary:
    points = [
        Point(row=row, gap=gap)
        for row in judgement.rows
        for gap in row.gaps
        if (gap.a, gap.b) == (a, b)
    ]

    def won(name: str) -> tuple[Point, ...]:
        return tuple(point for point in points if _winner(point) == name)

    return PairSummary(
        a=a,
        b=b,
        for_a=won(a),
        for_b=won(b),
        alike=tuple(p for p in points if isinstance(p.gap.verdict, Alike)),
        undecided=tuple(p for p in points if isinstance(p.gap.verdict, Undecided)),
        overall=_overall((a, b), [p for p in points if MEASURES[p.row.measure].decides]),
    )


def _winner(point: Point) -> str | None:
    verdict = point.gap.verdict
    return verdict.winner if isinstance(verdict, Prefer) else None


def _overall(pair: tuple[str, str], points: Sequence[Point]) -> Overall:
    winners = {name for point in points if (name := _winner(point)) is not None}
    if len(winners) == 1 and not _quality_is_open(points):
        return PreferOverall(winner=winners.pop())
    if len(winners) == 1:
        return UndecidedOverall(between=pair)
    if winners:
        return Depends(between=pair)
    if points and all(isinstance(point.gap.verdict, Alike) for point in points):
        return AlikeOverall(between=pair)
    return UndecidedOverall(between=pair)


def _quality_is_open(points: Sequence[Point]) -> bool:
    """No score was won, and one may yet be: nobody is to be preferred for speed or price alone."""
    scores = [point for point in points if point.row.measure == "score"]
    won = any(_winner(point) for point in scores)
    return not won and any(isinstance(point.gap.verdict, Undecided) for point in scores)


def _together(candidates: tuple[str, ...], pairs: Sequence[PairSummary]) -> Overall:
    """One candidate that is preferred to every other, or what there is between those in front."""
    front = _front(candidates, pairs)
    if len(front) == 1 and pairs:
        return PreferOverall(winner=front[0])
    between = [pair.overall for pair in pairs if {pair.a, pair.b} <= set(front)]
    if any(isinstance(overall, Depends | PreferOverall) for overall in between):
        return Depends(between=front)  # also where preferences go round in a circle
    if between and all(isinstance(overall, AlikeOverall) for overall in between):
        return AlikeOverall(between=front)
    return UndecidedOverall(between=front)


def _front(candidates: tuple[str, ...], pairs: Sequence[PairSummary]) -> tuple[str, ...]:
    """Candidates to which no other is preferred; if there is one, all that it is not shown to beat.

    Where each is beaten by another, they are all in front.
    """
    beaten = {
        (pair.overall.winner, pair.b if pair.overall.winner == pair.a else pair.a)
        for pair in pairs
        if isinstance(pair.overall, PreferOverall)
    }
    losers = {loser for _, loser in beaten}
    front = tuple(name for name in candidates if name not in losers) or candidates
    if len(front) == 1:
        front = tuple(name for name in candidates if (front[0], name) not in beaten)
    return front
