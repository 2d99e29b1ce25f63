"""May the candidate replace the base? Non-inferior, worse, or undecided: for a build that must not
ship a worse one, and must not flicker either.

*Worse* is a loss that was shown, after the correction for all measures compared, and that is not
too small to matter. *Non-inferior* is an interval that leaves no room for a loss that matters.
Chance alone makes a build fail in at most 5 of 100; what is left between the two is undecided, and
says how many cases would settle it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, log1p
from typing import Literal

from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Gap, Judgement, MeasureRow
from visavis.verdict.decide import Prefer, Undecided
from visavis.verdict.policy import MEASURES, Policy

BASE, CANDIDATE = "base", "candidate"

Passing = Literal["non-inferior", "worse", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One measure on one benchmark: `gap` is candidate less base, or candidate over base."""

    row: MeasureRow
    gap: Gap
    passing: Passing
    cases_needed: int | None
    """In all, to settle it; None where it is settled, or nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a build is told."""

    policy: Policy
    checks: tuple[Check, ...]

    @property
    def passing(self) -> Passing:
        """Worse where anything is; else non-inferior where everything is."""
        found = {check.passing for check in self.checks}
        if "worse" in found:
            return "worse"
        return "non-inferior" if found == {"non-inferior"} else "undecided"


def gate(judgement: Judgement, policy: Policy) -> Gate:
    """Of a judgement of the two, named `base` and `candidate`."""
    return Gate(policy=policy, checks=tuple(_checks(judgement.rows, policy)))


def _checks(rows: Sequence[MeasureRow], policy: Policy) -> Iterator[Check]:
    for row in rows:
        if not MEASURES[row.measure].decides:
            continue
        for gap in row.gaps:
            passing, needed = _passing(gap, row, policy), None
            if passing == "undecided" and isinstance(gap.verdict, Undecided):
                needed = gap.verdict.cases_needed
            yield Check(row=row, gap=gap, passing=passing, cases_needed=needed)


def _passing(gap: Gap, row: MeasureRow, policy: Policy) -> Passing:
    if isinstance(gap.verdict, Prefer):
        return "worse" if gap.verdict.winner == BASE else "non-inferior"
    by = gap.verdict.by
    if isinstance(by, TooFew):
        return "undecided"
    return "non-inferior" if _least(gap, by, row) > -_room(row, policy) else "undecided"


def _least(gap: Gap, by: Estimate, row: MeasureRow) -> float:
    """The candidate's smallest lead that the interval allows; a ratio by its logarithm."""
    ends = (log(by.low), log(by.high)) if gap.scale == "ratio" else (by.low, by.high)
    leads = ends if (gap.a == CANDIDATE) == row.higher_is_better else (-ends[0], -ends[1])
    return min(leads)


def _room(row: MeasureRow, policy: Policy) -> float:
    bar = policy.bar(row.measure)
    return log1p(bar.matters) if bar.measure.scale == "ratio" else bar.matters
