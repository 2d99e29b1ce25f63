"""Claims as a user writes them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.errors import OptionError
from visavis.verdict.claims_file import LARGEST_BYTES, read

HEAD = 'sources:\n  blog: {title: "Which?", published: 2026-10-01}\nclaims:\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_claim_keeps_its_digits_its_source_and_the_day(tmp_path: Path) -> None:
    text = HEAD + "  - {system: m, criterion: mmlu, value: 82.0, unit: percent, source: blog}\n"
    (one,) = read(written(tmp_path, text))
    assert (one.system, one.criterion, repr(one.value)) == ("m", "mmlu", "82.0")
    assert (one.source.title, one.source.published) == ("Which?", "2026-10-01")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{system: m, criterion: mmlu, value: 1, source: blgo}", "claim 1: no source .* try blog"),
        ("{system: m, criterion: mmul, value: 1, source: blog}", "no criterion .* try .*mmlu"),
        ("{system: m, criterion: mmlu, value: .inf, source: blog}", "is no figure"),
        ("{system: m, criterion: mmlu, source: blog}", "missing required field `value`"),
        ("{system: m, criterion: mmlu, value: 1, source: blog, unti: x}", "unknown field `unti`"),
        ("{system: [", "while parsing"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(OptionError, match=said) as told:
        read(written(tmp_path, f"{HEAD}  - {line}\n"))
    assert "\n" not in str(told.value)
    assert "mine.yaml" in str(told.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="cannot be read"):
        read(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"sources: \xe9")
    with pytest.raises(OptionError, match="no UTF-8"):
        read(tmp_path / "latin.yaml")
    with pytest.raises(OptionError, match="larger than 1 MiB"):
        read(written(tmp_path, "#" * (LARGEST_BYTES + 1)))


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        file = Path(folder) / "any.yaml"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        with pytest.raises(OptionError):
            read(file)
