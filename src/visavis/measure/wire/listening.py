"""What came on a connection for one request, understood: an outcome and its instants."""

import ssl
from collections.abc import Sequence
from typing import Final

from visavis.candidates.exchange import Exchange
from visavis.candidates.sse import Events, TooLongError, Whole
from visavis.core.outcome import FailureKind, Outcome, Reply
from visavis.measure.timings import Chunk, Timing
from visavis.measure.wire.connection import Connection, Piece
from visavis.measure.wire.framing import Framing, NotHttpError

_ERROR_BYTES: Final = 64 * 1024
"""Bytes of an error's body that are read."""
_SLACK_S: Final = 5e-5
"""Two clocks are put beside each other with less error than this."""


class Listening:
    """One request's answer, piece by piece. `outcome` is there as soon as it is settled."""

    def __init__(self, exchange: Exchange, body_bytes: int) -> None:
        self.exchange = exchange
        self.outcome: Outcome | None = None
        self.connect_begun: float | None = None
        self.connected: float | None = None
        self.secured: float | None = None
        self.sent: float | None = None
        self.written: float | None = None
        self._first_byte: float | None = None
        self._headers: float | None = None
        self._first_thought: float | None = None
        self._end: float | None = None
        self._chunks: list[Chunk] = []
        self._by_kernel = True
        self._framing = Framing()
        self._reader: Events | Whole | None = None
        self._error = b""
        self._bytes_left = body_bytes

    @property
    def said_all(self) -> bool:
        """The answer is whole, though the server may hold the response open."""
        return self.exchange.heard.ended

    @property
    def can_go_on(self) -> bool:
        """The connection is fit for another request."""
        framing = self._framing
        return framing.complete and framing.keeps and not framing.surplus

    def take_from(self, connection: Connection) -> None:
        """Understands whatever the connection holds."""
        self._learn_leaving(connection)
        while connection.pieces and self.outcome is None:  # what follows is for others to judge
            self._take(connection.pieces.pop(0), connection)
        if connection.is_over and self.outcome is None:
            self._framing.close()
            self._settle_if_complete()
            if self.outcome is None:
                self.break_off(
                    "unreachable", f"the connection broke: {connection.over or 'it was closed'}"
                )

    def break_off(self, kind: FailureKind, why: str) -> None:
        """Nothing more will come; an answer that is complete survives that."""
        if self.outcome is None:
            self._close_reader()
            self.outcome = self.exchange.broken(kind, why)
            if isinstance(self.outcome, Reply):
                self._end = self.exchange.arrived

    def fail(self, kind: FailureKind, why: str) -> None:
        if self.outcome is None:
            self.outcome = self.exchange.failure(kind, why)

    def timing(self, now: float) -> Timing:
        """What came of it and when; `now` is the end where the answer has none of its own."""
        assert self.outcome is not None
        return Timing(
            outcome=self.outcome,
            due=self.exchange.due,
            connect_begun=self.connect_begun,
            connected=self.connected,
            secured=self.secured,
            sent=self.sent,
            written=self.written,
            first_byte=self._first_byte,
            headers=self._headers,
            first_thought=self._first_thought,
            chunks=tuple(self._chunks),
            end=now if self._end is None else self._end,
            clock="kernel" if self._by_kernel and self._first_byte is not None else "user",
            refused=self.exchange.refused,
        )

    # --- piece by piece -------------------------------------------------------------------------

    def _learn_leaving(self, connection: Connection) -> None:
        """Puts the kernel's word in the place of ours, where it has one."""
        left = connection.left
        if left is not None and self.sent is not None and left >= self.sent - _SLACK_S:
            self.exchange.sent = self.sent = left
            connection.left = None

    def _take(self, piece: Piece, connection: Connection) -> None:
        try:
            opened = connection.layer.open(piece.data)
            if not opened:  # part of a record, or TLS talking to itself
                return
            self._arrived(piece)
            parts = self._framing.feed(opened)
            if self._headers is None and self._framing.status is not None:
                self._headers = piece.at
            for part in parts:
                self._take_body(part, piece)
        except NotHttpError as error:
            self.fail("malformed", f"the answer is not HTTP: {error}")
        except TooLongError:
            self.fail("malformed", "the answer is longer than any can be")
        except ssl.SSLError as error:
            self.break_off("unreachable", f"the connection broke: {error.reason or error}")
        self._settle_if_complete()
        if self.outcome is not None:
            self._end = piece.at

    def _arrived(self, piece: Piece) -> None:
        self.exchange.arrived = piece.at
        self._by_kernel = self._by_kernel and piece.by_kernel
        if self._first_byte is None:
            self._first_byte = piece.at

    def _take_body(self, part: bytes, piece: Piece) -> None:
        if self._framing.status != 200:
            self._error += part[: _ERROR_BYTES - len(self._error)]
            if len(self._error) == _ERROR_BYTES:
                self._turned_down()
            return
        self._bytes_left -= len(part)
        if self._bytes_left < 0:
            raise TooLongError
        if self._reader is None:
            self._reader = Whole() if part.lstrip().startswith(b"{") else Events()
        self._hear(self._reader.feed(part), piece)

    def _hear(self, payloads: Sequence[bytes], piece: Piece) -> None:
        heard = self.exchange.heard
        for payload in payloads:
            known = len(heard.texts)
            heard.take(payload, piece.at)
            if len(heard.texts) > known:
                doubt_s = piece.at - max(piece.since, self.sent or piece.since)
                self._chunks.append(Chunk(piece.at, len(heard.texts[-1]), max(0.0, doubt_s)))
            elif self._first_thought is None and heard.thoughts:
                self._first_thought = piece.at

    def _settle_if_complete(self) -> None:
        if not self._framing.complete or self.outcome is not None:
            return
        if self._framing.status != 200:
            self._turned_down()
            return
        self._close_reader()
        self.outcome = self.exchange.outcome()

    def _close_reader(self) -> None:
        """The event that the end of the stream completes, if any."""
        at = self.exchange.arrived
        if self._reader is not None and at is not None:
            reader, self._reader = self._reader, None
            self._hear(reader.close(), Piece(b"", at, at, self._by_kernel))

    def _turned_down(self) -> None:
        framing = self._framing
        assert framing.status is not None
        self.outcome = self.exchange.turned_down(framing.status, framing.headers, self._error)
