"""Each tool's log is read into entries; what is no such log says what it looks like."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measure.imports import logs
from visavis.core.errors import DataError, OptionError, UnknownNameError
from visavis.core.outcome import Usage
from visavis.measure.imports.base import Entry, Log
from visavis.measure.imports.formats import FORMATS, format_of, looks_like, read
from visavis.measure.imports.reading import LogFile, opened


def entries(file: Path, name: str = "auto", **columns: str) -> Sequence[Entry]:
    return whole(file, name, **columns).entries


def whole(file: Path, name: str = "auto", **columns: str) -> Log:
    return read(opened(file), format_of(name), columns)


REPLIES = {"1": '{"reasoning": "r", "answer": "5"}', "2": "It is $8.00", "3": "no"}


# --- ZeroEval -------------------------------------------------------------------------------------


def test_zeroeval_s_rows_hold_the_prompt_the_key_and_the_reply(tmp_path: Path) -> None:
    log = whole(logs.write(tmp_path / "m.json", logs.zeroeval(REPLIES)))
    first = log.entries[0]
    assert (log.tool, first.task, first.model) == ("zeroeval", "gsm8k", "openai/gpt-x")
    assert (first.case.id, first.case.target, first.text) == ("1", "5", REPLIES["1"])
    assert first.case.question == "What is 2 + 3? Answer in JSON."
    assert first.case.fields["max_tokens"] == "64"
    assert log.settings["temperature"] == "0.0"


@pytest.mark.parametrize(
    ("reply", "value", "read_as"),
    [
        ('{"reasoning": "so", "answer": "5"}', 1.0, "5"),
        ('```json\n{"reasoning": "a\nb",\n"answer": 5}\n```', 1.0, "5"),
        ('{"answer": "$5 dollars"}', 1.0, "5"),
        ('{"answer": "10/2"}', 1.0, "5.0"),
        ('{"answer": "1/0"}', 0.0, "1"),
        ('{"answer": "5,000"}', 0.0, "5000"),
        ('{"reasoning": "torn \\ quote", "answer": "5"}', 1.0, "5"),
        ('"answer": 5, and so', 1.0, "5"),
        ("answer: 5", 1.0, "5"),
        ('{"answer": "none"}', 0.0, None),
        ("It is 5.", 0.0, None),
    ],
)
def test_the_authors_rule_takes_the_first_number_of_the_answer_field(
    tmp_path: Path, reply: str, value: float, read_as: str | None
) -> None:
    (entry,) = entries(logs.write(tmp_path / "m.json", logs.zeroeval({"1": reply})))
    assert entry.mark is not None
    assert (entry.mark.value, entry.mark.read) == (value, read_as)


def test_a_box_counts_for_the_authors_with_one_model_alone(tmp_path: Path) -> None:
    for model, value in (("meta-llama/Llama-3.1-8B", 1.0), ("openai/gpt-x", 0.0)):
        rows = logs.zeroeval({"1": "So \\boxed{5}."}, model=model)
        (entry,) = entries(logs.write(tmp_path / "m.json", rows))
        assert entry.mark is not None
        assert entry.mark.value == value


def test_a_verdict_that_zeroeval_wrote_counts(tmp_path: Path) -> None:
    rows = logs.zeroeval(REPLIES, dataset="math-l5")
    for row, matched in zip(rows, (True, False, "No answer extracted"), strict=True):
        row["matched"] = matched
    found = entries(logs.write(tmp_path / "m.json", rows))
    assert [entry.mark and entry.mark.value for entry in found] == [1.0, 0.0, 0.0]
    assert {entry.task for entry in found} == {"math"}


def test_several_answers_to_a_case_are_cases_of_one_group(tmp_path: Path) -> None:
    (row,) = logs.zeroeval({"1": "a"})
    row["output"] = ["a", "b"]
    row["chat_history"] = ["Hello", "Hi", "2 + 3?"]
    first, second = entries(logs.write(tmp_path / "m.json", [row]))
    assert (first.case.id, second.case.id) == ("1", "1~2")
    assert first.case.group == second.case.group == "1"
    assert first.case.question == "2 + 3?"
    assert '["assistant", "Hi"]' in first.case.fields["messages"]


def test_zeroeval_s_choices_are_graded_by_letter(tmp_path: Path) -> None:
    (row,) = logs.zeroeval({"1": "B"}, dataset="mmlu-redux")
    row |= {"choices": ["four", "five"], "correct_answer": "five"}
    del row["answer"]
    (entry,) = entries(logs.write(tmp_path / "m.json", [row]))
    assert (entry.check, entry.case.target, entry.mark) == ("letter", "B", None)


# --- lm-eval --------------------------------------------------------------------------------------


def test_lm_eval_s_filters_are_marks_of_one_reply(tmp_path: Path) -> None:
    folder = tmp_path / "meta-llama__Llama"
    folder.mkdir()
    file = folder / "samples_gsm8k_2026-11-22T02-06-07.1.jsonl"
    log = whole(logs.write(file, logs.lm_eval({"1": "so 5", "2": "#### 8"})))
    first, second = log.entries
    assert (log.tool, first.task, first.model) == ("lm-eval", "gsm8k", "meta-llama/Llama")
    assert (first.case.id, first.case.target, first.text) == ("0", "5", "so 5")
    assert first.mark is not None
    assert (first.mark.value, first.mark.by) == (1.0, "exact_match, flexible-extract")
    assert first.case.fields["way"] == "continue"
    assert first.case.fields["max_tokens"] == "99"
    assert second.text == "#### 8"


def test_the_model_is_named_by_the_results_beside(tmp_path: Path) -> None:
    file = tmp_path / "samples_gsm8k_2026-11-22T02-06-07.1.jsonl"
    told = {"model_name": "gpt-x", "config": {"model": "local-chat", "limit": None}}
    logs.write(tmp_path / "results_2026-11-22T02-06-07.1.json", told)
    log = whole(logs.write(file, logs.lm_eval({"1": "5"})))
    assert (log.entries[0].model, dict(log.settings)) == ("gpt-x", {"model": "local-chat"})
    (tmp_path / "results_2026-11-22T02-06-07.1.json").write_text("torn")
    assert entries(file)[0].model == tmp_path.name


def test_a_conversation_in_lm_eval_s_log_is_a_conversation(tmp_path: Path) -> None:
    context = ['[{"role": "system", "content": "Hi"}, {"role": "user", "content": "2 + 3?"}]']
    rows = logs.lm_eval({"1": "5"}, arguments=[[context, {"until": "x"}]])
    (entry,) = entries(logs.write(tmp_path / "samples_gsm8k.jsonl", rows))
    assert entry.case.question == "2 + 3?"
    assert "way" not in entry.case.fields
    assert entry.case.fields["stop"] == '["x"]'


def test_choices_that_were_weighed_give_the_likeliest(tmp_path: Path) -> None:
    rows = logs.weighed([[-3.0, -1.0, -2.0], [-1.0, -2.0, -3.0]])
    first, second = entries(logs.write(tmp_path / "samples_mmlu.jsonl", rows))
    assert (first.text, first.case.target, first.check) == (" B", " B", "choice")
    assert first.logprobs == (-3.0, -1.0, -2.0)
    assert second.text == " A"
    (by_text,) = entries(logs.write(tmp_path / "samples_t.jsonl", logs.weighed([[-1, -2]], "B")))
    assert by_text.case.target == " B"


def test_subjects_are_parts_of_one_protocol(tmp_path: Path) -> None:
    rows = logs.weighed([[-1.0, -2.0]])
    for task, whole_task, fields in (
        ("mmlu_anatomy", "mmlu", {"subject": "anatomy", "field": "STEM"}),
        ("mmlu_pro_law", "mmlu_pro_law", {}),
    ):
        (entry,) = entries(logs.write(tmp_path / f"samples_{task}.jsonl", rows))
        assert entry.task == whole_task
        assert entry.case.id == ("anatomy/0" if fields else "0")
        told = {name: entry.case.fields.get(name) for name in ("subject", "field")}
        assert {name: said for name, said in told.items() if said}.keys() == fields.keys()
    rows = logs.lm_eval({"1": "x"}, doc={"problem": "p", "answer": "7"})
    (entry,) = entries(logs.write(tmp_path / "samples_minerva_math_algebra.jsonl", rows))
    assert (entry.task, entry.case.fields["subject"]) == ("minerva_math", "algebra")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"resps": [["x"], ["y"]]}, "no log-probability"),
        ({"resps": [[-1.0]]}, "in a way that is not read here"),
        ({"target": "Z"}, "in a way that is not read here"),
        ({"arguments": {}}, "in no way known here"),
        ({"arguments": [[7, " A"]]}, "holds no text of what case 0 was asked"),
    ],
)
def test_what_lm_eval_s_log_lacks_is_told(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    (row,) = logs.weighed([[-1.0, -2.0]])
    with pytest.raises(DataError, match=said):
        entries(logs.write(tmp_path / "samples_x.jsonl", [row | change]))


def test_replies_that_are_no_text_are_refused(tmp_path: Path) -> None:
    rows = logs.lm_eval({"1": "5"}, resps=[[-12.5]])
    with pytest.raises(DataError, match="holds no text in 'resps'"):
        entries(logs.write(tmp_path / "samples_wiki.jsonl", rows))


def test_rows_of_humaneval_and_ifeval_bring_what_our_graders_need(tmp_path: Path) -> None:
    code = {"prompt": "def f():\n", "test": "def check(f): ...", "entry_point": "f"}
    (entry,) = entries(
        logs.write(tmp_path / "samples_humaneval.jsonl", logs.lm_eval({"1": "x"}, doc=code)[:1])
    )
    assert entry.case.target == "def check(f): ..."
    assert entry.case.fields["head"] == "def f():\n"
    told = {"instruction_id_list": ["a"], "kwargs": [{}], "prompt": "p"}
    (entry,) = entries(
        logs.write(tmp_path / "samples_ifeval.jsonl", logs.lm_eval({"1": "x"}, doc=told)[:1])
    )
    assert entry.case.fields["instruction_id_list"] == '["a"]'
    solved = {"problem": "p", "answer": "7"}
    (entry,) = entries(
        logs.write(
            tmp_path / "samples_minerva_math.jsonl", logs.lm_eval({"1": "x"}, doc=solved)[:1]
        )
    )
    assert entry.case.target == "7"


# --- promptfoo ------------------------------------------------------------------------------------


def test_promptfoo_s_one_plain_assertion_is_the_check(tmp_path: Path) -> None:
    contains = {"type": "contains", "value": "{{cap}} {{other}}"}
    rows = [
        logs.promptfoo_row("France", "Paris", contains),
        logs.promptfoo_row("Peru", None, contains),
        logs.promptfoo_row("Italy", "Rome", {"type": "javascript", "value": "true"}),
        logs.promptfoo_row("Spain", "Rome", {"type": "equals", "value": "Madrid"}, contains),
    ]
    log = whole(logs.write(tmp_path / "out.json", logs.promptfoo(rows)))
    first, failed, code, several = log.entries
    assert (first.task, first.model) == ("capitals of the world", "openai:gpt-x")
    assert (first.check, first.case.target) == ("contains", "Paris {{other}}")
    assert first.usage == Usage(input_tokens=5, output_tokens=1)
    assert first.mark is not None
    assert first.mark.value == 1.0
    assert (failed.text, failed.mark) == (None, None)
    assert (code.check, code.case.target) == ("none", "")
    assert (several.check, several.case.target) == ("none", "Madrid")
    assert len({entry.case.id for entry in log.entries}) == 4


def test_promptfoo_s_conversation_and_object_are_read(tmp_path: Path) -> None:
    row = logs.promptfoo_row("France", "x")
    row["prompt"]["raw"] = '[{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]'
    row["response"] = {"output": {"city": "Paris"}}
    row["provider"] = "echo"
    (entry,) = entries(logs.write(tmp_path / "out.json", logs.promptfoo([row])))
    assert (entry.case.question, entry.text, entry.model) == ("u", '{"city": "Paris"}', "echo")
    assert entry.usage is None


# --- MMMU-Pro -------------------------------------------------------------------------------------


def test_mmmu_pro_s_file_name_says_model_and_protocol(tmp_path: Path) -> None:
    rows = [logs.mmmu_pro("test_History_1", "So. Answer: B", "B")]
    for name, tool, task in (
        ("gpt-4o_standard(10 options)_cot.jsonl", "cot", "mmmu-pro"),
        ("gpt-4o_standard_10_options_direct.jsonl.gz", "no-cot", "mmmu-pro"),
        ("gpt-4o_standard(4 options)_cot.jsonl", "cot", "mmmu-pro-4"),
        ("gpt-4o_vision_cot.jsonl", "cot", "mmmu-pro-vision"),
    ):
        log = whole(logs.write(tmp_path / name, rows))
        (entry,) = log.entries
        assert (log.tool, entry.task, entry.model) == (tool, task, "gpt-4o")
    assert "A. growth\nB. decline\nC. none" in entry.case.question
    assert entry.case.fields["discipline"] == "Humanities and Social Science"
    assert entry.case.fields["asked"]


@pytest.mark.parametrize(
    ("reply", "how"),
    [
        ("So.\nAnswer: B", "behind the last"),
        ("It is (B), not that", "in brackets anywhere in the reply, of B"),
        ("Option B it is", "before a space"),
        ("I say B.x", "before a full stop"),
        ("that there was a clear decline in it", "whose text comes last"),
        ("who knows", "at random"),
    ],
)
def test_how_the_authors_code_came_to_its_letter_is_told(
    tmp_path: Path, reply: str, how: str
) -> None:
    rows = [logs.mmmu_pro("test_History_1", reply, "B")]
    (entry,) = entries(logs.write(tmp_path / "gpt-4o_vision_cot.jsonl", rows))
    assert entry.mark is not None
    assert how in entry.mark.how


def test_mmmu_pro_s_errors_and_options_that_are_none_are_told(tmp_path: Path) -> None:
    rows = [logs.mmmu_pro("a", {"error": "x"}, "B"), logs.mmmu_pro("b", "B", "B", if_right=None)]
    first, second = entries(logs.write(tmp_path / "x.jsonl", rows))
    assert (first.text, first.mark, second.mark) == (None, None, None)
    for options in ("nonsense(", "7", "[]"):
        bad = [logs.mmmu_pro("a", "B", "B", options=options)]
        with pytest.raises(DataError, match="line 1 holds options that are no list"):
            entries(logs.write(tmp_path / "x.jsonl", bad))


# --- which is which -------------------------------------------------------------------------------


def test_another_format_than_was_said_is_told(tmp_path: Path) -> None:
    file = logs.write(tmp_path / "m.json", logs.zeroeval(REPLIES))
    with pytest.raises(
        DataError, match="it looks like a ZeroEval result file: try 'visavis import"
    ):
        entries(file, "promptfoo")
    table = tmp_path / "a.csv"
    table.write_text("question,text\n2 + 3?,5\n", encoding="utf-8")
    with pytest.raises(DataError, match="looks like JSON Lines or CSV: try 'visavis import plain'"):
        entries(table, "zeroeval")
    (tmp_path / "b.txt").write_text("nothing of the kind", encoding="utf-8")
    with pytest.raises(DataError, match="is no JSON"):
        entries(tmp_path / "b.txt", "zeroeval")
    with pytest.raises(UnknownNameError, match="try zeroeval"):
        format_of("zeroevl")
    with pytest.raises(OptionError, match="--columns are for plain files"):
        entries(file, "zeroeval", text="output")


def test_a_log_without_answers_is_refused(tmp_path: Path) -> None:
    empty: dict[str, Any] = {
        "zeroeval": [],
        "promptfoo": logs.promptfoo([]),
        "inspect": logs.HEAD,
        "plain": [],
    }
    for name, value in empty.items():
        with pytest.raises(DataError, match="holds no"):
            entries(logs.write(tmp_path / "a.json", value), name)
    for name in ("lm-eval", "mmmu-pro"):
        (tmp_path / "a.jsonl").write_text("\ufeff\n")
        with pytest.raises(DataError, match="holds no answers"):
            entries(tmp_path / "a.jsonl", name)


@pytest.mark.parametrize("name", FORMATS)
@given(content=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)))
def test_no_content_ends_in_anything_but_a_line(name: str, content: bytes) -> None:
    file = LogFile(path=Path("a"), sha256="", content=content)
    looks_like(file)
    with suppress(DataError, OptionError):
        read(file, format_of(name), {})
