"""What a speed run measures, block by block, and which block comes next. Pure: nothing is sent.

Candidates take turns, A B, B A, A B …, so that a slow minute falls on all alike; at once, two that
compute on this machine, or come by one network, would measure each other. Blocks that are kept
already are passed over: that is all that going on with a run that was cut off takes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from statistics import fmean
from typing import Final, NamedTuple

from visavis.measure.load.arrivals import AtOnce, Shape, Trace
from visavis.measure.load.block import WARM_UP, Block
from visavis.measure.load.means import How

SATURATED: Final = 0.10
"""Doubling the streams of a sweep has to raise the throughput of some candidate by so much."""
MOST_BLOCKS: Final = 10
"""Times the blocks that were asked for, at most, where an interval is to become narrow."""

Enough = Callable[[Sequence[Block]], bool]
"""Whether these blocks of a load will do."""


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
    processes: int = 1
    """Among which every load is dealt out."""
    most_processes: int = 1
    """Instead, of loads of which one process cannot vouch for its figures; cores are free for so
    many."""

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


class Step(NamedTuple):
    """A block that is to be measured."""

    shape: Shape
    """Of a trace: the part of it."""
    number: int
    candidate: str


class Course:
    """The blocks of a run: those that are there, and the next."""

    def __init__(
        self,
        plan: LoadPlan,
        candidates: Sequence[str],
        kept: Iterable[Block] = (),
        enough: Enough | None = None,
    ) -> None:
        """Where `enough` is given, blocks are added to a load until it says so."""
        self._plan = plan
        self._candidates = tuple(candidates)
        self._enough = enough
        self._kept: dict[tuple[str, int, str], Block] = {}
        for block in kept:
            self.add(block)
        self._loads = plan.loads(self.throughput)
        self._shape = next(self._loads, None)

    @property
    def begun(self) -> int:
        """Blocks that are there."""
        return len(self._kept)

    def add(self, block: Block) -> None:
        """This one was measured."""
        if block.load != WARM_UP:
            self._kept[block.load, block.number, block.candidate] = block

    def next_step(self) -> Step | None:
        """The next block that is missing; None where all is there."""
        while self._shape is not None:
            step = self._missing(self._shape)
            if step is not None:
                return step
            self._shape = next(self._loads, None)
        return None

    def throughput(self, load: str) -> Mapping[str, float]:
        """Tokens a second by candidate; replies a second where a server counts no tokens."""
        found: dict[str, list[float]] = {}
        for block in self._of(load):
            size = block.throughput_tokens_per_s or block.requests_per_s
            found.setdefault(block.candidate, []).append(size)
        return {name: fmean(sizes) for name, sizes in found.items()}

    def _missing(self, shape: Shape) -> Step | None:
        """Of one load: of the first turn that is not whole, whoever comes first."""
        for number in count():
            turn = self._candidates if number % 2 == 0 else self._candidates[::-1]
            left = [name for name in turn if (shape.name, number, name) not in self._kept]
            if len(left) == len(turn) and self._is_done(shape, number):
                return None
            if left:
                part = cut(shape, number, self._plan.blocks) if isinstance(shape, Trace) else shape
                return Step(part, number, left[0])
        return None  # pragma: no cover  # numbers have no end

    def _is_done(self, shape: Shape, blocks: int) -> bool:
        if blocks < self._plan.blocks:
            return False
        if self._enough is None or isinstance(shape, Trace):
            return True
        return blocks >= MOST_BLOCKS * self._plan.blocks or self._enough(self._of(shape.name))

    def _of(self, load: str) -> list[Block]:
        return [block for block in self._kept.values() if block.load == load]


def cut(trace: Trace, number: int, blocks: int) -> Trace:
    """One of so many parts of equal time, each as a load of its own that begins at 0."""
    each_s = trace.arrivals[-1].due_s / blocks or 1.0
    part = (a for a in trace.arrivals if min(int(a.due_s / each_s), blocks - 1) == number)
    begin_s = number * each_s
    return replace(trace, arrivals=tuple(a._replace(due_s=a.due_s - begin_s) for a in part))
