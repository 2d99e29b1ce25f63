"""Logs that fit what is known, or each other, and those that do not: nothing is guessed."""

from pathlib import Path
from typing import Any

import pytest

import visavis
from tests.api.imports_things import HALF, RIGHT, Import, kept, zeroeval
from tests.measure.imports import logs
from visavis.candidates.recordings import recorded_protocols, source_of
from visavis.core.errors import DataError, OptionError
from visavis.measure.observe import counts


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
