"""One connection: bytes go out stamped, and come in stamped, to be understood later."""

import socket
from collections.abc import Callable
from time import perf_counter
from typing import Final, NamedTuple

from visavis.measure.wire.kernel_stamps import (
    ANCILLARY_BYTES,
    KernelStamps,
    came_ns,
    left_ns,
    send_stamped,
    wall_ahead_ns,
)
from visavis.measure.wire.layers import Layer

_AT_ONCE: Final = 16 * 1024
"""Bytes of one reading."""
_FIRST_BYTES: Final = 8 * 1024
"""So many bytes fit any connection's first flight (ten segments, RFC 6928): when the last one
leaves, so did the first."""
_PEEK: Final = getattr(socket, "MSG_PEEK", 0)
_KNOWN: Final = bytearray(_AT_ONCE)
"""Where bytes go that were seen before."""
_STEP_S: Final = 0.02
"""A stamp so much older than our last look at an empty connection is of a clock that was set."""
_SLACK_S: Final = 5e-5


class Piece(NamedTuple):
    """Bytes as they came, still sealed."""

    data: bytes
    at: float
    """When the last of them came to this machine."""
    since: float
    """They came no earlier than this; equal to `at` where that is exact."""
    by_kernel: bool


class Connection:
    """An open connection, and what came on it and nobody has read yet."""

    def __init__(
        self,
        sock: socket.socket,
        layer: Layer,
        stamps: KernelStamps,
        on_pieces: Callable[["Connection"], None],
    ) -> None:
        self.sock = sock
        self.layer = layer
        self.pieces: list[Piece] = []
        self.over: str | None = None
        """How the other side, or the network, ended it."""
        self.heard_at = perf_counter()
        """When something was last read, or written."""
        self.left: float | None = None
        """When the first bytes of what was last written left, by the kernel."""
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._latest = 0.0
        self._stamped = stamps.ask(sock)
        self._on_pieces = on_pieces

    def write(self, data: bytes) -> bytes:
        """Hands bytes to the kernel without waiting; what it did not take."""
        self.left = None
        self.heard_at = perf_counter()
        if not self._stamped:
            return data[self._send(data) :]
        first = data[:_FIRST_BYTES]
        try:
            taken = send_stamped(self.sock, first)
        except BlockingIOError:
            return data
        self._learn_leaving()
        if taken == len(first) < len(data):
            taken += self._send(data[taken:])
        return data[taken:]

    def _send(self, data: bytes) -> int:
        try:
            return self.sock.send(data)
        except BlockingIOError:
            return 0

    def _learn_leaving(self) -> None:
        """Takes the stamp of what left, which may come a moment after the sending."""
        stamp = left_ns(self.sock)
        if stamp is not None:
            self.left = (stamp - wall_ahead_ns()) / 1e9

    def look(self, looked: float, ahead_ns: int) -> None:
        """Reads what has come since `looked`. Quick: other connections wait to be looked at."""
        try:
            if self._stamped:
                self._read_stamped(looked, ahead_ns)
            else:
                self._read(looked)
        except BlockingIOError:
            if self._stamped:
                self._learn_leaving()
            return
        except OSError as error:
            self.over = error.strerror or str(error)
        self._on_pieces(self)

    def _read(self, looked: float) -> None:
        data = self.sock.recv(_AT_ONCE)
        self.heard_at = at = perf_counter()
        if data:
            self.pieces.append(Piece(data, at, looked, False))
        else:
            self.over = "it was closed"

    def _read_stamped(self, looked: float, ahead_ns: int) -> None:
        """Peeks at all that is there, and takes it unit by unit, so that each has its own stamp.

        Mostly one unit is there, and its stamp was beside what was peeked at.
        """
        came, ancillary, _, _ = self.sock.recvmsg(_AT_ONCE, ANCILLARY_BYTES, _PEEK)
        self.heard_at = now = perf_counter()
        if not came:
            self.over = "it was closed"
            return
        size = self.layer.first_unit(came)
        if size == len(came):
            self.sock.recv_into(_KNOWN, size)
            at, by_kernel = self._instant(came_ns(ancillary), ahead_ns, looked, now)
            self.pieces.append(Piece(came, at, at if by_kernel else looked, by_kernel))
            return
        taken: list[tuple[bytes, float, bool]] = []
        while came:
            unit, ancillary, _, _ = self.sock.recvmsg(size, ANCILLARY_BYTES)
            now = perf_counter()  # meanwhile more may have been merged into what waits
            taken.append((unit, *self._instant(came_ns(ancillary), ahead_ns, looked, now)))
            came = came[size:]
            size = self.layer.first_unit(came) if came else 0
        self.pieces += _with_doubt(taken, looked)

    def _instant(
        self, stamp_ns: int | None, ahead_ns: int, looked: float, now: float
    ) -> tuple[float, bool]:
        """A stamp on our clock, and that it is the kernel's; else the time of reading.

        Nothing was there when we last looked, so it came since: a stamp that says otherwise is of
        a wall clock that was set in between.
        """
        if stamp_ns is not None:
            at = (stamp_ns - ahead_ns) / 1e9
            if looked - _STEP_S <= at <= now + _SLACK_S:
                self._latest = max(at, self._latest)  # two looks compare the clocks anew
                return self._latest, True
        self._latest = now
        return now, False

    @property
    def is_over(self) -> bool:
        return self.over is not None or self.layer.ended

    def is_fit(self) -> bool:
        """Whether a request can go out on it: it is open, and nothing was said out of turn."""
        pieces, self.pieces = self.pieces, []
        try:
            spoke = any(self.layer.open(piece.data) for piece in pieces)
        except OSError:  # TLS that breaks its rules
            return False
        return not spoke and not self.is_over

    def close(self) -> None:
        self.sock.close()


def _with_doubt(taken: list[tuple[bytes, float, bool]], looked: float) -> list[Piece]:
    """Pieces of one reading. Of those that share a stamp, it belongs to the last."""
    pieces: list[Piece] = []
    since = looked
    for n, (data, at, by_kernel) in enumerate(taken):
        shared = n + 1 < len(taken) and taken[n + 1][1] == at
        exact = by_kernel and not shared
        pieces.append(Piece(data, at, at if exact else min(since, at), by_kernel))
        if exact:
            since = at
    return pieces
