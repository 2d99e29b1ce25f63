"""A local model is asked for log-probabilities, from its text to the reply."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from tests.candidates.likelihood.networks import (
    GEMMA3,
    LLAMA,
    QWEN2,
    QWEN3,
    WORDS,
    Recipe,
    candidate,
    slow_log_probability,
    write,
)
from tests.candidates.tiny_gguf import STRING, Value, write_tiny_model
from visavis.candidates import gguf
from visavis.candidates.by_way import by_way
from visavis.candidates.likelihood.float32 import RESTARTS, Float32, open_float32
from visavis.candidates.likelihood.forced import Forced
from visavis.candidates.likelihood.opening import open_likelihood
from visavis.candidates.llama_cpp import Llama, open_llama
from visavis.candidates.scripted import ScriptedClient
from visavis.core.client import Client
from visavis.core.errors import DataError
from visavis.core.outcome import Failure, Outcome, Reply
from visavis.core.prompt import ask, choose, continued

IDS = {word: number for number, (word, _) in enumerate(WORDS)}
BEGIN, BLANK = IDS["<s>"], IDS["\u2581"]


def ids(text: str) -> tuple[int, ...]:
    """By hand: this vocabulary has letters, the blank and bytes, and each text begins with a
    blank of its own."""
    return tuple(BLANK if sign == " " else IDS[sign] for sign in text)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("models") / "tiny.gguf", LLAMA)


@asynccontextmanager
async def engine(file: Path, notes: list[str] | None = None) -> AsyncIterator[Llama]:
    said = [] if notes is None else notes
    async with open_llama(candidate(file), at_once=2, note=said.append) as llama:
        yield llama


@asynccontextmanager
async def float32(file: Path, notes: list[str] | None = None) -> AsyncIterator[Float32]:
    said = [] if notes is None else notes
    async with (
        engine(file) as llama,
        open_float32(
            candidate(file),
            gguf.read(file),
            tokenize=llama.whole_tokens,
            kept_bytes=1 << 20,
            note=said.append,
        ) as client,
    ):
        yield client


def logprobs(outcome: Outcome) -> tuple[float, ...]:
    assert isinstance(outcome, Reply), outcome
    assert outcome.logprobs is not None
    return outcome.logprobs


def slow(recipe: Recipe, context: str, *choices: str) -> list[float]:
    before = (BEGIN, BLANK, *ids(context))
    return [slow_log_probability(recipe, before, ids(choice)) for choice in choices]


async def test_the_likeliest_choice_is_the_reply(file: Path) -> None:
    async with float32(file) as client:
        reply = await client.send(choose("which letter", (" a", " b", " cd")))
        assert isinstance(reply, Reply)
        found = logprobs(reply)
        assert found == pytest.approx(slow(LLAMA, "which letter", " a", " b", " cd"), abs=2e-4)
        assert reply.text == (" a", " b", " cd")[found.index(max(found))]
        assert reply.finish == "stop"
        assert reply.usage is not None
        assert reply.usage.input_tokens == 14 + 2 + 2 + 3
        assert reply.stamps is not None
        assert reply.stamps.first is None
        assert reply.stamps.due <= reply.stamps.sent <= reply.stamps.done


async def test_blanks_at_the_end_of_the_context_belong_to_the_choices(file: Path) -> None:
    async with float32(file) as client:
        one = logprobs(await client.send(choose("which letter ", ("a", "b"))))
        other = logprobs(await client.send(choose("which letter", (" a", " b"))))
    assert one == pytest.approx(other, abs=1e-5)


async def test_many_in_flight_are_answered_each_with_its_own(file: Path) -> None:
    contexts = [f"shared words and {a}{b}" for a in "abcdef" for b in "ghij"]
    async with float32(file) as client:
        outcomes = await asyncio.gather(*(client.send(choose(c, ("x", "yz"))) for c in contexts))
        replies = [o for o in outcomes if isinstance(o, Reply) and o.usage]
    for context, outcome in list(zip(contexts, outcomes, strict=True))[::7]:
        assert logprobs(outcome) == pytest.approx(slow(LLAMA, context, "x", "yz"), abs=2e-4)
    assert sum(reply.usage.cached_tokens > 10 for reply in replies if reply.usage) >= 20


async def test_the_log_probability_of_a_whole_text_has_no_context(file: Path) -> None:
    async with float32(file) as client:
        (found,) = logprobs(await client.send(choose("", ("some words",))))
    exact = slow_log_probability(LLAMA, (BEGIN,), (BLANK, *ids("some words")))
    assert found == pytest.approx(exact, abs=5e-4)


@pytest.mark.parametrize("recipe", [LLAMA, QWEN2, QWEN3, GEMMA3], ids=lambda r: r.architecture)
async def test_llama_cpp_says_the_same_in_its_own_precision(recipe: Recipe, tmp_path: Path) -> None:
    file = write(tmp_path / "net.gguf", recipe)
    prompt = choose("which letter of the twenty six letters", (" a", " b", " cdef"))
    async with float32(file) as client, engine(file) as llama:
        exact = logprobs(await client.send(prompt))
        forced = logprobs(await Forced(llama, gguf.read(file)).send(prompt))
    assert forced == pytest.approx(exact, abs=0.1)


@pytest.mark.parametrize("way", ["float32", "forced"])
async def test_what_cannot_be_asked_is_rejected_in_one_line(file: Path, way: str) -> None:
    async with float32(file) as computed, engine(file) as llama:
        client: Client = computed if way == "float32" else Forced(llama, gguf.read(file))
        for prompt, why in (
            (choose("words", ()), "there is nothing to choose from"),
            (choose("words", ("a", "")), "one of the choices adds no token to the text"),
            (choose("a" * 600, ("b",)), "it has 603 tokens, and the model reads 512 at most"),
        ):
            outcome = await client.send(prompt)
            assert isinstance(outcome, Failure)
            assert (outcome.kind, outcome.detail) == ("rejected", why)


async def test_a_network_that_is_known_is_computed_and_its_memory_told(file: Path) -> None:
    notes: list[str] = []
    async with (
        engine(file) as llama,
        open_likelihood(candidate(file), llama, note=notes.append) as client,
    ):
        assert isinstance(client, Float32)
    assert "in float32, which takes 0.0 GB of memory" in notes[-1]


async def test_a_network_that_is_not_known_is_asked_of_llama_cpp(tmp_path: Path) -> None:
    """Such as one whose positions are scaled."""
    more = {"llama.rope.scaling.type": Value(STRING, "linear")}
    file = write(tmp_path / "odd.gguf", LLAMA, more)
    notes: list[str] = []
    async with (
        engine(file) as llama,
        open_likelihood(candidate(file), llama, note=notes.append) as client,
    ):
        outcome = await client.send(choose("which letter", (" a", " bc")))
    assert logprobs(outcome) == pytest.approx(slow(LLAMA, "which letter", " a", " bc"), abs=0.1)
    assert "asked of llama.cpp, choice by choice, and in its precision: its positions" in notes[-1]


async def test_a_network_too_large_for_the_memory_is_asked_of_llama_cpp(file: Path) -> None:
    notes: list[str] = []
    async with (
        engine(file) as llama,
        open_likelihood(
            candidate(file), llama, note=notes.append, free_bytes=1_000_000_000
        ) as client,
    ):
        assert isinstance(client, Forced)
        assert isinstance(await client.send(choose("which letter", ("a", "b"))), Reply)
    assert notes[-1].endswith("in float32 it takes 0.0 GB, and 1.0 GB are free")


async def kill(client: Float32) -> None:
    pid = client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while psutil.pid_exists(pid):
        await asyncio.sleep(0.01)


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
async def test_a_crash_fails_what_is_in_flight_and_the_next_ones_go_on(file: Path) -> None:
    notes: list[str] = []
    long = "a" * 400
    async with float32(file, notes) as client:
        assert client.pid is not None
        os.kill(client.pid, signal.SIGSTOP)  # or it may answer the first before the last is asked
        flying = [
            asyncio.create_task(client.send(choose(sign * 400, ("b" * 100,)))) for sign in "cdefgh"
        ]
        while client.in_flight < 6:
            await asyncio.sleep(0.001)
        await kill(client)
        for outcome in await asyncio.gather(*flying):
            assert isinstance(outcome, Failure)
            assert outcome.kind == "crashed"
            assert "SIGKILL" in outcome.detail
            assert long not in outcome.detail
        assert isinstance(await client.send(choose("words", ("a", "b"))), Reply)
    assert len(notes) == 1
    assert "started again" in notes[0]


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
async def test_a_network_that_keeps_crashing_is_left_alone(file: Path) -> None:
    async with float32(file) as client:
        for _ in range(RESTARTS):
            await kill(client)
            assert isinstance(await client.send(choose("words", ("a",))), Reply)
        await kill(client)
        outcome = await client.send(choose("words", ("a",)))
        assert isinstance(outcome, Failure)
        assert outcome.kind == "crashed"
        assert "left alone" in outcome.detail


async def test_its_process_ends_with_its_context(file: Path) -> None:
    async with float32(file) as client:
        pid = client.pid
        assert pid is not None
        assert psutil.pid_exists(pid)
        assert client.engine.startswith("NumPy ")
        assert 0 < client.load_s < 60
        busy = asyncio.create_task(client.send(choose("a" * 400, ("b" * 90,))))
        await asyncio.sleep(0.02)
        busy.cancel()
        await asyncio.gather(busy, return_exceptions=True)
    assert not psutil.pid_exists(pid)


async def test_a_file_that_went_away_is_one_line(tmp_path: Path) -> None:
    file = write(tmp_path / "gone.gguf", LLAMA)
    header = gguf.read(file)
    async with engine(file) as llama:
        file.unlink()
        with pytest.raises(DataError, match=r"^'gone.gguf' could not be loaded: ") as raised:
            async with open_float32(
                candidate(file), header, tokenize=llama.whole_tokens, kept_bytes=0, note=print
            ):
                pass
    assert str(tmp_path) not in str(raised.value)


# --- by way -------------------------------------------------------------------------------------


async def test_only_the_first_choice_opens_the_second_client() -> None:
    opened: list[str] = []
    usual = ScriptedClient(lambda _: "said")

    @asynccontextmanager
    async def choosing() -> AsyncIterator[Client]:
        opened.append("open")
        yield ScriptedClient(lambda prompt: prompt.choices[0])
        opened.append("closed")

    async with by_way(usual, choosing) as client:
        assert await client.send(ask("q", max_tokens=1)) == Reply(text="said")
        assert await client.send(continued("q", max_tokens=1)) == Reply(text="said")
        assert opened == []
        replies = await asyncio.gather(*(client.send(choose("q", (c,))) for c in "abc"))
        assert [reply.text for reply in replies if isinstance(reply, Reply)] == ["a", "b", "c"]
        assert opened == ["open"]
    assert opened == ["open", "closed"]


async def test_a_text_is_gone_on_with_without_a_template(tmp_path: Path) -> None:
    file = write_tiny_model(tmp_path / "chatty.gguf")
    async with engine(file) as llama:
        reply = await llama.send(continued("abc", max_tokens=4))
    assert isinstance(reply, Reply)
    assert len(reply.text) == 4
    assert reply.usage is not None
    assert reply.usage.input_tokens == 2 + 3
    assert reply.stamps is not None
    assert reply.stamps.first is not None
