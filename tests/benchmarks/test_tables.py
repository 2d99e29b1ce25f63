"""Tables as they are published, with their traps."""

import csv
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.upstream import write_parquet
from visavis.benchmarks.tables import csv_rows, need_parquet, parquet_rows, tsv_rows
from visavis.core.errors import DataError

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(st.lists(st.lists(TEXT, min_size=2, max_size=4), max_size=8))
def test_csv_rows_are_those_written(rows: list[list[str]]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        with file.open("w", encoding="utf-8", newline="") as text:
            csv.writer(text).writerows(rows)
        assert list(csv_rows(file)) == rows


def test_a_line_break_within_quotes_ends_no_record(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b'"one\r\ntwo",NA,"0,1"\nnan,None,"say ""so"""\n')
    assert list(csv_rows(file)) == [["one\r\ntwo", "NA", "0,1"], ["nan", "None", 'say "so"']]


def test_a_tab_separated_line_has_no_quotes_and_no_other_end(tmp_path: Path) -> None:
    file = tmp_path / "a.tsv"
    file.write_bytes('\ufeffone\ttwo\r\n"open\tx\u2028y\u0085z\n'.encode())
    assert list(tsv_rows(file)) == [["one", "two"], ['"open', "x\u2028y\u0085z"]]


def test_parquet_rows_have_the_columns_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    write_parquet(file, [{"question": "q", "choices": ["NA", "0"], "answer": 1, "other": "x"}])
    rows = list(parquet_rows(file, ("question", "choices", "answer")))
    assert rows == [{"question": "q", "choices": ["NA", "0"], "answer": 1}]


@pytest.mark.parametrize("name", ["gone.csv", "gone.tsv", "gone.parquet"])
def test_a_missing_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match=f"{name}' cannot be read: No such file"):
        _read(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b'question,"open'),
        ("a.csv", b"\xff\xfe"),
        ("a.tsv", b"\xff\xfe\n"),
        ("a.parquet", b"PAR1 cut short"),
        ("a.parquet", b""),
    ],
)
def test_a_file_cut_short_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=r"'.*a\.\w+' is cut short or not what it is taken for"):
        _read(tmp_path / name)


def test_a_parquet_file_cut_in_the_middle_is_told(tmp_path: Path) -> None:
    whole = write_parquet(tmp_path / "a.parquet", [{"question": "q" * 99, "answer": 1}] * 50)
    (tmp_path / "a.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="is cut short"):
        _read(tmp_path / "a.parquet")


def test_a_lacking_column_is_told(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", [{"text": "q"}])
    with pytest.raises(DataError, match="it has no column 'question'"):
        _read(tmp_path / "a.parquet")


def test_without_a_reader_of_parquet_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as Python marks what cannot be imported
    with pytest.raises(DataError, match=r"pip install 'visavis\[data\]'"):
        need_parquet("a.parquet")


def _read(file: Path) -> None:
    match file.suffix:
        case ".csv":
            list(csv_rows(file))
        case ".tsv":
            list(tsv_rows(file))
        case _:
            list(parquet_rows(file, ("question",)))
