"""The local engine on real weights, which are fetched where they are not at hand."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import platformdirs
import pytest

from visavis.candidates import gguf
from visavis.candidates.catalog import LocalModel, catalog
from visavis.candidates.fit import need_of_file
from visavis.candidates.grammar import parse
from visavis.candidates.llama_cpp import Llama, open_llama
from visavis.candidates.weights import ensure
from visavis.core.outcome import Reply
from visavis.core.prompt import ask

pytestmark = pytest.mark.weights


def home() -> Path:
    return Path(os.environ.get("VISAVIS_HOME") or platformdirs.user_data_dir("visavis"))


def fetched(name: str) -> LocalModel:
    model = catalog().local(name)
    assert model is not None
    ensure(model, home(), progress=lambda done, of: None, note=lambda text: None)
    return model


@asynccontextmanager
async def opened(name: str, *, at_once: int) -> AsyncIterator[Llama]:
    fetched(name)
    candidate = parse(name, home=home(), environ={})
    async with open_llama(candidate, at_once=at_once, note=lambda text: None) as llama:
        yield llama


@pytest.mark.parametrize("name", ["smollm2-135m", "qwen2.5-coder-0.5b"])
def test_the_header_says_what_the_catalog_says(name: str) -> None:
    model = fetched(name)
    header = gguf.read(home() / "models" / model.file)
    assert header.quantisation == model.quantisation
    assert header.chat_template
    assert header.file_bytes == model.size
    known = {fact.name: fact.value for fact in gguf.facts(header, as_of="")}
    for fact in model.facts:
        assert known.get(fact.name, fact.value) == fact.value


async def test_a_small_model_answers_the_same_twice_one_at_a_time() -> None:
    question = ask("What is the capital of Japan?", max_tokens=24)
    async with opened("smollm2-135m", at_once=1) as llama:
        first = await llama.send(question)
        await llama.send(ask("Count to ten.", max_tokens=24))
        again = await llama.send(question)
    assert isinstance(first, Reply)
    assert isinstance(again, Reply)
    assert "Tokyo" in first.text
    assert first.text == again.text


@pytest.mark.parametrize("at_once", [1, 6])
@pytest.mark.parametrize(
    "name", ["smollm2-135m", "gemma-3-270m", "qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"]
)
async def test_memory_as_reckoned_is_within_a_tenth_of_memory_as_measured(
    name: str, at_once: int
) -> None:
    async with opened(name, at_once=at_once) as llama:
        await llama.send(ask("word " * 700, max_tokens=8))
        measured, tokens = llama.memory().peak_bytes, llama.settings.slot_tokens
    header = gguf.read(home() / "models" / fetched(name).file)
    reckoned = need_of_file(header, tokens=tokens, streams=at_once, kv="f16").total
    assert reckoned == pytest.approx(measured, rel=0.1)
