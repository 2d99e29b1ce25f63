"""The narrow waist: every axis ends as the same record, all judging starts here."""

from dataclasses import dataclass
from typing import Literal

Axis = Literal["quality", "safety", "speed", "price", "memory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One number about one candidate."""

    candidate: str
    axis: Axis
    measure: str
    """`score`, `first_token_s`, `output_tokens_per_s`, `output_tokens`, `usd`: named by unit."""
    benchmark: str
    """What was asked when it was measured: `logic`, `humaneval`, `speed`."""
    unit_id: str
    """What was measured: a case id, or a block's number. Pairs candidates."""
    group: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of one candidate's trials on one benchmark.

    `asked = scored + failed + unscored`; unparsed and truncated are parts of scored.
    """

    candidate: str
    benchmark: str
    asked: int
    scored: int
    failed: int
    unscored: int
    unparsed: int
    truncated: int
    reused: int
    failures: tuple[tuple[str, int], ...] = ()
    """Failures by kind, the most frequent first."""
    always: str | None = None
    """The one answer that was read in all replies that had any, of several cases and not all right;
    None where answers differ."""
