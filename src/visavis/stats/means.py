"""Means of several amounts over the same units, known together, and what is made of them.

A bill is a sum of such means, each times a price and perhaps divided by another mean. Its error
comes from what each group pulls at it (linearised, in logarithms, as `ratio` does), so that what
two amounts have in common is not counted twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import exp, fsum, sqrt

import numpy as np

from visavis.stats.estimate import Estimate, TooFew, apart, student

EXACT = 1e-7
"""Below this, the error of a logarithm is rounding: it is the root of what cancels."""

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Means of several amounts, each above zero, over the same units."""

    values: Row
    covariance: tuple[Row, ...]
    """Of their logarithms."""
    reach: float
    """Deviate of a 95 % interval."""
    groups: int
    n: int

    def around(self, value: float, powers: Sequence[float]) -> Estimate | TooFew:
        """The interval of a value that changes by so many per cent where a mean changes by one."""
        pairs = zip(self.covariance, powers, strict=True)
        rows = [
            power * fsum(c * p for c, p in zip(row, powers, strict=True)) for row, power in pairs
        ]
        error = sqrt(max(0.0, fsum(rows)))
        if error < EXACT:
            return TooFew(groups=self.groups, needed=self.groups + 1, mean=value, n=self.n)
        return Estimate(
            value=value,
            low=value * exp(-self.reach * error),
            high=value * exp(self.reach * error),
            n=self.n,
            method=f"sum of means, linearised logarithm, Student's t, {self.groups} groups",
        )


def means(groups: Sequence[Sequence[Row]]) -> Means | TooFew:
    """Of rows by group; too few where fewer than two units vary, or where an amount is nowhere
    above zero."""
    groups = apart(groups)
    count, rows = len(groups), np.array(list(chain.from_iterable(groups)))
    totals = rows.sum(axis=0)
    if count < 2 or totals.min() <= 0:
        return TooFew(groups=count, needed=2)
    sizes = np.array([len(group) for group in groups])
    sums = np.add.reduceat(rows, np.concatenate(([0], sizes.cumsum()[:-1])), axis=0)
    pulls = sums / totals - sizes[:, None] / len(rows)
    covariance = count / (count - 1) * (pulls.T @ pulls)
    return Means(
        values=tuple((totals / len(rows)).tolist()),
        covariance=tuple(map(tuple, covariance.tolist())),
        reach=student(count),
        groups=count,
        n=len(rows),
    )
