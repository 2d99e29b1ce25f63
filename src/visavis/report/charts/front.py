"""Who is in front: candidates that no other beats on quality and cost at once.

By what was measured alone: nothing is said here of how far chance may have put them there.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import NamedTuple

from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Judgement, MeasureRow

Known = Mapping[int, Estimate | TooFew]
"""By the candidate's place."""


class Seen(NamedTuple):
    """A value, and its interval where one is known."""

    value: float
    low: float | None = None
    high: float | None = None


class Spot(NamedTuple):
    """One candidate on one benchmark."""

    place: int
    score: Seen
    cost: Seen | None
    """Money or time; None where nobody knows."""

    @property
    def at(self) -> tuple[float, float]:
        """Cost and score; what it costs is without end where nobody knows."""
        return (self.cost.value if self.cost else inf, self.score.value)


def front(spots: Iterable[Spot]) -> list[Spot]:
    """Those that no other beats, the cheapest first; of equals all."""
    known = [spot for spot in spots if spot.cost is not None]
    leading = (one for one in known if not any(beats(other, one) for other in known))
    return sorted(leading, key=lambda spot: spot.at)


def beats(one: Spot, other: Spot) -> bool:
    """At least as good for at most as much, and not the same."""
    (cost, score), (other_cost, other_score) = one.at, other.at
    return cost <= other_cost and score >= other_score and one.at != other.at


def spots(judgement: Judgement, costs: Mapping[str, Known]) -> dict[str, list[Spot]]:
    """By benchmark, where the score of somebody has a cost beside it."""
    found = {}
    for row in judgement.rows:
        if row.measure != "score" or row.benchmark not in costs:
            continue
        known = [
            Spot(place, score, _seen(costs[row.benchmark].get(place)))
            for place, estimate in by_place(row, judgement.candidates).items()
            if (score := _seen(estimate)) is not None
        ]
        if any(spot.cost for spot in known):
            found[row.benchmark] = known
    return found


def by_place(row: MeasureRow, candidates: Sequence[str]) -> Known:
    """A row's estimates."""
    return {candidates.index(cell.candidate): cell.estimate for cell in row.cells}


def _seen(found: Estimate | TooFew | None) -> Seen | None:
    match found:
        case Estimate(value=value, low=low, high=high):
            return Seen(value, low, high)
        case TooFew(mean=float(value)):
            return Seen(value)
    return None
