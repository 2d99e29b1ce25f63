"""From a tool's log to a comparison of recordings: all of it, or nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import visavis
from tests.measure.imports import logs
from visavis.api.imports import Brought, bring, columns_of
from visavis.candidates.grammar import canonical, parse
from visavis.candidates.recordings import recorded_protocols, source_of
from visavis.core.errors import DataError, FenceError, OptionError, UnknownNameError
from visavis.measure.imports import keep
from visavis.measure.observe import counts
from visavis.measure.store import RunStore
from visavis.options import ImportOptions
from visavis.report.progress import screen

RIGHT = {"1": '{"answer": "5"}', "2": '{"answer": "8"}', "3": '{"answer": "-2"}'}
HALF = {"1": '{"answer": "5"}', "2": "eight", "3": '{"answer": "-9"}'}

Import = Callable[..., Brought]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def imported(home: Path) -> Import:
    def bring_in(*files: Path, kind: str = "auto", **options: Any) -> Brought:
        return bring(kind, files, ImportOptions(**options), home, screen())

    return bring_in


def zeroeval(folder: Path, name: str, replies: dict[str, str], **further: Any) -> Path:
    rows = logs.zeroeval(replies, model=f"openai/{name}", **further)
    return logs.write(folder / f"{name}.json.gz", rows)


def kept(home: Path) -> dict[str, bytes]:
    """Everything under the home, by path."""
    return {str(f.relative_to(home)): f.read_bytes() for f in home.rglob("*") if f.is_file()}


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


def test_the_same_import_again_changes_nothing(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    file = zeroeval(tmp_path, "a", RIGHT)
    imported(file)
    before = kept(home)
    assert imported(file).known == {("a", "gsm8k@zeroeval")}
    assert kept(home) == before


def test_other_answers_under_the_same_name_need_a_word(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    before = kept(home)
    other = zeroeval(tmp_path, "a", HALF)
    with pytest.raises(OptionError, match="another --name, or take its place by --replace"):
        imported(other)
    assert kept(home) == before
    imported(other, name="a2")
    (replaced,) = imported(other, replace=True).tallies
    assert replaced.ours == 1.0
    assert recorded_protocols(home, "a2") == {"gsm8k@zeroeval"}


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


def test_one_id_for_two_cases_is_refused_with_an_example(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    before = kept(home)
    rows = logs.zeroeval(RIGHT, model="b")
    rows[0]["answer"], rows[1]["answer"] = "# 6", "# 9"
    with pytest.raises(
        DataError,
        match=r"2 of 3 cases of 'gsm8k@zeroeval' .* the key of '1' is '6', it was '5', and of '2'",
    ):
        imported(logs.write(tmp_path / "b.json", rows))
    rows = logs.zeroeval(RIGHT, model="b")
    rows[0]["chat_history"] = ["Other words?"]
    with pytest.raises(DataError, match="the question of '1' is 'Other words"):
        imported(logs.write(tmp_path / "b.json", rows))
    assert kept(home) == before
    imported(tmp_path / "b.json", protocol="gsm8k@other")
    assert recorded_protocols(home, "b") == {"gsm8k@other"}


def test_cases_that_nobody_answers_any_more_bind_nobody(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    rows = logs.zeroeval({"1": '{"answer": "6"}'}, model="openai/a")
    rows[0]["answer"] = "# 6"
    brought = imported(logs.write(tmp_path / "a.json", rows), replace=True)
    assert brought.cases == {"gsm8k@zeroeval": 1}
    assert brought.tallies[0].ours == 1.0


def test_a_case_in_another_chat_template_is_the_same_case_and_said(
    imported: Import, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for model, mark in (("x", "Question"), ("y", "<|user|>Question")):
        (tmp_path / model).mkdir()
        rows = logs.lm_eval({"1": "so 5", "2": "so 8"})
        for row in rows:
            asked = row["arguments"]["gen_args_0"]
            asked["arg_0"] = asked["arg_0"].replace("Question", mark)
        imported(logs.write(tmp_path / model / "samples_gsm8k.jsonl", rows))
    assert "2 cases of 'gsm8k@lm-eval' were put in other words" in capsys.readouterr().err
    seen = visavis.compare(["recorded:x", "recorded:y"], on="gsm8k@lm-eval")
    assert all(count.failed == 0 for count in counts(seen.trials))


def test_cases_that_one_was_never_asked_are_failures_not_zeros(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    few = {"1": RIGHT["1"]}
    imported(zeroeval(tmp_path, "a", RIGHT), zeroeval(tmp_path, "b", few))
    seen = visavis.compare(["recorded:a", "recorded:b"], on="gsm8k")
    (count,) = (c for c in counts(seen.trials) if c.candidate == "b")
    assert (count.scored, count.failed, dict(count.failures)) == (1, 2, {"missing": 2})


def test_two_cases_in_the_same_words_keep_their_own_answers(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    samples = [logs.sample(1, "5"), logs.sample(1, "6", "I", epoch=2)]
    imported(logs.inspect_zip(tmp_path / "a.eval", samples))
    imported(tmp_path / "a.eval", name="b")
    seen = visavis.compare(["recorded:gpt-x", "recorded:b"], on="gsm8k@inspect")
    values = {t.key.case: t.grade for t in seen.trials if t.key.candidate == "b"}
    assert {name: getattr(grade, "value", None) for name, grade in values.items()} == {
        "1": 1.0,
        "1~2": 0.0,
    }


def test_an_unknown_task_is_not_graded_by_a_guess(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    file = logs.write(tmp_path / "qa.jsonl", [{"question": "q", "text": "It is 5", "target": "5"}])
    with pytest.raises(OptionError, match="how answers to 'qa' are graded is not known here"):
        imported(file)
    assert not kept(home).keys() - {"recorded/.lock"}
    (graded,) = imported(file, check="number", name="n").tallies
    assert graded.ours == 1.0
    (bare,) = imported(file, check="none", protocol="qa@none").tallies
    assert (bare.unscored, bare.scored) == (1, 0)


def test_what_cannot_be_is_refused_before_anything_is_written(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    a, b = zeroeval(tmp_path, "a", RIGHT), zeroeval(tmp_path, "b", HALF)
    math = zeroeval(tmp_path, "m", RIGHT, dataset="math-l5")
    torn = tmp_path / "torn.json.gz"
    torn.write_bytes(a.read_bytes()[:-20])
    rows = [{"question": "q", "text": "t", "id": "\u202e"}]
    turned = logs.write(tmp_path / "bidi.jsonl", rows)
    (keyless,) = logs.zeroeval({"1": "x"})
    del keyless["answer"]
    wrong: list[tuple[tuple[Path, ...], dict[str, Any], str]] = [
        ((a, torn), {}, "'torn.json.gz' is cut short"),
        ((a, b), {"name": "both"}, "these files hold 'openai/a', 'openai/b'"),
        ((a, math), {"protocol": "x@y"}, "these files hold 'gsm8k', 'math'"),
        ((a,), {"name": "../up"}, "no recording can be called '../up'"),
        ((a,), {"protocol": "gsm8k"}, "write FAMILY@SOURCE"),
        ((a,), {"protocol": "humaneval@evalplus"}, "is one of ours"),
        ((turned,), {"check": "none"}, "a case id that cannot be shown"),
        ((logs.write(tmp_path / "k.json", [keyless]),), {}, "holds no key for case '1'"),
        ((a, zeroeval(tmp_path, "a", HALF)), {"disagreements": Path("x.txt")}, "must end in .md"),
    ]
    for files, options, said in wrong:
        with pytest.raises((OptionError, DataError), match=said):
            imported(*files, **options)
    assert not kept(home).keys() - {"recorded/.lock"}


def test_two_answers_to_one_case_and_two_models_of_one_name_are_refused(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    twice = [*logs.zeroeval({"1": "a"}), *logs.zeroeval({"1": "b"})]
    with pytest.raises(DataError, match=r"answers case '1' .* again, and otherwise"):
        imported(logs.write(tmp_path / "a.json", twice))
    two = [*logs.zeroeval({"1": "a"}, model="x/gpt"), *logs.zeroeval({"2": "b"}, model="y/gpt")]
    with pytest.raises(OptionError, match="'x/gpt' and 'y/gpt' would both be called 'gpt'"):
        imported(logs.write(tmp_path / "a.json", two))
    imported(logs.write(tmp_path / "x.json", two[:1]))
    other = logs.write(tmp_path / "y.json", logs.zeroeval(RIGHT, model="y/gpt", dataset="math-l5"))
    with pytest.raises(OptionError, match="holds answers of 'x/gpt', these are of 'y/gpt'"):
        imported(other)
    imported(other, name="gpt")
    assert source_of(home, "gpt").model == "x/gpt"


def test_a_name_from_a_log_leads_nowhere_else(imported: Import, home: Path, tmp_path: Path) -> None:
    rows = logs.zeroeval(RIGHT, model="../../evil:x y", dataset="../../task")
    imported(logs.write(tmp_path / "a.json", rows), check="number")
    assert recorded_protocols(home, "evil-x-y") == {"task@zeroeval"}
    assert {path.partition("/")[0] for path in kept(home)} == {"cases", "recorded"}
    assert not list(tmp_path.glob("evil*"))


def test_names_from_a_log_are_shown_and_not_obeyed(imported: Import, tmp_path: Path) -> None:
    two = [*logs.zeroeval({"1": "a"}, model="x/g\u202ept"), *logs.zeroeval({"2": "b"}, model="y/z")]
    with pytest.raises(OptionError, match=r"these files hold 'x/g\\u202ept', 'y/z'"):
        imported(logs.write(tmp_path / "a.json", two), name="one")


def test_what_goes_wrong_while_writing_leaves_what_was_there(
    imported: Import, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    before = kept(home)
    renamed = Path.rename

    def full(self: Path, target: Path) -> Path:
        if self.parent.name.startswith(".import-") and not self.name.startswith("."):
            raise OSError(28, "No space left on device")
        return renamed(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", full)
        with pytest.raises(visavis.VisavisError, match="disk is full"):
            imported(zeroeval(tmp_path, "a", HALF), replace=True)
    assert kept(home) == before


@pytest.mark.parametrize("next_one", ["names it", "imports"])
def test_killed_between_two_renames_an_import_has_lost_nothing(
    imported: Import, home: Path, tmp_path: Path, next_one: str
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT), zeroeval(tmp_path, "b", HALF))
    before = kept(home)
    torn = home / "recorded/.import-x"
    (torn / "a").mkdir(parents=True)  # what was to take its place
    (home / "recorded/a").rename(torn / ".a.before")
    if next_one == "imports":
        imported(zeroeval(tmp_path, "b", HALF))
    else:
        visavis.compare(["recorded:a", "recorded:b"], out=tmp_path / "run")
    assert not torn.exists()
    there = kept(home)
    assert {name: there.get(name) for name in before} == before


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
    imported(file, disagreements=tmp_path / "new" / "d.md")
    told = (tmp_path / "new" / "d.md").read_text()
    assert "right by one and wrong by the other" in told
    assert "### no reading by the source (1)\n\nThe source found no answer in the reply" in told
    assert "  Question: " in told


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


def test_a_torn_recording_is_told_and_not_added_to(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    (home / "recorded" / "a" / "answers.jsonl").write_text("{torn")
    before = kept(home)
    with pytest.raises(DataError, match="recording 'a' is torn"):
        imported(zeroeval(tmp_path, "a", RIGHT, dataset="math-l5"))
    assert kept(home) == before


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


def test_only_one_import_writes_at_a_time(home: Path) -> None:
    with keep.kept_alone(home):
        assert (home / "recorded" / ".lock").exists()
