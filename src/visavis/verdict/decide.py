"""Prefer, alike or undecided: a closed set, each arm with its evidence."""

from dataclasses import dataclass

from visavis.stats.estimate import Estimate, TooFew


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
    because: str


Verdict = Prefer | Alike | Undecided
