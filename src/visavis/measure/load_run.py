"""A whole speed run: candidates warmed up, the instrument calibrated, loads in paired blocks."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Final, Literal

from visavis.measure.arrivals import AtOnce, Rate, Shape, Trace
from visavis.measure.calibrate import Delays, calibrate
from visavis.measure.load import drive, warm_up
from visavis.measure.load_block import CALIBRATION, Block
from visavis.measure.load_course import Course, Enough, LoadPlan
from visavis.measure.load_means import Hand, Means
from visavis.measure.load_store import LoadStore

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
    if await _prepare(plan, hands, means, store):
        while (step := course.next_step()) is not None:
            hand = by_name[step.candidate]
            block = await drive(hand, step.shape, step.number, plan.how, means)
            if block is None:
                break
            store.add(block)
            course.add(block)
        else:
            return "finished"
    return "stopped" if means.stop.is_set() else "budget spent"


async def _prepare(plan: LoadPlan, hands: Sequence[Hand], means: Means, store: LoadStore) -> bool:
    """Candidates are warm and the instrument's error is known; False where broken off."""
    for hand in hands:
        block: Block | None = await warm_up(hand, plan.how, means)
        if block is None:
            return False
        store.add(replace(block, number=store.warm_ups(hand.candidate.name)))
    if plan.calibrates:
        streams = streams_of(plan, max(hand.alone_s for hand in hands))
        means.watcher.begins("visavis", CALIBRATION, 0)
        store.add_calibration(await calibrate(streams, delays=CALIBRATED_ON))
    return True


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
    return max(bisect_left(due, at + seconds) - first for first, at in enumerate(due))
