"""Worlds in which the measurements would have come out as they did, and their weights.

Each world is one way the truth may be, drawn from what was measured: for each measure, how far the
candidates are apart, in units of the smallest gap that would change a choice. The error of every
gap is that of its paired comparison, not of two separate values: the gaps' variances are turned
into coordinates as in classical scaling (Torgerson, 1952), so that in the worlds drawn each pair
is apart with the error that was measured for that pair.

What the same cases, or the same blocks, say of several measures errs together: luck that raises a
score lowers the price of a solved case. How closely is not reckoned, so they are drawn as if they
erred as one, which is the safe side. Drawn each for itself, shares were too sure: of what was said
at 97 %, simulations came true in 91 to 94 %, and drawn so in 93 to 96 %.

Weights are drawn with the worlds: uniformly over all there are where a policy names none, and
between the ends of each range that it names.

The draw is one that any language can repeat, and the page's script does: Mersenne Twister numbers
(Matsumoto and Nishimura, 1998), turned normal by the inverse of the normal distribution, from a
seed that a criterion's name gives for its weight, and its benchmark's name for its errors. So a
criterion's worlds are the same whatever else counts and whoever else is left, and a share moves
only because something that it rests on has moved.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log, log1p
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from visavis.stats.estimate import Estimate, TooFew, Z
from visavis.verdict.compare import Gap, Judgement, MeasureRow
from visavis.verdict.policy import MEASURES, Policy, Weight

WORLDS = 10_000
"""Shares are known to one point, 95 % of the time."""
SEED = 20_261_122
LEVEL = 1e-9
"""Candidates nearer than this, in gaps that matter, are level: what is between them is rounding."""
FLAT = 1e-12
"""Part of the largest spread below which there is none."""
SMALLEST = 2.0**-54
"""In place of a drawn nought, which has neither logarithm nor normal deviate."""

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Worlds:
    """What may be true, world by world."""

    candidates: tuple[str, ...]
    criteria: tuple[str, ...]
    """Measures with their benchmarks: `score.logic`."""
    gaps: Array
    """Shape (worlds, criteria, candidates): by how many gaps that matter a candidate is better
    than the mean of all."""
    weights: Array
    """Shape (worlds, criteria); each world's sum to 1."""
    centre: Array
    """Shape (criteria, candidates): as `gaps`, at what was measured."""
    unknown: tuple[str, ...]
    """What the policy weighs and was not measured of all candidates, or too little."""
    missing: float
    """Part of what the policy weighs that this is, from 0 to 1, by the middles of its weights; 0
    where it names none."""

    @property
    def utilities(self) -> Array:
        """Shape (worlds, candidates)."""
        found: Array = np.einsum("wm,wmc->wc", self.weights, self.gaps)
        return found

    @cached_property
    def won(self) -> Array:
        """Shape (worlds, candidates): 1 for the one that is best in a world, or its part of that
        where several are level."""
        found = self.utilities
        best = found > found.max(axis=1, keepdims=True) - LEVEL
        parts: Array = best / best.sum(axis=1, keepdims=True)
        return parts


def worlds(
    judgement: Judgement, candidates: Sequence[str], policy: Policy, count: int = WORLDS
) -> Worlds:
    """Drawn for the candidates that are still in; the same for the same measurements anywhere."""
    asked = [
        row for row in judgement.rows if MEASURES[row.measure].decides and _counts(row, policy)
    ]
    tables = {criterion(row): _table(row, candidates) for row in asked}
    known = {name: table for name, table in tables.items() if table is not None}
    places = [judgement.candidates.index(name) for name in candidates]
    draws = {
        key: draw(seed(key), len(judgement.candidates), count)
        for key in (*known, *map(errors_of, known))
    }
    gaps = [
        one.middle + draws[errors_of(name)].normals[:, places] @ _root(one.squares)
        for name, one in known.items()
    ]
    shape = (count, len(known), len(candidates))
    return Worlds(
        candidates=tuple(candidates),
        criteria=tuple(known),
        gaps=np.stack(gaps, axis=1) if known else np.zeros(shape),
        weights=_weights(policy, tuple(known), [draws[name].shares for name in known], count),
        centre=np.array([one.seen for one in known.values()]).reshape(shape[1:]),
        unknown=tuple(name for name in (*tables, *_absent(policy, tables)) if name not in known),
        missing=_missing(policy.weights, known),
    )


class Draw(NamedTuple):
    """The chance in the worlds of one criterion, and in those of one benchmark."""

    shares: Array
    """Shape (worlds): from 0 to 1, for the weight of a criterion."""
    normals: Array
    """Shape (worlds, candidates): standard normal, for the errors of all on a benchmark."""


def seed(name: str) -> int:
    """From which the worlds of a criterion's weight, and of a benchmark's errors, are drawn."""
    return SEED ^ crc32(name.encode())


def errors_of(name: str) -> str:
    """With what else a criterion errs: all that the same benchmark measured."""
    return name.partition(".")[2]


@lru_cache(maxsize=64)
def draw(seed: int, candidates: int, count: int) -> Draw:
    """First the shares, then a column of normals a candidate. Never written to."""
    from scipy.special import ndtri  # slow to import, and needed only to judge

    numbers = np.random.RandomState(seed).random_sample((1 + candidates, count))
    numbers = np.maximum(numbers, SMALLEST)
    return Draw(shares=numbers[0], normals=ndtri(numbers[1:]).T)


def _absent(policy: Policy, measured: Collection[str]) -> list[str]:
    """What the policy weighs and no row of the judgement shows."""
    spoken_of = {part for name in measured for part in (name, name.partition(".")[0])}
    return [
        name for name, weight in policy.weights.items() if weight.high and name not in spoken_of
    ]


def _missing(weights: Mapping[str, Weight], known: Collection[str]) -> float:
    unnamed = {name.partition(".")[0] for name in known if name not in weights}
    middles = {name: (low + high) / 2 for name, (low, high) in weights.items()}
    missed = sum(x for name, x in middles.items() if name not in known and name not in unnamed)
    return missed / sum(middles.values()) if missed else 0.0


def criterion(row: MeasureRow) -> str:
    """The name by which a policy weighs a row of a judgement."""
    return f"{row.measure}.{row.benchmark}"


def weight_of(name: str, weights: Mapping[str, Weight], names: Sequence[str]) -> Weight:
    """Of one criterion. What a whole measure is given is shared by its benchmarks."""
    measure = name.partition(".")[0]
    if name in weights:
        return weights[name]
    if measure not in weights:
        return Weight(0.0, 0.0)
    sharing = sum(other.partition(".")[0] == measure and other not in weights for other in names)
    low, high = weights[measure]
    return Weight(low / sharing, high / sharing)


def _counts(row: MeasureRow, policy: Policy) -> bool:
    name = criterion(row)
    return not policy.weights or weight_of(name, policy.weights, [name]).high > 0


class _Table(NamedTuple):
    """One criterion, in gaps that matter, more being better."""

    seen: Array
    """How far each candidate is from the mean, as measured."""
    middle: Array
    """And by the middles of the intervals, around which worlds are drawn: what a few cases show is
    often all there can be, a gap of 100 points, and the truth then lies on one side of it."""
    squares: Array
    """The variance of every gap."""


def _table(row: MeasureRow, candidates: Sequence[str]) -> _Table | None:
    """None where a gap is unknown."""
    many = len(candidates)
    seen, middle, squares = np.zeros((3, many, many))
    of = {(gap.a, gap.b): gap for gap in row.gaps}
    for i, a in enumerate(candidates):
        for j, b in enumerate(candidates):
            if i < j:
                found = of.get((a, b)) or of.get((b, a))
                if found is None or isinstance(found.verdict.by, TooFew):
                    return None
                low, value, high = _scaled(found, found.verdict.by, row, first=a)
                seen[i, j], seen[j, i] = value, -value
                middle[i, j], middle[j, i] = (low + high) / 2, -(low + high) / 2
                squares[i, j] = squares[j, i] = ((high - low) / (2 * Z)) ** 2
    return _Table(seen.mean(axis=1), middle.mean(axis=1), squares)


def _scaled(gap: Gap, by: Estimate, row: MeasureRow, *, first: str) -> tuple[float, ...]:
    """A gap and the ends of its interval in units of what matters; more is better for `first`."""
    ratio = gap.scale == "ratio"
    unit = log1p(row.matters) if ratio else row.matters
    sign = 1.0 if row.higher_is_better == (gap.a == first) else -1.0
    return tuple(sign * (log(x) if ratio else x) / unit for x in (by.low, by.value, by.high))


def _root(squares: Array) -> Array:
    """The symmetric root of the errors' covariance, of which there is but one; shape (candidates,
    candidates)."""
    away = np.eye(len(squares)) - 1 / len(squares)
    spread, axes = np.linalg.eigh(-0.5 * away @ squares @ away)
    # Errors that no points in space have (below zero) come from intervals that are not normal.
    # What rounding leaves of a zero is one: its root would set apart candidates that are level.
    spread = np.where(spread > FLAT * spread.max(), np.maximum(spread, 0.0), 0.0)
    root: Array = axes * np.sqrt(spread) @ axes.T
    return root


def _weights(policy: Policy, names: tuple[str, ...], shares: Sequence[Array], count: int) -> Array:
    drawn = np.array(shares).reshape(len(names), count).T
    if not policy.weights:
        drawn = -np.log(drawn)
    else:
        ends = [weight_of(name, policy.weights, names) for name in names]
        low, high = np.array([w.low for w in ends]), np.array([w.high for w in ends])
        drawn = low + (high - low) * drawn
    sums: Array = drawn / drawn.sum(axis=1, keepdims=True)
    return sums
