"""Several tries of each case: what of an error is luck of the draw, and what the choice of cases.

The mean of each case's tries is what the program judges by. Its variance over cases has two parts
(a one-way layout with random effects; Searle, Casella and McCulloch, Variance Components, 1992):
each case's own level, and the luck of its tries around that level. Luck is reckoned from the tries
of each case for itself, so cases may be as unlike in it as they are; what is left of the variance
is the cases'. No distribution is assumed but for Student's t at the ends of intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import fsum, hypot, sqrt
from statistics import fmean

from visavis.stats.estimate import ALPHA, Estimate, Groups, TooFew, apart, standard_error
from visavis.stats.proportion import wilson, worth

Tries = tuple[Sequence[float], ...]
"""One case: what its tries got; of a pair what the tries of both got, and the gap is `a - b`."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One case, and how far luck may have carried it."""

    level: float
    """Mean of its tries; of a pair the gap of the two means."""
    luck: float
    """Variance of that level over tries."""
    spread: float
    """Variance of single tries."""
    weight: float
    """Of `luck` squared, in the degrees of freedom (Satterthwaite, 1946)."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Where the error of a mean (or gap) over cases comes from. All errors are standard errors."""

    value: float
    """Mean of the cases' levels."""
    cases: int
    tries: float
    """Of each case; their harmonic mean where failures made them unequal."""
    within: float
    """Variance of single tries around their case's level; of a pair, both candidates' together."""
    between: float
    """Variance of the cases' levels, with luck taken out."""
    of_cases: float
    """Error from which cases were asked. Only more cases make it smaller."""
    of_luck: float
    """Error from the luck of the tries. More tries make it smaller, and so do more cases."""
    degrees: float
    """Of freedom, of `of_luck`; 0 where all tries of every case got the same."""
    bounds: tuple[float, float]
    """Between which the value lies by definition."""

    @property
    def error(self) -> float:
        return hypot(self.of_cases, self.of_luck)

    @property
    def luck_share(self) -> float | None:
        """Of the error's variance. A rough figure: with few cases that vary no interval for it held
        the truth often enough. None where all tries of all cases got the same."""
        return (self.of_luck / self.error) ** 2 if self.error else None

    def error_with(self, *, cases: float = 1.0, tries: float = 1.0) -> float:
        """The error to be expected with so many times the cases, and the tries of each."""
        return hypot(self.of_cases, self.of_luck / sqrt(tries)) / sqrt(cases)

    def tries_to_halve(self) -> float | None:
        """Tries of each case with which the error would be half; None where no number will do."""
        room = (self.error / 2) ** 2 - self.of_cases**2
        return self.tries * self.of_luck**2 / room if room > 0 else None

    @cached_property
    def here(self) -> Estimate | TooFew:
        """The value of these very cases: the interval allows for the luck of the tries alone."""
        if not self.of_luck:
            return TooFew(groups=self.cases, needed=self.cases + 1, mean=self.value, n=self.cases)
        from scipy.special import stdtrit  # slow to import, and needed only to judge

        reach = float(stdtrit(self.degrees, 1 - ALPHA / 2)) * self.of_luck
        low, high = self.bounds
        return Estimate(
            value=self.value,
            low=max(low, self.value - reach),
            high=min(high, self.value + reach),
            n=self.cases,
            method=f"stratified by case, Student's t, {self.degrees:.1f} degrees of freedom",
        )


def spread(groups: Sequence[Sequence[Tries]]) -> Spread | None:
    """The parts of the error of the mean; None where fewer than two cases, or none more than once,
    were tried.

    `groups` holds cases that rise and fall together, as elsewhere. A case that has one try left
    has the luck that the others have on average.
    """
    usual = _usual(list(chain.from_iterable(groups)))
    if usual is None:
        return None
    grouped = [[_case(tries, usual) for tries in group] for group in apart(groups)]
    cases = list(chain.from_iterable(grouped))
    levels = [[case.level for case in group] for group in grouped]
    total, count = standard_error(levels), len(cases)
    of_luck = sqrt(fsum(case.luck for case in cases)) / count
    heavy = fsum(case.weight for case in cases)
    within = fmean(case.spread for case in cases)
    luck = fmean(case.luck for case in cases)
    sides = len(usual)
    return Spread(
        value=fmean(case.level for case in cases),
        cases=count,
        tries=_harmonic(list(chain.from_iterable(groups))),
        within=within,
        between=max(0.0, _variance([case.level for case in cases]) - luck),
        of_cases=sqrt(max(0.0, total**2 - of_luck**2)),
        of_luck=of_luck,
        degrees=(luck * count) ** 2 / heavy if heavy else 0.0,
        bounds=(0.0, 1.0) if sides == 1 else (-1.0, 1.0),
    )


def chance(groups: Groups) -> Estimate | TooFew:
    """Mean of chances from 0 to 1 that were reckoned case by case from several tries (pass@k).

    Wilson's interval at what the cases are worth, as for a score. But chances such as pass^k are
    nearly all 0 where few tries are right, and then show too little of what may yet come: so they
    are never worth more than with two cases added of which one has no chance and one is sure, as
    in `stats.ratio`.
    """
    values = [value for group in groups for value in group]
    if not values:
        return TooFew(groups=0, needed=1)
    n, value = len(values), fsum(values) / len(values)
    level = value if 0 < value < 1 else (fsum(values) + 1) / (n + 2)
    variance = level * (1 - level)
    groups = apart(groups)
    seen, added = worth(groups, variance), worth([*groups, [0.0], [1.0]], variance)
    size = min(known for known in (seen, added) if known is not None)
    low, high = wilson(value * size, size)
    return Estimate(
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=n,
        method=f"Wilson score, worth {size:.1f} independent cases, two added",
    )


def _usual(cases: Sequence[Tries]) -> list[float] | None:
    """Of each side, the mean variance of a case's tries; None where it cannot be known."""
    if len(cases) < 2:
        return None
    usual = []
    for side in zip(*cases, strict=True):
        known = [_variance(tries) for tries in side if len(tries) > 1]
        if not known:
            return None
        usual.append(fmean(known))
    return usual


def _case(tries: Tries, usual: Sequence[float]) -> _Case:
    spreads = [
        _variance(side) if len(side) > 1 else mean for side, mean in zip(tries, usual, strict=True)
    ]
    lucks = [spread / len(side) for spread, side in zip(spreads, tries, strict=True)]
    levels = [fmean(side) for side in tries]
    return _Case(
        level=levels[0] - fsum(levels[1:]),
        luck=fsum(lucks),
        spread=fsum(spreads),
        weight=fsum(
            luck**2 / max(1, len(side) - 1) for luck, side in zip(lucks, tries, strict=True)
        ),
    )


def _variance(values: Sequence[float]) -> float:
    """Of values that are all alike exactly 0."""
    if min(values) == max(values):
        return 0.0
    centre = fmean(values)
    return fsum((value - centre) ** 2 for value in values) / (len(values) - 1)


def _harmonic(cases: Sequence[Tries]) -> float:
    sides = list(chain.from_iterable(cases))
    return len(sides) / fsum(1 / len(side) for side in sides)
