"""An estimate with its interval, or the statement that there is too little to give one.

Every interval of this package is a 95 % one. What varies is the group: the values of one group
rise and fall together, so a mean's error is reckoned from group sums (linearised, as survey
statistics do), and Student's t has as many degrees of freedom as there are groups, less one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import fsum, sqrt
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")

ALPHA = 0.05
"""Chance of a wrong claim that every interval and every family of tests allows."""
Z = NormalDist().inv_cdf(1 - ALPHA / 2)
"""Normal deviate of a 95 % interval, 1.96."""

Groups = Sequence[Sequence[float]]
"""Values by group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value, the 95 % interval around it, and what it rests on."""

    value: float
    low: float
    high: float
    n: int
    """Units that it rests on: cases, or blocks of requests."""
    method: str
    """Name of the interval, as a statistician would look it up."""
    groups: int | None = None
    """So many that the units come in, and the interval rests on; None where each stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFew:
    """No interval can be given. Neither zero nor a bare point: nothing is known yet."""

    groups: int
    needed: int
    mean: float | None = None
    """Of `n` values, where there are groups enough and they show no spread to reckon from."""
    n: int = 0

    @property
    def no_spread(self) -> bool:
        """Two groups would do, had they differed."""
        return self.groups >= 2


def symmetric(
    value: float, reach: float, *, n: int, method: str, groups: int | None = None
) -> Estimate:
    """An interval that reaches as far to either side."""
    low, high = value - reach, value + reach
    return Estimate(value=value, low=low, high=high, n=n, method=method, groups=groups)


@cache
def student(groups: int) -> float:
    """Deviate of a 95 % interval when the spread is reckoned from so many groups."""
    return student_by_degrees(groups - 1)


def student_by_degrees(degrees: float) -> float:
    """The same by degrees of freedom, which need not be whole."""
    from scipy.special import stdtrit  # slow to import, and needed only to judge

    return float(stdtrit(degrees, 1 - ALPHA / 2))


def two_sided(deviate: float, degrees: float) -> float:
    """p-value of a Student's deviate."""
    from scipy.special import stdtr  # slow to import, and needed only to judge

    return float(2 * stdtr(degrees, -abs(deviate)))


def apart(groups: Sequence[Sequence[T]]) -> Sequence[Sequence[T]]:
    """The groups; or each value for itself when there is but one group.

    One group cannot show how groups differ. What is said then holds for that group alone, and
    within it values are independent.
    """
    return [[value] for value in groups[0]] if len(groups) == 1 else groups


def in_groups(groups: Sequence[Sequence[object]]) -> int | None:
    """How many groups there are, where units come in groups; None where each stands alone."""
    return len(groups) if any(len(group) > 1 for group in groups) else None


def standard_error(groups: Groups) -> float:
    """Standard error of the mean of all values, when each group varies as one. 0 is no spread."""
    values = list(chain.from_iterable(groups))
    centre, count = fsum(values) / len(values), len(groups)
    sums = zip(map(fsum, groups), map(len, groups), strict=True)
    residuals = [total - size * centre for total, size in sums]
    error = sqrt(fsum(r * r for r in residuals) * count / (count - 1)) / len(values)
    return error if error > 1e-12 * max(map(abs, values)) else 0.0


def mean(groups: Groups) -> Estimate | TooFew:
    """Mean of all values, with Student's t on groups.

    Resampling the groups is the usual choice, but with few of them it holds the truth too
    seldom. Values that are all alike show no spread to reckon from, so they count as too few.
    """
    groups = apart(groups)
    count = len(groups)
    if count < 2:
        return TooFew(groups=count, needed=2)
    error = standard_error(groups)
    if error == 0.0:
        return TooFew(groups=count, needed=count + 1)
    n = sum(map(len, groups))
    value = fsum(v for group in groups for v in group) / n
    reach = student(count) * error
    method = f"Student's t, {count} groups"
    return symmetric(value, reach, n=n, method=method, groups=in_groups(groups))
