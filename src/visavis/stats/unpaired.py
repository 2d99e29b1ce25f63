"""Two means that share no case: the gap, its interval and its test. Wider than where cases pair.

For scores the interval is Newcombe's (Statistics in Medicine 17, 1998, method 10), made of the
two Wilson intervals; the test compares two shares with the variance of both together. Amounts are
compared as logarithms, each with an error of its own, by Welch's t test (1947).
"""

from collections.abc import Sequence
from math import erfc, exp, hypot, log, sqrt

from visavis.stats.estimate import (
    Estimate,
    Groups,
    TooFew,
    Z,
    apart,
    student,
    student_by_degrees,
    two_sided,
)
from visavis.stats.paired import PairedTest
from visavis.stats.proportion import share, worth


def share_gap(a: Groups, b: Groups) -> PairedTest | TooFew:
    """Gap `a - b` of two mean scores from 0 to 1, on cases of their own."""
    one, other = share(a), share(b)
    if isinstance(one, TooFew):
        return one
    if isinstance(other, TooFew):
        return other
    value = one.value - other.value
    gap = Estimate(
        value=value,
        low=value - hypot(one.value - one.low, other.high - other.value),
        high=value + hypot(one.high - one.value, other.value - other.low),
        n=one.n + other.n,
        method="Newcombe hybrid score, unpaired",
    )
    p_value = _pooled_p((one.value, _size(a, one)), (other.value, _size(b, other)))
    return PairedTest(gap=gap, p_value=p_value, error=(gap.high - gap.low) / (2 * Z))


def mean_ratio(
    a: Estimate | TooFew, b: Estimate | TooFew, groups: tuple[int, int]
) -> PairedTest | TooFew:
    """Ratio `a / b` of two means whose intervals are Student's on the logarithm, from so many
    `groups` each."""
    if isinstance(a, TooFew):
        return a
    if isinstance(b, TooFew):
        return b
    errors = [
        log(one.high / one.low) / 2 / student(n) for one, n in zip((a, b), groups, strict=True)
    ]
    error = hypot(*errors)
    parts = [part**4 / (n - 1) for part, n in zip(errors, groups, strict=True)]
    degrees = error**4 / sum(parts)
    value = log(a.value / b.value)
    reach = student_by_degrees(degrees) * error
    gap = Estimate(
        value=exp(value),
        low=exp(value - reach),
        high=exp(value + reach),
        n=a.n + b.n,
        method=f"Welch's t on logarithms, unpaired, {degrees:.1f} degrees of freedom",
    )
    return PairedTest(gap=gap, p_value=two_sided(value / error, degrees), error=error)


def _size(groups: Groups, known: Estimate) -> float:
    """What the cases are worth, as their own interval counted them."""
    return worth(apart(groups), known.value * (1 - known.value)) or float(known.n)


def _pooled_p(*shares: tuple[float, float]) -> float:
    (a, of_a), (b, of_b) = shares
    both = (a * of_a + b * of_b) / (of_a + of_b)
    spread = sqrt(both * (1 - both) * (1 / of_a + 1 / of_b))
    return erfc(abs(a - b) / spread / sqrt(2)) if spread else 1.0


def group_count(groups: Sequence[Sequence[object]]) -> int:
    """Of how many groups an error is reckoned."""
    return len(apart(groups))
