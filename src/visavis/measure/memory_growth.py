"""How memory grows with the context that is filled, beside what is reckoned. Pure.

Growth is that of the engine's own memory, which holds the context; the file's pages do not grow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.line import slope


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextMemory:
    """The engine with one slot of `tokens`, filled."""

    tokens: int
    filled_tokens: int
    """Prompt and reply, as the engine counted them."""
    peak_bytes: int
    own_bytes: int | None
    """Without what mirrors the file; None where the system tells no more than a sum."""
    reckoned_bytes: float
    """As `visavis fit` has it."""


def growth(points: Sequence[ContextMemory]) -> Estimate | TooFew:
    """Bytes for each further token of context."""
    own = [(float(p.tokens), float(p.own_bytes)) for p in points if p.own_bytes is not None]
    whole = [(float(p.tokens), float(p.peak_bytes)) for p in points]
    return slope(own if len(own) == len(whole) else whole)


def reckoned_growth(points: Sequence[ContextMemory]) -> float | None:
    """The same by what is reckoned, from the shortest to the longest; None of one length."""
    first, last = points[0], points[-1]
    if first.tokens == last.tokens:
        return None
    return (last.reckoned_bytes - first.reckoned_bytes) / (last.tokens - first.tokens)
