"""What a candidate has to meet, as a policy writes it: `first_token_s.p95 <= 1.0`.

It is met where the whole interval of what was measured meets it, missed where none of it does, and
else nobody can say yet: such a candidate may miss it, and is not out; nor is one of which nothing
is known.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from visavis.core.errors import OptionError
from visavis.core.registry import unknown
from visavis.stats.estimate import Estimate, TooFew

Met = Literal["met", "missed", "may be missed", "not known"]
OPEN: Final[frozenset[Met]] = frozenset({"may be missed", "not known"})
"""What leaves a candidate in, and in doubt."""
Value = Estimate | TooFew | float | None
"""What is known of one candidate; None where nobody knows."""

FACTS: Final = (
    "context_window_tokens",
    "largest_output_tokens",
    "parameters",
    "file_bytes",
    "peak_bytes",
    "load_s",
)
"""Properties that a candidate has whatever it is asked."""
MEASURED: Final = (
    "score",
    "usd_per_solved_case",
    "first_token_s",
    "output_tokens_per_s",
    "output_tokens",
)
MONTHLY: Final = "usd_per_month"
"""Of the policy's workload; nobody knows it of a policy that has none."""
LOCAL: Final = "runs_locally"
AT_MOST: Final = (
    "usd_per_solved_case",
    "first_token_s",
    "output_tokens",
    "parameters",
    "file_bytes",
    "peak_bytes",
    "load_s",
)
"""What a limit is usually one from above of: less is better."""
PERCENTILES: Final = ("first_token_s",)
"""Measures of which a share of requests may be asked."""

_WRITTEN: Final = re.compile(
    r"\s*(?P<measure>[a-z_]+)(?:\.(?!p\d)(?P<benchmark>[\w@-]+))?(?:\.p(?P<percent>\d+(?:\.\d+)?))?"
    r"\s*(?P<sign><=|>=)\s*(?P<limit>\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*"
)


class Subject(NamedTuple):
    """What a limit is set on."""

    measure: str
    benchmark: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Must:
    """One thing that has to hold."""

    text: str
    """As written."""
    measure: str
    benchmark: str = ""
    """Where it is measured; empty for wherever it was."""
    share: float | None = None
    """Of the requests, that have to meet it; None for the measure's own mean."""
    at_most: bool = True
    """Else at least."""
    limit: float = 0.0

    @property
    def subject(self) -> Subject:
        return Subject(self.measure, self.benchmark, self.share)

    def met_by_all(self, known: Iterable[Value]) -> Met:
        """Whether everything that is known meets it; nothing known is nothing met."""
        values = list(known)
        if not any(isinstance(value, Estimate | float | int) for value in values):
            return "not known"
        found = {self.met_by(value) for value in values}
        if "missed" in found:
            return "missed"
        return "met" if found == {"met"} else "may be missed"

    def met_by(self, known: Value) -> Met:
        """Whether a value, or an interval, meets it; None where nobody knows the value."""
        match known:
            case Estimate(low=low, high=high):
                ends = {self._holds(low), self._holds(high)}
            case float() | int():
                ends = {self._holds(known)}
            case _:
                ends = {True, False}
        if len(ends) == 2:
            return "may be missed"
        return "met" if ends == {True} else "missed"

    def _holds(self, value: float) -> bool:
        return value <= self.limit if self.at_most else value >= self.limit


def must(text: str) -> Must:
    """Read what a policy says; what is wrong with it is told in one line."""
    if text.strip() == LOCAL:
        return Must(text=LOCAL, measure=LOCAL, at_most=False, limit=1.0)
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise OptionError(f"{text!r} is nothing that must hold; write 'first_token_s.p95 <= 1.0'")
    measure, percent = written["measure"], written["percent"]
    if measure not in (*MEASURED, *FACTS, MONTHLY):
        raise unknown("measure of what must hold", measure, (*MEASURED, *FACTS, MONTHLY, LOCAL))
    if written["benchmark"] and measure in (*FACTS, MONTHLY):
        raise OptionError(f"{text!r}: {measure!r} is the same on every benchmark; name none")
    if percent is not None and measure not in PERCENTILES:
        raise OptionError(f"{text!r}: {measure!r} has no percentile; leave '.p{percent}' out")
    share = None if percent is None else float(percent) / 100
    if share is not None and not 0 < share < 1:
        raise OptionError(f"{text!r} names no share of requests; write '.p95'")
    return Must(
        text=" ".join(text.split()),
        measure=measure,
        benchmark=written["benchmark"] or "",
        share=share,
        at_most=written["sign"] == "<=",
        limit=float(written["limit"]),
    )
