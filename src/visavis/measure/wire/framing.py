"""HTTP/1.1 answers out of bytes that may be cut anywhere (RFC 9112, as far as a client needs it).

Lines may end in LF alone, as the standard lets a recipient allow. Departure: a packed body
(`Content-Encoding`) is refused, since we ask for none and its bytes would come in lumps.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

_HEAD_BYTES: Final = 64 * 1024
_LINE_BYTES: Final = 4 * 1024
"""Longest line between chunks."""
_STATUS: Final = re.compile(rb"HTTP/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?")
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")
_LENGTH: Final = re.compile(r"[0-9]{1,15}")
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_BODILESS: Final = frozenset({204, 304})


class NotHttpError(ValueError):
    """These bytes are no answer of HTTP/1.1; the text says why."""


class Headers(Mapping[str, str]):
    """Fields of an answer's head, whatever the case of their names."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


class Framing:
    """Finds head, body and end of one answer in the bytes of its connection."""

    __slots__ = ("_chunked", "_left", "_line", "_rest", "complete", "headers", "keeps", "status")

    def __init__(self) -> None:
        self.status: int | None = None
        """None until the head is whole."""
        self.headers: Headers = Headers({})
        self.complete = False
        """The answer's last byte has come."""
        self.keeps = False
        """The connection can carry another request, once this answer is complete."""
        self._rest = b""
        """Bytes that are not yet understood."""
        self._chunked = False
        self._left: int | None = None
        """Bytes of body to come, of this chunk or of all; None when the connection ends it."""
        self._line: Literal["size", "end of chunk", "trailer"] = "size"
        """What the next line of a chunked body is."""

    @property
    def surplus(self) -> bool:
        """More came than the answer: the connection is not to be used again."""
        return self.complete and bool(self._rest)

    def feed(self, piece: bytes) -> list[bytes]:
        """The parts of the body that these bytes bring."""
        if self._rest:
            piece = self._rest + piece
            self._rest = b""
        if self.complete:
            self._rest = piece
            return []
        if self.status is None:
            piece = self._read_head(piece)
            if self.status is None:
                return []
        return self._dechunk(piece) if self._chunked else self._plain(piece)

    def close(self) -> None:
        """The connection has ended; for some bodies that is the end."""
        if self.status is not None and self._left is None:
            self.complete = True
            self.keeps = False

    # --- head -----------------------------------------------------------------------------------

    def _read_head(self, piece: bytes) -> bytes:
        """What follows the head, when that is whole; interim answers (1xx) are passed over."""
        while True:
            end = _HEAD_END.search(piece)
            if end is None or not _is_http(piece):
                self._wait_for_head(piece)
                return b""
            status = self._read_lines(piece[: end.start()].split(b"\n"))
            piece = piece[end.end() :]
            if status >= 200:
                self.status = status
                self._read_frame()
                return piece

    def _wait_for_head(self, piece: bytes) -> None:
        if not _is_http(piece):
            raise NotHttpError("it begins with something else")
        if len(piece) > _HEAD_BYTES:
            raise NotHttpError("its head has no end")
        self._rest = piece

    def _read_lines(self, lines: list[bytes]) -> int:
        first = _STATUS.fullmatch(lines[0].removesuffix(b"\r"))
        if first is None:
            raise NotHttpError("its first line cannot be read")
        fields: dict[str, str] = {}
        for line in lines[1:]:
            name, colon, value = line.partition(b":")
            if not colon or not _NAME.fullmatch(name):
                raise NotHttpError("a line of its head cannot be read")
            key, text = name.decode().lower(), value.strip(b" \t\r").decode("latin-1")
            fields[key] = f"{fields[key]}, {text}" if key in fields else text
        self.headers = Headers(fields)
        self.keeps = first[1] == b"1"
        return int(first[2])

    def _read_frame(self) -> None:
        """How the body's end will be known."""
        headers = self.headers
        said = {word.strip() for word in headers.get("connection", "").lower().split(",")}
        self.keeps = "close" not in said and (self.keeps or "keep-alive" in said)
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise NotHttpError("its body is packed, which was not asked for")
        coding = headers.get("transfer-encoding", "").lower()
        length = headers.get("content-length")
        if self.status in _BODILESS:
            self._left, self.complete = 0, True
        elif coding:
            if coding != "chunked":
                raise NotHttpError("the coding of its body is unknown")
            self._chunked, self._left = True, 0
            self.keeps = self.keeps and length is None
        elif length is not None:
            self._left = _one_length(length)
            self.complete = self._left == 0

    # --- body -----------------------------------------------------------------------------------

    def _plain(self, piece: bytes) -> list[bytes]:
        left = self._left
        if left is not None:
            piece, self._rest = piece[:left], piece[left:]
            self._left = left - len(piece)
            self.complete = self._left == 0
        return [piece] if piece else []

    def _dechunk(self, piece: bytes) -> list[bytes]:
        parts: list[bytes] = []
        at, size = 0, len(piece)
        while at < size:
            left = self._left or 0
            if left > 0:
                part = piece[at : at + left]
                parts.append(part)
                at += len(part)
                self._left = left - len(part)
                continue
            end = piece.find(b"\n", at)
            if end < 0:
                self._rest = piece[at:]
                if len(self._rest) > _LINE_BYTES:
                    raise NotHttpError("a line of its body has no end")
                break
            self._between(piece[at:end].removesuffix(b"\r"))
            at = end + 1
            if self.complete:
                self._rest = piece[at:]
                break
        return parts

    def _between(self, line: bytes) -> None:
        """A line between chunks: a chunk's end, a chunk's size, a trailer, or the end of all."""
        if self._line == "trailer":
            self.complete = not line
        elif self._line == "end of chunk":
            if line:
                raise NotHttpError("a chunk is longer than it said")
            self._line = "size"
        else:
            size = _SIZE.fullmatch(line)
            if size is None:
                raise NotHttpError("a chunk has no size")
            self._left = int(size[1], 16)
            self._line = "end of chunk" if self._left else "trailer"


def _is_http(piece: bytes) -> bool:
    return piece[:7] == b"HTTP/1."[: len(piece)]


def _one_length(text: str) -> int:
    """The length that a field gives, once or several times the same (RFC 9110, 8.6)."""
    lengths = {word.strip() for word in text.split(",")}
    length = lengths.pop()
    if lengths or not _LENGTH.fullmatch(length):
        raise NotHttpError("its length cannot be read")
    return int(length)
