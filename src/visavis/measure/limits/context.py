"""The longest prompt that is accepted, by bisection. Pure: which length to try next.

A server says in its own words that a prompt is too long, mostly with its limit, which saves most of
the steps; whatever else goes wrong is no answer to the question, and ends it. A server that cuts
what is too long, and says nothing, shows it by its count: the prompt was longer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

from visavis.core.outcome import Failure

REPLY_TOKENS: Final = 16
"""Asked for beside the prompt: with most servers both have to fit into the context."""
GRAIN: Final = 0.01
"""The limit is found to so fine a share of it."""
CUT: Final = 0.8
"""A server that counts less than so much of a prompt has left the rest out."""
_FINEST: Final = 32
"""Tokens to which a limit is found at best."""
FIRST: Final = (128, 512, 2048)
"""Lengths that tell how the server counts, before any is long."""
_BELOW: Final = 0.5
_ABOVE: Final = 0.25
"""So many grains below and above a limit that is stated, prompts are tried: their lengths are
known to about a quarter of one, and the two ends must not be further apart than one."""
_SHORT: Final = 0.2
"""A prompt that came out shorter by so many grains was long enough."""
_STRAY: Final = 4
"""By no more grains does a prompt miss its length."""
_QUARTER: Final = 4
"""Before that, a prompt of this part of it tells better how the server counts."""
_GROWTH: Final = 4
MOST_TRIES: Final = 24
"""Twice as many as an exact search takes, since lengths are not known to a token."""

_TOO_LONG: Final = re.compile(
    r"context[ _-]?(length|window|size)|maximum context|max[ _]model[ _]len|"
    r"(prompt|input|request|message|messages|string|query) (is |are )?too (long|large)|"
    r"too many (input |prompt )?tokens|reduce the length|"
    r"exceeds? .{0,40}(number of )?tokens|input token count|^413\b",
    re.IGNORECASE,
)
_STATED: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"maximum context length (?:is|of) (\d[\d,]{0,15})",
        r"context (?:size|length|window) (?:is |of )?\(?(\d[\d,]{0,15})",
        r"tokens? > (\d[\d,]{0,15}) maximum",
        r"tokens allowed \((\d[\d,]{0,15})\)",
        r"limit (?:is|of) (\d[\d,]{0,15})",
    )
)


def is_too_long(failure: Failure) -> bool:
    """Whether a server turned a prompt away for its length. An account's own limit of tokens a
    minute is another thing, and comes as an overload."""
    return failure.kind in ("rejected", "server error") and bool(_TOO_LONG.search(failure.detail))


def stated_limit(detail: str) -> int | None:
    """The limit that a server names in its refusal."""
    found = (pattern.search(detail) for pattern in _STATED)
    return next((int(match[1].replace(",", "")) for match in found if match), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """What is known of the limit: it lies from `accepted` on and below `refused`."""

    longest: int
    """No longer prompt is tried."""
    hint: int | None = None
    """Tokens of prompt and reply, as somebody states: tried first on both sides."""
    accepted: int = 0
    """As the server counted the longest prompt that it took."""
    refused: int | None = None
    """The shortest that it did not take, by its counts of others."""
    tries: int = 0

    def took(self, tokens: int) -> "Bracket":
        refused = self.refused
        if refused is not None and refused <= tokens:
            refused = None  # that prompt was longer than it was thought to be
        accepted = max(self.accepted, tokens)
        return replace(self, accepted=accepted, refused=refused, tries=self.tries + 1)

    def turned_down(self, tokens: int, stated: int | None = None) -> "Bracket":
        refused = tokens if self.refused is None else min(tokens, self.refused)
        return replace(self, refused=refused, hint=stated or self.hint, tries=self.tries + 1)

    def next(self) -> int | None:
        """The length to try now; None when the limit is known, or above all that may be tried."""
        top = self.longest if self.refused is None else self.refused
        if self.tries >= MOST_TRIES or top - self.accepted <= max(_FINEST, GRAIN * top):
            return None
        if self.tries < len(FIRST) and FIRST[self.tries] < top:
            return FIRST[self.tries]
        for guess in self._guesses():
            if guess < top:
                return guess
        if self.refused is None:
            return min(self.longest, _GROWTH * max(self.accepted, FIRST[-1]))
        if self.refused > _GROWTH * self.accepted > 0:
            return round(sqrt(self.accepted * self.refused))
        return (self.accepted + self.refused) // 2

    def _guesses(self) -> Iterator[int]:
        """On the way to the limit that somebody states, just below it, and just above; and what is
        as near below the shortest refused, where that was no more than too long by chance."""
        if self.hint is None:
            return
        grain, whole = max(_FINEST, GRAIN * self.hint), self.hint - REPLY_TOKENS
        above = self.hint + _ABOVE * grain  # some servers want no room for a reply
        guesses = [whole / _QUARTER, whole - _BELOW * grain, above]
        if self.refused is not None and abs(self.refused - whole) < _STRAY * grain:
            guesses.insert(1, self.refused - grain)
        yield from (round(one) for one in guesses if self.accepted + _SHORT * grain < one)
