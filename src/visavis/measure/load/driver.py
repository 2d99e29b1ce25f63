"""Sends what is due when it is due, and keeps what comes. Nothing is asked twice, none dropped."""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import islice
from math import fsum
from random import Random
from time import perf_counter
from typing import Final, NamedTuple

from visavis.core.outcome import Failure
from visavis.core.prompt import Prompt
from visavis.core.tell import tell
from visavis.measure.load.arrivals import Arrival, AtOnce, Rate, Shape, Trace, arrivals, at_once
from visavis.measure.load.block import Request
from visavis.measure.load.means import Hand, How, Means, Quota
from visavis.measure.timings import Timing
from visavis.measure.wire.client import Wire

REST_S: Final = 1.0
"""After a failure a stream rests, or a server that turns it down would be asked without end."""
_FREE_OF_CHARGE: Final = frozenset({"rejected", "overloaded"})
_ANY: Final = Arrival(0.0)


class Span(NamedTuple):
    """The instants of a block."""

    began: float
    counted_from: float
    until: float


class Share:
    """What of a load is put on here: all of it. `load.crew` has shares of several processes."""

    number = 0
    of = 1

    def __init__(self) -> None:
        self._mine = 0

    def count(self) -> None:
        """One more request that counts was sent."""
        self._mine += 1

    @property
    def counted(self) -> int:
        """Of all shares together."""
        return self._mine

    async def begin(self) -> float:
        """The instant at which the load begins; everybody is ready then."""
        return perf_counter()


class Driver:
    """One candidate under one load, or a share of it, for a while."""

    def __init__(
        self, hand: Hand, wire: Wire, how: How, means: Means, share: Share | None = None
    ) -> None:
        self.hand = hand
        self.means = means
        self.requests: list[Request] = []
        self.span: Span | None = None
        """Known once all has ended."""
        self._wire = wire
        self._how = how
        self._stock: deque[Prompt] = deque()
        """Made ahead: a long prompt takes longer to make than to send."""
        self._in_flight = 0
        self._share = share or Share()
        self._until: float | None = None

    def prompt(self, arrival: Arrival = _ANY) -> Prompt:
        return self.hand.prompts.prompt(
            arrival.prompt_tokens or self._how.prompt_tokens,
            arrival.output_tokens or self._how.output_tokens,
        )

    async def ask(self, prompt: Prompt, due: float, *, counted: bool) -> Timing | None:
        """One request, now; None where there is no money left for it."""
        hand, timing = self.hand, None
        worst_usd = hand.worst_usd(prompt)
        if not self.means.purse.hold(worst_usd):
            return None
        if counted:
            self._share.count()
        self._in_flight += 1
        self.means.watcher.sends()
        try:
            timing = await self._wire.send(prompt, due=due)
        finally:
            self._in_flight -= 1
            usd = self._settle(timing, worst_usd)
        self.means.watcher.ends(timing)
        self.requests.append(Request(timing=timing, counted=counted, usd=usd))
        return timing

    def _settle(self, timing: Timing | None, worst_usd: float) -> float | None:
        """What it cost; None where nobody can know, and then the worst is counted."""
        usd = self.hand.usd(timing)
        outcome = None if timing is None else timing.outcome
        free = isinstance(outcome, Failure) and outcome.kind in _FREE_OF_CHARGE
        doubtful_usd = 0.0 if free or usd is not None else worst_usd
        self.means.purse.pay(worst_usd, usd or doubtful_usd)
        if doubtful_usd:
            self.means.charge(self.hand.candidate.name, doubtful_usd, "no price came back")
        return usd

    def forget(self, because: str) -> None:
        """Of a block that is not kept, what it cost is."""
        usd = fsum(request.usd or 0.0 for request in self.requests)
        if usd:
            self.means.charge(self.hand.candidate.name, usd, because)

    async def put(self, shape: Shape) -> None:
        """The load, until the quota is reached and all have ended."""
        if isinstance(shape, AtOnce):
            self.span = await self._streams(shape.streams)
        else:
            self.span = await self._arrivals(shape)

    # --- closed loop ----------------------------------------------------------------------------

    async def _streams(self, streams: int) -> Span:
        begins = list(at_once(streams, self.hand.alone_s))
        mine = begins[self._share.number :: self._share.of]
        await self._wire.connect(len(mine))
        self._stock.extend(self.prompt() for _ in mine)
        began = await self._share.begin()
        counted_from = began + begins[-1]
        more = partial(self._more, counted_from=counted_from, quota=self._how.quota, least=streams)
        async with asyncio.TaskGroup() as group:
            for at in mine:
                group.create_task(self._stream(began + at, more, alone=streams == 1))
        return Span(began, counted_from, self._until or perf_counter())

    async def _stream(self, due: float, more: Callable[[float], bool], *, alone: bool) -> None:
        """Asks again as soon as it is answered. Its first request puts the load on."""
        await _wait_until(due)
        counted = alone
        while not counted or more(due):
            prompt = self._stock.popleft() if self._stock else self.prompt()
            asyncio.get_running_loop().call_soon(self._stock_up)  # once this one is sent
            timing = await self.ask(prompt, due, counted=counted)
            if timing is None:
                return
            due, counted = timing.end, True
            if isinstance(timing.outcome, Failure):
                due = perf_counter() + max(REST_S, timing.outcome.again_after_s or 0.0)
                await _wait_until(due)

    def _stock_up(self) -> None:
        self._stock.append(self.prompt())

    # --- open loop ------------------------------------------------------------------------------

    async def _arrivals(self, shape: Rate | Trace) -> Span:
        """Sends whatever is due when it is due, whatever became of the others."""
        quota = Quota() if isinstance(shape, Trace) else self._how.quota
        fills_s = 0.0 if isinstance(shape, Trace) else self.hand.alone_s
        due_for_all = arrivals(shape, fills_s + quota.seconds, Random(self._how.seed))
        began = await self._share.begin()
        more = partial(self._more, counted_from=began + fills_s, quota=quota, least=1)
        async with asyncio.TaskGroup() as group:
            for arrival in islice(due_for_all, self._share.number, None, self._share.of):
                due, prompt = began + arrival.due_s, self.prompt(arrival)
                counted = arrival.due_s >= fills_s
                if counted and not more(due):
                    break
                await _wait_until(due)
                if self._has_enough():
                    break
                group.create_task(self.ask(prompt, due, counted=counted))
        return Span(began, began + fills_s, self._until or perf_counter())

    def _has_enough(self) -> bool:
        """There is no money left, or far too much is in flight."""
        most = self._how.most_in_flight // self._share.of
        if self._in_flight >= most:
            self._until = perf_counter()
            self.means.note(
                tell(
                    "{name!r} has {most:,} requests to answer; no more are sent to it under this "
                    "load",
                    name=self.hand.candidate.name,
                    most=most,
                )
            )
        return self.means.purse.empty or self._in_flight >= most

    # --- until when -----------------------------------------------------------------------------

    def _more(self, now: float, *, counted_from: float, quota: Quota, least: int) -> bool:
        """Whether another request is to count."""
        if self._until is None and not self._wanted(now, counted_from, quota, least):
            self._until = now
        return self._until is None

    def _wanted(self, now: float, counted_from: float, quota: Quota, least: int) -> bool:
        """There are too few yet, and time is left; or not even `least`."""
        counted = self._share.counted
        if quota.requests and counted >= quota.requests:
            return False
        return not quota.seconds or now < counted_from + quota.seconds or counted < least


async def _wait_until(due: float) -> None:
    """Lets others work in any case: when we are late, what is due is to be sent nonetheless."""
    await asyncio.sleep(max(0.0, due - perf_counter()))
