"""How a reply is written: its length and its language."""

from typing import Any

import pytest

from tests.scoring.plain_fence import PlainFence
from visavis.core.outcome import Grade, Score, Unscored
from visavis.scoring.manner import language, length

TWO_SENTENCES = "Mr. Fox can't run 3.5 km.\n\nHe is well-known!\n"


def value(grade: Grade) -> float:
    assert isinstance(grade, Score), grade
    return grade.value


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        ({"words": {"at_least": 9, "at_most": 9}}, True),
        ({"words": {"at_most": 8}}, False),
        ({"words": {"at_least": 10}}, False),
        ({"sentences": {"at_least": 2, "at_most": 2}}, True),
        ({"sentences": {"at_least": 3, "at_most": 3}}, False),
        ({"lines": {"at_least": 2, "at_most": 2}}, True),
        ({"characters": {"at_most": 45}}, True),
        ({"characters": {"at_most": 20}, "words": {"at_most": 99}}, False),
    ],
)
def test_a_reply_is_as_long_as_it_should_be_or_not(wanted: dict[str, Any], held: bool) -> None:
    assert value(length(wanted, TWO_SENTENCES, PlainFence())) == float(held)


def test_the_reason_says_how_long_it_is() -> None:
    grade = length({"words": {"at_least": 2, "at_most": 4}}, "one", PlainFence())
    assert grade.because == "1 words, at least 2 and at most 4"
    grade = length({"lines": {"at_least": 2, "at_most": 2}}, "one", PlainFence())
    assert grade.because == "1 lines, not 2"


def test_an_empty_reply_is_short_and_unparsed() -> None:
    grade = length({"words": {"at_most": 4}}, " \n", PlainFence())
    assert isinstance(grade, Score)
    assert (grade.value, grade.read) == (1.0, None)


@pytest.mark.parametrize(
    ("reply", "wanted", "held"),
    [
        ("Je ne sais pas.", "fr", True),
        ("I do not know.", "fr", False),
        ("I do not know.", "en", True),
        ("Le chat est sur la table.", "en", False),
        ("Η γάτα είναι στο τραπέζι.", "el", True),
        ("42 42 42", "en", False),
    ],
)
def test_the_language_is_told(reply: str, wanted: str, held: bool) -> None:
    assert value(language(wanted, reply, PlainFence())) == float(held)


def test_a_word_or_two_tell_no_language() -> None:
    assert isinstance(language("fr", "Paris, oui", PlainFence()), Unscored)
    grade = language("fr", "…", PlainFence())
    assert isinstance(grade, Score)
    assert (grade.value, grade.read) == (0.0, None)
