"""Puts a load on one candidate for a while: due times in, timings out.

Before the first block a candidate is asked alone until two requests take the same time: what is
slow once is over then. A block begins with the load being put on, which is not counted: the streams
of a closed loop begin one after another over the time that one request alone took, and an open loop
has so much time to fill the server. Then requests count until there are enough, or time is up;
those in flight at the end are waited for. Whether the load was steady from then on is judged, not
arranged: to leave out what looks unsteady would leave out what users met.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import Final

from visavis.candidates.wire_format import SPARED
from visavis.core.errors import VisavisError
from visavis.core.outcome import Reply
from visavis.core.prompt import Prompt
from visavis.measure.load.arrivals import Arrival, AtOnce, Shape
from visavis.measure.load.block import WARM_UP, Block
from visavis.measure.load.crew import Crew
from visavis.measure.load.driver import Driver
from visavis.measure.load.means import Hand, How, Means
from visavis.measure.stopping import until_stopped
from visavis.measure.timings import Timing
from visavis.measure.wire.client import undisturbed

SETTLED: Final = 0.10
"""Warmed up is a candidate of which two requests took the same time, but for so much."""
MOST_WARM_UPS: Final = 6
_SHORT: Final = Arrival(0.0, prompt_tokens=16, output_tokens=8)
"""The first request of all: it may be turned down for a field, and be slow."""


async def warm_up(hand: Hand, how: How, means: Means) -> Block | None:
    """Requests one at a time until two in a row take the same time. Afterwards the fields that the
    server does not take are known, and how it counts tokens. None where broken off."""
    driver, began = Driver(hand, await hand.wire(), how, means), perf_counter()
    means.watcher.begins(hand.candidate.name, WARM_UP, 0)
    await until_stopped(asyncio.create_task(_until_settled(driver)), means.stop)
    if means.stop.is_set() or means.purse.empty:
        driver.forget("the warm-up was broken off")
        return None
    return Block(
        load=WARM_UP,
        number=0,
        candidate=hand.candidate.name,
        open_loop=False,
        began=began,
        counted_from=began,
        until=perf_counter(),
        requests=tuple(driver.requests),
    )


async def _until_settled(driver: Driver) -> None:
    took: list[float] = []
    if await _answer(driver, driver.prompt(_SHORT)) is None:
        return
    while len(took) < MOST_WARM_UPS and not _settled(took):
        timing = await _answer(driver, driver.prompt())
        if timing is None:
            return
        took.append(timing.end - timing.due)
        driver.hand.alone_s = min(took[-2:])


async def _answer(driver: Driver, prompt: Prompt) -> Timing | None:
    """A reply to one request alone, asked again for each field that is turned down; None where
    there is no money for it."""
    fields_left = len(SPARED)
    while (timing := await driver.ask(prompt, perf_counter(), counted=False)) is not None:
        if isinstance(timing.outcome, Reply):
            if timing.outcome.usage is not None:
                driver.hand.prompts.learn(prompt, timing.outcome.usage.input_tokens)
            return timing
        if timing.refused is None or not fields_left:
            raise VisavisError(
                f"{driver.hand.candidate.name!r} did not answer one request alone: "
                f"{timing.outcome.kind}, {timing.outcome.detail}"
            )
        fields_left -= 1
    return None


def _settled(took: Sequence[float]) -> bool:
    return len(took) > 1 and abs(took[-1] - took[-2]) <= SETTLED * max(took[-2:])


async def drive(hand: Hand, shape: Shape, number: int, how: How, means: Means) -> Block | None:
    """One block of load; None where it was broken off, by the user or by the budget."""
    if means.stop.is_set():
        return None
    how = replace(how, seed=1_000 * how.seed + number)
    means.watcher.begins(hand.candidate.name, shape.name, number)
    driver = await _driven(hand, shape, how, means)
    if driver.span is None or means.purse.empty:
        driver.forget("its block was broken off")
        return None
    return Block(
        load=shape.name,
        number=number,
        candidate=hand.candidate.name,
        open_loop=not isinstance(shape, AtOnce),
        began=driver.span.began,
        counted_from=driver.span.counted_from,
        until=driver.span.until,
        requests=tuple(driver.requests),
    )


async def _driven(hand: Hand, shape: Shape, how: How, means: Means) -> Driver | Crew:
    """Whoever has put on the load."""
    wire = await hand.wire()
    if how.processes > 1:
        crew = Crew(hand, wire, how, means)
        await crew.put(shape)
        return crew
    driver = Driver(hand, wire, how, means)
    with undisturbed():
        await until_stopped(asyncio.create_task(driver.put(shape)), means.stop)
    return driver
