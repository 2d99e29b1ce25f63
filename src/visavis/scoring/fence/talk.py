"""Talks with a process inside from outside, and never waits longer than told."""

import os
import select
import struct
import subprocess
import time
from typing import Final

from visavis.scoring.fence.pipe import message

_LEAVE_S: Final = 1.0
"""Time for a process to clear up after itself."""
_LENGTH: Final = struct.Struct("!I")


class BrokenError(Exception):
    """Whoever is inside is of no more use; says why."""


class Talk:
    """The standard streams of one process. Not for use by two threads at once."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            os.set_blocking(stream.fileno(), False)

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, data: bytes, due: float) -> None:
        """Write all of `data` before the monotonic clock says `due`; `OSError` otherwise."""
        fd, view = _fileno(self._process.stdin), memoryview(data)
        while view:
            _wait(fd, select.POLLOUT, due)
            view = view[os.write(fd, view) :]

    def say(self, data: bytes, due: float) -> None:
        """Send one message."""
        self.send(message(data), due)

    def hear(self, most: int, due: float) -> bytes:
        """The next message; `OSError` when it does not come, or is said to be larger than `most`"""
        (size,) = _LENGTH.unpack(self._read(_LENGTH.size, due))
        if size > most:
            raise OSError("a message is too large")
        return self._read(size, due)

    def close(self) -> str:
        """End it and all inside; gives what it or bubblewrap said about its trouble, if any."""
        try:
            _, said = self._process.communicate(timeout=_LEAVE_S)  # it ends when nobody can ask
        except subprocess.TimeoutExpired:
            self._process.kill()
            _, said = self._process.communicate()
        return " ".join(said.decode("utf-8", "replace").split())[-300:]

    def _read(self, size: int, due: float) -> bytes:
        fd, data = _fileno(self._process.stdout), bytearray()
        while len(data) < size:
            _wait(fd, select.POLLIN, due)
            part = os.read(fd, size - len(data))
            if not part:
                raise BrokenPipeError("it has ended")
            data += part
        return bytes(data)


def _fileno(stream: object) -> int:
    return int(stream.fileno())  # type: ignore[attr-defined]  # Popen's pipes are there: we asked


def _wait(fd: int, event: int, due: float) -> None:
    poll = select.poll()
    poll.register(fd, event)
    if not poll.poll(max(0.0, due - time.monotonic()) * 1000):
        raise TimeoutError("there is no answer in time")
