"""Two candidates on the same cases: the gap, its interval and its test.

For scores the interval is Tango's (Statistics in Medicine 17, 1998): over the grid of
`benches/coverage.py` its coverage lay nearer to 95 % than those of Bonett and Price (2012) and
of Newcombe (1998, method 10), which are wider. The test is McNemar's with mid-p (Fagerland,
Lydersen and Laake, 2013). Times and speeds are compared as logarithms, block by block.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import erfc, exp, fsum, lgamma, log, sqrt
from typing import TypeVar

from visavis.stats.estimate import Estimate, TooFew, Z, apart, in_groups
from visavis.stats.proportion import worth

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedTest:
    """A gap and its test."""

    gap: Estimate
    p_value: float
    """Two-sided, for no gap at all. Below 0.05 only if the interval is clear of no gap."""
    error: float
    """Standard error of the gap; of its logarithm where the gap is a ratio."""


def shared(a: Mapping[str, T], b: Mapping[str, T]) -> dict[str, tuple[T, T]]:
    """What both have, side by side, in the order of `a`.

    Two candidates that answered the same cases are compared case by case: the difficulty of a
    case then cancels, which two separate intervals never do.
    """
    return {case_id: (value, b[case_id]) for case_id, value in a.items() if case_id in b}


def score_gap(groups: Sequence[Sequence[tuple[float, float]]]) -> PairedTest | TooFew:
    """Gap `a - b` of two mean scores, from scores of 0 to 1 side by side."""
    gaps = apart([[a - b for a, b in group] for group in groups])
    values = list(chain.from_iterable(gaps))
    if not values:
        return TooFew(groups=0, needed=1)
    n = len(values)
    for_a, for_b = fsum(v for v in values if v > 0), fsum(-v for v in values if v < 0)
    value = (for_a - for_b) / n
    size = worth(gaps, (for_a + for_b) / n - value * value)
    if size is None:
        return TooFew(groups=len(gaps), needed=len(gaps) + 1)
    for_a, for_b = for_a * size / n, for_b * size / n
    low, high = tango(for_a, for_b, size)
    method = "Tango score" if size == n else f"Tango score, worth {size:.1f} independent cases"
    gap = Estimate(
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=n,
        method=method,
        groups=in_groups(gaps),
    )
    p_value = max(mid_p(for_a, for_b), _score_p(for_a, for_b))
    return PairedTest(gap=gap, p_value=p_value, error=(gap.high - gap.low) / (2 * Z))


def tango(for_a: float, for_b: float, n: float) -> tuple[float, float]:
    """Tango's interval for the gap, from the cases that only `a`, or only `b`, solved."""
    high = _bound(for_a, for_b, n)
    low = -_bound(for_b, for_a, n)
    return low, high


def _bound(up: float, down: float, n: float) -> float:
    """Largest gap that the score test does not reject, by bisection to 1e-12."""
    inside, outside = (up - down) / n, 1.0
    while outside - inside > 1e-12:
        gap = (inside + outside) / 2
        # Tango's quadratic: likeliest share of cases that only the second solved, given the gap
        linear = (2 * n - up + down) * gap - up - down
        only_second = (sqrt(linear**2 + 8 * n * down * gap * (1 - gap)) - linear) / (4 * n)
        spread = n * (2 * only_second + gap * (1 - gap))
        if n * gap - (up - down) <= Z * sqrt(max(0.0, spread)):
            inside = gap
        else:
            outside = gap
    return outside


def mid_p(for_a: float, for_b: float) -> float:
    """McNemar's exact two-sided p-value, of which the case observed counts half."""
    from scipy.special import betainc  # slow to import, and needed only to judge

    fewer, n = min(for_a, for_b), for_a + for_b
    if for_a == for_b:
        return 1.0
    at_most = betainc(n - fewer, fewer + 1, 0.5)
    exactly = exp(lgamma(n + 1) - lgamma(fewer + 1) - lgamma(n - fewer + 1) - n * log(2))
    return float(min(1.0, 2 * at_most - exactly))


def _score_p(for_a: float, for_b: float) -> float:
    """McNemar's own p-value: below 0.05 exactly where Tango's interval is clear of zero."""
    if for_a == for_b:
        return 1.0
    return erfc(abs(for_a - for_b) / sqrt(2 * (for_a + for_b)))
