"""How many cases would settle what is still open."""

from math import ceil, log2
from statistics import NormalDist

from visavis.stats.estimate import ALPHA, Z

POWER = 0.8
"""Chance, by the convention of Cohen (1988), that a gap as large as the one seen is shown."""


def cases_to_settle(n: int, *, gap: float, error: float, matters: float, family: int) -> int:
    """Cases in all, more than `n`, after which a verdict is to be expected.

    `gap`, its standard error and `matters` are on one scale: logarithms where ratios are
    compared. The error falls with the root of the cases. With `z` the deviate that the
    strictest step of Holm's correction asks for among `family` tests, either of two is enough:

    - a gap as seen is shown, in 8 of 10 tries: `error * (z + 0.84) <= abs(gap)`;
    - whatever the gap, the interval is so narrow that it lies within what matters or is clear
      of no gap after correction: `error * (z + 1.96) <= matters`. With one test that is an
      interval narrower than `matters`.
    """
    corrected = NormalDist().inv_cdf(1 - ALPHA / (2 * family))
    shown = error * (corrected + NormalDist().inv_cdf(POWER)) / abs(gap) if gap else float("inf")
    narrow = error * (corrected + Z) / matters
    least = ceil(log2(family / ALPHA))  # fewer cases show nothing, even if all go one way
    return max(n + 1, least, ceil(n * min(shown, narrow) ** 2))
