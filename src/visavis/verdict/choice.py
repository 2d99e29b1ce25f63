"""What to choose: in how many worlds each is best, for whom, and what would change that.

Stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen, Salminen, 1998; Lahdelma,
Salminen, 2001): the truth as far as it was measured and the weights as far as they are known are
drawn together, and a candidate's acceptability is its share of the worlds in which it is best. Its
central weights, the mean of those worlds', say for whom it is the choice.

Two things keep chance out of a choice. It takes 95 of 100 worlds; and against every other
candidate at least one measure that counts has to have shown a difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, log1p
from typing import Literal

import numpy as np

from visavis.verdict.compare import Judgement, MeasureRow
from visavis.verdict.decide import Alike, Prefer
from visavis.verdict.must import Met, Must
from visavis.verdict.policy import MEASURES, Policy
from visavis.verdict.worlds import Worlds, criterion, worlds

Side = Literal["a", "b", "alike", "open"]

_BEYOND = log(1e12)
"""A turn beyond this is none that anybody waits for, and soon more than a number can hold."""

ENOUGH = 0.95
"""Share of worlds that it takes to choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One candidate under a policy."""

    candidate: str
    musts: Mapping[Must, Met]
    acceptability: float | None
    """Share of worlds in which it is best; None for one that misses what must hold."""
    central: Mapping[str, float] | None
    """Weights by criterion for which it is best; None where it never is."""
    dominated_by: tuple[str, ...]
    """Shown better on something, and on all else shown better or alike."""

    @property
    def out(self) -> bool:
        return "missed" in self.musts.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """How much one measure would have to turn against the choice before another draws level."""

    criterion: str
    against: str
    scale: Literal["difference", "ratio"]
    by: float
    """A difference, or a ratio: 0.12 for 12 points less, 1.5 for a price half as high again."""


Because = Literal[
    "only one is left",
    "it is best in nearly all worlds",
    "none meets what must hold",
    "no one is best in nearly all worlds",
    "it may miss what must hold",
    "no difference was shown",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a policy makes of a judgement."""

    policy: Policy
    standings: tuple[Standing, ...]
    chosen: str | None
    """None where nothing can be recommended."""
    because: Because
    worlds: Worlds | None
    """None where fewer than two are left to be weighed."""
    flips: tuple[BreakEven, ...]
    """Of the one that is best most often."""


def choose(judgement: Judgement, policy: Policy, musts: Mapping[str, Mapping[Must, Met]]) -> Choice:
    """Must-haves first, then worlds; `musts` says of each candidate what it meets."""
    out = {name for name, met in musts.items() if "missed" in met.values()}
    left = [name for name in judgement.candidates if name not in out]
    drawn = worlds(judgement, left, policy) if len(left) > 1 else None
    shares = _shares(drawn) if drawn is not None else dict.fromkeys(left, 1.0)
    counted = _counted(judgement, drawn)
    standings = tuple(
        Standing(
            candidate=name,
            musts=musts[name],
            acceptability=shares.get(name),
            central=_central(drawn, name),
            dominated_by=tuple(o for o in left if name in left and _dominates(o, name, counted)),
        )
        for name in judgement.candidates
    )
    chosen, because = _chosen(standings, shares, counted)
    best = max(shares, key=lambda name: shares[name], default=None)
    flips = tuple(_flips(drawn, best, judgement)) if drawn is not None and best else ()
    return Choice(
        policy=policy,
        standings=standings,
        chosen=chosen,
        because=because,
        worlds=drawn,
        flips=flips,
    )


def _shares(drawn: Worlds) -> dict[str, float]:
    counts = np.bincount(drawn.winners, minlength=len(drawn.candidates))
    return dict(zip(drawn.candidates, (counts / len(drawn.winners)).tolist(), strict=True))


def _central(drawn: Worlds | None, name: str) -> dict[str, float] | None:
    if drawn is None or name not in drawn.candidates:
        return None
    best = drawn.winners == drawn.candidates.index(name)
    if not best.any():
        return None
    return dict(zip(drawn.criteria, drawn.weights[best].mean(axis=0).tolist(), strict=True))


def _counted(judgement: Judgement, drawn: Worlds | None) -> list[MeasureRow]:
    """The rows that weigh in some world."""
    if drawn is None:
        return []
    weighs = dict(zip(drawn.criteria, drawn.weights.max(axis=0) > 0, strict=True))
    return [row for row in judgement.rows if weighs.get(criterion(row))]


def _chosen(
    standings: Sequence[Standing], shares: Mapping[str, float], rows: Sequence[MeasureRow]
) -> tuple[str | None, Because]:
    if not shares:
        return None, "none meets what must hold"
    best = max(standings, key=lambda one: one.acceptability or 0.0)
    if "may be missed" in best.musts.values():
        return None, "it may miss what must hold"
    if len(shares) == 1:
        return best.candidate, "only one is left"
    if (best.acceptability or 0.0) < ENOUGH:
        return None, "no one is best in nearly all worlds"
    others = [name for name in shares if name != best.candidate]
    if not all(_shown(best.candidate, other, rows) for other in others):
        return None, "no difference was shown"
    return best.candidate, "it is best in nearly all worlds"


def _verdicts(a: str, b: str, rows: Sequence[MeasureRow]) -> list[Side]:
    """On each row, who was shown better."""
    found: list[Side] = []
    for row in rows:
        for gap in row.gaps:
            if {gap.a, gap.b} == {a, b}:
                match gap.verdict:
                    case Prefer(winner=winner):
                        found.append("a" if winner == a else "b")
                    case Alike():
                        found.append("alike")
                    case _:
                        found.append("open")
    return found


def _shown(a: str, b: str, rows: Sequence[MeasureRow]) -> bool:
    return "a" in _verdicts(a, b, rows)


def _dominates(a: str, b: str, rows: Sequence[MeasureRow]) -> bool:
    found = set(_verdicts(a, b, rows)) if a != b else set()
    return "a" in found and found <= {"a", "alike"}


def _flips(drawn: Worlds, best: str, judgement: Judgement) -> list[BreakEven]:
    """For each criterion that counts, the turn at which the nearest rival draws level, at what was
    measured and the mean weights."""
    weights = drawn.weights.mean(axis=0)
    utilities = weights @ drawn.centre
    own = drawn.candidates.index(best)
    rivals = [i for i in range(len(drawn.candidates)) if i != own]
    rival = max(rivals, key=lambda i: utilities[i])
    lead = float(utilities[own] - utilities[rival])
    rows = {criterion(row): row for row in judgement.rows}
    found = []
    for name, weight in zip(drawn.criteria, weights.tolist(), strict=True):
        if weight <= 0 or lead <= 0:
            continue
        row, scale = rows[name], MEASURES[rows[name].measure].scale
        units = lead / weight
        if scale == "ratio" and units * log1p(row.matters) > _BEYOND:
            continue
        by = (1 + row.matters) ** units if scale == "ratio" else units * row.matters
        if scale == "ratio" or by <= 1:  # a score cannot fall by more than all of it
            found.append(
                BreakEven(criterion=name, against=drawn.candidates[rival], scale=scale, by=by)
            )
    return found
