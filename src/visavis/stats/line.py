"""How much of one thing comes with another: the slope of a line, and a ratio of two sums."""

from collections.abc import Sequence
from math import fsum, sqrt
from statistics import fmean

from visavis.stats.estimate import Estimate, TooFew, student, symmetric

Pairs = Sequence[tuple[float, float]]


def slope(points: Pairs) -> Estimate | TooFew:
    """By how much `y` rises with each `x`, by least squares, from `(x, y)`.

    Student's t with two degrees of freedom fewer than there are points. Points on a straight line
    leave nothing to reckon an error from; then the interval is the value.
    """
    count = len(points)
    if count < 3 or len({x for x, _ in points}) < 3:
        return TooFew(groups=count, needed=max(3, count + 1))
    middle_x, middle_y = fmean(x for x, _ in points), fmean(y for _, y in points)
    spread = fsum((x - middle_x) ** 2 for x, _ in points)
    value = fsum((x - middle_x) * (y - middle_y) for x, y in points) / spread
    off = fsum((y - middle_y - value * (x - middle_x)) ** 2 for x, y in points)
    reach = student(count - 1) * sqrt(off / (count - 2) / spread)
    method = f"least squares, Student's t, {count} points"
    return symmetric(value, reach, n=count, method=method)


def per_unit(pairs: Pairs) -> Estimate | TooFew:
    """The sum of the first by that of the second, from blocks `(amount, units)`: what a unit took
    on average. Amounts may be below zero. Linearised, with Student's t on blocks."""
    count, units = len(pairs), fsum(units for _, units in pairs)
    if count < 2 or units <= 0:
        return TooFew(groups=count, needed=max(2, count + 1))
    value = fsum(amount for amount, _ in pairs) / units
    off = fsum((amount - value * each) ** 2 for amount, each in pairs)
    reach = student(count) * sqrt(off * count / (count - 1)) / units
    method = f"ratio of sums, linearised, Student's t, {count} blocks"
    return symmetric(value, reach, n=count, method=method)
