"""Claims as a user writes them."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.errors import OptionError
from visavis.verdict.claims import CRITERIA
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
        (f"{{system: m, criterion: mmlu, value: 9{'0' * 400}, source: blog}}", "90* is no figure"),
        ("{system: m, criterion: mmlu, value: 82, source: blog}", "mmlu is printed in percent"),
        (
            "{system: m, criterion: mmlu, value: 82%, unit: percent, source: blog}",
            "'82%' is no figure",
        ),
        (
            "{system: m, criterion: memory, value: 6, unit: GiB, source: blog}",
            "memory is printed in GB or MB",
        ),
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


def test_words_need_no_unit_and_months_are_words(tmp_path: Path) -> None:
    text = HEAD + "  - {system: m, criterion: safety, value: RLHF, source: blog}\n"
    text += (
        "  - {system: m, criterion: knowledge_cutoff, value: 2023-10, unit: month, source: blog}"
    )
    assert [one.value for one in read(written(tmp_path, text))] == ["RLHF", "2023-10"]


def test_the_same_can_be_written_in_toml(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'claims = [{system = "m", criterion = "mmlu", value = 82.0, unit = "percent", '
        'source = "b"}]'
        '\n[sources.b]\ntitle = "Which?"\npublished = 2026-10-01\n'
    )
    (one,) = read(file)
    assert (repr(one.value), one.source.published) == ("82.0", "2026-10-01")
    file.write_text("claims = [")
    with pytest.raises(OptionError, match=r"mine\.toml"):
        read(file)


def test_the_file_that_the_guide_shows_can_be_read(tmp_path: Path) -> None:
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "claims.md"
    (shown,) = re.findall(r"```yaml\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    assert [one.criterion for one in read(written(tmp_path, shown))][:2] == ["mmlu", "output_speed"]
    told = guide.read_text(encoding="utf-8")
    for one in CRITERIA.values():
        assert f"`{one.name}`" in told
        assert all(f"`{unit}`" in told for unit in one.units)


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
