"""Local files under load: served by the real engine, timed like any server."""

import asyncio
import os
import signal
from io import StringIO
from pathlib import Path

import platformdirs
import pytest

from tests.candidates.tiny_gguf import write_tiny_model
from visavis.api.around import Surroundings
from visavis.api.session import fetch_weights
from visavis.api.speed import run_speed
from visavis.api.speed_doors import reached
from visavis.api.speed_request import prepare_speed
from visavis.core.outcome import Reply
from visavis.options import SpeedOptions
from visavis.report.speed.progress import SpeedProgress
from visavis.verdict.decide import Prefer


def screen() -> SpeedProgress:
    return SpeedProgress(StringIO())


def test_two_local_files_side_by_side_are_timed_by_their_own_engines(tmp_path: Path) -> None:
    files = [str(write_tiny_model(tmp_path / f"{name}.gguf", context=1024)) for name in "ab"]
    options = SpeedOptions(
        concurrency=("2",), tokens=8, prompt_tokens=200, requests=4, blocks=2, shared=100
    )
    around = Surroundings(home=tmp_path / "home", environ={})
    request = prepare_speed(files, options, around, screen())
    seen = run_speed(request, tmp_path / "run", screen())
    assert seen.ended == "finished"
    told = seen.figures.of("at once 2")
    assert [one.counts.failed for one in told] == [0, 0]
    assert all(one.output_tokens == 8 for one in told)  # the engine was told to write on
    assert all(one.quantile("first_token_s", 0.5) is not None for one in told)
    measured = {fact.name for fact in seen.figures.facts["a"]}
    assert {"peak_bytes", "load_s"} <= measured


async def test_after_a_crash_the_wire_leads_to_the_engine_that_was_started_again(
    tmp_path: Path,
) -> None:
    file = str(write_tiny_model(tmp_path / "tiny.gguf"))
    around = Surroundings(home=tmp_path / "home", environ={})
    request = prepare_speed([file], SpeedOptions(), around, screen())
    notes: list[str] = []
    async with reached(request, request.base.candidates[0], notes.append) as reach:
        first = await reach.hand.wire()
        assert await reach.hand.wire() is first
        assert reach.llama is not None
        assert reach.llama.pid is not None
        os.kill(reach.llama.pid, signal.SIGKILL)
        prompt = reach.hand.prompts.prompt(40, 4)
        lost = await first.send(prompt)
        assert not isinstance(lost.outcome, Reply)
        while (again := await reach.hand.wire()) is first:
            await asyncio.sleep(0.05)  # a death is noticed a moment after the connection broke
        assert isinstance((await again.send(prompt)).outcome, Reply)
    assert any("crashed" in note for note in notes)


@pytest.mark.weights
def test_two_real_models_under_load_get_a_verdict(tmp_path: Path) -> None:
    """The smaller one is quicker, at one request and at several at once."""
    home = Path(os.environ.get("VISAVIS_HOME") or platformdirs.user_data_dir("visavis"))
    options = SpeedOptions(concurrency=("1,4",), tokens=24, prompt_tokens=64, requests=8, blocks=4)
    around = Surroundings(home=home, environ={})
    named = ["smollm2-135m", "qwen2.5-coder-0.5b"]
    request = prepare_speed(named, options, around, screen())
    fetch_weights(request.base, screen())
    seen = run_speed(request, tmp_path / "run", screen())
    rows = [row for row in seen.figures.judgement.rows if row.measure == "first_token_s"]
    verdicts = [gap.verdict for row in rows for gap in row.gaps]
    assert len(verdicts) == 2
    assert all(isinstance(v, Prefer) and v.winner == "smollm2-135m" for v in verdicts)
