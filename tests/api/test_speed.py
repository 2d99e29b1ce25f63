"""`visavis speed` from what was typed to what is kept and shown, on real servers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import visavis
from tests.fake_models import say, turn_down
from tests.fake_server import FakeServer
from visavis.api.again import measured_again
from visavis.api.around import Surroundings
from visavis.api.speed import enough, run_speed
from visavis.api.speed_doors import reached
from visavis.api.speed_request import SpeedRequest, forecasts, prepare_speed
from visavis.api.speed_run import SpeedRun
from visavis.candidates.llama_settings import threads
from visavis.core.candidate import Unknown
from visavis.core.errors import MissingKeyError, OptionError, VisavisError
from visavis.measure.load.arrivals import AtOnce, Rate
from visavis.measure.load.store import LoadStore
from visavis.options import SpeedOptions
from visavis.report.speed.progress import SpeedProgress

QUICK = say("word " * 8, pieces=8, first_s=0.01, gap_s=0.002)
SLOW = say("word " * 8, pieces=8, first_s=0.2, gap_s=0.01)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer({"quick": QUICK, "slow": SLOW, "gpt-4o-mini": QUICK}) as running:
        yield running


def around(tmp_path: Path, **environ: str) -> Surroundings:
    return Surroundings(home=tmp_path / "home", environ=environ)


def screen() -> SpeedProgress:
    from io import StringIO

    return SpeedProgress(StringIO())


def prepared(tmp_path: Path, named: list[str], **options: Any) -> SpeedRequest:
    return prepare_speed(named, SpeedOptions(**options), around(tmp_path), screen())


def test_two_candidates_are_put_under_load_kept_judged_and_shown(
    server: FakeServer, tmp_path: Path
) -> None:
    named = [f"{name}={server.url}#{name}" for name in ("quick", "slow")]
    request = prepared(
        tmp_path,
        named,
        concurrency=("1,2",),
        tokens=8,
        prompt_tokens=40,
        requests=6,
        blocks=3,
        slo=("first_token_s.p50<=0.1",),
    )
    seen = run_speed(request, tmp_path / "run", screen())
    assert seen.ended == "finished"
    with LoadStore.open(tmp_path / "run") as store:
        assert len(list(store.blocks())) == 2 + 2 * 2 * 3
    first = {
        row.benchmark: row for row in seen.figures.judgement.rows if row.measure == "first_token_s"
    }
    assert set(first) == {"at once 1", "at once 2"}
    assert seen.verdict.startswith("Prefer quick: ")
    assert "quicker to answer" in seen.verdict
    assert seen.figures.command.startswith("visavis speed 'http://127.0.0.1:")
    assert "--concurrency 1,2" in seen.figures.command
    assert "2 at once" in seen.table()
    assert "## 2 at once" in seen.markdown()
    assert json.loads(seen.json())["loads"][1]["load"] == "at once 2"
    assert "<svg" in seen.rendered("html").decode()
    assert repr(seen).startswith("<SpeedRun 'run': ")
    again = SpeedRun(tmp_path / "run", lang="fr")
    assert "2 à la fois" in again.rendered("terminal").decode()
    assert again.save_json(tmp_path / "j.json").exists()
    assert again.save_html(tmp_path / "p.html").exists()
    assert again.rendered("markdown") != seen.rendered("markdown")
    assert again.rendered("json") == seen.rendered("json")


def test_from_python_the_same_is_said_in_fewer_words(
    server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    seen = visavis.speed(
        [f"{server.url}#quick"],
        concurrency=2,
        tokens=6,
        requests=4,
        blocks=2,
        json=str(tmp_path / "j.json"),
        screen=screen(),
    )
    assert isinstance(seen, visavis.SpeedRun)
    assert seen.verdict.startswith("quick: first token after")
    assert (tmp_path / "j.json").exists()
    with pytest.raises(OptionError, match="try concurrency"):
        visavis.speed([], concurency=1)
    with pytest.raises(OptionError, match="dry run"):
        visavis.speed([], dry_run=True)


def test_a_hosted_candidate_is_priced_before_and_guarded_by_the_budget(
    server: FakeServer, tmp_path: Path
) -> None:
    keyed = around(tmp_path, OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=server.url)
    options = SpeedOptions(
        concurrency=("1",), tokens=8, prompt_tokens=40, requests=4, blocks=2, budget=0.00005
    )
    request = prepare_speed(["openai:gpt-4o-mini"], options, keyed, screen())
    (share,) = forecasts(request)
    assert share.requests == 4 + 2 + 7
    assert not isinstance(share.worst_usd, Unknown)
    assert not isinstance(share.expected_usd, Unknown)
    assert 0 < share.expected_usd < share.worst_usd
    seen = run_speed(request, tmp_path / "run", screen())
    assert seen.ended == "budget spent"
    spent = sum(seen.figures.spent_usd.values())
    assert 0 < spent <= 0.00005


def test_where_time_ends_a_block_the_forecast_is_of_one_request(tmp_path: Path) -> None:
    request = prepared(tmp_path, ["http://127.0.0.1:9/v1#m"])
    (share,) = forecasts(request)
    assert share.requests == 1
    assert isinstance(share.worst_usd, Unknown)


def test_a_server_that_is_not_there_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    request = prepared(tmp_path, ["http://127.0.0.1:9/v1#m"])
    with pytest.raises(VisavisError, match=r"127\.0\.0\.1"):
        run_speed(request, tmp_path / "run", screen())
    assert not (tmp_path / "run").exists()


def test_a_candidate_that_turns_all_down_ends_the_run_with_its_reason(tmp_path: Path) -> None:
    with FakeServer({"m": turn_down(400, "not today")}) as server:
        request = prepared(tmp_path, [f"{server.url}#m"])
        with pytest.raises(VisavisError, match="not today"):
            run_speed(request, tmp_path / "run", screen())


# --- what is asked for --------------------------------------------------------------------------


def test_loads_are_read_from_flags(tmp_path: Path) -> None:
    named = ["http://127.0.0.1:9/v1#m"]
    usual = prepared(tmp_path, named)
    assert usual.plan.shapes == (AtOnce(streams=1), AtOnce(streams=4))
    assert usual.plan.how.quota.seconds == 5.0
    assert usual.most_at_once == 4
    assert usual.longest_tokens == 384
    assert (usual.plan.processes, usual.plan.most_processes) == (1, max(1, threads() - 1))
    several = prepared(tmp_path, named, processes=3)
    assert (several.plan.processes, several.plan.most_processes) == (3, 1)
    rates = prepared(tmp_path, named, rate=("0.5,2", "1-10"), poisson=True, requests=12)
    assert rates.plan.shapes == (
        Rate(per_s=0.5, poisson=True),
        Rate(per_s=2.0, poisson=True),
        Rate(per_s=1.0, to_per_s=10.0, poisson=True),
    )
    assert (rates.plan.how.quota.seconds, rates.plan.how.quota.requests) == (0.0, 2)
    assert rates.most_at_once == 0
    swept = prepared(tmp_path, named, concurrency=("auto",))
    assert (swept.plan.shapes, swept.plan.sweep_to) == ((), 256)
    trace = tmp_path / "t.csv"
    trace.write_text("due_s,prompt_tokens,output_tokens\n0,5000,\n1,,700\n", encoding="utf-8")
    replayed = prepared(tmp_path, named, trace=trace)
    assert replayed.plan.shapes[0].name == "trace t.csv"
    assert replayed.longest_tokens == 5128


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"concurrency": ("0",)}, "--concurrency '0'"),
        ({"concurrency": ("many",)}, "--concurrency 'many'"),
        ({"concurrency": ("0000000019999",)}, "--concurrency '0000000019999'"),
        ({"concurrency": ("5000",)}, "4,096"),
        ({"concurrency": ("1",), "rate": ("1",)}, "two kinds of load"),
        ({"rate": ("0",)}, "--rate '0'"),
        ({"rate": ("fast",)}, "--rate 'fast'"),
        ({"rate": ("1-",)}, "--rate '1-'"),
        ({"poisson": True}, "--rate"),
        ({"trace": Path("none.csv")}, "none.csv"),
        ({"slo": ("quick",)}, "--slo"),
        ({"tokens": 1}, "--tokens"),
        ({"seconds": float("nan")}, "--seconds"),
        ({"blocks": 0}, "--blocks"),
        ({"processes": 65}, "--processes"),
        ({"budget": -1.0}, "--budget"),
        ({"shared": 300}, "--shared"),
        ({"policy": "thrifty"}, "policy"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    with pytest.raises(OptionError, match=said) as error:
        prepared(tmp_path, ["http://127.0.0.1:9/v1#m"], **options)
    assert "\n" not in str(error.value)


def test_only_models_have_a_speed(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="no speed of its own"):
        prepared(tmp_path, ["scripted:Yes"])
    with pytest.raises(OptionError, match="nobody is named"):
        prepared(tmp_path, [])
    with pytest.raises(MissingKeyError, match="OPENAI_API_KEY"):
        prepared(tmp_path, ["openai:gpt-4o-mini"])


def test_the_command_measures_the_same_again() -> None:
    passed = {
        "candidates": ["a b", "c"],
        "concurrency": ["1", "4"],
        "poisson": True,
        "seconds": 12.0,
        "prompt_tokens": 64,
        "json": "j.json",
        "yes": True,
    }
    assert measured_again(passed) == (
        "visavis speed 'a b' c --concurrency 1 --concurrency 4 --poisson --seconds 12 "
        "--prompt-tokens 64"
    )


def test_blocks_are_added_until_both_speeds_are_known_well_enough() -> None:
    from tests.report.speed.things import blocks

    made = [block for block in blocks() if block.load == "at once 1"]
    assert enough(20.0)(made)
    assert not enough(0.5)(made)
    assert not enough(20.0)(made[:2])  # one block of each: no spread is known


async def test_a_key_is_read_from_the_environment_at_the_door(tmp_path: Path) -> None:
    with FakeServer({"m": QUICK}, key="k3y") as server:
        keyed = around(tmp_path, HTTP_API_KEY="k3y")
        request = prepare_speed([f"{server.url}#m"], SpeedOptions(), keyed, screen())
        async with reached(request, request.base.candidates[0], print) as reach:
            assert reach.llama is None
            wire = await reach.hand.wire()
            timing = await wire.send(reach.hand.prompts.prompt(40, 4))
    assert timing.chunks
