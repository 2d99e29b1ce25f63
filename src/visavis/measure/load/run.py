"""A whole speed run: candidates warmed up, the instrument calibrated, loads in paired blocks."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Final, Literal, NamedTuple

from visavis.measure.calibrate import Delays, calibrate
from visavis.measure.load.arrivals import AtOnce, Rate, Shape, Trace
from visavis.measure.load.block import CALIBRATION
from visavis.measure.load.course import Course, Enough, LoadPlan
from visavis.measure.load.drive import drive, warm_up
from visavis.measure.load.means import Hand, Means
from visavis.measure.load.store import LoadStore

CALIBRATED_ON: Final = Delays(first_s=0.05, gap_s=0.01, tokens=24)
"""Quick, since it is done before each run."""
_CALIBRATED_UP_TO: Final = 1024

Ending = Literal["finished", "stopped", "budget spent"]


async def measure_load(
    plan: LoadPlan,
    hands: Sequence[Hand],
    means: Means,
    store: LoadStore,
    enough: Enough | None = None,
) -> Ending:
    """All that `plan` says and `store` does not hold yet, kept there block by block.

    Where `enough` is given, blocks are added to a load until it says so.
    """
    by_name = {hand.candidate.name: hand for hand in hands}
    course = Course(plan, tuple(by_name), store.blocks(), enough)
    first_tokens_s = await _warmed_up(plan, hands, means, store)
    if first_tokens_s is not None:
        alone_s = max(hand.alone_s for hand in hands)
        using = await _calibrated(plan, alone_s, min(first_tokens_s, default=None), means, store)
        while (step := course.next_step()) is not None:
            hand = by_name[step.candidate]
            how = replace(plan.how, processes=using.among(_streams(step.shape, alone_s)))
            block = await drive(hand, step.shape, step.number, how, means)
            if block is None:
                break
            store.add(block)
            course.add(block)
        else:
            return "finished"
    return "stopped" if means.stop.is_set() else "budget spent"


async def _warmed_up(
    plan: LoadPlan, hands: Sequence[Hand], means: Means, store: LoadStore
) -> list[float] | None:
    """Times to first token, one request at a time; None where broken off."""
    first_tokens_s: list[float] = []
    for hand in hands:
        block = await warm_up(hand, plan.how, means)
        if block is None:
            return None
        store.add(replace(block, number=store.warm_ups(hand.candidate.name)))
        timings = (request.timing for request in block.requests)
        first_tokens_s += [t.first_token_s for t in timings if t.first_token_s is not None]
    return first_tokens_s


class Dealt(NamedTuple):
    """Among how many processes loads are dealt out."""

    processes: int
    beyond: int = 0
    """Of more requests at once than these; the others are one's work."""

    def among(self, streams: int) -> int:
        return self.processes if streams > self.beyond else 1


def dealt(plan: LoadPlan, most: int, vouched: int) -> Dealt:
    """Where one process vouches for `vouched` requests at once, and there will be `most`."""
    if plan.processes > 1 or vouched >= most:
        return Dealt(plan.processes)
    needed = ceil(most / max(vouched, 1))
    return Dealt(min(plan.most_processes, needed), vouched)


async def _calibrated(
    plan: LoadPlan, alone_s: float, first_token_s: float | None, means: Means, store: LoadStore
) -> Dealt:
    """The instrument's error is known: of one process, and of several where one will not do."""
    if not plan.calibrates:
        return Dealt(plan.processes)
    means.watcher.begins("visavis", CALIBRATION, 0)
    streams = streams_of(plan, alone_s)
    found = await calibrate(streams, delays=CALIBRATED_ON, processes=plan.processes)
    vouched = found.vouched(first_token_s)
    using = dealt(plan, streams[-1], vouched)
    if plan.processes == 1 and vouched < streams[-1]:
        said = f"one process vouches for {vouched:,} requests at once on this machine"
        if using.processes > 1:
            beyond = [count for count in streams if count > vouched]
            further = await calibrate(beyond, delays=CALIBRATED_ON, processes=using.processes)
            within = (error for error in found.at if error.streams <= vouched)
            found = replace(further, at=(*within, *further.at))
            means.note(f"{said}: larger loads are dealt out among {using.processes}")
        else:
            means.note(f"{said}, and no core is free for another")
    store.add_calibration(found)
    return using


def streams_of(plan: LoadPlan, alone_s: float) -> tuple[int, ...]:
    """How many requests will be in flight at once, load by load: of open loops a guess, twice what
    Little's law says of a server that keeps up."""
    if plan.sweep_to:
        sizes = {1, plan.sweep_to, *(4**n for n in range(8) if 4**n < plan.sweep_to)}
    else:
        sizes = {_streams(shape, alone_s) for shape in plan.shapes}
    return tuple(sorted(min(size, _CALIBRATED_UP_TO) for size in sizes))


def _streams(shape: Shape, alone_s: float) -> int:
    match shape:
        case AtOnce():
            return shape.streams
        case Rate():
            return ceil(2 * alone_s * max(shape.per_s, shape.to_per_s or 0.0)) + 1
        case Trace():
            return 2 * _most_within(alone_s, [arrival.due_s for arrival in shape.arrivals])


def _most_within(seconds: float, due: Sequence[float]) -> int:
    """The most that are due within so many seconds."""
    return max((bisect_left(due, at + seconds) - first for first, at in enumerate(due)), default=0)
