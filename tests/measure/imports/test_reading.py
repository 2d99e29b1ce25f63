"""Whatever a file holds, it is read or refused in a line."""

import gzip
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.errors import DataError, OptionError
from visavis.measure.imports import reading
from visavis.measure.imports.reading import LogFile, opened, shaped


def log(content: bytes) -> LogFile:
    return LogFile(path=Path("a.json"), sha256="", content=content)


def test_gzip_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(gzip.compress(b'{"a": 1}'))
    assert opened(tmp_path / "a.json").json() == {"a": 1}


def test_a_gzip_that_is_cut_short_is_no_shorter_file(tmp_path: Path) -> None:
    whole = gzip.compress(b"x" * 100_000)
    (tmp_path / "a.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"'a.gz' is cut short or damaged"):
        opened(tmp_path / "a.gz")


def test_a_gzip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_BYTES", 1 << 20)
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"\0" * (4 << 20)))
    with pytest.raises(DataError, match="unpacks to more than 1 MiB"):
        opened(tmp_path / "a.gz")
    (tmp_path / "b").write_bytes(b"x" * (2 << 20))
    with pytest.raises(DataError, match="larger than 1 MiB"):
        opened(tmp_path / "b")


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="is no file"):
        opened(tmp_path)
    with pytest.raises(OptionError, match="there is no file"):
        opened(tmp_path / "none")
    (tmp_path / "empty").write_text(" \n")
    with pytest.raises(DataError, match="'empty' is empty"):
        opened(tmp_path / "empty")


def test_the_line_of_a_mistake_is_told() -> None:
    with pytest.raises(DataError, match=r"'a.json', line 3 is no JSON at column 2"):
        list(log(b'{"a": 1}\n\n{,}\n').lines())
    with pytest.raises(DataError, match="line 2 is not UTF-8"):
        log(b"\n\xff").text()
    with pytest.raises(DataError, match="nested too deeply"):
        log(b"[" * 100_000).json()
    with pytest.raises(DataError, match="absurd length"):
        log(b"1" * 10_000).json()


def test_python_s_nan_and_halves_of_characters_are_read() -> None:
    found = log(rb'{"a": NaN, "b": ["x\ud800", {"\uDC00": "\u202e"}]}').json()
    assert found["a"] != found["a"]
    assert found["b"] == ["x\ufffd", {"\ufffd": "\u202e"}]


def test_what_lacks_a_field_says_where() -> None:
    with pytest.raises(DataError, match=r"'a.json', line 7 is not of this format: expected `int`"):
        shaped(log(b""), ["x"], list[int], 7)


@given(st.binary(max_size=200))
def test_no_content_gives_another_error(content: bytes) -> None:
    with suppress(DataError):
        log(content).json()
    with suppress(DataError):
        list(log(content).lines())
