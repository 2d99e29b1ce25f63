"""From a tool's log to a comparison of recordings."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import visavis
from tests.api.imports_things import HALF, RIGHT, Import, zeroeval
from tests.measure.imports import logs
from visavis.api.imports import columns_of
from visavis.candidates.grammar import canonical, parse
from visavis.candidates.recordings import recorded_protocols, source_of
from visavis.core.errors import DataError, FenceError, OptionError, UnknownNameError
from visavis.measure.observe import counts
from visavis.measure.store import RunStore
from visavis.report.language import Words


def test_two_models_logs_are_compared_by_the_family_s_name(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    brought = imported(zeroeval(tmp_path, "a", RIGHT), zeroeval(tmp_path, "b", HALF))
    ours = [(one.share.name, one.ours, one.theirs_marked, one.unparsed) for one in brought.tallies]
    assert ours == [("a", 3.0, 3.0, 0), ("b", 1.0, 1.0, 1)]
    assert recorded_protocols(home, "a") == {"gsm8k@zeroeval"}
    seen = visavis.compare(["recorded:a", "recorded:b"], on="gsm8k")
    scores = {c.candidate: (c.asked, c.scored, c.failed) for c in counts(seen.trials)}
    assert scores == {"a": (3, 3, 0), "b": (3, 3, 0)}
    assert {trial.key.case for trial in seen.trials} == {"1", "2", "3"}
    # Without a benchmark, what both hold answers to is meant.
    again = visavis.compare(["recorded:a", "recorded:b"])
    with RunStore.open(again.folder) as run:
        assert [one.protocol for one in run.spec.benchmarks] == ["gsm8k@zeroeval"]


def test_a_live_candidate_is_asked_the_very_same(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    asked = []

    def answer(prompt: visavis.Prompt) -> str:
        asked.append(prompt.messages[-1].content)
        return "7"

    visavis.compare(
        ["recorded:a", visavis.ScriptedClient(answer, name="live")], on="gsm8k@zeroeval"
    )
    assert sorted(asked) == sorted(f"{q} Answer in JSON." for q, _ in logs.ANSWERS.values())


def test_a_second_protocol_joins_a_recording(imported: Import, home: Path, tmp_path: Path) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    first = source_of(home, "a").protocols["gsm8k@zeroeval"]
    imported(zeroeval(tmp_path, "a", RIGHT, dataset="math-l5"))
    source = source_of(home, "a")
    assert set(source.protocols) == {"gsm8k@zeroeval", "math@zeroeval"}
    assert source.protocols["gsm8k@zeroeval"] == first
    assert first.files[0].name == "a.json.gz"
    assert first.settings["max_tokens"] == "64"
    lines = (home / "recorded" / "a" / "answers.jsonl").read_text().splitlines()
    assert len(lines) == 6
    assert json.loads(lines[0])["mark"]["read"] == "5"


def test_disagreements_are_listed_with_both_readings(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    replies = {"1": '{"answer": "5"}', "2": "It is 8.", "3": '{"answer": "3, -2"}'}
    file = zeroeval(tmp_path, "a", replies)
    imported(file, disagreements=tmp_path / "d.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text().splitlines()]
    assert [(row["case"], row["ours"], row["source"], row["kind"]) for row in rows] == [
        ("2", 1.0, 0.0, "no reading by the source")
    ]
    imported(file, disagreements=tmp_path / "d.md")
    told = (tmp_path / "d.md").read_text()
    assert "**2**, right by ours alone; key 8." in told
    assert "no answer field" in told


def test_each_kind_of_disagreement_is_explained_and_the_question_shown(
    imported: Import, tmp_path: Path
) -> None:
    file = zeroeval(tmp_path, "a", {"2": "It is 8."})
    imported(file, disagreements=tmp_path / "d.md")
    told = (tmp_path / "d.md").read_text()
    assert "right by one and wrong by the other" in told
    assert "### no reading by the source (1)\n\nThe source found no answer in the reply" in told
    assert "  Question: " in told
    imported(file, disagreements=tmp_path / "d.md", lang="fr")
    french, _ = (tmp_path / "d.md").read_text(), Words("fr")
    assert _("The source found no answer in the reply, or does not say which.") in french
    assert _("{label}: {value}", label=_("Question"), value="") in french
    assert _("**{case}**, right by ours alone; key {key}.").format(case="2", key="8") in french


def test_columns_are_pairs() -> None:
    assert columns_of(["id=case, text=output", "target=a=b"]) == {
        "id": "case",
        "text": "output",
        "target": "a=b",
    }
    with pytest.raises(OptionError, match="'id' is no pair"):
        columns_of(["id"])
    with pytest.raises(OptionError, match="names 'id' twice"):
        columns_of(["id=a", "id=b"])


def test_a_recording_is_a_candidate_with_its_model_s_facts(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    imported(
        zeroeval(tmp_path, "gpt-4o-2024-08-06", RIGHT),
        zeroeval(tmp_path, "Meta-Llama-3.1-8B-Instruct", HALF),
        zeroeval(tmp_path, "gpt-4o", HALF),
    )
    systems = {}
    for name in ("gpt-4o-2024-08-06", "Meta-Llama-3.1-8B-Instruct", "gpt-4o"):
        candidate = parse(f"recorded:{name}", home=home, environ={})
        assert candidate.protocols == ("gsm8k@zeroeval",)
        assert canonical(candidate) == f"recorded:{name}"
        assert canonical(replace(candidate, name="x")) == f"x=recorded:{name}"
        systems[name] = (candidate.system, {fact.name for fact in candidate.facts})
    assert systems["gpt-4o-2024-08-06"][0] == "gpt-4o"
    assert "largest_output_tokens" in systems["gpt-4o-2024-08-06"][1]
    assert "largest_output_tokens" not in systems["gpt-4o"][1]  # of which day it was, nobody knows
    assert systems["Meta-Llama-3.1-8B-Instruct"][0] == "llama-3.1-8b"


def test_an_unknown_recording_is_answered_with_the_nearest(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    with pytest.raises(UnknownNameError, match="none was imported yet"):
        parse("recorded:gpt-4o", home=home, environ={})
    imported(zeroeval(tmp_path, "gpt-4o-mini", RIGHT))
    with pytest.raises(
        UnknownNameError, match="no recording is called 'gpt-4-mini'; try gpt-4o-mini"
    ):
        parse("recorded:gpt-4-mini", home=home, environ={})
    with pytest.raises(OptionError, match="there is no file"):
        parse("recorded:replies.jsonl", home=home, environ={})
    (home / "recorded" / "gpt-4o-mini" / "source.json").write_text("{")
    with pytest.raises(DataError, match="is torn"):
        parse("recorded:gpt-4o-mini", home=home, environ={})


def test_subjects_of_one_benchmark_are_averaged(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    files = [
        logs.write(folder / f"samples_mmlu_{subject}.jsonl", logs.weighed([[-2, -1], weights]))
        for subject, weights in (("anatomy", [-1, -2]), ("virology", [-2, -1]))
    ]
    (whole,) = imported(*files).tallies
    assert (whole.share.protocol, whole.answers, whole.ours) == ("mmlu@lm-eval", 4, 3.0)
    seen = visavis.compare(["recorded:model", "b=recorded:model"], on="mmlu@lm-eval")
    assert "mean of subjects" in seen.markdown()
    assert "virology" in seen.markdown()


def test_programs_in_a_log_are_run_in_the_fence(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    code = {
        "prompt": "def f(n):\n",
        "test": "def check(f):\n    assert f(2) == 4\n",
        "entry_point": "f",
    }
    samples = [
        logs.sample(1, "```python\ndef f(n):\n    return 2 * n\n```", metadata=code),
        logs.sample(2, "```python\ndef f(n):\n    return n\n```", "I", metadata=code),
    ]
    head = {**logs.HEAD, "eval": {**logs.HEAD["eval"], "task": "humaneval"}}
    file = logs.write(tmp_path / "a.json", {**head, "samples": samples})
    try:
        (graded,) = imported(file).tallies
    except FenceError as error:
        pytest.skip(str(error))
    assert (graded.ours, graded.disagreements) == (1.0, ())


def test_recordings_without_a_common_protocol_cannot_be_compared(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    imported(zeroeval(tmp_path, "b", RIGHT, dataset="math-l5"))
    with pytest.raises(OptionError, match="no protocol in common: 'a' to gsm8k@zeroeval; 'b' to"):
        visavis.compare(["recorded:a", "recorded:b"])
    with pytest.raises(OptionError, match="'b' holds no answers to 'gsm8k@zeroeval'"):
        visavis.compare(["recorded:a", "recorded:b"], on="gsm8k@zeroeval")


def test_a_log_that_lacks_what_was_asked_is_for_recordings_alone(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    rows = [logs.mmmu_pro(f"test_History_{n}", "Answer: B", "B") for n in range(3)]
    imported(logs.write(tmp_path / "gpt-4o_standard(10 options)_cot.jsonl", rows))
    with pytest.raises(OptionError, match="only of recordings: its log lacks the pictures"):
        visavis.compare(["recorded:gpt-4o", "smollm2-135m"], on="mmmu-pro@cot")
    seen = visavis.compare(["recorded:gpt-4o", "b=recorded:gpt-4o"], on="mmmu-pro@cot")
    assert "History" in seen.markdown()  # figures by subject
