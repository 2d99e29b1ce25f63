"""The wire: sends a prompt, and tells what came of it and when.

    async with open_wire(candidate, key=key, note=note) as wire:
        timing = await wire.send(ask("Tell me of the sea.", max_tokens=64))
        print(timing.first_token_s, timing.tokens_per_s())

Made for timing, so it is not `candidates.openai_http`: what comes is stamped by the kernel where
the kernel does that, and read by the event loop before anything else; it is understood afterwards,
in slices between two looks. Nothing is asked twice: a retry would hide what is measured. A field
that the server refuses is left out from the next request on, so a warm-up should come first.
"""

import asyncio
import contextlib
import gc
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final
from urllib.parse import urlsplit

from visavis.candidates.endpoint import Endpoint, endpoint
from visavis.candidates.exchange import Exchange
from visavis.candidates.openai_http import Limits
from visavis.candidates.wire_format import SPARED, encode_request
from visavis.core.candidate import Candidate
from visavis.core.prompt import Prompt
from visavis.measure.timings import ClockOf, Timing
from visavis.measure.wire.connection import Connection
from visavis.measure.wire.dialling import Dialled, Dialling, NoConnectionError, make_room
from visavis.measure.wire.kernel_stamps import KernelStamps
from visavis.measure.wire.listening import Listening
from visavis.measure.wire.lookout import Lookout

_USUAL: Final = Limits()
_SLICE_S: Final = 0.0002
"""So long we read what came before we look again whether more has come."""
_LINGER_S: Final = 0.25
"""Wait for the end of a response whose answer is complete, so that its connection can be reused."""
_SPARE_S: Final = 4.0
"""Idle connections are used again for so long: several servers hang up after 5 s."""
_SWEEPS: Final = 16
"""Times that silence is looked for within the longest allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """To whom a wire goes: all that it takes to open another such in another process."""

    candidate: Candidate
    key: str | None = field(repr=False)
    limits: Limits
    to_the_limit: bool
    """Replies are asked for that are as long as allowed."""


@contextlib.asynccontextmanager
async def open_wire(
    candidate: Candidate,
    *,
    key: str | None,
    note: Callable[[str], None],
    limits: Limits = _USUAL,
    tls: ssl.SSLContext | None = None,
    to_the_limit: bool = False,
) -> AsyncIterator["Wire"]:
    """A wire to the candidate's server: its `base_url` is asked, in the OpenAI chat format.

    `tls` replaces the usual trust in certificates; `to_the_limit` asks for replies as long as
    allowed, of servers that can be told so. Any number of requests may be in flight.
    """
    place = endpoint(candidate, key)
    if place.key is not None and place.open_wire:
        note(f"the key of {candidate.name!r} goes to {place.host!r} unencrypted; use https")
    way = Way(candidate=candidate, key=key, limits=limits, to_the_limit=to_the_limit)
    with (
        contextlib.closing(KernelStamps()) as stamps,
        contextlib.closing(Wire(way, place, stamps, tls)) as wire,
    ):
        yield wire


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Keeps Python's collector of garbage from pausing us, for the length of a measured block."""
    was_on = gc.isenabled()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


class Wire:
    """Connections to one server, and the requests on them. Made by `open_wire`."""

    def __init__(
        self, way: Way, place: Endpoint, stamps: KernelStamps, tls: ssl.SSLContext | None
    ) -> None:
        self.way = way
        self._place = place
        self._limits = way.limits
        self._stamps = stamps
        self._dialling = Dialling(place.chat, tls)
        self._head = _request_head(place, keep_alive=way.limits.keep_alive)
        self._lookout = Lookout(self._understand, stamped=stamps.work)
        self._spare: list[Connection] = []
        self._busy: dict[Connection, _Call] = {}
        self._to_read: deque[Connection] = deque()
        self._soon: asyncio.Handle | None = None
        self.spared: frozenset[str] = frozenset()
        """Fields that this server was found not to take."""
        self._sweeper: asyncio.TimerHandle | None = None

    @property
    def clock(self) -> ClockOf:
        """Whose stamps will be used, unless one is missing."""
        return "kernel" if self._stamps.work else "user"

    @property
    def longest_blind_s(self) -> float:
        """The longest time that we did not look while an answer was awaited: by so much an
        instant of the user-space clock, and one in doubt, can be wrong."""
        return self._lookout.longest_blind_s

    async def connect(self, count: int) -> None:
        """Opens connections ahead, until `count` are spare; those that fail will be met again."""
        make_room(count)
        missing = count - len(self._spare)
        opened = await asyncio.gather(
            *(self._dial() for _ in range(missing)), return_exceptions=True
        )
        self._spare += [one[0] for one in opened if isinstance(one, tuple)]

    async def send(self, prompt: Prompt, *, due: float | None = None) -> Timing:
        """Asks once, now. `due` is when it should have been asked, on `perf_counter`."""
        exchange = Exchange(prompt, key=self._place.key, due=perf_counter() if due is None else due)
        call = _Call(Listening(exchange, self._limits.body_bytes))
        body = encode_request(
            self.way.candidate.model, prompt, self.spared, to_the_limit=self.way.to_the_limit
        )
        request = self._head + b"%d\r\n\r\n" % len(body) + body
        with self._lookout.awaiting():
            try:
                async with asyncio.timeout(self._limits.total_s):
                    await self._ask(call, request)
            except TimeoutError:
                self._hear_what_is_left(call)
                call.listening.break_off("timed out", f"no end within {self._limits.total_s:g} s")
            finally:
                self._let_go(call)
        refused = exchange.refused
        if refused in SPARED:
            self.spared |= {refused}
        return call.listening.timing(perf_counter())

    # --- one request ----------------------------------------------------------------------------

    async def _ask(self, call: "_Call", request: bytes) -> None:
        listening = call.listening
        try:
            connection = await self._connection(listening)
        except NoConnectionError as error:
            listening.fail(error.kind, str(error))
            return
        call.connection = connection
        self._busy[connection] = call
        self._sweep_regularly()
        sealed = connection.layer.seal(request)
        listening.exchange.sent = listening.sent = perf_counter()
        try:
            rest = connection.write(sealed)
            if rest:
                await asyncio.get_running_loop().sock_sendall(connection.sock, rest)
            listening.written = perf_counter()
        except OSError as error:
            self._lookout.look()  # what it said before it broke may explain it
            connection.over = connection.over or error.strerror or str(error)
            self._queue(connection)
            self._understand()
        await call.settled.wait()

    async def _connection(self, listening: Listening) -> Connection:
        """One that is open and idle, else a new one."""
        self._lookout.look()  # some may have been closed
        while self._spare:
            connection = self._spare.pop()
            fresh = perf_counter() - connection.heard_at < _SPARE_S
            if fresh and connection.is_fit():
                return connection
            self._drop(connection)
        listening.connect_begun = perf_counter()
        connection, dialled = await self._dial()
        listening.connected, listening.secured = dialled.connected, dialled.secured
        return connection

    async def _dial(self) -> tuple[Connection, Dialled]:
        dialled = await self._dialling.dial(self._limits.connect_s)
        connection = Connection(dialled.sock, dialled.layer, self._stamps, self._queue)
        self._lookout.watch(connection.sock, connection.look)
        return connection, dialled

    def _let_go(self, call: "_Call") -> None:
        """Keeps the connection for another request, if it is fit for one."""
        call.stop_lingering()
        connection = call.connection
        if connection is None:
            return
        del self._busy[connection]
        keeps = self._limits.keep_alive and call.listening.can_go_on
        if keeps and connection.is_fit():
            self._spare.append(connection)
        else:
            self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        self._lookout.forget(connection.sock)
        connection.close()

    def close(self) -> None:
        """Ends all connections; what is still in flight is lost."""
        for connection in (*self._spare, *self._busy):
            self._drop(connection)
        self._spare.clear()
        for planned in (self._sweeper, self._soon):
            if planned is not None:
                planned.cancel()
        self._lookout.close()

    # --- understanding what came ----------------------------------------------------------------

    def _queue(self, connection: Connection) -> None:
        if connection.over is not None:
            self._lookout.forget(connection.sock)  # or its end would wake us for ever
            if connection in self._spare:
                self._spare.remove(connection)
                connection.close()
        self._to_read.append(connection)

    def _understand(self) -> None:
        """Reads what came, for a moment; the rest after another look."""
        until = perf_counter() + _SLICE_S
        while self._to_read:
            call = self._busy.get(self._to_read.popleft())
            if call is not None:
                call.hear()
            if self._to_read and self._soon is None and perf_counter() > until:
                self._soon = asyncio.get_running_loop().call_soon(self._go_on)
                return

    def _go_on(self) -> None:
        self._soon = None
        self._lookout.look()
        self._understand()

    def _hear_what_is_left(self, call: "_Call") -> None:
        self._lookout.look()
        call.hear()

    # --- silence --------------------------------------------------------------------------------

    def _sweep_regularly(self) -> None:
        if self._sweeper is None:
            every_s = min(1.0, self._limits.idle_s / _SWEEPS)
            self._sweeper = asyncio.get_running_loop().call_later(every_s, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        too_old = perf_counter() - self._limits.idle_s
        for connection, call in self._busy.items():
            if connection.heard_at < too_old and not connection.pieces:
                call.give_up(f"silent for {self._limits.idle_s:g} s")
        if self._busy:
            self._sweep_regularly()


class _Call:
    """A request on its way."""

    def __init__(self, listening: Listening) -> None:
        self.listening = listening
        self.connection: Connection | None = None
        self.settled = asyncio.Event()
        self._lingering: asyncio.TimerHandle | None = None

    def hear(self) -> None:
        """Understands what its connection holds."""
        if self.connection is not None:
            self.listening.take_from(self.connection)
        if self.listening.outcome is not None:
            self.settled.set()
        elif self.listening.said_all and self._lingering is None:
            loop = asyncio.get_running_loop()
            self._lingering = loop.call_later(_LINGER_S, self.give_up, "the response has no end")

    def give_up(self, why: str) -> None:
        self.listening.break_off("timed out", why)
        self.settled.set()

    def stop_lingering(self) -> None:
        if self._lingering is not None:
            self._lingering.cancel()


def _request_head(place: Endpoint, *, keep_alive: bool) -> bytes:
    """The request up to the value of `Content-Length`."""
    parts = urlsplit(place.chat)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    fields = {
        "Host": parts.netloc.rpartition("@")[2],
        **place.headers,
        "Connection": "keep-alive" if keep_alive else "close",
    }
    lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\nContent-Length: ").encode("latin-1")
