"""Worlds in which the measurements would have come out as they did, and their weights.

Each world is one way the truth may be, drawn from what was measured: for each measure, how far the
candidates are apart, in units of the smallest gap that would change a choice. The error of every
gap is that of its paired comparison, not of two separate values: the gaps' variances are turned
into coordinates as in classical scaling (Torgerson, 1952), so that in the worlds drawn each pair
is apart with the error that was measured for that pair.

Weights are drawn with the worlds: uniformly over all there are where a policy names none, and
between the ends of each range that it names.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, log1p

import numpy as np
from numpy.typing import NDArray

from visavis.core.errors import OptionError
from visavis.stats.estimate import Estimate, TooFew, Z
from visavis.verdict.compare import Gap, Judgement, MeasureRow
from visavis.verdict.policy import MEASURES, Policy, Weight

WORLDS = 10_000
"""Shares are known to one point, 95 % of the time."""
SEED = 20_261_122

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

    @property
    def utilities(self) -> Array:
        """Shape (worlds, candidates)."""
        found: Array = np.einsum("wm,wmc->wc", self.weights, self.gaps)
        return found

    @cached_property
    def winners(self) -> NDArray[np.intp]:
        """Of each world, the position of the candidate that is best in it."""
        found: NDArray[np.intp] = self.utilities.argmax(axis=1)
        return found


def worlds(
    judgement: Judgement, candidates: Sequence[str], policy: Policy, count: int = WORLDS
) -> Worlds:
    """Drawn for the candidates that are still in; the same for the same measurements anywhere."""
    rng = np.random.default_rng(SEED)
    asked = [
        row for row in judgement.rows if MEASURES[row.measure].decides and _counts(row, policy)
    ]
    tables = {criterion(row): _table(row, candidates) for row in asked}
    known = {name: table for name, table in tables.items() if table is not None}
    if not known:
        named = ", ".join(policy.weights) or "any measure"
        raise OptionError(
            f"policy {policy.name!r} weighs {named}, by which this run tells nobody apart; "
            "run more cases, or name another policy"
        )
    drawn = [_drawn(centre, squares, count, rng) for centre, squares in known.values()]
    return Worlds(
        candidates=tuple(candidates),
        criteria=tuple(known),
        gaps=np.stack(drawn, axis=1),
        weights=_weights(policy, tuple(known), count, rng),
        centre=np.stack([centre for centre, _ in known.values()]),
        unknown=tuple(name for name in (*tables, *_absent(policy, tables)) if name not in known),
    )


def _absent(policy: Policy, measured: Collection[str]) -> list[str]:
    """What the policy weighs and no row of the judgement shows."""
    spoken_of = {part for name in measured for part in (name, name.partition(".")[0])}
    return [
        name for name, weight in policy.weights.items() if weight.high and name not in spoken_of
    ]


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


def _table(row: MeasureRow, candidates: Sequence[str]) -> tuple[Array, Array] | None:
    """How far each is from the mean, and the variance of every gap; None where a gap is unknown."""
    many = len(candidates)
    gaps, squares = np.zeros((many, many)), np.zeros((many, many))
    of = {(gap.a, gap.b): gap for gap in row.gaps}
    for i, a in enumerate(candidates):
        for j, b in enumerate(candidates):
            if i < j:
                found = of.get((a, b)) or of.get((b, a))
                if found is None or isinstance(found.verdict.by, TooFew):
                    return None
                value, error = _scaled(found, found.verdict.by, row)
                value = value if found.a == a else -value
                gaps[i, j], gaps[j, i] = value, -value
                squares[i, j] = squares[j, i] = error**2
    return gaps.mean(axis=1), squares


def _scaled(gap: Gap, by: Estimate, row: MeasureRow) -> tuple[float, float]:
    """A gap and its standard error in units of what matters; more is better."""
    ratio = gap.scale == "ratio"
    unit = log1p(row.matters) if ratio else row.matters
    low, value, high = (log(x) if ratio else x for x in (by.low, by.value, by.high))
    sign = 1.0 if row.higher_is_better else -1.0
    return sign * value / unit, (high - low) / (2 * Z * unit)


def _drawn(centre: Array, squares: Array, count: int, rng: np.random.Generator) -> Array:
    """Shape (worlds, candidates)."""
    many = len(centre)
    away = np.eye(many) - 1 / many
    spread, axes = np.linalg.eigh(-0.5 * away @ squares @ away)
    # Errors that no points in space have (below zero) come from intervals that are not normal.
    root = axes * np.sqrt(np.clip(spread, 0.0, None))
    found: Array = centre + rng.standard_normal((count, many)) @ root.T
    return found


def _weights(policy: Policy, names: tuple[str, ...], count: int, rng: np.random.Generator) -> Array:
    if not policy.weights:
        drawn = rng.exponential(size=(count, len(names)))
    else:
        ends = [weight_of(name, policy.weights, names) for name in names]
        low, high = np.array([w.low for w in ends]), np.array([w.high for w in ends])
        drawn = low + (high - low) * rng.random((count, len(names)))
    sums: Array = drawn / drawn.sum(axis=1, keepdims=True)
    return sums
