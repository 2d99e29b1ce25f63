"""`visavis cases generate`: fresh cases on the terminal or in a file, a line for each mistake."""

from pathlib import Path

import pytest

from visavis.api.generate import generated, written
from visavis.benchmarks.base import BENCHMARKS, LoadOptions
from visavis.cli.generate import show
from visavis.core.errors import OptionError, UnknownNameError
from visavis.options.cases import CaseLanguage, GenerateOptions


def test_a_question_is_printed_with_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    show("logic", GenerateOptions(n=1, seed=7, difficulty=3))
    printed = capsys.readouterr().out
    assert printed.startswith("logic/")
    assert "Answer with one word: yes or no.\n\nKey: " in printed


def test_the_cases_are_those_that_a_comparison_asks() -> None:
    loading = LoadOptions(home=Path("unused"), seed=7, note=lambda text: None)
    asked = iter(BENCHMARKS.get("grid@hard").load(loading))
    made = generated("grid", GenerateOptions(n=12, seed=7, difficulty=3))
    assert list(made) == [next(asked) for _ in range(12)]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_one_language_may_do(lang: CaseLanguage) -> None:
    made = generated("money", GenerateOptions(n=10, lang=lang))
    assert {case.fields["language"] for case in made} == {lang}
    assert len(made) == len({case.group for case in made}) == 10


@pytest.mark.parametrize("name", ["cases.yaml", "cases.yml", "cases.JSONL"])
def test_cases_are_written_to_a_file(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    show("schedule", GenerateOptions(n=4, out=file))
    assert capsys.readouterr().out == f"4 cases: {file}\n"
    assert file.read_text(encoding="utf-8").count("schedule/") == 8  # ids and groups


@pytest.mark.parametrize(
    ("family", "options", "said"),
    [
        ("grid", GenerateOptions(n=0), "--n 0 is no number of cases; give 1 to"),
        ("grid", GenerateOptions(difficulty=4), "--difficulty 4 is no level; give 1 to 3"),
        ("grid", GenerateOptions(lang="de"), "no language is called 'de'; try"),  # type: ignore[arg-type]  # as from Python
        (
            "rule",
            GenerateOptions(n=3000, difficulty=1),
            "'rule@easy' holds 2,000 cases .* --n 2000",
        ),
    ],
)
def test_a_mistake_is_told_in_one_line(family: str, options: GenerateOptions, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        generated(family, options)


def test_an_unknown_family_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no family of cases is called 'grit'; try grid"):
        generated("grit", GenerateOptions())


def test_a_file_that_is_no_case_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "held.yaml").mkdir()
    with pytest.raises(OptionError, match=r"its name must end in \.jsonl or \.yaml"):
        written("grid", GenerateOptions(), tmp_path / "cases.txt")
    with pytest.raises(OptionError, match="cannot be written"):
        written("grid", GenerateOptions(), tmp_path / "held.yaml")
