"""Plain files are read by the names of their columns, and a wrong name is answered."""

import csv
from pathlib import Path

import pytest

from tests.measure.imports import logs
from tests.measure.imports.test_formats import entries
from visavis.core.errors import DataError, OptionError

CSV = (
    "case,prompt,output,key,ok\n"
    'a,"Two\nlines, and ""quotes""",Paris,Paris,true\n'
    "\n"
    "b,Which?,Rome,Lima,0\n"
)
NAMES = {
    "id": "case",
    "question": "prompt",
    "text": "output",
    "target": "key",
    "source_score": "ok",
}


def test_csv_may_hold_line_breaks_and_quotes(tmp_path: Path) -> None:
    (tmp_path / "gpt.csv").write_text(CSV)
    first, second = entries(tmp_path / "gpt.csv", **NAMES)
    assert first.case.question == 'Two\nlines, and "quotes"'
    assert (first.case.id, first.case.target, first.text, first.model) == (
        "a",
        "Paris",
        "Paris",
        "gpt",
    )
    assert first.mark is not None
    assert second.mark is not None
    assert (first.mark.value, second.mark.value) == (1.0, 0.0)


def test_semicolons_and_tabs_separate_too(tmp_path: Path) -> None:
    for sign in (";", "\t"):
        (tmp_path / "a.csv").write_text(f"question{sign}text\n2, 3?{sign}5\n")
        assert entries(tmp_path / "a.csv")[0].case.question == "2, 3?"


def test_json_lines_and_arrays_take_dotted_names(tmp_path: Path) -> None:
    rows = [{"q": {"text": "2 + 3?"}, "out": ["5", 7], "target": 5, "finish": "length"}]
    for file in ("a.jsonl", "a.json"):
        (entry,) = entries(logs.write(tmp_path / file, rows), question="q.text", text="out.0")
        assert (entry.case.question, entry.text, entry.case.target) == ("2 + 3?", "5", "5")
        assert entry.finish == "length"
        assert len(entry.case.id) == 12  # of the question, so that two files pair


def test_what_was_asked_and_answered_may_come_with_more(tmp_path: Path) -> None:
    row = {"id": 1, "question": "q", "system": "s", "text": None, "group": "g", "model": "m/x"}
    (entry,) = entries(logs.write(tmp_path / "a.jsonl", [row | {"text": "t"}, row][:1]))
    assert (entry.case.id, entry.case.group, entry.model) == ("1", "g", "m/x")
    assert "messages" in entry.case.fields
    (silent,) = entries(logs.write(tmp_path / "a.jsonl", [row]))
    assert silent.text is None


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        (CSV, {}, "has no column 'question'; name the one that holds what was asked"),
        (CSV, NAMES | {"text": "outptu"}, r"--columns text=output\?: 'a.csv' has no 'outptu'"),
        (CSV, NAMES | {"txt": "output"}, r"--columns text\?: 'txt' is no column of ours"),
        (CSV, {"question": "prompt"}, "'--columns text=…', of case, prompt, output"),
    ],
)
def test_a_wrong_column_is_answered_with_the_nearest(
    tmp_path: Path, text: str, columns: dict[str, str], said: str
) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(OptionError, match=said):
        entries(tmp_path / "a.csv", **columns)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("question,text\na,b,c\n", "line 2 has 3 fields, the first line 2"),
        ('question,text\n"a,b\n', "is no CSV"),
        ("question,question\na,b\n", "twice the same"),
        ("question,\na,b\n", "without a name"),
        ('{"question": "a", "text": "b"}\n[1]\n', "line 2 is no JSON object"),
        ("[1]", "line 1 is no JSON object"),
        ('{"question": "a", "text": ["b"]}', "a list or an object in 'text'"),
        ('{"question": null, "text": "b"}', "has nothing in 'question'"),
        ('{"question": "a", "text": "b", "finish": "ended"}', "ends by 'ended'; known are stop"),
        ('{"question": "a", "text": "b", "source_score": 7}', "which is not from 0 to 1"),
        ('{"question": "a", "text": "b", "source_score": "good"}', "which is not from 0 to 1"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(DataError, match=said):
        entries(tmp_path / "a.txt")


def test_a_field_may_be_long_and_hold_anything(tmp_path: Path) -> None:
    usual = csv.field_size_limit()
    (tmp_path / "a.csv").write_text(f"question,text\nq\0\u202e,{'x' * (2 << 20)}\n")
    (entry,) = entries(tmp_path / "a.csv")
    assert csv.field_size_limit() == usual  # it is everybody's
    assert entry.text is not None
    assert len(entry.text) == 2 << 20
    assert entry.case.question == "q\0\u202e"
