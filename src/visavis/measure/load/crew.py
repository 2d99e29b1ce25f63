"""A load that one process cannot put on: several children of ours, each with a part of it.

Requests are dealt out in turn: of a closed loop its streams, of an open one what is due. All begin
at one instant of the monotonic clock, which processes share; how many requests count so far is read
from memory that they share, so that a quota holds for all together. A child gets its part through
its standard input and tells what came when it has ended: meanwhile whoever looks on sees nothing
of it. It ends early where its input ends, as it does when we are killed.

The children have what is left of the budget in equal parts.
"""

import asyncio
import pickle
import struct
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import fsum
from mmap import mmap
from pathlib import Path
from random import Random, SystemRandom
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from visavis.core.candidate import Candidate, Unknown
from visavis.core.errors import VisavisError
from visavis.measure.load.arrivals import AtOnce, Shape
from visavis.measure.load.block import Request
from visavis.measure.load.driver import Share, Span
from visavis.measure.load.means import Hand, How, Means
from visavis.measure.load.prompts import Prompts
from visavis.measure.plan import Price
from visavis.measure.wire.client import Way, Wire

READY: Final = b"ready\n"
_HEAD_START_S: Final = 0.05
"""From when all are ready to when all begin: so long the news may be on its way."""
_BYTES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a child is told. Holds the key: it goes through a pipe, and is shown nowhere."""

    way: Way
    spared: frozenset[str]
    """Fields that the server was found not to take."""
    candidate: Candidate
    prompts: Prompts
    price: Price | Unknown
    alone_s: float
    shape: Shape
    how: How
    usd: float
    """What this child may spend."""
    tally: Path
    number: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a child tells in the end."""

    requests: tuple[Request, ...]
    span: Span | None
    """None where it was broken off."""
    empty: bool
    """It had no money left."""
    notes: tuple[str, ...]
    charges: tuple[tuple[str, float, str], ...]


class Tally(Share):
    """One of several shares of a load, and how many requests count in all of them."""

    def __init__(self, file: Path, number: int, of: int) -> None:
        super().__init__()
        self.number = number
        self.of = of
        with file.open("r+b") as opened:
            self._shared = mmap(opened.fileno(), _BYTES * of)

    @staticmethod
    def lay(file: Path, of: int) -> None:
        """The file, before anyone counts."""
        file.write_bytes(bytes(_BYTES * of))

    def count(self) -> None:
        super().count()
        struct.pack_into("q", self._shared, _BYTES * self.number, self._mine)

    @property
    def counted(self) -> int:
        return int(sum(struct.unpack_from(f"{self.of}q", self._shared)))


class Crew:
    """One candidate under one load for a while, as a `Driver`, by several processes."""

    def __init__(self, hand: Hand, wire: Wire, how: How, means: Means) -> None:
        self.hand = hand
        self.means = means
        self.requests: list[Request] = []
        self.span: Span | None = None
        self._wire = wire
        self._how = how

    async def put(self, shape: Shape) -> None:
        """The load, until the quota is reached and all have ended; told to stop, its children end
        as one process does."""
        with TemporaryDirectory(prefix="visavis-load-") as folder:
            jobs = self._jobs(shape, Path(folder) / "tally")
            async with _started(jobs) as children:
                stopping = asyncio.create_task(self._pass_on_stop(children))
                try:
                    told = await _told_by(children)
                finally:
                    stopping.cancel()
        for one in told:
            self._take(one)
        spans = [one.span for one in told if one.span is not None]
        if len(spans) == len(told):
            self.span = spans[0]._replace(until=max(span.until for span in spans))

    def forget(self, because: str) -> None:
        """Of a block that is not kept, what it cost is."""
        usd = fsum(request.usd or 0.0 for request in self.requests)
        if usd:
            self.means.charge(self.hand.candidate.name, usd, because)

    def _jobs(self, shape: Shape, tally: Path) -> list[Job]:
        hand, how, purse = self.hand, self._how, self.means.purse
        of = min(how.processes, shape.streams) if isinstance(shape, AtOnce) else how.processes
        Tally.lay(tally, of)
        return [
            Job(
                way=self._wire.way,
                spared=self._wire.spared,
                candidate=hand.candidate,
                prompts=hand.prompts.twin(Random(SystemRandom().getrandbits(64))),
                price=hand.price,
                alone_s=hand.alone_s,
                shape=shape,
                how=how,
                usd=(purse.limit_usd - purse.spent_usd) / of,
                tally=tally,
                number=number,
                of=of,
            )
            for number in range(of)
        ]

    async def _pass_on_stop(self, children: Sequence[asyncio.subprocess.Process]) -> None:
        await self.means.stop.wait()
        for child in children:
            _input_of(child).close()

    def _take(self, told: Told) -> None:
        purse, watcher = self.means.purse, self.means.watcher
        for request in told.requests:
            watcher.sends()
            watcher.ends(request.timing)
            purse.pay(0.0, request.usd or 0.0)
        for name, usd, because in told.charges:
            purse.pay(0.0, usd)
            self.means.charge(name, usd, because)
        for text in told.notes:
            self.means.note(text)
        purse.empty = purse.empty or told.empty
        self.requests += told.requests


@asynccontextmanager
async def _started(jobs: Sequence[Job]) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    """A child for each job; none of them outlives this."""
    children: list[asyncio.subprocess.Process] = []
    try:
        for job in jobs:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "visavis.measure.load.child"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            children.append(child)
            _input_of(child).write(pickle.dumps(job))
        yield children
    finally:
        for child in children:
            if child.returncode is None:
                child.kill()
            _input_of(child).close()
            await child.wait()


async def _told_by(children: Sequence[asyncio.subprocess.Process]) -> list[Told]:
    """All begin when all are ready; what each of them tells in the end."""
    outputs = [child.stdout for child in children if child.stdout is not None]
    for output, line in zip(
        outputs, await asyncio.gather(*(output.readline() for output in outputs)), strict=True
    ):
        if line != READY:
            _understood(line + await output.read())
    began = perf_counter() + _HEAD_START_S
    for child in children:
        _input_of(child).write(f"{began!r}\n".encode())
    return [*map(_understood, await asyncio.gather(*(output.read() for output in outputs)))]


def _understood(content: bytes) -> Told:
    """What a child told in the end; raises what went wrong there."""
    try:
        told: Told | VisavisError = pickle.loads(content)  # by a child of ours
    except (EOFError, pickle.UnpicklingError):
        raise _lost() from None
    if isinstance(told, VisavisError):
        raise told
    return told


def _lost() -> VisavisError:
    return VisavisError(
        "a process that put on a part of the load ended before its end; go on with --processes 1"
    )


def _input_of(child: asyncio.subprocess.Process) -> asyncio.StreamWriter:
    assert child.stdin is not None
    return child.stdin
