"""One case put to one candidate once, and who watches it happen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from visavis.core.outcome import Grade, Outcome


class TrialKey(NamedTuple):
    """What makes a trial itself. A store holds each key at most once."""

    candidate: str
    benchmark: str
    case: str
    repeat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One case put to one candidate once."""

    key: TrialKey
    outcome: Outcome
    grade: Grade | None
    """None for a failure: there is nothing to grade."""
    usd: float | None
    """Price of this reply by the provider's list; None when it cannot be known."""
    reused: bool = False
    """The reply was paid for in an earlier run; it says nothing about speed."""
    asked_at: str = ""
    """UTC, ISO 8601, of the original request."""


class Watcher(Protocol):
    """Is told what a run does, as it does it. Must be quick: it is called on the event loop."""

    def started(self, totals: Mapping[tuple[str, str], int]) -> None:
        """Trials still to come and already done, by (candidate, benchmark)."""

    def finished(self, trial: Trial) -> None: ...

    def note(self, text: str) -> None:
        """One line that the user should see now: a warning, a rate limit met."""
