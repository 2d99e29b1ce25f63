"""Server-sent events out of a stream of bytes that may be cut anywhere.

By the WHATWG text, for what OpenAI-compatible servers use of it: only `data` fields count;
comments, other fields and keep-alive lines pass unseen; lines end in LF or CRLF (not in a lone CR).
Departure: the last event is given even when the stream ends without its blank line.
"""

from typing import Final

LINE_BYTES: Final = 4 * 1024 * 1024
"""Longest line that is kept: a stream without line ends must not fill the memory."""


class TooLongError(ValueError):
    """The server sends more than an answer can be."""


class Events:
    """Cuts bytes, as they arrive, into the payloads of events.

    Payloads stay bytes: a character cut in two by the network is whole again in its line.
    """

    __slots__ = ("_data", "_pending", "_pending_bytes")

    def __init__(self) -> None:
        self._pending: list[bytes] = []
        """Pieces of the line whose end has not come."""
        self._pending_bytes = 0
        self._data: list[bytes] = []
        """`data` lines of the event whose end has not come."""

    def feed(self, piece: bytes) -> list[bytes]:
        """The payloads that these bytes complete."""
        if b"\n" not in piece:
            self._keep(piece)
            return []
        self._pending.append(piece)
        lines = b"".join(self._pending).split(b"\n")
        self._pending.clear()
        self._pending_bytes = 0
        self._keep(lines.pop())
        return self._read(lines)

    def close(self) -> list[bytes]:
        """The payload that the end of the stream completes, if any."""
        lines = [b"".join(self._pending), b""]
        self._pending.clear()
        return self._read(lines)

    def _keep(self, piece: bytes) -> None:
        if piece:
            self._pending.append(piece)
            self._pending_bytes += len(piece)
            if self._pending_bytes > LINE_BYTES:
                raise TooLongError

    def _read(self, lines: list[bytes]) -> list[bytes]:
        payloads: list[bytes] = []
        data = self._data
        for line in lines:
            if line.endswith(b"\r"):
                line = line[:-1]
            if line.startswith(b"data:"):
                data.append(line[6:] if line.startswith(b"data: ") else line[5:])
            elif data and not line:
                payloads.append(data[0] if len(data) == 1 else b"\n".join(data))
                data.clear()
        return payloads


class Whole:
    """Reads an answer that is one JSON text, though a stream was asked for, as one payload."""

    __slots__ = ("_pieces",)

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, piece: bytes) -> list[bytes]:
        self._pieces.append(piece)
        return []

    def close(self) -> list[bytes]:
        return [b"".join(self._pieces)]
