"""Intervals and tests that hold however often one looks, and whenever one stops.

An interval for a fixed number of cases is right in 95 of 100 runs if one looks once. Whoever looks
after each batch and stops at the first clear gap is wrong far more often. A confidence sequence
holds the truth at all times at once, in 95 of 100 runs.

For scores, and for gaps of two scores on the same cases, we bet against each candidate mean `m`
(Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting", 2024): were
`m` the truth, no bet would gain on average, so capital that has grown twentyfold refutes it
(Ville's inequality). The capital is an average over fixed bets in both directions, from careful
to bold, of what each would have made of one unit, as in a universal portfolio (Cover, 1991;
Orabona and Jun, 2024). Hence

- it depends on the outcomes, not on their order: a run that was cut off, or judged again on
  another day, is judged alike;
- it is log-convex in `m`, and at most 1 at the mean seen: what is not refuted is an interval
  around that mean, and its ends are found by bisection.

Chosen by stopping time (`python -m benches.sequential`). The hedged bets of the same article,
which are tuned while they are made, take up to a third more cases where many tell the candidates
apart, and a sixth fewer where hardly any do; their empirical Bernstein bound takes more
throughout. Sampling without replacement from a pool (Waudby-Smith and Ramdas, 2020) stops sooner
yet once most of a pool is used, but claims less: what the whole pool would show, not what cases
like these would. Of two equal candidates on 164 cases it preferred one in 55 % of runs where they
differ on 30 %, so it was not taken.

Ratios have no bounds to bet within; they get the asymptotic confidence sequence of Waudby-Smith,
Arbour, Sinha, Kennedy and Ramdas (2024), which widens an interval with the logarithm of the cases.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import exp, fsum, log, log1p, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from visavis.stats.estimate import ALPHA, Estimate, Groups, TooFew, Z, in_groups
from visavis.stats.paired import PairedTest

BETS = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Parts of the capital staked on each draw. The best is about the gap over the share of cases on
which the candidates differ: a twentieth for 2 points of 40 %, four fifths for 20 points of 25 %."""

NARROWEST_AT = 200
"""Cases at which the interval of a ratio is narrowest; it is at most a tenth wider, compared with
what a fixed number of cases would give, from a quarter to ten times as many."""

_PRECISION = (log1p(-2 * log(ALPHA)) - 2 * log(ALPHA)) / NARROWEST_AT
"""Of the normal mixture, by the rule of Waudby-Smith et al. (2024, appendix B.2)."""

Floats = NDArray[np.float64]


def share(groups: Groups, *, together: int) -> Estimate | TooFew:
    """Mean of scores from 0 to 1. Each group was drawn as one, with `together` values at most."""
    drawn = _Drawn([(sum(group), len(group)) for group in groups], together)
    if not drawn.cases:
        return TooFew(groups=0, needed=1)
    low, high = drawn.interval()
    return Estimate(
        value=drawn.mean,
        low=low,
        high=high,
        n=drawn.cases,
        method=_named(together),
        groups=in_groups(groups),
    )


def score_gap(
    groups: Sequence[Sequence[tuple[float, float]]], *, together: int
) -> PairedTest | TooFew:
    """Gap `a - b` of two mean scores, from scores of 0 to 1 side by side.

    Each group was drawn as one, with `together` cases at most. The p-value is below 0.05 exactly
    where the interval is clear of no gap, and may be looked at as often as one likes.
    """
    drawn = _Drawn([(sum((1 + a - b) / 2 for a, b in g), len(g)) for g in groups], together)
    if not drawn.cases:
        return TooFew(groups=0, needed=1)
    low, high = (2 * end - 1 for end in drawn.interval())
    value = 2 * drawn.mean - 1
    gap = Estimate(
        value=value,
        low=low,
        high=high,
        n=drawn.cases,
        method=_named(together),
        groups=in_groups(groups),
    )
    p_value = exp(min(0.0, -float(drawn.log_capital(0.5))))
    return PairedTest(gap=gap, p_value=p_value, error=(high - low) / (2 * Z))


def amount(found: Estimate | TooFew) -> Estimate | TooFew:
    """An amount above zero, whose interval on the logarithm held for one look, for any number."""
    if isinstance(found, TooFew):
        return found
    wider = _boundary(found.n) / Z
    return replace(
        found,
        low=found.value * (found.low / found.value) ** wider,
        high=found.value * (found.high / found.value) ** wider,
        method=f"{found.method}, asymptotic confidence sequence",
    )


def ratio(tested: PairedTest | TooFew) -> PairedTest | TooFew:
    """A ratio and its test, which held for one look, for any number."""
    if isinstance(tested, TooFew):
        return tested
    gap = tested.gap
    deviate = 2 * Z * log(gap.value) / log(gap.high / gap.low)
    known = gap.n * _PRECISION
    capital = deviate**2 / 2 * known / (known + 1) - log1p(known) / 2
    lasting = amount(gap)
    assert isinstance(lasting, Estimate)
    return replace(tested, gap=lasting, p_value=exp(min(0.0, -capital)))


class Look(NamedTuple):
    """What is decided in each of several runs."""

    alike: NDArray[np.bool_]
    prefer: NDArray[np.bool_]


def look(seen: Floats, matters: float, part: float = 1.0) -> Look:
    """What is decided once so many cases were solved by the first alone, by the second alone, and
    by both or neither: a row each, a column a run. `part` is what a preference may use up of the
    5 %."""
    gaps = (seen[0] - seen[1]) / seen.sum(axis=0)
    lows, highs, none = (
        log_capital(_PAIRS, seen, (1 + gap) / 2) for gap in (-matters, matters, 0.0)
    )
    refuted = -log(ALPHA)
    alike = (abs(gaps) < matters) & (lows >= refuted) & (highs >= refuted)
    return Look(alike=alike, prefer=~alike & (none >= -log(ALPHA * part)))


_PAIRS = np.array([(1.0, 1.0), (0.0, 1.0), (0.5, 1.0)])
"""One case solved by the first alone, by the second alone, by both or neither."""


def log_capital(draws: Floats, times: Floats, mean: float | Floats, together: int = 1) -> Floats:
    """Logarithm of what one unit has become, were `mean` the truth and every bet fair.

    `draws` holds a row for each kind of draw: the total of its values, from 0 to 1, and their
    number. `times` says how often each kind came up; with several columns, in several runs.
    """
    low, sizes = draws.T
    made = [
        *_made(low, sizes, times, np.asarray(mean), together),
        *_made(sizes - low, sizes, times, 1 - np.asarray(mean), together),
    ]
    capital: Floats = np.logaddexp.reduce(made) - log(len(made))
    return capital


def _made(totals: Floats, sizes: Floats, times: Floats, mean: Floats, together: int) -> Floats:
    """By each bet that the values are higher than `mean`.

    A bet stakes its part of the capital on each draw: the stake comes back times the total over
    what was to be expected of the largest draw, the rest is kept.
    """
    won = (totals / mean[..., None] - sizes) / together
    made: Floats = np.log1p(np.multiply.outer(BETS, won)) @ times
    return made


class _Drawn:
    """What was drawn, as totals of values from 0 to 1, and what it refutes."""

    def __init__(self, draws: Sequence[tuple[float, int]], together: int) -> None:
        """A draw is the total of its values and their number."""
        alike = Counter(draws)
        self._draws = np.array(list(alike), dtype=float).reshape(-1, 2)
        self._times = np.array(list(alike.values()), dtype=float)
        self._together = together
        self.cases = sum(size for _, size in draws)
        self.mean = fsum(total for total, _ in draws) / max(1, self.cases)

    def log_capital(self, mean: float | Floats) -> Floats:
        return log_capital(self._draws, self._times, mean, self._together)

    def interval(self) -> tuple[float, float]:
        """Means that no capital of twenty units refutes."""
        return self._end(0.0), self._end(1.0)

    def _end(self, outside: float) -> float:
        """The first mean towards `outside` that is refuted; many are tried at the price of one."""
        inside = self.mean
        while abs(outside - inside) > 1e-7:
            steps = np.linspace(inside, outside, 18)
            refuted = self.log_capital(steps[1:-1]) >= -log(ALPHA)
            first = int(refuted.argmax()) + 1 if refuted.any() else len(steps) - 1
            inside, outside = float(steps[first - 1]), float(steps[first])
        return outside


def _boundary(n: int) -> float:
    """How many standard errors from the truth an estimate strays, at any time."""
    known = n * _PRECISION
    return sqrt((known + 1) / known * (log1p(known) - 2 * log(ALPHA)))


def _named(together: int) -> str:
    drawn = "" if together == 1 else f", up to {together} cases drawn together"
    return f"betting confidence sequence{drawn}"
