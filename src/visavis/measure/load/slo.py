"""A service-level objective, as a user writes it: `first_token_s.p95<=0.8`.

It is met by a load under which at least 95 of 100 requests had their first token within 0.8 s; a
request that failed has not met it. Without `.p…` every request has to.
"""

import re
from dataclasses import dataclass
from typing import Final

from visavis.core.errors import OptionError
from visavis.core.outcome import Reply
from visavis.core.registry import unknown
from visavis.measure.load.block import AMOUNTS
from visavis.measure.timings import Timing

_WRITTEN: Final = re.compile(
    r"\s*(\w+)(?:\.p(\d+(?:\.\d+)?))?\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?(?:e-?\d+)?)\s*"
)
MEASURES: Final = tuple(name for name in AMOUNTS if name != "late_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What so large a share of requests has to meet."""

    measure: str
    share: float
    at_most: bool
    """Else at least: of a speed."""
    limit: float
    text: str
    """As the user wrote it, without blanks."""

    def met_by(self, timing: Timing, open_loop: bool) -> bool:
        """Whether this request does its part."""
        value = AMOUNTS[self.measure](timing, open_loop)
        if value is None or not isinstance(timing.outcome, Reply):
            return False
        return value <= self.limit if self.at_most else value >= self.limit


def objective(text: str) -> Objective:
    """Read what the user wrote, or say what is wrong with it."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise OptionError(f"--slo {text!r} is no objective; write 'first_token_s.p95<=0.8'")
    measure, percent, sign, limit = written.groups()
    if measure not in MEASURES:
        raise unknown("measure of an objective", measure, MEASURES)
    at_most = sign.startswith("<")
    if at_most == measure.endswith("_per_s"):
        better = ">=" if measure.endswith("_per_s") else "<="
        raise OptionError(f"--slo {text!r} asks for the worse; write '{measure}{better}{limit}'")
    share = 1.0 if percent is None else float(percent) / 100
    if not 0 < share <= 1:
        raise OptionError(f"--slo {text!r} names no share of requests; write '.p95', up to '.p100'")
    return Objective(
        measure=measure,
        share=share,
        at_most=at_most,
        limit=float(limit),
        text="".join(text.split()),
    )
