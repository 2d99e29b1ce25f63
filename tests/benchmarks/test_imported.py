"""Imported cases are asked as they were, and graded by the check that each names."""

import json
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.scoring.plain_fence import PlainFence
from visavis.benchmarks import imported
from visavis.benchmarks.imported import ask_case, benchmark_of, grader, known_check, told
from visavis.benchmarks.shelf import Shelf
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.outcome import Score, Unscored
from visavis.core.prompt import Message


def case(target: str = "5", question: str = "2 + 3?", **fields: str) -> Case:
    return Case(
        id="1", group="1", question=question, target=target, fields=MappingProxyType(fields)
    )


def test_a_prompt_comes_back_as_it_was_told() -> None:
    turns = (
        Message(role="system", content="s"),
        Message(role="user", content="a"),
        Message(role="assistant", content="b"),
        Message(role="user", content="c"),
    )
    question, fields = told(turns, max_tokens=7, stop=["x"])
    prompt = ask_case("p@q", case(question=question, **fields))
    assert (question, prompt.messages, prompt.case) == ("c", turns, "p@q/1")
    assert (prompt.settings.max_tokens, prompt.settings.stop, prompt.way) == (7, ("x",), "chat")
    question, fields = told(turns[1:2], way="choose", choices=[" A", " B"])
    prompt = ask_case("p@q", case(question=question, **fields))
    assert (prompt.choices, prompt.way, prompt.settings.max_tokens) == ((" A", " B"), "choose", 0)
    assert ask_case("p@q", case()).settings.max_tokens == imported.MAX_TOKENS
    assert told(()) == ("", {"messages": "[]"})


@pytest.mark.parametrize(
    ("check", "target", "reply", "value"),
    [
        ("equals", "Paris", "paris.", 1.0),
        ("contains", "Paris", "It is Paris", 1.0),
        ("number", "1,234", "so 1234", 1.0),
        ("letter", "B", "Answer: B", 1.0),
        ("letter", "B", "Answer: C", 0.0),
        ("letter", "B", "no idea", 0.0),
        ("json", '{"a": [1]}', '```json\n{"a": [1]}\n```', 1.0),
        ("json", '{"a": [1]}', '{"a": 1}', 0.0),
        ("json", "[1]", "none", 0.0),
        ("choice", " B", " B", 1.0),
        ("gsm8k", "5", '{"answer": "5"}', 1.0),
        ("math", "\\frac{1}{2}", "\\boxed{0.5}", 1.0),
        ("mmmu", "B", "Answer: B", 1.0),
    ],
)
def test_each_check_reads_its_own_answer(check: str, target: str, reply: str, value: float) -> None:
    grade = grader(check)(case(target, options='["a", "b", "c"]'), reply, PlainFence())
    assert isinstance(grade, Score)
    assert grade.value == value


def test_a_letter_beyond_the_options_is_none() -> None:
    (wide, narrow) = case("E"), case("E", options='["a", "b"]')
    grades = [grader("letter")(one, "Answer: E", PlainFence()) for one in (wide, narrow)]
    assert [grade.read for grade in grades if isinstance(grade, Score)] == ["E", None]


def test_what_cannot_be_graded_is_left_unscored() -> None:
    for check, target in (("number", "none"), ("json", "none"), ("none", "")):
        assert isinstance(grader(check)(case(target), "5", PlainFence()), Unscored)


def test_humaneval_s_answers_are_run(fence: object) -> None:
    from visavis.core.fence import Fence

    held: Fence = fence  # type: ignore[assignment]  # the fixture of this room
    one = case(
        "def check(candidate):\n    assert candidate(2) == 4\n",
        question="Write it.",
        head="def twice(n):\n",
        entry_point="twice",
    )
    grade = grader("humaneval")(one, "```python\ndef twice(n):\n    return 2 * n\n```", held)
    assert isinstance(grade, Score)
    assert grade.value == 1.0


@pytest.mark.parametrize(
    ("task", "check"),
    [
        ("gsm8k", "gsm8k"),
        ("gsm8k_cot_llama", "gsm8k"),
        ("inspect_evals/gsm8k", "gsm8k"),
        ("math", "math"),
        ("minerva_math_algebra", "math"),
        ("leaderboard_ifeval", None),
        ("ifeval", "ifeval"),
        ("mmmu-pro-vision", "mmmu"),
        ("mathematics", None),
        ("mmlu_anatomy", None),
    ],
)
def test_a_task_is_known_by_its_name_or_not_at_all(task: str, check: str | None) -> None:
    assert known_check(task) == check


def test_what_a_guesser_scores_is_known_where_every_case_lists_its_choices() -> None:
    two, four = json.dumps(["a", "b"]), json.dumps(["a", "b", "c", "d"])
    both = (case(check="letter", options=two), case(check="choice", choices=four))
    assert benchmark_of("x@y", both).chance == pytest.approx(0.375)
    assert benchmark_of("x@y", (*both, case(check="letter"))).chance is None


def test_cases_that_are_missing_or_torn_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="import a log that holds them by 'visavis import'"):
        imported.imported(tmp_path, "gsm8k@zeroeval")
    file = imported.file_of(tmp_path, "gsm8k@zeroeval")
    file.parent.mkdir()
    file.write_text("{torn")
    with pytest.raises(DataError, match="import its log again with --replace"):
        imported.imported(tmp_path, "gsm8k@zeroeval")
    file.write_text("")
    with pytest.raises(DataError, match="holds no imported cases"):
        imported.imported(tmp_path, "gsm8k@zeroeval")
    shelf = Shelf(tmp_path)
    assert "gsm8k@zeroeval" in shelf
    assert "gsm8k" in shelf.families
    assert "gsm8k@zeroeval" not in Shelf(None)
