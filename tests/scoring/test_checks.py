"""The checks of a user's case: what holds, what does not, and what cannot be said."""

from typing import Any

import pytest

from tests.scoring.plain_fence import PlainFence
from visavis.core.fence import Check, Program, Ran
from visavis.core.outcome import Grade, Score, Unscored
from visavis.scoring import checks
from visavis.scoring.combined import Answered, all_of

CATASTROPHE = r"(a+)+$"


@pytest.fixture
def fence() -> PlainFence:
    return PlainFence()


def graded(reply: str, fence: PlainFence, **wanted: Any) -> Grade:
    return all_of(wanted, Answered(text=reply), fence)


def value(grade: Grade) -> float:
    assert isinstance(grade, Score)
    return grade.value


CITY = {
    "type": "object",
    "properties": {"name": {"type": "string", "pattern": "^[A-Z]"}},
    "required": ["name"],
}


@pytest.mark.parametrize(
    ("reply", "wanted", "held"),
    [
        (" Paris.\n", {"equals": ["paris"]}, True),
        ("PARIS", {"equals": ["Lutèce", "Paris"]}, True),
        ("It is Paris", {"equals": ["Paris"]}, False),
        ("Caf\u0065\u0301", {"equals": ["Café"]}, True),
        ("a  red\nfox", {"contains": ["Red fox"]}, True),
        ("a red fox", {"contains": ["red", "dog"]}, False),
        ("a red fox", {"lacks": ["dog", "Fox"]}, False),
        ("a red fox", {"lacks": ["dog"]}, True),
        ("order 66", {"matches": r"\b\d{2}$"}, True),
        ("order", {"matches": r"\d"}, False),
        ("So 42.", {"number": {"value": 42}}, True),
        ("3,14", {"number": {"value": 3.14159, "within": 0.01}}, True),
        ("1,234", {"number": {"value": 1234}}, True),
        ("41", {"number": {"value": 42, "within": 0.5}}, False),
        ("1e999", {"number": {"value": 42}}, False),
        ('{"name": "Paris"}', {"json_schema": CITY}, True),
        ('```json\n{"name": "paris"}\n```', {"json_schema": CITY}, False),
        ('{"name": 3}', {"json_schema": CITY}, False),
        ("{}", {"json_schema": CITY}, False),
        ("hey!", {"python": "def check(reply):\n    return reply.endswith('!')"}, True),
        ("hey", {"python": "def check(reply):\n    return reply.endswith('!')"}, False),
        ("42 foxes", {"contains": ["fox"], "number": {"value": 42}}, True),
        ("41 foxes", {"contains": ["fox"], "number": {"value": 42}}, False),
    ],
)
def test_a_check_holds_or_does_not(
    reply: str, wanted: dict[str, Any], held: bool, fence: PlainFence
) -> None:
    grade = all_of(wanted, Answered(text=reply), fence)
    assert isinstance(grade, Score)
    assert (grade.value, grade.read is None) == (float(held), False)
    assert grade.because


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        ("", {"equals": ["Paris"]}),
        ("none", {"number": {"value": 1}}),
        ("none", {"json_schema": {}}),
    ],
)
def test_a_reply_with_nothing_to_read_scores_0_and_is_unparsed(
    reply: str, wanted: dict[str, Any], fence: PlainFence
) -> None:
    grade = all_of(wanted, Answered(text=reply), fence)
    assert isinstance(grade, Score)
    assert (grade.value, grade.read) == (0.0, None)


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        ("a" * 40 + "!", {"matches": CATASTROPHE}),
        ('"' + "a" * 40 + '!"', {"json_schema": {"type": "string", "pattern": CATASTROPHE}}),
        ("hey", {"python": "def check(reply):\n    raise ValueError('mine')"}),
        ("[" * 300 + "]" * 300, {"json_schema": {"items": {"$ref": "#"}}}),
    ],
)
def test_a_check_that_could_not_be_made_leaves_the_reply_unscored(
    reply: str, wanted: dict[str, Any], fence: PlainFence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "PATTERN_LIMIT_S", 0.3)
    assert isinstance(all_of(wanted, Answered(text=reply), fence), Unscored)


def test_a_pattern_of_a_schema_speaks_of_text_alone(fence: PlainFence) -> None:
    assert value(graded("3", fence, json_schema={"pattern": "x"})) == 1
    assert fence.ran == 0


def test_a_schema_fetches_nothing(fence: PlainFence) -> None:
    grade = graded("3", fence, json_schema={"$ref": "http://127.0.0.1:9/none"})
    assert isinstance(grade, Unscored)


def test_a_fence_that_gives_no_answer_is_no_fault_of_the_reply() -> None:
    class Broken:
        def run(self, job: Program | Check) -> Ran:
            return Ran(end="no answer", detail="gone")

    assert all_of({"matches": "x"}, Answered(text="x"), Broken()) == Unscored(
        because="the pattern 'x' no answer: gone"
    )


def test_a_long_reply_is_quoted_short(fence: PlainFence) -> None:
    grade = graded("word " * 100, fence, equals=["x"])
    assert isinstance(grade, Score)
    assert grade.read is not None
    assert len(grade.read) == checks.SHOWN
