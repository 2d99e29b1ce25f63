"""When things happened to one streamed request. All latencies of `visavis speed` are derived here.

Only instants are stored, in seconds of `time.perf_counter`, so that a changed definition applies
to old runs too. Everything named `_s` is in seconds. The definitions:

- Time to first token: from the request's first byte leaving to the first chunk with answer text,
  its last byte arrived. Reasoning text is not answer text; its first chunk is the first thought.
- A chunk is what one event brings; it may hold several tokens. Its time is never split.
- Inter-token latency: the mean over one reply's tokens that came after the first chunk:
  (last chunk - first chunk) / tokens after the first chunk. Where each chunk brings a token these
  are the tokens but one; where chunks are fewer, the first chunk has its share by characters.
- Chunk gap: between one chunk of answer text and the next, as a reader sees it.
- Output speed: after the first token, what came after the first chunk, over that time; end to end,
  all answer text over the time from the request's first byte leaving to the last chunk. In tokens
  by a named count, in characters, and in words (runs of non-blanks): tokens of two models are not
  the same unit, characters and words of one language are.
- From due: counted from when the schedule wanted it sent, so that our own lateness, a wait for a
  connection, or a server that stopped accepting them cannot hide.
- Doubt of an instant: by so much it may truly have been earlier, no more.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from visavis.core.outcome import Outcome, Reply

ClockOf = Literal["kernel", "user"]


class Chunk(NamedTuple):
    """Answer text that came in one event."""

    at: float
    """When its last byte came to this machine."""
    characters: int
    doubt_s: float = 0.0
    """0 where the kernel stamped it and nothing else with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What came of one request, and when: failures, too, have their instants.

    An instant is None where it was not reached. Connecting is stamped by the user-space clock,
    what is sent and what comes by `clock`.
    """

    outcome: Outcome
    due: float
    """When the schedule wanted it sent."""
    connect_begun: float | None = None
    """None where an open connection was used again."""
    connected: float | None = None
    secured: float | None = None
    """The TLS handshake is done; None without TLS."""
    sent: float | None = None
    """The request's first byte left this machine."""
    written: float | None = None
    """The kernel has taken the request's last byte."""
    first_byte: float | None = None
    headers: float | None = None
    """The last byte of the answer's head came."""
    first_thought: float | None = None
    """First chunk of reasoning text."""
    chunks: tuple[Chunk, ...] = ()
    """Those with answer text, as they came."""
    end: float
    """The answer's last byte came, or the request failed."""
    clock: ClockOf = "user"
    """Whose stamps these are: the kernel's, or (if any one is) of the reader's own clock."""
    refused: str | None = None
    """The field of our request that the server does not take, when it was turned down for that."""

    # --- from sending on ------------------------------------------------------------------------

    @property
    def late_s(self) -> float | None:
        """Our own lateness and the wait for a connection: from due to sent."""
        return None if self.sent is None else self.sent - self.due

    @property
    def first_thought_s(self) -> float | None:
        """From sent to the first reasoning text."""
        return _between(self.sent, self.first_thought)

    @property
    def first_token_s(self) -> float | None:
        """Time to first token."""
        return _between(self.sent, self.first)

    @property
    def total_s(self) -> float | None:
        return _between(self.sent, self.end)

    @property
    def first_token_from_due_s(self) -> float | None:
        return _between(self.due, self.first)

    @property
    def total_from_due_s(self) -> float:
        return self.end - self.due

    @property
    def first_token_doubt_s(self) -> float | None:
        """By so much the time to first token may truly have been shorter."""
        return self.chunks[0].doubt_s if self.chunks else None

    @property
    def first(self) -> float | None:
        """The instant of the first answer text."""
        return self.chunks[0].at if self.chunks else None

    @property
    def last(self) -> float | None:
        """The instant of the last answer text."""
        return self.chunks[-1].at if self.chunks else None

    # --- while text came ------------------------------------------------------------------------

    @property
    def chunk_gaps_s(self) -> tuple[float, ...]:
        return tuple(b.at - a.at for a, b in pairwise(self.chunks))

    @property
    def tokens(self) -> int | None:
        """Tokens of the answer's text by the server's count, reasoning left out.

        None where the server counted nothing, or thought aloud and did not count it apart.
        """
        usage = self.outcome.usage
        if usage is None or (self.first_thought is not None and not usage.reasoning_tokens):
            return None
        return usage.output_tokens - usage.reasoning_tokens

    def inter_token_s(self, tokens: int | None = None) -> float | None:
        """Mean inter-token latency; of `tokens` in the answer, or as the server counted."""
        speed = self.tokens_per_s(tokens)
        return None if speed is None else 1.0 / speed

    def tokens_per_s(self, tokens: int | None = None) -> float | None:
        """Output speed after the first token; of `tokens`, or as the server counted."""
        tokens = self.tokens if tokens is None else tokens
        if tokens is None or not self.chunks:
            return None
        return self._after_first(tokens - self._in_first(tokens))

    @property
    def characters_per_s(self) -> float | None:
        """After the first chunk."""
        return self._after_first(sum(chunk.characters for chunk in self.chunks[1:]))

    @property
    def words_per_s(self) -> float | None:
        """After the first chunk; a word that the first chunk began is not counted."""
        if not isinstance(self.outcome, Reply) or not self.chunks:
            return None
        text = self.outcome.text
        begun = text[: self.chunks[0].characters]
        return self._after_first(len(text.split()) - len(begun.split()))

    def _in_first(self, tokens: int) -> float:
        """Tokens in the first chunk."""
        if len(self.chunks) >= tokens - 1:  # the one that ends an answer may be counted, too
            return 1.0
        share = self.chunks[0].characters / sum(chunk.characters for chunk in self.chunks)
        return max(1.0, tokens * share)

    def _after_first(self, amount: float) -> float | None:
        took_s = _between(self.first, self.last)
        return amount / took_s if took_s and amount > 0 else None


def _between(earlier: float | None, later: float | None) -> float | None:
    return None if earlier is None or later is None else later - earlier
