"""How many cases would settle what is still open, and how many a gap will take, beforehand."""

from dataclasses import dataclass
from math import ceil, log2, sqrt
from statistics import NormalDist

import numpy as np

from visavis.stats.estimate import ALPHA, Z
from visavis.stats.sequential import look

POWER = 0.8
"""Chance, by the convention of Cohen (1988), that a gap as large as the one seen is shown."""

RUNS = 1000
"""Simulated; the median stopping time then errs by some 3 %."""

FIRST_LOOK, GROWTH = 16, 8
"""Looks are taken after so many cases, and then at each further eighth of what is there."""


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


def cases_to_show(gap: float, *, differ: float, power: float = POWER) -> int:
    """Cases, fixed beforehand, among which McNemar's test finds a gap in `power` of tries.

    `differ` is the share of cases that only one of the two solves, at least as large as the gap
    (Connor, "Sample size for testing differences in proportions for the paired-sample design",
    1987).
    """
    sure = NormalDist().inv_cdf(power)
    return ceil(((Z * sqrt(differ) + sure * sqrt(differ - gap**2)) / gap) ** 2)


def cases_to_be_alike(matters: float, *, differ: float, power: float = POWER) -> int:
    """Cases, fixed beforehand, whose interval lies within what matters, where there is no gap.

    Tango's interval weighs a gap by the spread there would be if it were the truth. A gap as large
    as what matters takes cases that differ: where few do, that is more than is seen.
    """
    sure = NormalDist().inv_cdf((1 + power) / 2)
    linear = 2 * matters - differ
    only_second = (sqrt(linear**2 + 4 * differ * matters * (1 - matters)) - linear) / 4
    spread_then = 2 * only_second + matters * (1 - matters)
    return ceil(((Z * sqrt(spread_then) + sure * sqrt(differ)) / matters) ** 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """After how many cases asking stops when it stops as soon as a gap is decided."""

    median: int
    nine_in_ten: int
    """In nine runs of ten, after no more than these."""
    prefers: float
    """Share of runs that end in a preference; the others find the two alike."""


def stopping(
    gap: float, *, differ: float, matters: float, part: float = 1.0, seed: int = 0
) -> Stopping:
    """Simulated. `part` is the share of the 5 % for false preferences that this gap may use up."""
    rng = np.random.default_rng(seed)
    chances = [(differ + gap) / 2, (differ - gap) / 2, 1 - differ]
    seen = np.zeros((3, RUNS))
    ended, preferred = np.zeros(RUNS), np.zeros(RUNS, dtype=bool)
    n, step = 0, FIRST_LOOK
    while not ended.all():
        n += step
        seen += rng.multinomial(step, chances, RUNS).T
        alike, prefer = look(seen, matters, part)
        now = (ended == 0) & (alike | prefer)
        ended[now], preferred[now] = n, prefer[now]
        step = max(FIRST_LOOK, n // GROWTH)
    median, most = np.quantile(ended, [0.5, 0.9])
    return Stopping(median=ceil(median), nine_in_ten=ceil(most), prefers=float(preferred.mean()))
