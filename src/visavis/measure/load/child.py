"""A part of a load in a process of its own: `python -m visavis.measure.load.child`.

Its input is a job, the instant at which all begin, and then nothing: where the input ends, so does
the load. Its output is a line when it is ready, and in the end what came.
"""

import asyncio
import pickle
import signal
import sys
import threading
from typing import BinaryIO

from visavis.core.errors import VisavisError
from visavis.measure.load.crew import READY, Job, Tally, Told
from visavis.measure.load.driver import Driver
from visavis.measure.load.means import Hand, Means, Purse
from visavis.measure.stopping import until_stopped
from visavis.measure.timings import Timing
from visavis.measure.wire.client import Wire, open_wire, undisturbed


class _Unseen:
    """A watcher of whom nobody asks anything."""

    def begins(self, candidate: str, load: str, block: int) -> None: ...

    def sends(self) -> None: ...

    def ends(self, timing: Timing) -> None: ...


class _Parent:
    """The process that began this one."""

    def __init__(self, said: BinaryIO, out: BinaryIO, stop: asyncio.Event) -> None:
        self._out = out
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.create_future()
        threading.Thread(target=self._listen, args=(said, stop), daemon=True).start()

    async def begin(self) -> float:
        self._out.write(READY)
        self._out.flush()
        return float(await self._began)

    def _listen(self, said: BinaryIO, stop: asyncio.Event) -> None:
        line = said.readline()
        if line:
            self._loop.call_soon_threadsafe(self._began.set_result, line)
            said.read()
        self._loop.call_soon_threadsafe(stop.set)


class _Share(Tally):
    def __init__(self, job: Job, parent: _Parent) -> None:
        super().__init__(job.tally, job.number, job.of)
        self._parent = parent

    async def begin(self) -> float:
        return await self._parent.begin()


async def _put(job: Job, said: BinaryIO, out: BinaryIO) -> Told:
    notes: list[str] = []
    charges: list[tuple[str, float, str]] = []
    stop, purse = asyncio.Event(), Purse(job.usd)
    means = Means(
        purse=purse,
        watcher=_Unseen(),
        stop=stop,
        charge=lambda *charge: charges.append(charge),
        note=notes.append,
    )
    way = job.way
    async with open_wire(
        way.candidate,
        key=way.key,
        note=lambda _: None,  # the user was told when the first wire was opened
        limits=way.limits,
        to_the_limit=way.to_the_limit,
    ) as wire:
        wire.spared = job.spared

        async def there() -> Wire:
            return wire

        hand = Hand(candidate=job.candidate, wire=there, prompts=job.prompts, price=job.price)
        hand.alone_s = job.alone_s
        share = _Share(job, _Parent(said, out, stop))
        driver = Driver(hand, wire, job.how, means, share)
        with undisturbed():
            await until_stopped(asyncio.create_task(driver.put(job.shape)), stop)
    return Told(
        requests=tuple(driver.requests),
        span=driver.span,
        empty=purse.empty,
        notes=tuple(notes),
        charges=tuple(charges),
    )


def main(said: BinaryIO, out: BinaryIO) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # our parent has it, too, and tells us
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    job: Job = pickle.load(said)
    try:
        told: Told | VisavisError = asyncio.run(_put(job, said, out))
    except VisavisError as error:
        told = error
    out.write(pickle.dumps(told))
    out.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
