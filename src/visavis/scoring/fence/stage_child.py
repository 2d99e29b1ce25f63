"""One program on the stage, seen from the agent: what it prints, says and becomes.

Nothing is read that would have to be waited for, and nothing is kept beyond its bounds: a program
that prints gigabytes, or says half a message and falls silent, keeps nobody.

Runs inside the fence: standard library only.
"""

import contextlib
import os
import select
import signal
import struct
import time
from collections.abc import Iterable
from typing import Final

OUTPUT_BYTES: Final = 1 << 20
"""Of each stream; a program that writes more is ended."""
MESSAGE_BYTES: Final = 12 << 20
"""Of one message of a game: a frame of four million pixels."""
_LENGTH: Final = struct.Struct("!I")
_PART: Final = 1 << 18


class Child:
    """A program's process. It is ended by whoever made this, and never outlives the stage."""

    def __init__(self, pid: int, out: int, err: int, says: int | None = None) -> None:
        """`out`, `err` and `says` are the ends of pipes that the agent reads."""
        self.pid = pid
        self.code: int | None = None
        """Exit code or negative signal, once it has ended."""
        self.breach = ""
        """Which bound it broke, in words."""
        self.messages: list[bytes] = []
        """What it said over its line, whole messages only."""
        self._over = os.pidfd_open(pid)
        self._said = bytearray()
        self._says = says
        self._kept = {out: bytearray(), err: bytearray()}
        self._open = {out, err} | ({says} if says is not None else set())
        self._out, self._err = out, err
        for fd in self._open:
            os.set_blocking(fd, False)

    @property
    def out(self) -> bytes:
        return bytes(self._kept[self._out])

    @property
    def err(self) -> bytes:
        return bytes(self._kept[self._err])

    def watched(self) -> set[int]:
        """What tells that something came of it."""
        return self._open | ({self._over} if self.code is None else set())

    def look(self) -> None:
        """Take what has come, without waiting."""
        for fd in tuple(self._open):
            self._take(fd)
        if self.code is None and os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | _LEAVE):
            for fd in tuple(self._open):  # what it wrote last
                self._take(fd)
            _, status = os.waitpid(self.pid, 0)
            self.code = os.waitstatus_to_exitcode(status)

    def end(self) -> None:
        """End it, with all that it started."""
        if self.code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            _, status = os.waitpid(self.pid, 0)
            self.code = os.waitstatus_to_exitcode(status)
        if self._over >= 0:
            for fd in (*self._open, self._over):
                os.close(fd)
        self._open.clear()
        self._over = -1

    def _take(self, fd: int) -> None:
        while not self.breach:
            try:
                part = os.read(fd, _PART)
            except BlockingIOError:
                return
            if not part:
                self._open.discard(fd)
                os.close(fd)
                return
            if fd == self._says:
                self._hear(part)
            else:
                self._keep(self._kept[fd], part)

    def _keep(self, kept: bytearray, part: bytes) -> None:
        kept += part
        if len(kept) > OUTPUT_BYTES:
            del kept[OUTPUT_BYTES:]
            self.breach = f"it wrote more than {OUTPUT_BYTES >> 20} MiB"

    def _hear(self, part: bytes) -> None:
        self._said += part
        while len(self._said) >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(self._said)
            if size > MESSAGE_BYTES:
                self.breach = "what it said is no frame of a game"
                return
            end = _LENGTH.size + size
            if len(self._said) < end:
                return
            self.messages.append(bytes(self._said[_LENGTH.size : end]))
            del self._said[:end]


_LEAVE: Final = os.WNOWAIT
"""To learn that it has ended, and still be able to read what it left."""


def wait(children: Iterable[Child], due: float, also: int | None = None) -> bool:
    """Until something comes of a child, or can be read from `also`; whether that is so."""
    poll = select.poll()
    for child in children:
        for fd in child.watched():
            poll.register(fd, select.POLLIN)
    if also is not None:
        poll.register(also, select.POLLIN)
    ready = dict(poll.poll(max(0.0, due - time.monotonic()) * 1000))
    for child in children:
        if child.watched() & ready.keys():
            child.look()
    return also in ready


def feed(fd: int, data: memoryview) -> memoryview | None:
    """Write what the pipe takes now; None once nobody reads it or all is written."""
    try:
        left = data[os.write(fd, data[:_PART]) :]
    except BlockingIOError:
        return data
    except BrokenPipeError:
        return None
    return left or None
