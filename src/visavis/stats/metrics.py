"""Measures of a whole set of answers that are no mean over cases: correlations, F1, averages.

Correlations are linearised: each case's pull at the measure is reckoned (its empirical influence,
the infinitesimal jackknife of Jaeckel, 1972), pulls are summed by group as everywhere here, and the
interval is made on Fisher's scale, `atanh`, so that it never passes 1. In Spearman's, a case pulls
at the ranks of the others as well.

F1 is 2J / (1 + J), where J is the share of hits among the cases that are positive by the key or by
the answer: so it takes the interval of that share, Wilson's.

Averages of measures combine their intervals by MOVER (Zou and Donner, 2008), which asks for no
symmetry.
"""

from collections.abc import Hashable, Sequence
from itertools import chain
from math import atanh, fsum, sqrt, tanh
from typing import NamedTuple, TypeVar

from visavis.stats.estimate import Estimate, TooFew, apart, standard_error, student
from visavis.stats.proportion import share

Label = TypeVar("Label", bound=Hashable)

NO_SPREAD = 1e-12
"""Below this, a variance or an error is rounding."""


class Moments(NamedTuple):
    """Each case's part in the covariance of keys and answers, and in the variances of both."""

    covariance: list[float]
    key: list[float]
    answer: list[float]


def matthews(groups: Sequence[Sequence[tuple[Label, Label]]]) -> Estimate | TooFew:
    """Matthews' correlation of keys and labels given; for more than two labels, Gorodkin's (2004).

    It is 0 by convention where all answers, or all keys, are the same label. With about six cases
    of the rarer label its interval holds the truth in 90 %, with 20 or more in 95 % (simulated).
    """
    groups = apart(groups)
    pairs = list(chain.from_iterable(groups))
    labels = {label for pair in pairs for label in pair}
    if not pairs:
        return TooFew(groups=0, needed=2)
    by_label = [
        _moments([float(key == label) for key, _ in pairs], [float(a == label) for _, a in pairs])
        for label in labels
    ]
    return _correlation(groups, "Matthews correlation", _sum(by_label), if_flat=0.0)


def pearson(groups: Sequence[Sequence[tuple[float, float]]]) -> Estimate | TooFew:
    """Pearson's correlation of keys and answers."""
    groups = apart(groups)
    return _correlation(groups, "Pearson correlation", _moments(*_columns(groups)))


def spearman(groups: Sequence[Sequence[tuple[float, float]]]) -> Estimate | TooFew:
    """Spearman's correlation of keys and answers: Pearson's of their ranks, equals sharing one."""
    groups = apart(groups)
    keys, answers = _columns(groups)
    ones = [1.0] * len(keys)
    x, y = ([0.5 - above for above in _above(column, ones)] for column in (keys, answers))
    own = _moments(x, y)
    others = Moments(
        [a + b for a, b in zip(_above(keys, y), _above(answers, x), strict=True)],
        [2 * a for a in _above(keys, x)],
        [2 * a for a in _above(answers, y)],
    )
    return _correlation(groups, "Spearman correlation", own, pulls=_sum([own, others]))


def f1(groups: Sequence[Sequence[tuple[bool, bool]]]) -> Estimate | TooFew:
    """F1 of the positive label: harmonic mean of precision and recall."""
    relevant = [[float(key and said) for key, said in group if key or said] for group in groups]
    hits = share([group for group in relevant if group])
    if isinstance(hits, TooFew):
        return hits
    return Estimate(
        value=_f1_of(hits.value),
        low=_f1_of(hits.low),
        high=_f1_of(hits.high),
        n=hits.n,
        method=f"F1 from the share of hits among positives, {hits.method}",
    )


def average(measures: Sequence[Estimate | TooFew], *, independent: bool) -> Estimate | TooFew:
    """Mean of several measures, each counting alike.

    Measures of the same answers are not independent: theirs are taken to err together, which makes
    the interval, if anything, too wide.
    """
    values = [one.value if isinstance(one, Estimate) else one.mean for one in measures]
    known = [value for value in values if value is not None]
    value = fsum(known) / len(known) if len(known) == len(values) else None
    sure = [one for one in measures if isinstance(one, Estimate)]
    n = sum(one.n for one in measures)
    if value is None or len(sure) < len(measures):
        return TooFew(groups=len(sure), needed=len(measures), mean=value, n=n)
    down = [one.value - one.low for one in sure]
    up = [one.high - one.value for one in sure]
    reach = (lambda reaches: sqrt(fsum(r * r for r in reaches))) if independent else fsum
    return Estimate(
        value=value,
        low=value - reach(down) / len(sure),
        high=value + reach(up) / len(sure),
        n=n,
        method=f"MOVER, {len(sure)} measures" if independent else "mean of the intervals' ends",
    )


def _f1_of(share_of_hits: float) -> float:
    return 2 * share_of_hits / (1 + share_of_hits)


def _columns(groups: Sequence[Sequence[tuple[float, float]]]) -> tuple[list[float], list[float]]:
    pairs = list(chain.from_iterable(groups))
    return [key for key, _ in pairs], [answer for _, answer in pairs]


def _moments(x: Sequence[float], y: Sequence[float]) -> Moments:
    mean_x, mean_y = (fsum(column) / max(len(column), 1) for column in (x, y))
    pairs = [(a - mean_x, b - mean_y) for a, b in zip(x, y, strict=True)]
    return Moments([a * b for a, b in pairs], [a * a for a, _ in pairs], [b * b for _, b in pairs])


def _sum(parts: Sequence[Moments]) -> Moments:
    columns = zip(*parts, strict=True)
    return Moments(*([fsum(case) for case in zip(*column, strict=True)] for column in columns))


def _above(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """For each value: weight of the greater ones and half of the equal ones, by their number."""
    totals: dict[float, float] = {}
    for value, weight in zip(values, weights, strict=True):
        totals[value] = totals.get(value, 0.0) + weight
    passed, above = 0.0, {}
    for value in sorted(totals, reverse=True):
        above[value] = (passed + totals[value] / 2) / len(values)
        passed += totals[value]
    return [above[value] for value in values]


def _correlation(
    groups: Sequence[Sequence[object]],
    name: str,
    moments: Moments,
    *,
    pulls: Moments | None = None,
    if_flat: float | None = None,
) -> Estimate | TooFew:
    """A covariance by the root of two variances; `pulls` is where a case moves more than its own
    part of them, `if_flat` the value where one of the two never varies."""
    count, n = len(groups), len(moments.key)
    if count < 2:
        return TooFew(groups=count, needed=2)
    covariance, of_key, of_answer = (fsum(parts) / n for parts in moments)
    if min(of_key, of_answer) < NO_SPREAD:
        return TooFew(groups=count, needed=count + 1, mean=if_flat, n=n)
    scale = sqrt(of_key * of_answer)
    value = covariance / scale
    shares = iter(
        c / scale - value / 2 * (k / of_key + a / of_answer)
        for c, k, a in zip(*(pulls or moments), strict=True)
    )
    error = standard_error([[next(shares) for _ in group] for group in groups])
    if error < NO_SPREAD or abs(value) > 1 - NO_SPREAD:
        return TooFew(groups=count, needed=count + 1, mean=value, n=n)
    reach = student(count) * error / (1 - value * value)
    return Estimate(
        value=value,
        low=tanh(atanh(value) - reach),
        high=tanh(atanh(value) + reach),
        n=n,
        method=f"{name}, linearised on Fisher's scale, Student's t, {count} groups",
    )
