"""A whole speed run: candidates warmed up, the instrument calibrated, loads in paired blocks.

Candidates take turns block by block, A B, B A, A B …, so that a slow minute falls on all alike; at
once, two that compute on this machine, or come by one network, would measure each other.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import ceil
from statistics import fmean
from typing import Final, Literal

from visavis.measure.arrivals import AtOnce, Rate, Shape, Trace
from visavis.measure.calibrate import Delays, calibrate
from visavis.measure.load import drive, warm_up
from visavis.measure.load_block import CALIBRATION, Block
from visavis.measure.load_means import Hand, How, Means
from visavis.measure.load_store import LoadStore

SATURATED: Final = 0.10
"""Doubling the streams of a sweep has to raise the throughput of some candidate by so much."""
CALIBRATED_ON: Final = Delays(first_s=0.05, gap_s=0.01, tokens=24)
"""Quick, since it is done before each run."""
MOST_BLOCKS: Final = 10
"""Times the blocks that were asked for, at most, where an interval is to become narrow."""
_CALIBRATED_UP_TO: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """What is to be measured."""

    shapes: tuple[Shape, ...]
    sweep_to: int = 0
    """Instead: 1, 2, 4 … streams until throughput rises no more, or so many."""
    blocks: int
    """Of each load and candidate."""
    how: How
    calibrates: bool = True
    """Measures the instrument first, at the run's own concurrency."""

    def loads(self, throughput: Callable[[str], Mapping[str, float]]) -> Iterator[Shape]:
        """The loads in order. `throughput` tells what one load brought of each candidate."""
        if not self.sweep_to:
            yield from self.shapes
            return
        best: dict[str, float] = {}
        shape = AtOnce(streams=1)
        while True:
            yield shape
            brought = throughput(shape.name)
            rises = [n > (1 + SATURATED) * best.get(name, 0.0) for name, n in brought.items()]
            best = {name: max(n, best.get(name, 0.0)) for name, n in brought.items()}
            shape = AtOnce(streams=2 * shape.streams)
            if not any(rises) or shape.streams > self.sweep_to:
                return


Ending = Literal["finished", "stopped", "budget spent"]


async def measure_load(
    plan: LoadPlan,
    hands: Sequence[Hand],
    means: Means,
    store: LoadStore,
    enough: Callable[[Sequence[Block]], bool] | None = None,
) -> Ending:
    """All that `plan` says, kept in `store` block by block.

    Where `enough` is given, blocks are added to a load until it says so.
    """
    run = _Run(plan, hands, means, store)
    if await run.prepare():
        for shape in plan.loads(run.throughput):
            if not await run.load(shape, enough):
                break
        else:
            return "finished"
    return "stopped" if means.stop.is_set() else "budget spent"


class _Run:
    def __init__(
        self, plan: LoadPlan, hands: Sequence[Hand], means: Means, store: LoadStore
    ) -> None:
        self._plan = plan
        self._hands = hands
        self._means = means
        self._store = store
        self._blocks: list[Block] = []

    async def prepare(self) -> bool:
        """Candidates are warm and the instrument's error is known; False where broken off."""
        for hand in self._hands:
            if not self._keep(await warm_up(hand, self._plan.how, self._means)):
                return False
        if self._plan.calibrates:
            streams = streams_of(self._plan, max(hand.alone_s for hand in self._hands))
            self._means.watcher.begins("visavis", CALIBRATION, 0)
            self._store.add_calibration(await calibrate(streams, delays=CALIBRATED_ON))
        return True

    async def load(self, shape: Shape, enough: Callable[[Sequence[Block]], bool] | None) -> bool:
        """One load in blocks; False where broken off."""
        for number in count():
            order = self._hands if number % 2 == 0 else self._hands[::-1]
            part = shape
            if isinstance(shape, Trace):
                part = cut(shape, number, self._plan.blocks)
            for hand in order:
                if not self._keep(await drive(hand, part, number, self._plan.how, self._means)):
                    return False
            if self._is_done(shape, number + 1, enough):
                break
        return True

    def _is_done(
        self, shape: Shape, blocks: int, enough: Callable[[Sequence[Block]], bool] | None
    ) -> bool:
        if blocks < self._plan.blocks:
            return False
        if enough is None or isinstance(shape, Trace):
            return True
        here = [block for block in self._blocks if block.load == shape.name]
        return blocks >= MOST_BLOCKS * self._plan.blocks or enough(here)

    def _keep(self, block: Block | None) -> bool:
        if block is None:
            return False
        self._store.add(block)
        self._blocks.append(block)
        return True

    def throughput(self, load: str) -> Mapping[str, float]:
        """Tokens a second by candidate; replies a second where a server counts no tokens."""
        found: dict[str, list[float]] = {}
        for block in self._blocks:
            if block.load == load:
                size = block.throughput_tokens_per_s or block.requests_per_s
                found.setdefault(block.candidate, []).append(size)
        return {name: fmean(sizes) for name, sizes in found.items()}


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


def cut(trace: Trace, number: int, blocks: int) -> Trace:
    """One of so many parts of equal time, each as a load of its own that begins at 0."""
    each_s = trace.arrivals[-1].due_s / blocks or 1.0
    part = (a for a in trace.arrivals if min(int(a.due_s / each_s), blocks - 1) == number)
    begin_s = number * each_s
    return replace(trace, arrivals=tuple(a._replace(due_s=a.due_s - begin_s) for a in part))
