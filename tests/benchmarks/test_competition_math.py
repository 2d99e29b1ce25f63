"""MATH: both forms of its files, the published wording, equality of formulas."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tests.scoring.plain_fence import PlainFence
from tests.shared_data import FOLDER, shared_data
from visavis.benchmarks import competition_math
from visavis.benchmarks.base import BENCHMARKS, Benchmark, Graded, LoadOptions
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.outcome import Score
from visavis.scoring.equal import equal
from visavis.scoring.writing import plain

WHOLE = BENCHMARKS.get("math@openai-0cot")
FIVE_HUNDRED = BENCHMARKS.get("math500@openai-0cot")
SOLUTION = r"Halve it: $\boxed{\frac{1}{2}}$."


def options(data: Path) -> LoadOptions:
    return LoadOptions(home=data / "home", seed=0, note=lambda text: None, data=data)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One problem in both forms."""
    lines = tmp_path / "math/prm800k/math_splits/test.jsonl"
    alone = tmp_path / "math/MATH/test/algebra/7.json"
    for file in (lines, alone):
        file.parent.mkdir(parents=True)
    row = {"problem": "Halve 1.", "solution": SOLUTION}
    alone.write_text(json.dumps({**row, "level": "Level 2", "type": "Algebra"}))
    further = {"level": 2, "subject": "Algebra", "answer": r"\frac{1}{2}"}
    lines.write_text(json.dumps({**row, **further, "unique_id": "test/algebra/7.json"}) + "\n")
    return tmp_path


@pytest.fixture
def case(data: Path) -> Case:
    (made,) = FIVE_HUNDRED.load(options(data))
    return made


def test_both_forms_make_the_same_case(data: Path, case: Case) -> None:
    assert tuple(WHOLE.load(options(data))) == (case,)
    assert case.id == case.group == "math/algebra/7"
    assert case.target == r"\frac{1}{2}"
    assert case.fields == {"level": "2", "subject": "Algebra"}


def test_a_part_of_math_is_said_to_be_one(data: Path) -> None:
    said: list[str] = []
    WHOLE.load(replace(options(data), note=said.append))
    (note,) = said
    assert note.startswith("MATH: 1 of 5,000 problems are in '")


def test_the_problem_stands_in_simple_evals_wording(case: Case) -> None:
    (message,) = FIVE_HUNDRED.ask(case).messages
    assert "form Answer: $ANSWER (without quotes)" in message.content
    assert "\n\nHalve 1.\n\n" in message.content


@pytest.mark.parametrize(
    ("reply", "strict", "flexible", "read"),
    [
        ("So it is half.\nAnswer: $0.5$", 1, 1, "0.5"),
        ("**Answer:** 1/2", 1, 1, "1/2"),
        ("Answer: 3\nNo:\nAnswer: 1/2", 1, 1, "1/2"),
        (r"So $\boxed{\tfrac12}$.", 0, 1, None),
        ("So it is $0.5$.", 0, 1, None),
        ("Answer: 2", 0, 0, "2"),
        ("I cannot tell.", 0, 0, None),
    ],
)
def test_two_readers_mark_every_reply(
    case: Case, reply: str, strict: float, flexible: float, read: str | None
) -> None:
    found = FIVE_HUNDRED.grade(case, reply, PlainFence())
    assert isinstance(found, Score)
    assert found.marks == {"strict": strict, "flexible": flexible}
    assert found.value == strict
    assert found.read == read


@pytest.mark.parametrize(
    ("reply", "strict", "flexible"),
    [
        (r'{"reasoning": "half", "answer": "\frac12"}', 1, 1),
        (r"$\boxed{0.5}$", 1, 1),
        ("Answer: 0.5", 1, 1),
        ("So $0.5$", 0, 1),
        ('{"reasoning": "so $0.5$', 0, 0),
    ],
)
def test_a_log_is_read_in_the_formats_in_use(
    case: Case, reply: str, strict: float, flexible: float
) -> None:
    found = competition_math.grade(case, reply, PlainFence())
    assert isinstance(found, Score)
    assert found.marks == {"strict": strict, "flexible": flexible}


def test_figures_are_by_level_and_subject_where_cases_say_theirs(case: Case) -> None:
    score = Score(value=1.0, because="")
    made = FIVE_HUNDRED.figures([Graded(case=case, score=score)])
    assert [(figure.by, figure.name) for figure in made] == [("level", "2"), ("subject", "Algebra")]
    bare = Case(id="a", group="a", question="", target="1")
    assert not list(FIVE_HUNDRED.figures([Graded(case=bare, score=score)]))


@pytest.mark.parametrize("text", ["", "no json", "{}", "[]", '{"problem": "a", "solution": "b"}'])
@pytest.mark.parametrize(
    ("benchmark", "path"),
    [
        (WHOLE, "math/MATH/test/algebra/7.json"),
        (FIVE_HUNDRED, "math/prm800k/math_splits/test.jsonl"),
    ],
)
def test_other_files_are_refused(data: Path, benchmark: Benchmark, path: str, text: str) -> None:
    (data / path).write_text(text)
    with pytest.raises(DataError, match="is not MATH"):
        benchmark.load(options(data))


def test_both_forms_of_the_real_files_hold_the_same_problems() -> None:
    shared_data("math/prm800k/math_splits/test.jsonl")
    five_hundred = tuple(FIVE_HUNDRED.load(options(FOLDER)))
    assert len(five_hundred) == 401
    assert five_hundred == tuple(WHOLE.load(options(FOLDER)))


def test_every_real_key_equals_itself_and_no_other_in_its_place() -> None:
    shared_data("math/prm800k/math_splits/test.jsonl")
    keys = [case.target for case in FIVE_HUNDRED.load(options(FOLDER))]
    written = [(key, said) for key in keys for said in (key, f"$\\boxed{{{key}}}$.")]
    found = {pair: equal(*pair) for pair in written}
    assert {pair: one.how for pair, one in found.items() if not one.equal} == {}
    for key, other in pairwise(keys):
        assert equal(key, other).equal == (plain(key) == plain(other))
