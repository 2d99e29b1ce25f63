"""GGUF files run by a `llama-server` of the user's own."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from tests.candidates.own_llama_server import write_own_server
from tests.candidates.tiny_gguf import write_tiny_model
from visavis.candidates.llama_cpp import Llama, open_llama
from visavis.candidates.llama_settings import OWN_SERVER, leaves_unused, own_server
from visavis.core.candidate import Candidate
from visavis.core.errors import DataError, OptionError
from visavis.core.outcome import Failure, Reply
from visavis.core.prompt import ask

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="starts a script by its first line")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_own_server(tmp_path_factory.mktemp("bin") / "llama-server")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny.gguf")


@asynccontextmanager
async def opened(file: Path, server: Path) -> AsyncIterator[Llama]:
    candidate = Candidate(
        name="tiny", kind="local", route="gguf", model=file.name, snapshot="sha256:0", file=file
    )
    async with open_llama(candidate, at_once=2, note=lambda text: None, server=server) as llama:
        yield llama


QUESTION = ask("What do you say?", max_tokens=8)


async def test_a_model_is_loaded_and_asked_and_the_record_names_the_build(
    tiny: Path, server: Path
) -> None:
    async with opened(tiny, server) as llama:
        reply = await llama.send(QUESTION)
        assert isinstance(reply, Reply)
        assert reply.model == "tiny.gguf"
        assert re.match(r"llama-server 4711 \([0-9a-f]{8}\), 2 slots of 512 tokens", llama.engine)
        assert await llama.count_tokens("abc") == 4


async def test_it_answers_as_the_engine_in_the_package_does(tiny: Path, server: Path) -> None:
    candidate = Candidate(
        name="tiny", kind="local", route="gguf", model=tiny.name, snapshot="sha256:0", file=tiny
    )
    async with opened(tiny, server) as own, open_llama(candidate, at_once=2, note=print) as ours:
        theirs, replies = await own.send(QUESTION), await ours.send(QUESTION)
    assert isinstance(theirs, Reply)
    assert isinstance(replies, Reply)
    assert theirs.text == replies.text


async def test_the_memory_measured_is_that_of_the_server(tiny: Path, server: Path) -> None:
    async with opened(tiny, server) as llama:
        assert llama.pid is not None
        process = psutil.Process(llama.pid)
        assert str(server) in process.cmdline()
        assert llama.memory().peak_bytes >= process.memory_info().rss * 0.5


async def test_no_command_line_shows_the_key(tiny: Path, server: Path) -> None:
    async with opened(tiny, server) as llama:
        served = await llama.served()
        lines = [" ".join(p.cmdline()) for p in psutil.Process().children(recursive=True)]
    assert any(str(server) in line for line in lines)
    assert not any(served.key in line for line in lines)


async def test_nothing_is_left_running(tiny: Path, server: Path) -> None:
    async with opened(tiny, server) as llama:
        assert llama.pid is not None
        process = psutil.Process(llama.pid)
    await asyncio.to_thread(psutil.wait_procs, [process], timeout=10)
    assert not process.is_running()


async def test_one_that_dies_is_started_again(tiny: Path, server: Path) -> None:
    async with opened(tiny, server) as llama:
        assert llama.pid is not None
        os.kill(llama.pid, signal.SIGKILL)
        outcomes = [await llama.send(QUESTION) for _ in range(2)]
    assert isinstance(outcomes[-1], Reply)
    assert all(isinstance(one, Reply) or one.kind == "crashed" for one in outcomes)
    assert not isinstance(outcomes[0], Failure) or "SIGKILL" in outcomes[0].detail


async def test_a_file_that_it_will_not_load_is_told_in_one_line(
    tmp_path: Path, server: Path
) -> None:
    odd = write_tiny_model(tmp_path / "odd.gguf")
    odd.write_bytes(odd.read_bytes().replace(b"llama", b"zzama"))
    with pytest.raises(DataError, match=r"^'odd.gguf' could not be loaded: .*zzama") as told:
        async with opened(odd, server):
            pass
    assert "\n" not in str(told.value)


def test_the_environment_names_it(server: Path) -> None:
    assert own_server({OWN_SERVER: str(server)}) == server.resolve()
    assert own_server({}) is None
    assert own_server({OWN_SERVER: ""}) is None


@pytest.mark.parametrize("name", ["nowhere/llama-server", "."])
def test_a_name_of_no_program_is_turned_away(name: str) -> None:
    with pytest.raises(OptionError, match="is no program"):
        own_server({OWN_SERVER: name})


async def test_another_program_is_turned_away(tiny: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho hello\n")
    other.chmod(0o700)
    with pytest.raises(OptionError, match="is no llama-server"):
        async with opened(tiny, other):
            pass
    other.write_text("hello")
    with pytest.raises(OptionError, match="does not run"):
        async with opened(tiny, other):
            pass


@pytest.mark.parametrize(("flags", "unused"), [("avx2 avx512f", True), ("avx2 fma", False)])
def test_a_processor_with_more_instructions_than_the_wheel_uses_is_known(
    tmp_path: Path, flags: str, unused: bool
) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor: 0\nflags : fpu {flags}\n")
    assert leaves_unused(cpuinfo) is unused
    assert leaves_unused(tmp_path / "none") is False
