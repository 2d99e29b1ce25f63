"""From Python: two candidates in, a verdict out; real servers and a real engine."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import visavis
from tests.candidates.tiny_gguf import write_tiny_model
from tests.fake_models import Model, in_turn, say, turn_down
from tests.fake_server import FakeServer
from visavis.core.errors import MissingKeyError, OptionError, StoreError, UnknownNameError
from visavis.report import export

KEY = "sk-never-to-be-seen-4711"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def yes_and_right(count: int = 40) -> visavis.Comparison:
    """A candidate that solves every puzzle of a file, and one that solves none."""
    Path("capitals.jsonl").write_text(
        "".join(
            json.dumps({"id": f"c{n}", "prompt": f"{n}?", "equals": str(n)}) + "\n"
            for n in range(count)
        ),
        encoding="utf-8",
    )
    right = visavis.ScriptedClient(lambda prompt: prompt.messages[-1].content[:-1], name="right")
    wrong = visavis.ScriptedClient(lambda prompt: "I do not know", name="wrong")
    return visavis.compare([right, wrong], on="capitals.jsonl")


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> visavis.Comparison:
    monkeypatch.chdir(tmp_path)
    return yes_and_right()


def test_the_better_of_two_is_preferred_and_the_verdict_says_so(seen: visavis.Comparison) -> None:
    (gap,) = (row.gaps[0] for row in seen.judgement.rows if row.measure == "score")
    assert isinstance(gap.verdict, visavis.Prefer)
    assert gap.verdict.winner == "right"
    assert seen.verdict.startswith("Prefer right")
    assert len(seen.trials) == 80


def test_a_comparison_is_shown_in_every_form(seen: visavis.Comparison, tmp_path: Path) -> None:
    assert "capitals" in seen.table()
    assert "| right | wrong |" in seen.markdown()
    page = seen.save_html(tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "<script" not in seen._repr_html_()
    jsonschema.validate(json.loads(seen.json()), json.loads(export.schema()))
    assert seen.to_polars().height == 80
    assert len(seen.to_pandas()) == 80


def test_a_run_that_is_too_large_to_be_held_is_shown_from_its_store_alike(
    seen: visavis.Comparison, tmp_path: Path
) -> None:
    class Large(visavis.Comparison):
        held_trials = 0

    large = Large(seen.folder)
    assert "trials" not in vars(large)
    assert large.judgement == seen.judgement
    assert large.html() == seen.html()
    assert large.json() == seen.json()
    assert large.save_json(tmp_path / "large.json").read_bytes() == seen.json()
    assert large.to_polars().equals(seen.to_polars())
    assert "trials" not in vars(large)
    assert [trial.key for trial in large.bare_trials] == [trial.key for trial in large.trials]


def test_a_run_of_an_earlier_day_is_judged_again_without_anyone_asked(
    seen: visavis.Comparison, tmp_path: Path
) -> None:
    lenient = tmp_path / "lenient.yaml"
    lenient.write_text("name: lenient\nmatters:\n  score: 0.99\n", encoding="utf-8")
    assert visavis.load(seen.folder).verdict == seen.verdict
    assert visavis.load("last", policy=str(lenient)).judgement.policy == "lenient"
    assert "meilleur sur capitals" in visavis.load(seen.folder, lang="fr").verdict


def test_benchmarks_are_shown_in_the_order_asked_whichever_ended_first(tmp_path: Path) -> None:
    files = [str(tmp_path / "late.yaml"), str(tmp_path / "early.yaml")]
    for file in files:
        Path(file).write_text(f"cases:\n- {{id: a, prompt: '{file}?', equals: A}}\n")
    folder = visavis.compare(["scripted:A", "scripted:B"], on=files).folder
    with closing(sqlite3.connect(folder / "trials.sqlite")) as trials, trials:
        trials.execute("UPDATE trials SET rowid = -rowid")  # as if they had ended the other way
    seen = visavis.load(folder)
    assert seen.trials[0].key.benchmark == "early"
    scores = [row.benchmark for row in seen.judgement.rows if row.measure == "score"]
    assert scores == ["late", "early"]


def test_a_notebook_whose_loop_is_running_gets_its_answer_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def cell() -> visavis.Comparison:
        return yes_and_right(count=4)

    assert len(asyncio.run(cell()).trials) == 8


def test_an_unknown_option_or_run_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="repeats"):
        visavis.compare(["scripted:a", "scripted:b"], repeat=2)
    with pytest.raises(StoreError, match="nothing was run yet"):
        visavis.load("last")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (["scripted:a"], "needs two candidates"),
        (["scripted:a", "scripted:a"], "two candidates are called"),
        (["python:a", "scripted:b"], "was written in Python"),
    ],
)
def test_what_cannot_be_compared_is_told_before_anything_is_asked(
    named: list[str], said: str
) -> None:
    with pytest.raises(OptionError, match=said):
        visavis.compare(named)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"suite": "fast"}, "no suite is called 'fast'"),
        ({"lang": "de"}, "no lang is called 'de'"),
        ({"repeats": "two"}, "--repeats 'two'"),
        ({"repeats": True}, "--repeats True"),
        ({"dry_run": True}, "asks nothing"),
    ],
)
def test_an_option_that_is_no_choice_is_refused_by_name(options: dict[str, Any], said: str) -> None:
    with pytest.raises(OptionError, match=said):
        visavis.compare(["scripted:a", "scripted:b"], **options)


def test_a_rate_limit_slows_the_run_and_is_told_in_the_report(tmp_path: Path) -> None:
    busy = turn_down(429, "slow down", headers={"Retry-After": "0"})
    limited = in_turn(busy, say("Yes"))
    with FakeServer({"limited": limited, "free": say("No")}) as server:
        named = [f"{server.url}#limited", f"{server.url}#free"]
        seen = visavis.compare(named, on="logic:8", speed=False)
    assert not any(isinstance(trial.outcome, visavis.Failure) for trial in seen.trials)
    assert "limits the rate" in seen.markdown()


def test_a_hosted_candidate_without_its_key_is_told_the_variables_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(MissingKeyError, match="OPENAI_API_KEY"):
        visavis.compare(["openai:gpt-4o", "scripted:b"])


def test_no_key_is_in_anything_that_a_run_wrote(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HTTP_API_KEY", KEY)
    told = turn_down(400, f"your key {KEY} is fine, your prompt is not")
    models = {"yes": say("Yes", pieces=4), "moody": _moody(told)}
    with FakeServer(models, key=KEY) as server:
        seen = visavis.compare(
            [f"{server.url}#yes", f"{server.url}#moody"],
            on=["logic:8"],
            out=tmp_path / "run",
            json=tmp_path / "run.json",
        )
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    seen.save_html(tmp_path / "page.html")
    seen.save_json(tmp_path / "data.json")
    failed = [trial for trial in seen.trials if isinstance(trial.outcome, visavis.Failure)]
    assert failed, "the server was to fail some, with the key in its words"
    written = [file for folder in (home, tmp_path) for file in folder.rglob("*") if file.is_file()]
    assert len(written) > 4
    for file in written:
        assert KEY.encode() not in file.read_bytes(), file
    out, err = capfd.readouterr()
    assert KEY not in out + err


def _moody(told: Model) -> Model:
    """Answers two of three prompts, and turns the third away."""
    answers = say("No", pieces=4)
    return lambda request: (told if request.number % 3 == 2 else answers)(request)


def test_two_servers_are_timed_and_a_server_that_may_change_its_model_is_asked_anew(
    tmp_path: Path,
) -> None:
    with FakeServer(
        {"quick": say("Yes", pieces=8), "slow": say("Yes", pieces=8, first_s=0.3)}
    ) as s:
        named = [f"{s.url}#quick", f"{s.url}#slow"]
        visavis.compare(named, on="logic:4", out=tmp_path / "one")
        again = visavis.compare(named, on="logic:4", out=tmp_path / "two")
    cases = [trial for trial in again.trials if trial.key.benchmark == "logic"]
    speed = [trial for trial in again.trials if trial.key.benchmark == "speed"]
    assert not any(trial.reused for trial in cases)
    assert len(speed) == 12
    assert not any(trial.reused for trial in speed)
    (gap,) = (r.gaps[0] for r in again.judgement.rows if r.measure == "first_token_s")
    assert isinstance(gap.verdict, visavis.Prefer)
    assert gap.verdict.winner == "quick"


def test_two_priced_systems_end_in_a_price_per_solved_case_within_the_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = say(lambda request: "Paris" if "France" in request.prompt else "Yes")
    half = say(lambda request: "Paris" if len(request.prompt) % 2 else "Lyon")
    cases = tmp_path / "capitals.yaml"
    cases.write_text(
        "cases:\n"
        + "".join(
            f"  - id: c{n}\n    prompt: '{'.' * n} Capital of France?'\n    equals: Paris\n"
            for n in range(30)
        ),
        encoding="utf-8",
    )
    models = {"gpt-4o-2024-08-06": right, "gpt-4o-mini-2024-07-18": half}
    with FakeServer(models, key=KEY) as server:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        with pytest.raises(OptionError, match="budget"):
            visavis.compare(["gpt-4o", "gpt-4o-mini"], on=[str(cases)], budget=0.000001)
        seen = visavis.compare(["gpt-4o", "gpt-4o-mini"], on=[str(cases)], budget=0.5)
    (row,) = (row for row in seen.judgement.rows if row.measure == "usd_per_solved_case")
    dear, cheap = (cell.estimate for cell in row.cells)
    assert isinstance(dear, visavis.Estimate)
    assert isinstance(cheap, visavis.Estimate)
    assert 0 < cheap.value < dear.value
    said = seen.markdown()
    assert "14 January 2027" in " ".join(said.split())
    assert "genai-prices" in said


def test_replies_that_were_paid_for_are_taken_again_unless_all_is_to_be_asked_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = {"gpt-4o-2024-08-06": say("Yes"), "gpt-4o-mini-2024-07-18": say("Yes")}
    with FakeServer(models, key=KEY) as server:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        told: dict[str, Any] = {"on": "logic:4", "speed": False}
        both = ["gpt-4o", "gpt-4o-mini"]
        visavis.compare(both, out=tmp_path / "first", **told)
        taken = visavis.compare(both, out=tmp_path / "taken", **told)
        anew = visavis.compare(both, out=tmp_path / "anew", reuse=False, **told)
    assert all(trial.reused for trial in taken.trials)
    assert not any(trial.reused for trial in anew.trials)


def test_two_local_files_go_all_the_way_through_the_real_engine(tmp_path: Path) -> None:
    one = write_tiny_model(tmp_path / "one.gguf")
    other = write_tiny_model(tmp_path / "other.gguf", context=640)
    files = [f"gguf:{one}", f"gguf:{other}"]
    seen = visavis.compare(files, on="logic:4", at_once=2)
    again = visavis.compare(files, on="logic:4", at_once=2)
    assert {trial.key.benchmark for trial in seen.trials} == {"logic", "speed"}
    reused = {trial.key.benchmark for trial in again.trials if trial.reused}
    assert reused == {"logic"}  # speed is measured anew
    assert not any(isinstance(trial.outcome, visavis.Failure) for trial in seen.trials)
    facts = {row.label: row for row in seen.view.facts}
    assert all(cell.known for cell in facts["peak memory"].cells)
    assert all(cell.known for cell in facts["parameters"].cells)
