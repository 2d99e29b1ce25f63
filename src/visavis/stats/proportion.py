"""A share of cases solved, with the interval that holds the truth near 0 and 1 as well.

Wilson's score interval (1927) for independent yes/no cases. Where cases come in groups, or a
score is a fraction (repeats averaged, partial credit), the cases are first counted by what they
are worth: the number of independent yes/no cases of the same precision (the effective size of
Korn and Graubard, 1998, who take it into an exact interval; we take it into Wilson's).
"""

from itertools import chain
from math import ceil, fsum, sqrt

from visavis.stats.estimate import (
    Estimate,
    Groups,
    TooFew,
    Z,
    apart,
    in_groups,
    standard_error,
    student,
)


def share(groups: Groups) -> Estimate | TooFew:
    """Mean of scores from 0 to 1, with Wilson's interval."""
    groups = apart(groups)
    values = list(chain.from_iterable(groups))
    if not values:
        return TooFew(groups=0, needed=1)
    n = len(values)
    value = fsum(values) / n
    size = worth(groups, value * (1 - value))
    if size is None:
        return TooFew(groups=len(groups), needed=len(groups) + 1)
    low, high = wilson(value * size, size)
    method = "Wilson score" if size == n else f"Wilson score, worth {size:.1f} independent cases"
    return Estimate(
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=n,
        method=method,
        groups=in_groups(groups),
    )


def wilson(solved: float, n: float) -> tuple[float, float]:
    """Wilson's interval for `solved` of `n`, neither of which need be whole."""
    centre = (solved + Z * Z / 2) / (n + Z * Z)
    reach = Z / (n + Z * Z) * sqrt(max(0.0, solved * (n - solved) / n + Z * Z / 4))
    return max(0.0, centre - reach), min(1.0, centre + reach)


def least_above(share: float) -> int:
    """Independent cases, all of them solved, whose interval lies at or above this share."""
    return ceil(Z * Z * share / (1 - share))


def worth(groups: Groups, variance: float) -> float | None:
    """Number of independent whole outcomes that are as precise as these values.

    `variance` is what one whole outcome (0 or 1; for a gap -1, 0 or 1) would have. Whole
    outcomes that stand apart are worth their number, and grouped ones never more than that.
    None when fractions show no spread: nothing tells what they are worth.
    """
    values = list(chain.from_iterable(groups))
    n, count = len(values), len(groups)
    whole = set(values) <= {-1.0, 0.0, 1.0}
    if whole and count == n:
        return float(n)
    if count < 2:
        return None
    error = standard_error(groups)
    few_groups = (Z / student(count)) ** 2
    if error == 0.0:
        return n * few_groups if whole else None
    size = variance / error**2
    return (min(size, n) if whole else size) * few_groups
