"""Traces of three writings become one load; whatever else is in a file is one line of error."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.errors import OptionError
from visavis.measure.load.arrivals import Arrival
from visavis.measure.load.traces import trace

OURS = "due_s,prompt_tokens,output_tokens\n3.5,100,20\n3,,\n"
AZURE = (
    "TIMESTAMP,ContextTokens,GeneratedTokens\n"
    "2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n"
)
MOONCAKE = (
    '{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46, 47]}\n'
    '{"timestamp": 30535, "input_length": 6472, "output_length": 26, "hash_ids": [46]}\n'
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (OURS, (Arrival(0.0), Arrival(0.5, 100, 20))),
        (AZURE, (Arrival(0.0, 374, 44), Arrival(4.314579, 396, 109))),
        (MOONCAKE, (Arrival(0.0, 6955, 52), Arrival(3.053, 6472, 26))),
    ],
    ids=["ours", "azure", "mooncake"],
)
def test_each_writing_is_read(tmp_path: Path, text: str, found: tuple[Arrival, ...]) -> None:
    file = tmp_path / "load.csv"
    file.write_text(text, encoding="utf-8")
    told = trace(file)
    assert told.name == "trace load.csv"
    assert [(a.prompt_tokens, a.output_tokens) for a in told.arrivals] == [
        (a.prompt_tokens, a.output_tokens) for a in found
    ]
    assert [a.due_s for a in told.arrivals] == pytest.approx([a.due_s for a in found], abs=1e-4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no request"),
        ("due_s\n", "holds no request"),
        ("when\n3\n", "'due_s'"),
        ("due_s\nsoon\n", "request 1"),
        ("due_s\nnan\n", "request 1"),
        ("due_s,prompt_tokens\n1,-4\n", "no number"),
        ('{"due_s": 1}\n[2]\n', "request 2"),
        ('{"due_s": 1}\n{"due_s": [2]}\n', "request 2"),
        ('{"due_s": 1, "prompt_tokens": 1e300}\n', "request 1"),
    ],
)
def test_a_wrong_file_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "load.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OptionError, match=said) as error:
        trace(file)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"none\.csv"):
        trace(tmp_path / "none.csv")
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OptionError, match="UTF-8"):
        trace(tmp_path / "b.csv")


@given(st.text(max_size=200))
def test_no_text_is_the_end_of_the_program(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "t"
        file.write_text(text, encoding="utf-8", errors="replace")
        try:
            told = trace(file)
        except OptionError:
            return
        assert told.arrivals[0].due_s == 0.0
