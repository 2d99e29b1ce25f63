"""What a speed run measures beside the load: energy, device memory, memory by context."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Lock
from time import perf_counter
from urllib.parse import urlsplit

import psutil

from visavis.api.speed_doors import Reach
from visavis.core.candidate import Candidate, Fact, Unknown
from visavis.core.errors import VisavisError
from visavis.core.tell import tell
from visavis.measure.energy import POWERCAP, BlockEnergy, Counter, Meter, energy_of, processor
from visavis.measure.load.block import WARM_UP, Block
from visavis.measure.load.store import LoadStore
from visavis.measure.memory_by_context import lengths_of, memory_by_context
from visavis.measure.memory_growth import ContextMemory
from visavis.measure.nvml import Nvml, open_nvml
from visavis.report.text import counted

ENERGY, FACT, MEMORY = "energy", "fact", "memory by context"
"""Kinds of what is kept."""
LOOK_EVERY_S = 0.5
IDLE_S = 3.0
"""For so long nothing is asked, to see what the machine takes then. Only where it counts energy."""
DEVICE_BYTES, JOULES = "device_peak_bytes", "joules_per_output_token"
_LISTENS_HERE = Unknown(because=tell("it cannot be seen which process serves it"))


class _Device:
    """The most device memory that one candidate's processes held."""

    def __init__(self, nvml: Nvml, reach: Reach) -> None:
        self._nvml = nvml
        self._reach = reach
        self._of: int | None = None
        self._pids: frozenset[int] = frozenset()
        self.peak: float | Unknown = _LISTENS_HERE

    def look(self) -> None:
        pid = self._reach.llama.pid if self._reach.llama else _listener(self._reach.hand.candidate)
        if pid is None:
            return
        if pid != self._of:
            self._of, self._pids = pid, _family(pid)
        held = self._nvml.used_bytes(self._pids)
        if isinstance(self.peak, Unknown):
            self.peak = held
        elif not isinstance(held, Unknown):
            self.peak = max(self.peak, held)


def _family(pid: int) -> frozenset[int]:
    """A process and those that it started: servers compute in workers."""
    try:
        children = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        children = []
    return frozenset([pid, *(child.pid for child in children)])


def _listener(candidate: Candidate) -> int | None:
    """The process on this machine that serves it, where that can be seen."""
    port = urlsplit(candidate.base_url or "").port
    try:
        found = psutil.net_connections(kind="tcp")
    except psutil.Error:
        return None
    listening = (one for one in found if one.status == psutil.CONN_LISTEN)
    return next((one.pid for one in listening if getattr(one.laddr, "port", None) == port), None)


def _counters(nvml: Nvml | Unknown, powercap: Path) -> Iterator[Counter | Unknown]:
    """The machine's counters of energy; each that is not there with the reason."""
    yield processor(powercap)
    if isinstance(nvml, Nvml):
        try:
            nvml.joules()
        except OSError as error:
            yield Unknown(because=str(error))
            return
        names = ", ".join(nvml.names)
        how = tell("NVML ({names}), of whole devices", names=names)
        yield Counter(of="nvidia", how=how, joules=nvml.joules)


class _Watch:
    """Looks at counters and devices while a run goes on, from a thread."""

    def __init__(self, reaches: Sequence[Reach], nvml: Nvml | Unknown, powercap: Path) -> None:
        found = list(_counters(nvml, powercap))
        self.meters = [Meter(one) for one in found if isinstance(one, Counter)]
        self._lacking = [one for one in found if isinstance(one, Unknown)]
        self.devices = {
            reach.hand.candidate.name: _Device(nvml, reach)
            for reach in reaches
            if isinstance(nvml, Nvml)
        }
        self.idle: tuple[float, float] = (0.0, 0.0)
        self._one_at_a_time = Lock()

    @property
    def lacking(self) -> list[Unknown]:
        """Counters that are not there, or could not be read to the end."""
        lost = (
            f"the counter could not be read to the end: {m.lost}" for m in self.meters if m.lost
        )
        return [*self._lacking, *(Unknown(because=because) for because in lost)]

    @property
    def has_eyes(self) -> bool:
        return bool(self.meters or self.devices)

    def look(self) -> None:
        with self._one_at_a_time:  # a look that was given up may still be at it
            for meter in self.meters:
                meter.look()
            for device in self.devices.values():
                device.look()

    async def rest(self) -> None:
        """What the machine takes while nothing is asked."""
        await asyncio.to_thread(self.look)
        begin = perf_counter()
        await asyncio.sleep(IDLE_S)
        self.idle = begin, perf_counter()
        await asyncio.to_thread(self.look)

    async def go_on(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await asyncio.to_thread(self.look)

    def energies(self, block: Block) -> Iterator[BlockEnergy]:
        """What a block took, by each counter."""
        span = block.began, max((r.timing.end for r in block.requests), default=block.until)
        begin, end = self.idle
        for meter in self.meters:
            idle = meter.between(begin, end)
            if idle is not None:
                found = energy_of(meter, block.load, block.number, span, idle / (end - begin))
                if found is not None:
                    yield found


@asynccontextmanager
async def watched(
    reaches: Sequence[Reach],
    store: LoadStore,
    *,
    powercap: Path = POWERCAP,
    nvidia: Callable[[], Nvml | Unknown] = open_nvml,
) -> AsyncIterator[None]:
    """While the context lasts, energy and device memory of this machine's candidates are looked
    at; then they are kept, or why they are unknown."""
    here = [reach for reach in reaches if reach.hand.candidate.kind == "local"]
    if not here:
        yield
        return
    nvml = await asyncio.to_thread(nvidia)
    try:
        watch = _Watch(here, nvml, powercap)
        earlier = {_key(block) for block in store.blocks()}
        if watch.meters:
            await watch.rest()
        going = asyncio.create_task(watch.go_on()) if watch.has_eyes else None
        try:
            yield
        finally:
            if going is not None:
                going.cancel()
                await asyncio.gather(going, return_exceptions=True)
                await asyncio.to_thread(watch.look)
            _keep(watch, here, nvml, earlier, store)
    finally:
        if isinstance(nvml, Nvml):
            nvml.close()


def _keep(
    watch: _Watch,
    here: Sequence[Reach],
    nvml: Nvml | Unknown,
    earlier: set[tuple[str, int, str]],
    store: LoadStore,
) -> None:
    names = [reach.hand.candidate.name for reach in here]
    for block in store.blocks():
        fresh = block.load != WARM_UP and _key(block) not in earlier
        if fresh and block.candidate in names:
            for energy in watch.energies(block):
                store.add_beside(block.candidate, ENERGY, energy)
    as_of = str(store.spec.machine.get("at", ""))[:10]
    for name in names:
        held = nvml if isinstance(nvml, Unknown) else watch.devices[name].peak
        source = "NVML, of its processes"
        fact = Fact(name=DEVICE_BYTES, value=held, source=source, as_of=as_of)
        store.add_beside(name, FACT, fact)
        for lacking in watch.lacking:
            fact = Fact(name=JOULES, value=lacking, source="", as_of=as_of)
            store.add_beside(name, FACT, fact)


def _key(block: Block) -> tuple[str, int, str]:
    return block.load, block.number, block.candidate


async def keep_growth(
    candidates: Sequence[Candidate],
    store: LoadStore,
    note: Callable[[str], None],
    stop: asyncio.Event,
    server: Path | None,
) -> None:
    """Memory of local files by context, kept length by length; what was kept before stays."""
    for candidate, lengths in growth_left(candidates, store):
        if stop.is_set():
            return
        note(f"{candidate.name!r}: memory at {', '.join(f'{counted(n)}' for n in lengths)} tokens")
        try:
            async for found in memory_by_context(candidate, lengths, server):
                store.add_beside(candidate.name, MEMORY, found)
                if stop.is_set():
                    return
        except VisavisError as error:
            note(f"memory by context of {candidate.name!r} is not known in full: {error}")


def growth_left(
    candidates: Sequence[Candidate], store: LoadStore
) -> list[tuple[Candidate, tuple[int, ...]]]:
    """Local files with the lengths of context at which their memory was not read yet."""
    kept = {(name, found.tokens) for name, found in store.beside(MEMORY, ContextMemory)}
    left = [
        (one, tuple(tokens for tokens in lengths_of(one) if (one.name, tokens) not in kept))
        for one in candidates
    ]
    return [(one, lengths) for one, lengths in left if lengths]
