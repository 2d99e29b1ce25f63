"""What was heard of one answer so far, chunk by chunk, and what it amounts to."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from visavis.candidates.wire_format import (
    Chunk,
    Complaint,
    Part,
    complaint_in,
    decode_chunk,
    read_finish,
    read_usage,
)
from visavis.core.outcome import Reply, Usage
from visavis.core.stamps import Stamps

_NULL: Final = msgspec.Raw(b"null")


class Heard:
    """Gathers the payloads of one answer.

    `first` and `last` are the instants of chunks that carry text of the answer; reasoning,
    refusals and tool calls are no answer text.
    """

    __slots__ = (
        "_counted",
        "_fingerprint",
        "_finish",
        "_model",
        "_reasoning",
        "_refusal",
        "_text",
        "complaint",
        "ended",
        "first",
        "last",
        "malformed",
        "spoke",
    )

    def __init__(self) -> None:
        self.complaint: Complaint | None = None
        """An error that the server put in place of more answer."""
        self.malformed = False
        """A payload was no chunk."""
        self.ended = False
        """`[DONE]` came: nothing follows that matters."""
        self.spoke = False
        """The candidate began to answer, be it with nothing."""
        self.first: float | None = None
        self.last: float | None = None
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._refusal: list[str] = []
        self._finish: str | None = None
        self._model: str | None = None
        self._fingerprint: str | None = None
        self._counted: msgspec.Raw | None = None

    def take(self, payload: bytes, at: float) -> None:
        """Adds one payload, that arrived at `at`."""
        if payload == b"[DONE]":
            self.ended = True
            return
        if self.ended or not payload:
            return
        try:
            self._read(decode_chunk(payload), at)
        except (ValueError, RecursionError):  # not JSON, not UTF-8, not a chunk, or a pit of lists
            self.malformed = self.ended = True

    def _read(self, chunk: Chunk, at: float) -> None:
        if chunk.choices:
            choice = chunk.choices[0]
            self.spoke = True
            self._finish = choice.finish_reason or self._finish
            part = choice.delta or choice.message
            if part is not None:
                self._take_part(part, at)
            elif choice.text:
                self._take_part(Part(content=choice.text), at)
            self.ended = choice.message is not None
        if chunk.usage and chunk.usage != _NULL:
            self._counted = chunk.usage
        if chunk.model:
            self._model = chunk.model
        if isinstance(chunk.system_fingerprint, str):
            self._fingerprint = chunk.system_fingerprint or None
        error = chunk.error or (chunk.message if chunk.choices is None else None)
        if error:
            self.complaint = complaint_in(error)
            self.ended = True

    def _take_part(self, part: Part, at: float) -> None:
        if part.content:
            self._text.append(part.content)
            self.last = at
            if self.first is None:
                self.first = at
        if part.refusal:
            self._refusal.append(part.refusal)
        thought: Any = part.reasoning_content or part.reasoning
        if thought and isinstance(thought, str):
            self._reasoning.append(thought)

    @property
    def complete(self) -> bool:
        """The answer has its end: whatever happens to the connection now takes nothing away."""
        return self.spoke and (self._finish is not None or self.ended)

    @property
    def silent(self) -> bool:
        """Not a word came, not even of reasoning: asking again would pay nothing twice."""
        return not (self._text or self._reasoning or self._refusal)

    @property
    def texts(self) -> Sequence[str]:
        """The answer's text so far, in the pieces that came."""
        return self._text

    @property
    def thoughts(self) -> Sequence[str]:
        """The reasoning's text so far, in the pieces that came."""
        return self._reasoning

    @property
    def characters(self) -> int:
        return sum(map(len, self._text))

    @property
    def usage(self) -> Usage | None:
        return read_usage(self._counted)

    def reply(self, stamps: Stamps) -> Reply:
        return Reply(
            text="".join(self._text),
            finish=read_finish(self._finish),
            usage=self.usage,
            stamps=stamps,
            reasoning="".join(self._reasoning) or None,
            refusal="".join(self._refusal) or None,
            model=self._model,
            fingerprint=self._fingerprint,
        )
