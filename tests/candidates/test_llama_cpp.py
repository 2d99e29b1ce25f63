"""The local engine, tried on a model that is made here and really loaded."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import psutil
import pytest

from tests.candidates.tiny_gguf import write_tiny_model
from visavis.candidates.llama_cpp import RESTARTS, Llama, open_llama
from visavis.candidates.llama_settings import check_cpu, threads
from visavis.core.candidate import Candidate
from visavis.core.errors import DataError, OptionError
from visavis.core.outcome import Failure, Reply
from visavis.core.prompt import Prompt, ask


def candidate(file: Path) -> Candidate:
    return Candidate(
        name="tiny", kind="local", route="gguf", model=file.name, snapshot="sha256:0", file=file
    )


def process(llama: Llama) -> psutil.Process:
    """The engine's process, found as any administrator would."""
    return next(p for p in psutil.Process().children() if p.pid == engine_pid(llama))


def engine_pid(llama: Llama) -> int:
    assert llama.pid is not None
    return llama.pid


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny.gguf")


@asynccontextmanager
async def opened(
    file: Path, *, at_once: int = 2, notes: list[str] | None = None
) -> AsyncIterator[Llama]:
    said = [] if notes is None else notes
    async with open_llama(candidate(file), at_once=at_once, note=said.append) as llama:
        yield llama


def question(max_tokens: int = 16) -> Prompt:
    return ask("What do you say?", max_tokens=max_tokens)


LONG = 10_000
"""Tokens that take seconds, cut by the context of 512 if nothing else does it."""


async def test_a_model_is_loaded_asked_and_counted(tiny: Path) -> None:
    async with opened(tiny) as llama:
        reply = await llama.send(question())
        assert isinstance(reply, Reply)
        assert len(reply.text) == 16
        assert reply.finish == "length"
        assert reply.model == "tiny.gguf"
        assert reply.usage is not None
        assert reply.usage.output_tokens == 16
        assert reply.stamps is not None
        assert reply.stamps.first is not None
        assert await llama.count_tokens("abc") == 4  # the letters, and the blank Llama begins with
        assert 0 < llama.load_s < 60
        assert llama.engine.startswith("xllamacpp ")


async def test_many_short_questions_all_get_a_reply(tiny: Path) -> None:
    async with opened(tiny, at_once=4) as llama:
        outcomes = await asyncio.gather(*(llama.send(question(1 + i % 4)) for i in range(120)))
    assert [outcome for outcome in outcomes if not isinstance(outcome, Reply)] == []


async def test_one_at_a_time_the_same_question_gets_the_same_answer(tiny: Path) -> None:
    async with opened(tiny, at_once=1) as llama:
        first, again = [await llama.send(question()) for _ in range(2)]
    async with opened(tiny, at_once=1) as llama:
        later = await llama.send(question())
    texts = {outcome.text for outcome in (first, again, later) if isinstance(outcome, Reply)}
    assert len(texts) == 1


async def test_a_prompt_too_long_for_the_context_is_rejected(tiny: Path) -> None:
    async with opened(tiny) as llama:
        outcome = await llama.send(ask("word " * 600, max_tokens=8))
        assert isinstance(outcome, Failure)
        assert outcome.kind == "rejected"
        assert isinstance(await llama.send(question()), Reply)


async def test_nobody_else_can_ask_the_engine(tiny: Path) -> None:
    async with opened(tiny) as llama:
        port = next(c.laddr.port for c in process(llama).net_connections() if c.status == "LISTEN")
        async with (
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
            session.post("/v1/chat/completions", json={"messages": []}) as response,
        ):
            assert response.status == 401
        command = " ".join(process(llama).cmdline())
        assert "tiny" not in command  # neither file nor key can be read there
        assert command.endswith("llama_child.py")


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV])
async def test_a_crash_fails_the_trials_in_flight_and_the_next_ones_go_on(
    tiny: Path, way: signal.Signals
) -> None:
    notes: list[str] = []
    async with opened(tiny, notes=notes) as llama:
        os.kill(engine_pid(llama), signal.SIGSTOP)  # so that neither is answered before it dies
        flying = [asyncio.create_task(llama.send(question(LONG))) for _ in range(2)]
        await asyncio.sleep(0.05)
        os.kill(engine_pid(llama), way)
        if way is not signal.SIGKILL:  # which waits for nothing
            os.kill(engine_pid(llama), signal.SIGCONT)
        for outcome in await asyncio.gather(*flying):
            assert isinstance(outcome, Failure)
            assert outcome.kind == "crashed"
            assert way.name in outcome.detail
        replies = await asyncio.gather(*(llama.send(question()) for _ in range(3)))
        assert [reply for reply in replies if not isinstance(reply, Reply)] == []
    assert len(notes) == 1
    assert "started again" in notes[0]


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
async def test_an_engine_that_keeps_crashing_is_left_alone(tiny: Path) -> None:
    async with opened(tiny) as llama:
        for _ in range(RESTARTS):
            os.kill(engine_pid(llama), signal.SIGKILL)
            await dead(engine_pid(llama))
            assert isinstance(await llama.send(question(1)), Reply)
        os.kill(engine_pid(llama), signal.SIGKILL)
        for _ in range(2):
            outcome = await llama.send(question(1))
            assert isinstance(outcome, Failure)
            assert outcome.kind == "crashed"
            assert "left alone" in outcome.detail or "SIGKILL" in outcome.detail
        assert await llama.count_tokens("a") is None
        assert llama.memory().peak_bytes > 0


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
async def test_an_engine_whose_file_went_away_fails_the_trials_and_not_the_run(
    tmp_path: Path,
) -> None:
    file = write_tiny_model(tmp_path / "gone.gguf")
    async with opened(file) as llama:
        file.unlink()
        os.kill(engine_pid(llama), signal.SIGKILL)
        await dead(engine_pid(llama))
        outcome = await llama.send(question())
        assert isinstance(outcome, Failure)
        assert outcome.kind == "crashed"
        assert "gone.gguf" in outcome.detail
        assert str(tmp_path) not in outcome.detail


async def test_the_engine_ends_with_its_context(tiny: Path) -> None:
    async with opened(tiny) as llama:
        pid = engine_pid(llama)
    assert not psutil.pid_exists(pid)


PARENT = """
import asyncio, sys
from pathlib import Path
from tests.candidates.test_llama_cpp import opened
async def main():
    async with opened(Path(sys.argv[1])) as llama:
        print(llama.pid, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
async def test_the_engine_dies_with_a_parent_that_is_killed(tiny: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tiny)], stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert psutil.pid_exists(pid)
        parent.kill()
    await dead(pid)


async def test_nothing_of_the_engine_reaches_the_terminal(
    tiny: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with opened(tiny) as llama:
        await llama.send(question())
    assert capfd.readouterr() == ("", "")


async def test_an_idle_engine_takes_no_cpu(tiny: Path) -> None:
    async with opened(tiny) as llama:
        await llama.send(question())
        engine = process(llama)
        before, begun = sum(engine.cpu_times()[:2]), time.perf_counter()
        await asyncio.sleep(1.0)
        spent = sum(engine.cpu_times()[:2]) - before
        assert spent / (time.perf_counter() - begun) < 0.1


async def test_a_base_model_is_asked_in_bare_words_and_the_user_is_told(tmp_path: Path) -> None:
    notes: list[str] = []
    file = write_tiny_model(tmp_path / "base.gguf", template=None)
    async with opened(file, notes=notes) as llama:
        reply = await llama.send(question())
        assert isinstance(reply, Reply)
        assert reply.usage is not None
        # beginning of text, a blank, the question letter by letter, the end of its line
        assert reply.usage.input_tokens == 2 + len("What do you say?\n")
    assert "base model" in notes[0]


async def test_a_file_that_llama_cpp_cannot_load_is_one_line_without_a_path(tmp_path: Path) -> None:
    file = write_tiny_model(tmp_path / "odd.gguf")
    file.write_bytes(file.read_bytes().replace(b"llama", b"zzama"))
    with pytest.raises(DataError, match=r"^'odd.gguf' could not be loaded: .*zzama") as raised:
        async with opened(file):
            pass
    assert str(tmp_path) not in str(raised.value)
    assert "\n" not in str(raised.value)


async def test_the_peak_memory_is_split(tiny: Path) -> None:
    async with opened(tiny) as llama:
        await llama.send(question())
        memory = llama.memory()
        assert memory.peak_bytes > 10_000_000
        if sys.platform == "linux":
            assert memory.how == "VmHWM"
            assert memory.anonymous_bytes is not None
            assert memory.file_backed_bytes is not None
            assert memory.anonymous_bytes + memory.file_backed_bytes >= memory.peak_bytes * 0.9


def test_threads_keep_to_what_a_container_was_given(tmp_path: Path) -> None:
    limit = tmp_path / "cpu.max"
    limit.write_text("150000 100000\n")
    assert threads(limit) == 1
    limit.write_text("max 100000\n")
    assert threads(limit) == threads(tmp_path / "absent") >= 1


def test_a_cpu_without_the_instructions_is_refused_before_it_crashes(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor : 0\nflags : fpu sse4_2 avx fma f16c bmi2\n")
    with pytest.raises(OptionError, match="AVX2"):
        check_cpu("x86_64", info)
    check_cpu("aarch64", info)
    check_cpu("x86_64", tmp_path / "absent")


async def dead(pid: int) -> None:
    """Waits until the process is dead; if it was ours, until that is known to us."""
    async with asyncio.timeout(20):
        while psutil.pid_exists(pid) and not orphaned_zombie(pid):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)


def orphaned_zombie(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return process.ppid() != os.getpid() and process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
