"""Opens the wire to each candidate of a speed run, a local file's engine included."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from random import SystemRandom

from visavis.api.doors import seen
from visavis.api.speed_request import SpeedRequest
from visavis.candidates.llama_cpp import Llama, Served, open_llama
from visavis.candidates.llama_settings import own_server
from visavis.core.candidate import Candidate
from visavis.measure.load.means import Hand
from visavis.measure.load.prompts import Prompts
from visavis.measure.wire.client import Wire, open_wire

Way = Callable[[], Awaitable[Wire]]

OPEN_LOOP_SLOTS = 8
"""Requests that a local engine answers together where nobody knows how many there will be."""
MOST_SLOTS = 64
"""More wait in the engine, as in any server: the context of each takes memory."""
_ROOM = 1.25
"""Prompts and replies may be longer than asked by so much."""
_SLOT_TOKENS = 512


@dataclass(frozen=True, kw_only=True)
class Reach:
    """A candidate that can be put under load."""

    hand: Hand
    llama: Llama | None = None
    """The local engine, which knows its memory."""


@asynccontextmanager
async def reached(
    request: SpeedRequest, candidate: Candidate, note: Callable[[str], None]
) -> AsyncIterator[Reach]:
    """The way to one candidate, open as long as the context is."""
    async with AsyncExitStack() as open_:
        if candidate.route == "gguf":
            slots = min(request.most_at_once or OPEN_LOOP_SLOTS, MOST_SLOTS)
            tokens = max(_SLOT_TOKENS, round(_ROOM * request.longest_tokens))
            llama = await open_.enter_async_context(
                open_llama(
                    candidate,
                    at_once=slots,
                    note=note,
                    slot_tokens=tokens,
                    server=own_server(request.base.around.environ),
                )
            )
            engine = await open_.enter_async_context(_engine(llama, note))
            yield Reach(hand=_hand(request, candidate, engine.wire), llama=llama)
            return
        key = request.base.around.environ.get(candidate.key_name or "")
        candidate = await seen(candidate, key, note)
        wire = await open_.enter_async_context(
            open_wire(candidate, key=key, note=note, to_the_limit=True)
        )

        async def there() -> Wire:
            return wire

        yield Reach(hand=_hand(request, candidate, there))


def _hand(request: SpeedRequest, candidate: Candidate, wire: Way) -> Hand:
    prompts = Prompts(SystemRandom(), shared_tokens=request.options.shared)
    price = request.base.prices[candidate.name]
    return Hand(candidate=candidate, wire=wire, prompts=prompts, price=price)


class _Engine:
    """The wire to a local engine, which after a crash listens elsewhere, with another key."""

    def __init__(self, llama: Llama, note: Callable[[str], None], open_: AsyncExitStack) -> None:
        self._llama = llama
        self._note = note
        self._open = open_
        self._served: Served | None = None
        self._wire: Wire | None = None

    async def wire(self) -> Wire:
        served = await self._llama.served()
        if self._wire is None or served is not self._served:
            await self._open.aclose()
            way = open_wire(
                served.candidate,
                key=served.key,
                note=self._note,
                limits=served.limits,
                to_the_limit=True,
            )
            self._wire = await self._open.enter_async_context(way)
            self._served = served
        return self._wire


@asynccontextmanager
async def _engine(llama: Llama, note: Callable[[str], None]) -> AsyncIterator[_Engine]:
    async with AsyncExitStack() as open_:
        yield _Engine(llama, note, open_)
