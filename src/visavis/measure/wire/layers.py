"""What lies between the bytes on a connection and the bytes that are meant: nothing, or TLS."""

import ssl
from typing import Final, Protocol

_RECORD_HEAD: Final = 5
"""Type, version, length: in the clear before each TLS record (RFC 8446, 5.1)."""
_BLANK_LINES: Final = (b"\n\n", b"\r\n\r\n")
"""The end of an event, and of a head or of an event with such lines."""
_PLAIN_BYTES: Final = 64 * 1024


class Layer(Protocol):
    """Bytes as they travel, made of bytes as they are meant, and back."""

    ended: bool
    """The other side said that nothing more will come."""

    def seal(self, data: bytes) -> bytes: ...

    def open(self, came: bytes) -> bytes:
        """Raises `ssl.SSLError` when the other side breaks the rules."""

    def first_unit(self, came: bytes) -> int:
        """Length of the first thing in `came` that has a time of its own: an event, a record.

        Only stamps hang on this, the bytes are the same wherever they are cut.
        """


class Plain:
    """Nothing in between."""

    ended = False

    def seal(self, data: bytes) -> bytes:
        return data

    def open(self, came: bytes) -> bytes:
        return came

    def first_unit(self, came: bytes) -> int:
        end = len(came)
        for blank in _BLANK_LINES:
            at = came.find(blank, 0, end)
            if at >= 0:
                end = at + len(blank)
        return len(came) if end >= len(came) - 2 else end  # the line end of a chunk is no event


class Tls:
    """TLS over memory, so that bytes are stamped before anybody deciphers them."""

    def __init__(self, context: ssl.SSLContext, host: str | None) -> None:
        """As the server when there is no host to be sure of."""
        self.ended = False
        self._came, self._goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._ssl = context.wrap_bio(
            self._came, self._goes, server_side=host is None, server_hostname=host
        )
        self._record_left = 0
        """Bytes that are still to come of the record at hand."""
        self._head = b""
        """The beginning of a record's head, when it was cut."""

    def shake(self, came: bytes) -> tuple[bytes, bool]:
        """What to send next of the handshake, and whether it is done. Raises `ssl.SSLError`."""
        self._came.write(came)
        try:
            self._ssl.do_handshake()
        except ssl.SSLWantReadError:
            return self._goes.read(), False
        return self._goes.read(), True

    def seal(self, data: bytes) -> bytes:
        self._ssl.write(data)
        return self._goes.read()

    def open(self, came: bytes) -> bytes:
        self._came.write(came)
        parts = []
        try:
            while part := self._ssl.read(_PLAIN_BYTES):
                parts.append(part)
            self.ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.ended = True
        return b"".join(parts)

    def first_unit(self, came: bytes) -> int:
        if not self._record_left:
            missing = _RECORD_HEAD - len(self._head)
            head = self._head + came[:missing]
            if len(head) < _RECORD_HEAD:
                self._head = head
                return len(came)
            self._head = b""
            self._record_left = missing + int.from_bytes(head[3:], "big")
        unit = min(self._record_left, len(came))
        self._record_left -= unit
        return unit
