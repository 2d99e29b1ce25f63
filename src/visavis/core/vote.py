"""A person's vote on two replies to the same case, given without knowing whose they were."""

from dataclasses import dataclass
from typing import Literal

Choice = Literal["left", "right", "tie", "skip"]
"""A skip says nothing about the replies, only that this voter was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one person said of two replies, side by side."""

    benchmark: str
    case: str
    repeat: int
    left: str
    """The candidate whose reply stood on the left, by a draw."""
    right: str
    choice: Choice
    seconds: float
    """How long both replies were on the screen before the vote."""
    voter: str = ""
    """As the voter wants to be called; empty for the one who did not say."""
    at: str = ""
    """UTC, ISO 8601."""

    @property
    def winner(self) -> str | None:
        """The candidate preferred; None for a tie or a skip."""
        return {"left": self.left, "right": self.right}.get(self.choice)
