"""The kernel's own stamps: when bytes came to this machine, and left it, whoever was busy then.

Linux can stamp each packet as it passes its network stack (`SO_TIMESTAMPING`, software stamps; see
Documentation/networking/timestamping.rst). A client that is held up, by its own work or by the
machine's, then still learns when an answer came.

What a stamp belongs to: `recvmsg` gives that of the segment with the last byte read. While bytes
lie unread, the kernel may merge later segments into the waiting one, which then carries the stamp
of the latest; a look at its first byte tells no other. So a stamp is never too early, and too late
by no more than the time in which nobody looked: that is the *doubt* of an instant.
"""

import socket
import struct
import sys
import time
from collections.abc import Iterable
from typing import Final

SO_TIMESTAMPING: Final = 37
"""asm-generic/socket.h; Python's `socket` names it from 3.14 on."""
_TX_SOFTWARE: Final = 1 << 1
_RX_SOFTWARE: Final = 1 << 3
_SOFTWARE: Final = 1 << 4
_OPT_CMSG: Final = 1 << 10
_OPT_TSONLY: Final = 1 << 11
"""linux/net_tstamp.h. A stamp of what is sent comes back without the bytes, when asked for."""

ANCILLARY_BYTES: Final = 64
"""Room for one stamp beside the bytes: three `timespec` and a header."""
_ERROR_BYTES: Final = 512
_STAMP: Final = struct.Struct("@qq")
_ON: Final = struct.pack("@I", _RX_SOFTWARE | _SOFTWARE | _OPT_CMSG | _OPT_TSONLY)
_THIS_ONE: Final = [(socket.SOL_SOCKET, SO_TIMESTAMPING, struct.pack("@I", _TX_SOFTWARE))]

_CLOSE_NS: Final = 1_000
"""Two readings of a clock so near to each other hold a third one tightly enough."""
_SLACK_NS: Final = 50_000
_TRIES: Final = 200
"""A millisecond apart: on a busy machine the kernel takes long to begin."""

Ancillary = Iterable[tuple[int, int, bytes]]


class KernelStamps:
    """Turns the stamps on, once it has been seen that they work here.

    The kernel stamps nothing while no socket asks for it, and takes a moment to begin; so one
    socket asks as long as this object is open.
    """

    def __init__(self) -> None:
        self._kept: socket.socket | None = None
        if sys.platform == "linux" and _same_clock():
            self._kept = socket.socket()
            if not (self.ask(self._kept) and _proved()):
                self.close()

    @property
    def work(self) -> bool:
        return self._kept is not None

    def ask(self, sock: socket.socket) -> bool:
        """Has this socket's bytes stamped; whether the kernel agrees."""
        if self._kept is None:
            return False
        try:
            sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING, _ON)
        except OSError:
            return False
        return True

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None


def came_ns(ancillary: Ancillary) -> int | None:
    """The stamp beside what `recvmsg` read, in nanoseconds of the wall clock."""
    for level, kind, packed in ancillary:
        if kind == SO_TIMESTAMPING and level == socket.SOL_SOCKET:
            seconds, nanoseconds = _STAMP.unpack_from(packed)
            return int(seconds) * 1_000_000_000 + int(nanoseconds) or None
    return None


def send_stamped(sock: socket.socket, piece: bytes | memoryview) -> int:
    """Sends, and has the last byte's leaving stamped: `left_ns` will know. Bytes sent."""
    return sock.sendmsg([piece], _THIS_ONE)


def left_ns(sock: socket.socket) -> int | None:
    """When the latest stamped piece left, as far as it is known; empties the stamps' queue."""
    latest = None
    try:
        while True:
            _, ancillary, _, _ = sock.recvmsg(0, _ERROR_BYTES, socket.MSG_ERRQUEUE)
            latest = came_ns(ancillary) or latest
    except OSError:  # empty, or the connection is broken, which the next reading will tell
        return latest


def wall_ahead_ns() -> int:
    """Nanoseconds by which the wall clock, that stamps are of, is ahead of `perf_counter`.

    The two run at the same rate, whatever corrects it; only a step of the wall clock changes this.
    """
    least, ahead = None, 0
    for _ in range(5):
        before = time.perf_counter_ns()
        wall = time.time_ns()
        width = time.perf_counter_ns() - before
        if least is None or width < least:
            least, ahead = width, wall - before - width // 2
        if width < _CLOSE_NS:
            break
    return ahead


def _same_clock() -> bool:
    return time.get_clock_info("perf_counter").implementation == "clock_gettime(CLOCK_MONOTONIC)"


def _proved() -> bool:
    """Whether a word to ourselves is stamped on both ends, between the instants around it."""
    try:
        with (
            socket.create_server(("127.0.0.1", 0)) as door,
            socket.create_connection(door.getsockname(), timeout=1.0) as speaker,
            door.accept()[0] as hearer,
        ):
            speaker.setblocking(False)
            hearer.settimeout(1.0)
            for end in (speaker, hearer):
                end.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING, _ON)
            return any(_both_stamped(speaker, hearer) for _ in range(_TRIES))
    except OSError:
        return False


def _both_stamped(speaker: socket.socket, hearer: socket.socket) -> bool:
    before = time.time_ns()
    send_stamped(speaker, b"?")
    _, ancillary, _, _ = hearer.recvmsg(1, ANCILLARY_BYTES)
    after = time.time_ns()
    left, came = left_ns(speaker), came_ns(ancillary)
    if left is None or came is None:
        time.sleep(0.001)
        return False
    return before - _SLACK_NS <= min(left, came) <= max(left, came) <= after + _SLACK_NS
