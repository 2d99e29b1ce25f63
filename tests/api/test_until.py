"""Asking stops where every gap is decided: whole runs, resumed, out of money, cut off."""

import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest

import visavis
from tests.fake_models import say
from tests.fake_server import FakeServer
from visavis.core.errors import OptionError
from visavis.core.outcome import Failure
from visavis.core.prompt import Prompt
from visavis.report import export

BUDGET_USD = 0.0065


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def cases(count: int, name: str = "sums", groups: int = 0) -> str:
    """A file of `count` cases, in pairs where there are groups."""
    rows = (
        {"id": f"{name}{n}", "prompt": f"{name} {n}?", "equals": str(n)}
        | ({"group": f"g{n // groups}"} if groups else {})
        for n in range(count)
    )
    Path(f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return f"{name}.jsonl"


def answer(prompt: Prompt, name: str, level: float) -> str:
    """Solves such a share of the cases, always the same ones."""
    question = prompt.messages[-1].content
    right = Random(f"{name} {question}").random() < level
    return question.split()[1][:-1] if right else "no"


def solver(name: str, level: float) -> visavis.ScriptedClient:
    return visavis.ScriptedClient(lambda prompt: answer(prompt, name, level), name=name)


def compare(*candidates: visavis.ScriptedClient, on: str, **options: Any) -> visavis.Comparison:
    return visavis.compare(list(candidates), on=on, until="decided", **options)


def verdicts(seen: visavis.Comparison) -> dict[tuple[str, str, str], str]:
    return {
        (row.benchmark, gap.a, gap.b): type(gap.verdict).__name__
        for row in seen.judgement.rows
        if row.measure == "score"
        for gap in row.gaps
    }


def asked_of(seen: visavis.Comparison) -> Counter[tuple[str, str]]:
    return Counter((trial.key.candidate, trial.key.benchmark) for trial in seen.trials)


def test_a_large_gap_takes_few_cases_and_the_report_says_how_many_were_not_needed() -> None:
    seen = compare(solver("good", 0.95), solver("poor", 0.4), on=cases(2000))
    assert verdicts(seen) == {("sums", "good", "poor"): "Prefer"}
    n = asked_of(seen)["good", "sums"]
    assert n == asked_of(seen)["poor", "sums"] < 100
    for told in (seen.table(), seen.markdown(), seen.html()):
        assert f"sums was decided after {n} of its 2,000 cases" in " ".join(told.split())
        assert "betting confidence sequences" in " ".join(told.split())
    assert "not finished" not in seen.table()


def test_the_same_as_data() -> None:
    seen = compare(solver("good", 0.95), solver("poor", 0.4), on=cases(2000))
    document = json.loads(seen.json())
    jsonschema.validate(document, json.loads(export.schema()))
    (benchmark,) = document["benchmarks"]
    n = asked_of(seen)["good", "sums"]
    assert document["until"] == "decided"
    assert (benchmark["cases"], benchmark["asked"]) == (2000, n)
    assert benchmark["not_needed"] == 2000 - n
    (score,) = (row for row in document["measures"] if row["measure"] == "score")
    assert score["gaps"][0]["gap"]["method"] == "betting confidence sequence"
    assert {cell["estimate"]["method"] for cell in score["cells"]} == {
        "betting confidence sequence"
    }


def test_in_french_too() -> None:
    seen = compare(solver("good", 0.95), solver("poor", 0.4), on=cases(2000), lang="fr")
    assert "n’étaient pas nécessaires" in " ".join(seen.table().split())
    assert "suites de confiance" in " ".join(seen.table().split())


def test_candidates_that_hardly_differ_are_found_to_be_alike() -> None:
    alike = (
        visavis.ScriptedClient(lambda prompt: answer(prompt, "same", 0.9), name=name)
        for name in ("one", "other")
    )
    seen = compare(*alike, on=cases(2000))
    assert verdicts(seen) == {("sums", "one", "other"): "Alike"}
    assert asked_of(seen)["one", "sums"] < 200


def test_where_the_cases_run_out_all_of_them_were_asked_and_none_was_spared() -> None:
    seen = compare(solver("one", 0.6), solver("other", 0.55), on=cases(60))
    assert verdicts(seen) == {("sums", "one", "other"): "Undecided"}
    assert set(asked_of(seen).values()) == {60}
    assert "sums took all of its 60 cases" in seen.table()
    assert "not finished" not in seen.table()
    assert json.loads(seen.json())["benchmarks"][0]["not_needed"] == 0


def test_each_benchmark_and_each_pair_stops_for_itself() -> None:
    good, poor = solver("good", 0.9), solver("poor", 0.3)
    middle = solver("middle", 0.85)
    names = f"{cases(300)},{cases(300, 'more')}"
    seen = compare(good, poor, middle, on=names)
    asked = asked_of(seen)
    assert asked["poor", "sums"] < asked["good", "sums"] == asked["middle", "sums"]
    assert verdicts(seen)["sums", "good", "poor"] == "Prefer"
    assert verdicts(seen)["more", "poor", "middle"] == "Prefer"


def test_the_cases_are_asked_in_the_order_of_the_seed_to_all_alike() -> None:
    file = cases(400)
    runs = [
        compare(solver("good", 0.95), solver("poor", 0.5), on=file, seed=seed) for seed in (0, 0, 1)
    ]
    sets = [{trial.key.case for trial in seen if trial.key.candidate == "good"} for seen in runs]
    assert sets[0] == sets[1] != sets[2]
    first = [f"sums{n}" for n in range(len(sets[0]))]
    assert sets[0] != set(first)
    for seen in runs:
        pairs = Counter(trial.key.case for trial in seen)
        assert set(pairs.values()) == {2}


def test_cases_of_one_group_are_drawn_together() -> None:
    seen = compare(solver("good", 0.95), solver("poor", 0.3), on=cases(400, groups=2))
    numbers = {int(trial.key.case[4:]) for trial in seen}
    assert all(number ^ 1 in numbers for number in numbers)
    (row,) = (row for row in seen.judgement.rows if row.measure == "score")
    assert "up to 2 cases drawn together" in row.gaps[0].verdict.by.method  # type: ignore[union-attr]  # there is enough


def test_a_run_that_was_cut_off_goes_on_with_what_it_lacks_and_ends_as_if_it_had_not_been(
    tmp_path: Path,
) -> None:
    file, run = cases(2000), tmp_path / "run"

    class CutError(Exception):
        pass

    def cutting(prompt: Prompt) -> str:
        if len(broken.asked) == 50:
            raise CutError
        return answer(prompt, "good", 0.9)

    broken = visavis.ScriptedClient(cutting, name="good")
    with pytest.raises(CutError):
        compare(broken, solver("poor", 0.65), on=file, out=run)
    there = visavis.load(run)
    assert "ended before every gap was decided" in " ".join(there.table().split())
    known = {trial.key.case for trial in there if trial.key.candidate == "good"}
    assert known

    good = solver("good", 0.9)
    seen = compare(good, solver("poor", 0.65), on=file, out=run)
    whole = compare(solver("good", 0.9), solver("poor", 0.65), on=file)
    assert verdicts(seen) == verdicts(whole) == {("sums", "good", "poor"): "Prefer"}
    first, other = sorted(({t.key.case for t in run} for run in (seen, whole)), key=len)
    assert first <= other  # the same order; where it looks depends on the rounds
    asked = {f"sums{prompt.messages[-1].content.split()[1][:-1]}" for prompt in good.asked}
    assert not asked & known


def test_a_decided_run_that_is_resumed_asks_nothing_more(tmp_path: Path) -> None:
    file, good = cases(500), solver("good", 0.95)
    first = compare(solver("good", 0.95), solver("poor", 0.4), on=file, out=tmp_path / "run")
    seen = compare(good, solver("poor", 0.4), on=file, out=tmp_path / "run")
    assert not good.asked
    assert len(seen.trials) == len(first.trials)
    assert seen.ended is not None
    assert (seen.ended.how, seen.ended.left) == ("finished", 0)


def test_a_run_of_all_cases_is_not_gone_on_with_until_decided(tmp_path: Path) -> None:
    file = cases(20)
    pair = solver("good", 0.95), solver("poor", 0.4)
    visavis.compare(list(pair), on=file, out=tmp_path / "run")
    with pytest.raises(OptionError, match="--until all"):
        compare(*pair, on=file, out=tmp_path / "run")


def test_repeats_of_a_case_count_as_one_draw() -> None:
    seen = compare(solver("good", 0.95), solver("poor", 0.4), on=cases(400), repeats=3)
    (row,) = (row for row in seen.judgement.rows if row.measure == "score")
    assert {trial.key.repeat for trial in seen} == {0, 1, 2}
    assert row.gaps[0].verdict.by.n * 6 == len(seen.trials)


def test_a_number_of_cases_set_by_the_user_is_the_most_that_is_asked() -> None:
    seen = compare(solver("one", 0.6), solver("other", 0.55), on=f"{cases(500)}:40")
    assert set(asked_of(seen).values()) == {40}


def test_without_a_number_a_suite_stops_when_decided_too() -> None:
    yes = visavis.ScriptedClient(lambda prompt: "yes", name="yes")
    dumb = visavis.ScriptedClient(lambda prompt: "", name="dumb")
    seen = visavis.compare([yes, dumb], on="logic", until="decided")
    (benchmark,) = json.loads(seen.json())["benchmarks"]
    assert benchmark["cases"] > 1000 > benchmark["asked"]
    assert verdicts(seen)["logic", "yes", "dumb"] == "Prefer"


def test_a_candidate_that_keeps_failing_is_given_up_when_no_case_could_mend_it() -> None:
    def moody(prompt: Prompt) -> str | Failure:
        if len(unsteady.asked) % 3 == 0:
            return Failure(kind="timed out", detail="no reply in 60 s")
        return answer(prompt, "unsteady", 0.9)

    unsteady = visavis.ScriptedClient(moody, name="unsteady")
    seen = compare(unsteady, solver("poor", 0.4), on=cases(1000))
    assert verdicts(seen) == {("sums", "unsteady", "poor"): "Undecided"}
    assert 150 < asked_of(seen)["unsteady", "sums"] < 250  # 5 % of 1,000 have failed by then
    assert "that did not decide every gap" in " ".join(seen.table().split())
    assert "visavis resume" not in seen.table()


def test_a_budget_ends_such_a_run_and_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    models = {"gpt-4o-2024-08-06": say("7"), "gpt-4o-mini-2024-07-18": say("8")}
    with FakeServer(models, key="sk-test") as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        seen = visavis.compare(
            ["gpt-4o", "gpt-4o-mini"],
            on=[cases(3000)],
            until="decided",
            budget=BUDGET_USD,
            speed=False,
        )
    assert seen.ended is not None
    assert seen.ended.spent_usd <= BUDGET_USD
    assert seen.ended.how == "budget spent"
    assert seen.ended.left == 2 * 3000 - len(seen.trials)
    assert set(Counter(trial.key.case for trial in seen).values()) == {2}
    assert "ended before every gap was decided" in " ".join(seen.table().split())
