"""What is measured beside a load: kept with its blocks, or unknown with the reason."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from random import Random
from time import perf_counter
from types import SimpleNamespace

import pytest

from tests.candidates.tiny_gguf import write_tiny_model
from tests.measure.load.things import block, new_store, served, timing
from tests.measure.test_energy import domain
from visavis.api.around import Surroundings
from visavis.api.speed import run_speed
from visavis.api.speed_beside import ENERGY, FACT, MEMORY, growth_left, keep_growth, watched
from visavis.api.speed_doors import Reach
from visavis.api.speed_request import prepare_speed
from visavis.candidates.grammar import parse
from visavis.core.candidate import Candidate, Fact, Unknown
from visavis.measure.energy import BlockEnergy
from visavis.measure.load.means import Hand
from visavis.measure.load.prompts import Prompts
from visavis.measure.load.store import LoadStore
from visavis.measure.memory_by_context import memory_by_context
from visavis.measure.memory_growth import ContextMemory
from visavis.measure.nvml import NO_DEVICE, Nvml
from visavis.measure.wire.client import Wire
from visavis.options import SpeedOptions
from visavis.report.speed.progress import SpeedProgress


async def nowhere() -> Wire:
    raise AssertionError("nothing is asked here")


def reach(candidate: Candidate) -> Reach:
    free = Unknown(because="free")
    prompts = Prompts(Random(0))
    return Reach(hand=Hand(candidate=candidate, wire=nowhere, prompts=prompts, price=free))


@contextmanager
def listening() -> Iterator[int]:
    """A port of this very process."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def kept(
    store: LoadStore, candidate: Candidate, powercap: Path, nvidia: "Nvml | Unknown"
) -> None:
    """One block, a second long, while counters are looked at."""
    async with watched([reach(candidate)], store, powercap=powercap, nvidia=lambda: nvidia):
        began = perf_counter()
        (powercap / "intel-rapl:0" / "energy_uj").write_text("9000000")
        await asyncio.sleep(0.6)
        ended = timing(began, 0.1, gap_s=0.01)
        span = (began, perf_counter())
        store.add(block([ended], candidate=candidate.name, number=1, span=span))


async def test_a_block_has_its_energy_and_what_is_not_there_is_unknown(tmp_path: Path) -> None:
    domain(tmp_path / "cap", "intel-rapl:0", "package-0")
    here = served("http://127.0.0.1:1/v1", "a")
    with new_store(tmp_path / "run", [here], "at once 2") as store:
        store.add(block([timing(0.0, 0.1)], candidate="a"))  # of an earlier session
        await kept(store, here, tmp_path / "cap", Unknown(because=NO_DEVICE))
        ((name, energy),) = store.beside(ENERGY, BlockEnergy)
        assert (name, energy.load, energy.number, energy.idle_w) == ("a", "at once 2", 1, 0.0)
        assert energy.joules > 0
        ((_, fact),) = store.beside(FACT, Fact)
        assert fact.value == Unknown(because=NO_DEVICE)


class Driver:
    """NVIDIA's library, of one device that two processes use."""

    class NVMLError(Exception):
        pass

    def __init__(self, pid: int) -> None:
        self.held = [300, 200]
        self.pid = pid

    def nvmlDeviceGetComputeRunningProcesses(self, _: object) -> list[object]:  # noqa: N802  # NVIDIA's
        held = self.held.pop(0) if len(self.held) > 1 else self.held[0]
        return [SimpleNamespace(pid=self.pid, usedGpuMemory=held)]

    def nvmlDeviceGetGraphicsRunningProcesses(self, _: object) -> list[object]:  # noqa: N802
        return []

    def nvmlDeviceGetTotalEnergyConsumption(self, _: object) -> int:  # noqa: N802
        raise self.NVMLError("Not Supported")

    def nvmlShutdown(self) -> None:  # noqa: N802
        self.held = [0]


async def test_the_peak_of_a_servers_device_memory_is_kept(tmp_path: Path) -> None:
    domain(tmp_path / "cap", "intel-rapl:0", "package-0")
    driver = Driver(os.getpid())
    nvml = Nvml(library=driver, devices=(object(),), names=("Fake RTX",))
    with listening() as port:
        here = served(f"http://127.0.0.1:{port}/v1", "a")
        with new_store(tmp_path / "run", [here], "at once 2") as store:
            await kept(store, here, tmp_path / "cap", nvml)
            facts = [fact for _, fact in store.beside(FACT, Fact)]
    assert [fact.value for fact in facts if fact.name == "device_peak_bytes"] == [300.0]
    (lacking,) = [fact.value for fact in facts if fact.name != "device_peak_bytes"]
    assert lacking == Unknown(because="the NVIDIA device counts no energy: Not Supported")
    assert driver.held == [0]  # it was closed


async def test_a_hosted_candidate_takes_nothing_of_this_machine(tmp_path: Path) -> None:
    hosted = parse("gpt-4o", home=tmp_path, environ={})
    with new_store(tmp_path / "run", [hosted], "at once 2") as store:
        async with watched([reach(hosted)], store):
            pass
        assert store.beside(FACT, Fact) == []


async def test_memory_by_context_is_measured_once(tmp_path: Path) -> None:
    file = write_tiny_model(tmp_path / "tiny.gguf", context=1024)
    tiny = parse(str(file), home=tmp_path, environ={})
    notes: list[str] = []
    with new_store(tmp_path / "run", [tiny], "at once 1") as store:
        for _ in range(2):
            await keep_growth([tiny], store, notes.append, asyncio.Event(), None)
        assert [point.tokens for _, point in store.beside(MEMORY, ContextMemory)] == [1024]
    assert len([note for note in notes if note.startswith("'tiny': memory at 1,024")]) == 1


async def test_memory_by_context_that_was_cut_off_goes_on_with_the_lengths_left(
    tmp_path: Path,
) -> None:
    file = write_tiny_model(tmp_path / "tiny.gguf", context=2048)
    tiny = parse(str(file), home=tmp_path, environ={})
    stop, notes = asyncio.Event(), list[str]()
    stop.set()
    with new_store(tmp_path / "run", [tiny], "at once 1") as store:
        assert growth_left([tiny], store) == [(tiny, (1024, 2048))]
        await keep_growth([tiny], store, notes.append, stop, None)
        assert notes == []
        first = [one async for one in memory_by_context(tiny, [1024])]
        store.add_beside("tiny", MEMORY, first[0])
        assert growth_left([tiny], store) == [(tiny, (2048,))]
        await keep_growth([tiny], store, notes.append, asyncio.Event(), None)
        assert notes == ["'tiny': memory at 2,048 tokens"]
        assert growth_left([tiny], store) == []


async def test_a_file_that_cannot_be_loaded_is_told_and_ends_nothing(tmp_path: Path) -> None:
    file = write_tiny_model(tmp_path / "tiny.gguf", context=1024)
    tiny = parse(str(file), home=tmp_path, environ={})
    file.write_bytes(file.read_bytes()[:400])
    notes: list[str] = []
    with new_store(tmp_path / "run", [tiny], "at once 1") as store:
        await keep_growth([tiny], store, notes.append, asyncio.Event(), None)
    assert "is not known in full" in notes[-1]


def test_a_speed_run_shows_what_stood_beside_it(tmp_path: Path) -> None:
    file = str(write_tiny_model(tmp_path / "a.gguf", context=1024))
    options = SpeedOptions(
        concurrency=("1",), tokens=8, prompt_tokens=64, requests=2, blocks=2, memory=True
    )
    around = Surroundings(home=tmp_path / "home", environ={})
    screen = SpeedProgress(StringIO())
    request = prepare_speed([file], options, around, screen)
    seen = run_speed(request, tmp_path / "run", screen)
    assert seen.ended == "finished"
    assert [one.tokens for one in seen.figures.beside.memory["a"]] == [1024]
    told = "\n".join(f"{item.label}: {item.value}" for item in seen.view.items)
    assert "memory by context, a" in told
    assert "peak device memory" in told
    assert pytest.approx(seen.figures.beside.memory["a"][0].filled_tokens, rel=0.2) == 1024
