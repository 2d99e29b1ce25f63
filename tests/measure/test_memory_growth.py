"""Memory against context: from the engine's own process, beside what is reckoned."""

import os
from pathlib import Path

import platformdirs
import pytest

from tests.candidates.tiny_gguf import write_tiny_model
from visavis.candidates.grammar import parse
from visavis.core.candidate import Candidate
from visavis.measure.memory_by_context import lengths_of, memory_by_context
from visavis.measure.memory_growth import ContextMemory, by_tokens, reckoned_growth
from visavis.stats.estimate import Estimate
from visavis.stats.line import slope


def point(tokens: int, peak: int, own: int | None = None) -> ContextMemory:
    return ContextMemory(
        tokens=tokens,
        filled_tokens=tokens - 64,
        peak_bytes=peak,
        own_bytes=own,
        reckoned_bytes=100.0 + 20.0 * tokens,
    )


def test_what_grows_is_the_engines_own_memory() -> None:
    points = [point(n, 1000 + 40 * n, 500 + 30 * n) for n in (1, 2, 4)]
    assert by_tokens(points) == [(1, 530), (2, 560), (4, 620)]
    assert reckoned_growth(points) == pytest.approx(20)


def test_where_the_system_tells_a_sum_alone_it_is_the_sum() -> None:
    assert by_tokens([point(1, 40, 30), point(2, 80)]) == [(1, 40), (2, 80)]


def test_one_length_shows_no_growth() -> None:
    assert reckoned_growth([point(8, 100)]) is None


async def measured(candidate: Candidate, *lengths: int) -> list[ContextMemory]:
    return [one async for one in memory_by_context(candidate, lengths)]


async def test_a_local_file_is_filled_length_by_length(tmp_path: Path) -> None:
    file = write_tiny_model(tmp_path / "tiny.gguf", context=1024)
    candidate = parse(str(file), home=tmp_path, environ={})
    found = await measured(candidate, 1024, 512)
    assert [one.tokens for one in found] == [512, 1024]
    assert all(0.8 * one.tokens < one.filled_tokens <= one.tokens for one in found)
    assert all(one.peak_bytes > 0 and one.reckoned_bytes > 0 for one in found)
    assert lengths_of(candidate) == (1024,)


async def test_what_is_no_local_file_has_no_memory_here() -> None:
    hosted = parse("gpt-4o", home=Path("/no/home"), environ={})
    assert lengths_of(hosted) == ()
    assert await measured(hosted, 512) == []


@pytest.mark.weights
async def test_a_real_model_holds_what_is_reckoned_within_a_tenth() -> None:
    home = Path(os.environ.get("VISAVIS_HOME") or platformdirs.user_data_dir("visavis"))
    candidate = parse("smollm2-135m", home=home, environ={})
    found = await measured(candidate, 512, 1024, 2048)
    assert all(one.reckoned_bytes == pytest.approx(one.peak_bytes, rel=0.1) for one in found)
    grown = slope(by_tokens(found))
    assert isinstance(grown, Estimate)
    assert grown.low > 0
