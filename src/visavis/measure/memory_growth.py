"""How memory grows with the context that is filled, beside what is reckoned. Pure.

Growth is that of the engine's own memory, which holds the context; the file's pages do not grow.
"""

from collections.abc import Sequence
from dataclasses import dataclass


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


def by_tokens(points: Sequence[ContextMemory]) -> list[tuple[float, float]]:
    """Tokens, and the bytes that grow with them: the engine's own where the system tells them."""
    own = [(float(p.tokens), float(p.own_bytes)) for p in points if p.own_bytes is not None]
    whole = [(float(p.tokens), float(p.peak_bytes)) for p in points]
    return own if len(own) == len(whole) else whole


def reckoned_growth(points: Sequence[ContextMemory]) -> float | None:
    """Bytes for each further token by what is reckoned, from the shortest to the longest; None of
    one length."""
    first, last = points[0], points[-1]
    if first.tokens == last.tokens:
        return None
    return (last.reckoned_bytes - first.reckoned_bytes) / (last.tokens - first.tokens)
