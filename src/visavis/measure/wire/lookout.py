"""Looks at every connection as soon as something comes, in one go and before anything else."""

import asyncio
import contextlib
import selectors
import socket
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Final

from visavis.measure.wire.kernel_stamps import wall_ahead_ns

EVERY_S: Final = 0.001
"""While an answer is awaited we look at least so often, so that we know since when what comes can
have been there; where sockets cannot wake the event loop, that is how it is found at all."""
STAMPED_EVERY_S: Final = 0.005
"""So often where the kernel stamps: only what it merged is in doubt then. Looking costs some µs,
and the candidate may be computing on the same cores."""
CROWDED_S: Final = 0.0005
"""Where the kernel stamps, and we were woken twice within this time, we rest for as long before
we are woken again: what comes meanwhile is read in one go, for a quarter less of a processor."""

Look = Callable[[float, int], None]
"""Reads one socket: given when it was last seen empty, and the wall clock's lead in nanoseconds."""


class Lookout:
    """One selector inside the event loop's own: a look costs the loop one callback, however many
    sockets are ready, and nothing that the loop has queued comes between two of them."""

    def __init__(self, after: Callable[[], None], *, stamped: bool) -> None:
        """`after` is called when all that was ready has been read."""
        self._stamped = stamped
        self.longest_blind_s = 0.0
        """The longest time without a look while an answer was awaited."""
        self._after = after
        self._loop = asyncio.get_running_loop()
        self._selector = selectors.DefaultSelector()
        self._looked = self._woken_at = perf_counter()
        self._awaiting = 0
        self._timer: asyncio.TimerHandle | None = None
        self._resting: asyncio.TimerHandle | None = None
        fileno = getattr(self._selector, "fileno", None)
        self._wakes_by: int | None = None if fileno is None else fileno()
        """The file that wakes the loop; None on Windows, where a selector is no file."""
        if self._wakes_by is not None:
            self._loop.add_reader(self._wakes_by, self._woken)

    def watch(self, sock: socket.socket, look: Look) -> None:
        self._selector.register(sock, selectors.EVENT_READ, look)

    def forget(self, sock: socket.socket) -> None:
        with contextlib.suppress(KeyError):
            self._selector.unregister(sock)

    @contextlib.contextmanager
    def awaiting(self) -> Iterator[None]:
        """Looks regularly as long as any such block lasts."""
        if not self._awaiting:
            self._looked = perf_counter()
            self._timer = self._loop.call_later(
                STAMPED_EVERY_S if self._stamped else EVERY_S, self._tick
            )
        self._awaiting += 1
        try:
            yield
        finally:
            self._awaiting -= 1
            if not self._awaiting and self._timer is not None:
                self._timer.cancel()

    def _woken(self) -> None:
        before, self._woken_at = self._woken_at, perf_counter()
        self.look()
        if self._stamped and self._woken_at - before < CROWDED_S:
            self._rest()

    def _rest(self) -> None:
        assert self._wakes_by is not None
        self._loop.remove_reader(self._wakes_by)
        self._resting = self._loop.call_later(
            CROWDED_S, self._loop.add_reader, self._wakes_by, self._woken
        )

    def _tick(self) -> None:
        self._timer = self._loop.call_later(
            STAMPED_EVERY_S if self._stamped else EVERY_S, self._tick
        )
        self.look()

    def look(self) -> None:
        """Reads whatever is ready now."""
        before, self._looked = self._looked, perf_counter()
        if self._awaiting and self._looked - before > self.longest_blind_s:
            self.longest_blind_s = self._looked - before
        ready = self._selector.select(0)
        if ready:
            ahead_ns = wall_ahead_ns()
            for key, _ in ready:
                key.data(before, ahead_ns)
            self._after()

    def close(self) -> None:
        for planned in (self._timer, self._resting):
            if planned is not None:
                planned.cancel()
        if self._wakes_by is not None:
            self._loop.remove_reader(self._wakes_by)
        self._selector.close()
