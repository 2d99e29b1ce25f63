"""When things happened to one request. The only place where a latency is derived."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """Instants of one request, in seconds of one monotonic clock.

    Only instants are stored. Every latency is derived here and nowhere else,
    so a changed definition applies to old runs too.
    """

    due: float
    """When the schedule wanted it sent."""
    sent: float
    """Before the first byte leaves, of the last try when there were several."""
    first: float | None
    """First chunk that carries text of the answer (not reasoning); None when none came."""
    last: float | None
    """Last chunk that carries text of the answer; None when none came."""
    done: float
    """The reply, or the failure, is complete."""

    @property
    def late_s(self) -> float:
        """Our own lateness. When it is not small, the load was not the one named."""
        return self.sent - self.due

    @property
    def first_token_s(self) -> float | None:
        """Time to first token: from the request's first byte to the first answer text."""
        return None if self.first is None else self.first - self.sent

    @property
    def total_s(self) -> float:
        return self.done - self.sent

    def output_tokens_per_s(self, output_tokens: int) -> float | None:
        """Speed after the first token; None where there is no interval to measure."""
        if self.first is None or self.last is None or output_tokens < 2 or self.last <= self.first:
            return None
        return (output_tokens - 1) / (self.last - self.first)
