"""What would change a choice: how far a measure, a weight or a price would have to go.

All of it but the conditions is reckoned at the centre: at what was measured, with the mean weights
of the worlds. A condition is held to what a choice is held to: 95 of 100 worlds, and a difference
that was shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, log1p
from typing import Literal

import numpy as np

from visavis.stats.estimate import Estimate
from visavis.verdict.compare import Judgement, MeasureRow
from visavis.verdict.policy import MEASURES
from visavis.verdict.shown import is_shown
from visavis.verdict.worlds import Array, Worlds, criterion

ENOUGH = 0.95
"""Share of worlds that it takes to choose."""
FEWEST = 0.01
"""Share of worlds below which a condition speaks of next to none."""
PRICE = "usd_per_solved_case"

FURTHEST = 100.0
"""Times as much, or as little: a turn beyond this is none that anybody waits for."""
LEAST = 0.01
"""A share of the weight that is this near to nothing, or to all, tells nobody anything."""
_HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """How much one measure would have to turn against the choice before another draws level."""

    criterion: str
    against: str
    scale: Literal["difference", "ratio"]
    by: float
    """A difference, or a ratio: 0.12 for 12 points less, 1.5 for a price half as high again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFlip:
    """The weight of one criterion at which another becomes best, the rest as they are."""

    criterion: str
    now: float
    """Share of all weight, from 0 to 1."""
    at: float
    above: bool
    """Whether the other is best above that share, or below."""
    to: str
    shown: bool
    """Whether the other was shown better on what then counts more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFlip:
    """The price of a candidate's output tokens at which it and the best draw level."""

    candidate: str
    """Of which the price would change: the best, whose price would rise, or a rival's fall."""
    against: str
    now: float
    """USD per million output tokens."""
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Choose this candidate where one criterion counts for more, or less, than so much."""

    candidate: str
    criterion: str
    above: bool
    share: float
    """Of all weight, in whole per cent."""
    worlds: float
    """Share of the worlds in which it counts so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a candidate's output tokens cost, and what part of its bill they are."""

    usd_per_million_output_tokens: float
    parts: Mapping[str, float]
    """By benchmark, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """The candidate that is best most often, against each rival, at the centre."""

    drawn: Worlds
    own: int
    weights: Array
    """Shape (criteria)."""
    leads: Array
    """Shape (criteria, candidates): how far it is ahead of each."""

    @property
    def best(self) -> str:
        return self.drawn.candidates[self.own]

    @property
    def lead(self) -> Array:
        """Shape (candidates): over all criteria."""
        found: Array = self.weights @ self.leads
        return found

    @property
    def rivals(self) -> list[int]:
        return [i for i in range(len(self.drawn.candidates)) if i != self.own]

    @property
    def rival(self) -> int:
        """The nearest."""
        lead = self.lead
        return min(self.rivals, key=lambda i: lead[i])


def centre_of(drawn: Worlds, best: str) -> Centre | None:
    """None where the one that is best most often is not best at the centre too."""
    own = drawn.candidates.index(best)
    found = Centre(
        drawn=drawn,
        own=own,
        weights=drawn.weights.mean(axis=0),
        leads=drawn.centre[:, [own]] - drawn.centre,
    )
    return found if found.lead[found.rival] > 0 else None


def turns(centre: Centre, judgement: Judgement) -> Iterator[BreakEven]:
    """For each criterion that counts, the turn at which the nearest rival draws level."""
    lead, rows = float(centre.lead[centre.rival]), _rows(judgement)
    against = centre.drawn.candidates[centre.rival]
    for name, weight in zip(centre.drawn.criteria, centre.weights.tolist(), strict=True):
        row, scale = rows[name], MEASURES[rows[name].measure].scale
        units = lead / weight
        if scale == "ratio" and units * log1p(row.matters) > log(FURTHEST):
            continue
        by = (1 + row.matters) ** units if scale == "ratio" else units * row.matters
        if scale == "ratio" or by <= _most_to_lose(row, centre.best):
            yield BreakEven(criterion=name, against=against, scale=scale, by=by)


def _most_to_lose(row: MeasureRow, name: str) -> float:
    """A score cannot fall by more than all of it."""
    of = {cell.candidate: cell.estimate for cell in row.cells}
    known = of.get(name)
    return known.value if isinstance(known, Estimate) else 1.0


def weight_flips(centre: Centre, judgement: Judgement) -> Iterator[WeightFlip]:
    """For each criterion the nearest such weight, below and above; none where it counts alone."""
    rows = _rows(judgement)
    for k, name in enumerate(centre.drawn.criteria):
        now = float(centre.weights[k])
        if now >= 1:
            continue
        alone = centre.leads[k]
        without = (centre.lead - now * alone) / (1 - now)
        for above in (False, True):
            met = {
                i: float(without[i] / (without[i] - alone[i]))
                for i in centre.rivals
                if (alone[i] if above else without[i]) < 0
            }
            if not met:
                continue
            to = min(met, key=lambda i: met[i] if above else -met[i])
            if not LEAST <= met[to] <= 1 - LEAST:
                continue
            other = centre.drawn.candidates[to]
            counted = [rows[each] for each in centre.drawn.criteria if (each == name) == above]
            yield WeightFlip(
                criterion=name,
                now=now,
                at=met[to],
                above=above,
                to=other,
                shown=is_shown(other, centre.best, counted),
            )


def price_flips(
    centre: Centre, judgement: Judgement, bills: Mapping[str, Bill]
) -> Iterator[PriceFlip]:
    """The best one's own output price, and each rival's, other prices as they are."""
    names, rows = centre.drawn.candidates, _rows(judgement)
    units = {
        rows[name].benchmark: weight / log1p(rows[name].matters)
        for name, weight in zip(centre.drawn.criteria, centre.weights.tolist(), strict=True)
        if rows[name].measure == PRICE
    }
    for i in (centre.own, *centre.rivals):
        bill, rival = bills.get(names[i]), centre.rival if i == centre.own else i
        if bill is None or not units.keys() <= bill.parts.keys():
            continue
        weighed = [(weight, bill.parts[benchmark]) for benchmark, weight in units.items()]
        times = _level(weighed, float(centre.lead[rival]), rises=i == centre.own)
        if times is not None:
            yield PriceFlip(
                candidate=names[i],
                against=names[rival if i == centre.own else centre.own],
                now=bill.usd_per_million_output_tokens,
                at=bill.usd_per_million_output_tokens * times,
            )


def _level(weighed: Sequence[tuple[float, float]], lead: float, *, rises: bool) -> float | None:
    """By how many times the price of output changes when it has used up the lead; None where it
    never does."""

    def moved(times: float) -> float:
        return abs(sum(w * log1p(part * (times - 1)) for w, part in weighed))

    near, far = (1.0, FURTHEST if rises else 1 / FURTHEST)
    if moved(far) < lead:
        return None
    for _ in range(_HALVINGS):
        middle = (near * far) ** 0.5 if rises else (near + far) / 2
        near, far = (near, middle) if moved(middle) >= lead else (middle, far)
    return far


def conditions(drawn: Worlds, judgement: Judgement) -> Iterator[Condition]:
    """For each candidate the condition that holds in most worlds, if there is any: the criterion
    of which it takes more (or less) than a share, for the candidate to be best in 95 of 100 of the
    worlds where that is so. Not of one that is best without conditions."""
    counted = [row for row in judgement.rows if criterion(row) in drawn.criteria]
    for i, name in enumerate(drawn.candidates):
        others = [other for other in drawn.candidates if other != name]
        if drawn.won[:, i].mean() >= ENOUGH:
            continue
        if all(is_shown(name, other, counted) for other in others):
            found = [one for k in range(len(drawn.criteria)) for one in _conditions(drawn, i, k)]
            if found:
                yield max(found, key=lambda one: one.worlds)


def _conditions(drawn: Worlds, i: int, k: int) -> Iterator[Condition]:
    """The widest on criterion `k`, upwards and downwards."""
    # The little more keeps a share that is a whole per cent in it, however it was rounded.
    per_cent = np.minimum((100 * drawn.weights[:, k] + 1e-9).astype(int), 100)
    worlds = np.bincount(per_cent, minlength=101).astype(float)
    won = np.bincount(per_cent, weights=drawn.won[:, i], minlength=101)
    for above in (True, False):
        step = -1 if above else 1
        of, wins = worlds[::step].cumsum(), won[::step].cumsum()
        enough = np.flatnonzero((of >= FEWEST * of[-1]) & (wins >= ENOUGH * of))
        if enough.size and of[enough[-1]] < of[-1]:
            last = int(enough[-1])
            yield Condition(
                candidate=drawn.candidates[i],
                criterion=drawn.criteria[k],
                above=above,
                share=(100 - last if above else last + 1) / 100,
                worlds=float(of[last] / of[-1]),
            )


def _rows(judgement: Judgement) -> dict[str, MeasureRow]:
    return {criterion(row): row for row in judgement.rows}
