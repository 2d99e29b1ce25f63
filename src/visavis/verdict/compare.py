"""From observations to one judgement: every measure, every pair, one family of tests."""

from dataclasses import dataclass

from visavis.core.observation import Counts
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.decide import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One candidate on one measure."""

    candidate: str
    estimate: Estimate | TooFew
    counts: Counts | None
    """For measures that come from graded cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Candidate `a` against candidate `b` on one measure; the gap is `a - b`, or `a / b`."""

    a: str
    b: str
    scale: str
    """`difference` or `ratio`: what `verdict.by` estimates. No gap is 0 or 1.0."""
    p_value: float | None
    """Two-sided, before correction."""
    p_holm: float | None
    """After Holm's correction over the whole family of this judgement."""
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure, all candidates, all pairs."""

    measure: str
    benchmark: str
    higher_is_better: bool
    matters: float
    """Smallest difference (or ratio minus one) that would change a choice."""
    cells: tuple[Cell, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All that can be said of these candidates from these observations."""

    candidates: tuple[str, ...]
    rows: tuple[MeasureRow, ...]
    policy: str
    family: int
    """Number of tests over which Holm's correction was made."""
