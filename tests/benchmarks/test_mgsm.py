"""MGSM: eleven languages, asked and read in each."""

import json
from pathlib import Path

import pytest

from tests.scoring.plain_fence import PlainFence
from tests.shared_data import FOLDER, shared_data
from visavis.benchmarks import mgsm
from visavis.benchmarks.base import BENCHMARKS, Graded, LoadOptions
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.outcome import Score

MGSM = BENCHMARKS.get("mgsm@native-0cot")


def options(data: Path) -> LoadOptions:
    return LoadOptions(home=data / "home", seed=0, note=lambda text: None, data=data)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for language in mgsm.WORDING:
        lines = [f'{language} "one\t18', f"{language} two\t2,125"]
        (tmp_path / f"mgsm_{language}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def score(case: Case, reply: str) -> Score:
    grade = MGSM.grade(case, reply, PlainFence())
    assert isinstance(grade, Score)
    return grade


def test_the_twins_of_a_problem_share_a_group(data: Path) -> None:
    cases = tuple(MGSM.load(options(data)))
    assert len({case.id for case in cases}) == len(cases) == 22
    assert len({case.group for case in cases}) == 2
    assert {case.target for case in cases} == {"18", "2125"}
    assert any(case.question == 'es "one' for case in cases)


def test_each_language_is_asked_and_read_in_its_own_words(data: Path) -> None:
    for case in MGSM.load(options(data)):
        language = case.fields["language"]
        (message,) = MGSM.ask(case).messages
        assert mgsm.LABELS[language] in message.content
        assert message.content.endswith(f"\n\n{case.question}")
        right = score(case, f"5 + 6\n**{mgsm.LABELS[language]}:** {int(case.target):,}")
        assert right.marks == {"strict": 1, "flexible": 1}
        loose = score(case, f"5 + 6 = {case.target}")
        assert loose.marks == {"strict": 0, "flexible": 1}
        assert loose.value == 0


def test_digits_of_the_languages_are_read(data: Path) -> None:
    case = next(c for c in MGSM.load(options(data)) if c.id.endswith("-bn") and c.target == "18")
    assert score(case, "উত্তর: ১৮").value == 1


def test_figures_are_by_language(data: Path) -> None:
    graded = [
        Graded(case=case, score=score(case, f"Réponse: {case.target}"))
        for case in MGSM.load(options(data))
    ]
    names = [figure.name for figure in MGSM.figures(graded)]
    assert names == ["mean of languages", *sorted(mgsm.WORDING)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("une\t1\nno tab\n", "line 2 is no question, tab and whole number"),
        ("a\tb\tc\n", "line 1"),
        ("question\tmany\n", "line 1"),
        ("question\t²\n", "line 1"),
    ],
)
def test_another_file_is_refused_with_its_name_and_line(data: Path, text: str, said: str) -> None:
    (data / "mgsm_fr.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=said) as error:
        MGSM.load(options(data))
    assert "mgsm_fr.tsv'" in str(error.value)


def test_files_of_unlike_length_are_refused(data: Path) -> None:
    (data / "mgsm_fr.tsv").write_text("une\t18\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"'mgsm_fr\.tsv' has 1 problems, 'mgsm_en\.tsv' \d"):
        MGSM.load(options(data))


def test_the_real_files_hold_250_problems_in_11_languages() -> None:
    shared_data("mgsm/mgsm_fr.tsv")
    cases = tuple(MGSM.load(options(FOLDER)))
    assert len({case.id for case in cases}) == 2750
    assert len({case.group for case in cases}) == 250


def test_the_answers_of_the_papers_own_examples_are_read_in_every_language() -> None:
    examples = json.loads(shared_data("mgsm/exemplars.json").read_text(encoding="utf-8"))
    for language, of in examples.items():
        for number, example in of.items():
            wanted = examples["en"][number]["a"].rpartition("is ")[2].strip(".")
            case = Case(id="a", group="a", question="", target=wanted)
            read = mgsm.anywhere(case, example["a"])
            assert read is not None
            assert read.equals(float(wanted)), (language, number)
