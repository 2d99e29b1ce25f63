"""Reading the header of a GGUF file, whoever wrote it."""

import struct
import time
from math import prod
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.candidates.tiny_gguf import (
    ARRAY,
    F32,
    STRING,
    U32,
    U64,
    Tensor,
    Value,
    gguf,
    write_tiny_model,
)
from visavis.candidates.gguf import GgufHeader, facts, read
from visavis.core.errors import DataError, OptionError, VisavisError

Q4_K, Q6_K, NEWER = 12, 14, 999
LLAMA = {"general.architecture": Value(STRING, "llama")}


def write(folder: Path, data: bytes) -> Path:
    path = folder / "model.gguf"
    path.write_bytes(data)
    return path


def block(kind: int) -> Tensor:
    """A tensor of 256 elements."""
    return Tensor("t", (256,), bytes({Q4_K: 144, Q6_K: 210}.get(kind, 1024)), kind)


def test_a_whole_file_says_what_it_is(tmp_path: Path) -> None:
    header = read(write_tiny_model(tmp_path / "tiny.gguf"))
    assert header.version == 3
    assert header.architecture == "llama"
    assert header.name == "Tiny babbler"
    assert header.parameters == sum(prod(place.shape) for place in header.tensors.values())
    assert header.quantisation == "F32"
    assert header.context_tokens == 512
    assert header.chat_template
    assert header.file_bytes == (tmp_path / "tiny.gguf").stat().st_size


def test_the_facts_of_a_file_carry_source_and_date(tmp_path: Path) -> None:
    header = read(write_tiny_model(tmp_path / "tiny.gguf"))
    known = {fact.name: fact for fact in facts(header, as_of="2026-11-21")}
    assert known["parameters"].value == header.parameters
    assert known["context_window_tokens"].value == 512
    assert {(fact.source, fact.as_of) for fact in known.values()} == {
        ("read from the file", "2026-11-21")
    }


def test_a_label_stands_when_a_tensor_bears_it_out(tmp_path: Path) -> None:
    labelled = {**LLAMA, "general.file_type": Value(U32, 15)}
    tensors = [block(Q6_K), block(Q6_K), block(Q4_K)]
    header = read(write(tmp_path, gguf(labelled, tensors)))
    assert header.quantisation == "Q4_K_M"


@pytest.mark.parametrize("file_type", [Value(U32, 15), Value(U32, 4711), Value(STRING, "Q4_K_M")])
def test_a_label_without_such_a_tensor_gives_way_to_the_tensors(
    tmp_path: Path, file_type: Value
) -> None:
    labelled = {**LLAMA, "general.file_type": file_type}
    assert read(write(tmp_path, gguf(labelled, [block(Q6_K)]))).quantisation == "Q6_K"


def test_a_file_without_tensors_or_names_is_unknown_and_not_an_error(tmp_path: Path) -> None:
    header = read(write(tmp_path, gguf({}, version=2)))
    assert (header.version, header.architecture, header.name) == (2, "unknown", None)
    assert (header.quantisation, header.parameters) == ("unknown", 0)
    assert header.context_tokens is None
    assert not header.chat_template


def test_a_name_cannot_disturb_a_terminal(tmp_path: Path) -> None:
    name = Value(STRING, "\x1b[2Jred\nline" + "x" * 1000)
    header = read(write(tmp_path, gguf({"general.name": name})))
    assert header.name is not None
    assert header.name.isprintable()
    assert len(header.name) <= 200


def test_a_tensor_type_from_the_future_is_counted(tmp_path: Path) -> None:
    header = read(write(tmp_path, gguf(LLAMA, [block(NEWER)])))
    assert header.quantisation == f"type {NEWER}"
    assert header.parameters == 256


def test_a_file_cut_anywhere_is_found_out(tmp_path: Path) -> None:
    whole = gguf({**LLAMA, "general.file_type": Value(U32, 15)}, [block(Q4_K)])
    for size in range(1, len(whole) - 16):  # the last 16 bytes are padding
        with pytest.raises(DataError):
            read(write(tmp_path, whole[:size]))


def test_a_cut_file_says_how_much_is_missing(tmp_path: Path) -> None:
    whole = write_tiny_model(tmp_path / "tiny.gguf").read_bytes()
    with pytest.raises(
        DataError,
        match=rf"^'model.gguf' is cut short: it needs {len(whole):,} bytes and has 100,000; "
        "pull it again$",
    ):
        read(write(tmp_path, whole[:100_000]))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\n<html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"tjgg\x03\0\0\0", "old GGML"),
        (b"hello", "something else"),
        (b"GG", "something else"),
        (b"GGUF", "cut short"),
        (b"GGUF" + struct.pack(">I", 3) + bytes(16), "big-endian"),
        (b"GGUF" + struct.pack("<I", 1) + bytes(16), "version 1"),
        (b"GGUF" + struct.pack("<I", 99) + bytes(16), "version 99"),
    ],
)
def test_something_else_is_called_what_it_is(tmp_path: Path, data: bytes, what: str) -> None:
    with pytest.raises(DataError, match=what) as raised:
        read(write(tmp_path, data))
    assert "\n" not in str(raised.value)


def test_a_missing_file_and_a_folder_are_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"no file 'absent\.gguf'"):
        read(tmp_path / "absent.gguf")
    with pytest.raises(OptionError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(OptionError, match="cannot be read"):
        read(tmp_path / ("x" * 5000))


def test_one_part_of_several_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="one of 3 parts"):
        read(write(tmp_path, gguf({**LLAMA, "split.count": Value(U32, 3)})))


HUGE = (1 << 63) - 1


@pytest.mark.parametrize(
    "data",
    [
        b"GGUF" + struct.pack("<IQQ", 3, HUGE, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, HUGE),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, HUGE) + bytes(100),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 8, HUGE),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 4, HUGE),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 9, 1) + bytes(9),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 77) + bytes(9),
        gguf(LLAMA, [Tensor("t", (2**40, 2**40, 2**40, 2**40), b"")]),
        gguf(LLAMA, [Tensor("t", (1,) * 5, bytes(4))]),
        gguf({"general.alignment": Value(U32, 0)}, [block(Q4_K)]),
        gguf({"general.alignment": Value(U64, 2**60)}, [block(Q4_K)]),
        gguf({"general.alignment": Value(STRING, "x")}, [block(Q4_K)]),
    ],
)
def test_a_hostile_header_is_refused_at_once(tmp_path: Path, data: bytes) -> None:
    begun = time.process_time()
    with pytest.raises(DataError):
        read(write(tmp_path, data))
    assert time.process_time() - begun < 1


def test_large_counts_that_the_file_could_hold_are_bounded_too(tmp_path: Path) -> None:
    path = tmp_path / "sparse.gguf"
    head = b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 8, 1 << 30)
    with path.open("wb") as file:
        file.write(head)
        file.truncate(1 << 34)  # no byte of it lies on the disk
    begun = time.process_time()
    with pytest.raises(DataError, match="a count of"):
        read(path)
    assert time.process_time() - begun < 1


def read_or_error(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    said = ""
    try:
        assert isinstance(read(path), GgufHeader)
    except VisavisError as error:
        said = str(error)
    assert "\n" not in said


any_bytes = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
REAL = gguf(
    {
        **LLAMA,
        "llama.context_length": Value(U32, 64),
        "general.file_type": Value(U32, 15),
        "tokens": Value(ARRAY, ["a", "bc"], STRING),
        "scores": Value(ARRAY, [0.5, 1.0], F32),
    },
    [block(Q4_K)],
)


@any_bytes
@given(st.binary(max_size=200))
def test_any_bytes_are_a_header_or_an_error(tmp_path: Path, data: bytes) -> None:
    read_or_error(tmp_path / "any.gguf", data)
    read_or_error(tmp_path / "any.gguf", b"GGUF\x03\0\0\0" + data)


@any_bytes
@given(st.lists(st.tuples(st.integers(0, len(REAL) - 1), st.integers(0, 255)), max_size=8))
def test_a_real_file_with_bytes_changed_is_a_header_or_an_error(
    tmp_path: Path, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(REAL)
    for at, byte in changes:
        data[at] = byte
    read_or_error(tmp_path / "any.gguf", bytes(data))
