"""Messages over pipes: four bytes of length, then that many bytes.

Runs inside the fence too: standard library only.
"""

import os
import struct
from typing import Final, NamedTuple

from visavis.scoring.fence.values import MAX_BYTES, MalformedError, decode, encode

_LENGTH: Final = struct.Struct("!I")
_SLACK: Final = 1 << 20
"""A message may be larger than the largest value by its wrapping and one last long text."""


class ClosedError(EOFError):
    """The other side is gone."""


def read_exactly(fd: int, size: int) -> bytes:
    """`size` bytes; `ClosedError` when the other side ends before."""
    data = bytearray()
    while len(data) < size:
        part = os.read(fd, min(size - len(data), 1 << 20))
        if not part:
            raise ClosedError("the other side closed the pipe")
        data += part
    return bytes(data)


def write_all(fd: int, data: bytes) -> None:
    """All of `data`; `ClosedError` when nobody reads it."""
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(fd, view) :]
    except BrokenPipeError:
        raise ClosedError("nobody reads this pipe") from None


def message(data: bytes) -> bytes:
    """`data` as it goes over a pipe."""
    return _LENGTH.pack(len(data)) + data


class Line(NamedTuple):
    """Two pipes between two processes: one to hear, one to say."""

    hears: int
    says: int

    def say(self, data: bytes) -> None:
        """Send one message."""
        write_all(self.says, message(data))

    def hear(self) -> bytes:
        """The next message; `MalformedError` when it says it is larger than any may be."""
        (size,) = _LENGTH.unpack(read_exactly(self.hears, _LENGTH.size))
        if size > MAX_BYTES + _SLACK:
            raise MalformedError("a message is too large")
        return read_exactly(self.hears, size)

    def say_value(self, value: object) -> None:
        """Send one trusted value."""
        self.say(encode(value))

    def hear_value(self) -> object:
        """The next message, as a value."""
        return decode(self.hear())
