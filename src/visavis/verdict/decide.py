"""Prefer, alike or undecided: a closed set, each arm with its evidence."""

from dataclasses import dataclass
from enum import StrEnum
from math import log, log1p

from visavis.core.observation import Counts
from visavis.stats.estimate import ALPHA, Estimate, TooFew
from visavis.stats.paired import PairedTest
from visavis.stats.power import cases_to_settle
from visavis.verdict.policy import Bar, Scale

FAILED_AT_MOST = 0.05
"""Share of the cases asked. When more have failed, those that did not are no fair selection."""


class Because(StrEnum):
    """Why a gap is undecided: a closed set, so that each can be translated."""

    TOO_FEW = "there is too little to give an interval"
    TOO_WIDE = "the interval holds gaps that matter and gaps that do not"
    CORRECTED = "the interval is clear of no gap, but not after correction for all gaps compared"
    MAY_LACK_RARE = "among so few cases, what is rare and large may be missing"
    NOT_EXACT = "the interval is clear of no gap, but the exact test is not"
    FAILED = "too many of the cases asked have failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefer:
    """A difference was shown, after the correction for looking at several measures."""

    winner: str
    by: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Any difference is too small to matter. A finding, not a lack of one."""

    within: float
    by: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """The data allow both. Says about how many cases would settle it, if known."""

    by: Estimate | TooFew
    cases_needed: int | None
    """In all; blocks where blocks are measured. None where no number of cases is known to."""
    because: Because


Verdict = Prefer | Alike | Undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What Holm's correction over a family of so many tests makes of one test."""

    p_holm: float
    family: int


def decide(
    tested: PairedTest | TooFew, *, a: str, b: str, bar: Bar, correction: Correction
) -> Verdict:
    """Judge the gap `a - b` (or `a / b`), where one smaller than the bar changes no choice.

    Alike comes first: a gap that was shown but cannot matter changes no choice either. A
    preference needs both an interval clear of no gap and a corrected p-value below 0.05.

    So where the interval is narrower than what matters, nothing leaves the gap undecided but the
    correction, the exact test of scores, or too few cases to trust the interval of this measure.
    """
    if isinstance(tested, TooFew):
        return Undecided(by=tested, cases_needed=None, because=Because.TOO_FEW)
    gap, measure = tested.gap, bar.measure
    low, value, high = (_from_no_gap(x, measure.scale) for x in (gap.low, gap.value, gap.high))
    matters = log1p(bar.matters) if measure.scale == "ratio" else bar.matters
    few = gap.n < measure.least_cases
    if -matters < low and high < matters and not few:
        return Alike(within=bar.matters, by=gap)
    clear = low > 0 or high < 0
    if clear and not few and correction.p_holm < ALPHA:
        return Prefer(winner=a if (low > 0) == measure.higher_is_better else b, by=gap)
    needed = cases_to_settle(
        gap.n, gap=value, error=tested.error, matters=matters, family=correction.family
    )
    because = Because.MAY_LACK_RARE if few else _why(tested, clear=clear)
    return Undecided(by=gap, cases_needed=max(needed, measure.least_cases), because=because)


def failed_too_often(counts: Counts) -> bool:
    """Whether so many cases failed that the others are no fair selection."""
    return counts.failed > FAILED_AT_MOST * counts.asked


def _why(tested: PairedTest, *, clear: bool) -> Because:
    if not clear:
        return Because.TOO_WIDE
    return Because.CORRECTED if tested.p_value < ALPHA else Because.NOT_EXACT


def _from_no_gap(gap: float, scale: Scale) -> float:
    """The gap on a scale on which none is 0 and `a` and `b` may change places."""
    return log(gap) if scale == "ratio" else gap
