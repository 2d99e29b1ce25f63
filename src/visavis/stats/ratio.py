"""Ratios: price per solved case, and one candidate's amount by another's on the same cases.

All are reckoned as logarithms, so that a ratio and its inverse get the same verdict and no
interval reaches zero. The error of a ratio of totals comes from what each case pulls at it (the
delta method, linearised, with Student's t on groups). Fieller's interval was not taken: with
few solved cases it has no end.

Where nearly every case is solved, or the candidates hardly differ, the cases at hand show too
little of what may yet come, and a plain interval held the truth in as few as 65 % (20 cases).
So the error is never taken to be smaller than with two cases added on which the outcomes
differ, as Agresti and Coull (1998) do for a share and Bonett and Price (2012) for a paired gap.
"""

from collections.abc import Sequence
from itertools import chain, islice
from math import exp, fsum, log, prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from visavis.stats.estimate import (
    Estimate,
    Groups,
    TooFew,
    apart,
    in_groups,
    mean,
    standard_error,
    student,
    two_sided,
)
from visavis.stats.paired import PairedTest

NO_SPREAD = 1e-12
"""Below this, the error of a logarithm is rounding."""


class Cost(NamedTuple):
    """What one case cost, and how far it was solved, from 0 to 1."""

    usd: float
    solved: float


class Totals(NamedTuple):
    """A ratio of products of totals; each column holds one amount a case."""

    above: tuple[Sequence[float], ...]
    below: tuple[Sequence[float], ...]

    def pulls(self) -> list[float]:
        """How far each case pulls the ratio's logarithm up."""
        up, down = (sum(map(_by_mean, columns)) for columns in self)
        pulls: list[float] = np.subtract(up, down).tolist()
        return pulls

    def ratio(self) -> float | None:
        """None where a total is zero, and so the ratio none or without end."""
        above, below = [fsum(c) for c in self.above], [fsum(c) for c in self.below]
        return prod(above) / prod(below) if min(above + below) > 0 else None


def geometric_mean(groups: Groups) -> Estimate | TooFew:
    """Geometric mean of positive amounts, with Student's t on their logarithms."""
    logs = mean([[log(amount) for amount in group] for group in groups])
    return logs if isinstance(logs, TooFew) else _from_logs(logs)


def geometric_ratio(groups: Sequence[Sequence[tuple[float, float]]]) -> PairedTest | TooFew:
    """Ratio `a / b` of two geometric means, from positive amounts taken side by side."""
    logs = mean([[log(a / b) for a, b in group] for group in groups])
    if isinstance(logs, TooFew):
        return logs
    count = len(apart(groups))
    error = (logs.high - logs.low) / 2 / student(count)
    return PairedTest(
        gap=_from_logs(logs), p_value=two_sided(logs.value / error, count - 1), error=error
    )


def amount_mean(groups: Groups) -> Estimate | TooFew:
    """Mean of amounts that are never negative, with an interval that is not either."""
    amounts = list(chain.from_iterable(groups))
    average = _ratio(groups, Totals(above=(amounts,), below=([1.0] * len(amounts),)))
    return average if isinstance(average, TooFew) else average.gap


def total_ratio(groups: Sequence[Sequence[tuple[float, float]]]) -> PairedTest | TooFew:
    """Ratio `a / b` of two totals over the same cases."""
    a, b = zip(*chain.from_iterable(groups), strict=True)
    return _ratio(groups, Totals(above=(a,), below=(b,)))


def per_solved(groups: Sequence[Sequence[Cost]]) -> Estimate | TooFew:
    """Price of a solved case: all that was paid by all that was solved."""
    usd, solved = zip(*chain.from_iterable(groups), strict=True)
    added = Totals(above=(_two_more(usd),), below=((*solved, 1.0, 0.0),))
    price = _ratio(groups, Totals(above=(usd,), below=(solved,)), added)
    return price if isinstance(price, TooFew) else price.gap


def per_solved_ratio(groups: Sequence[Sequence[tuple[Cost, Cost]]]) -> PairedTest | TooFew:
    """Ratio `a / b` of two prices of a solved case, over the same cases."""
    a, b = zip(*chain.from_iterable(groups), strict=True)
    (usd_a, solved_a), (usd_b, solved_b) = zip(*a, strict=True), zip(*b, strict=True)
    added = Totals(
        above=(_two_more(usd_a), (*solved_b, 0.0, 1.0)),
        below=(_two_more(usd_b), (*solved_a, 1.0, 0.0)),
    )
    return _ratio(groups, Totals(above=(usd_a, solved_b), below=(usd_b, solved_a)), added)


def _ratio(
    groups: Sequence[Sequence[object]], totals: Totals, added: Totals | None = None
) -> PairedTest | TooFew:
    groups = apart(groups)
    count, value = len(groups), totals.ratio()
    if value is None:
        return TooFew(groups=0, needed=1)
    if count < 2:
        return TooFew(groups=count, needed=2)
    pulls = totals.pulls()
    shares = iter(pulls)
    error = standard_error([list(islice(shares, len(group))) for group in groups])
    if added is not None:
        error = max(error, standard_error([[pull] for pull in added.pulls()]))
    if error < NO_SPREAD:
        return TooFew(groups=count, needed=count + 1)
    reach = student(count) * error
    gap = Estimate(
        value=value,
        low=value * exp(-reach),
        high=value * exp(reach),
        n=len(pulls),
        method=f"ratio of totals, linearised logarithm, Student's t, {count} groups",
        groups=in_groups(groups),
    )
    return PairedTest(gap=gap, p_value=two_sided(log(value) / error, count - 1), error=error)


def _from_logs(logs: Estimate) -> Estimate:
    return Estimate(
        value=exp(logs.value),
        low=exp(logs.low),
        high=exp(logs.high),
        n=logs.n,
        method=f"geometric mean, {logs.method}",
        groups=logs.groups,
    )


def _by_mean(column: Sequence[float]) -> NDArray[np.float64]:
    return np.array(column) / (fsum(column) / len(column))


def _two_more(column: Sequence[float]) -> tuple[float, ...]:
    """The column with two cases of its mean added, which pull at nothing."""
    centre = fsum(column) / len(column)
    return (*column, centre, centre)
