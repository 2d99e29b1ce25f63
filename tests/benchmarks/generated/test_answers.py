"""Replies as they are written, in two languages, by two readers."""

from itertools import islice

import pytest

from tests.scoring.plain_fence import PlainFence
from visavis.benchmarks.generated.answers import AMOUNT, DATE, NAME, NUMBER, YES_NO, Answer
from visavis.benchmarks.generated.families import FAMILIES, LEVELS, Level
from visavis.core.case import Case
from visavis.core.outcome import Score


def graded(answer: Answer, key: str, reply: str, language: str, options: str = "") -> Score:
    fields = {"language": language, "options": options}
    case = Case(id="x", group="x", question="?", target=key, fields=fields)
    grade = answer.grade(case, reply, PlainFence())
    assert isinstance(grade, Score)
    assert grade.value == grade.marks["flexible"]
    return grade


def marks(grade: Score) -> tuple[float, float]:
    return grade.marks["strict"], grade.marks["flexible"]


@pytest.mark.parametrize(
    ("reply", "language", "strict", "flexible"),
    [
        ("Answer: 1250.5", "en", 1, 1),
        ("Some working: 3 + 4.\n**Answer:** 1,250.50", "en", 1, 1),
        ("Réponse : 1 250,5", "fr", 1, 1),
        ("Réponse : 1\u202f250,50.", "fr", 1, 1),
        ("réponse: 1250,5 billets", "fr", 1, 1),
        ("Answer: 1000 + 250.5 = 1250.5 (of 2000)", "en", 1, 1),
        ("Answer: 7\nAnswer: 1250.5", "en", 1, 1),
        ("Answer: 1250.5", "fr", 0, 1),  # the label of the other language
        ("The answer is 1250.5.", "en", 0, 1),
        (r"\boxed{1250.5}", "en", 0, 1),
        ("It makes 1250.5", "en", 0, 1),
        ("Answer: 1250", "en", 0, 0),
        ("Answer:", "en", 0, 0),
        ("I cannot tell.", "en", 0, 0),
        ("", "fr", 0, 0),
    ],
)
def test_numbers(reply: str, language: str, strict: float, flexible: float) -> None:
    assert marks(graded(NUMBER, "1250.5", reply, language)) == (strict, flexible)


@pytest.mark.parametrize(
    ("reply", "language", "strict", "flexible"),
    [
        ("Answer: €12.50", "en", 1, 1),
        ("Answer: 12.5 euros", "en", 1, 1),
        ("Answer: 12 euros and 50 cents", "en", 1, 1),
        ("Réponse : 12,50\u00a0€", "fr", 1, 1),
        ("Réponse : 12 € 50", "fr", 1, 1),
        ("Réponse : 12 euros et 50 centimes", "fr", 1, 1),
        ("Chacune paie 12,50 €.", "fr", 0, 1),
        ("Answer: €12.05", "en", 0, 0),
        ("Answer: 12 euros and 5 cents", "en", 0, 0),
        ("Réponse : 1250 €", "fr", 0, 0),
    ],
)
def test_amounts(reply: str, language: str, strict: float, flexible: float) -> None:
    assert marks(graded(AMOUNT, "12.50", reply, language)) == (strict, flexible)


@pytest.mark.parametrize(
    ("reply", "language", "strict", "flexible"),
    [
        ("Answer: 4 March 2026", "en", 1, 1),
        ("Answer: Wednesday, March 4th, 2026.", "en", 1, 1),
        ("Answer: 2026-03-04", "en", 1, 1),
        ("Réponse : mercredi 4 mars 2026", "fr", 1, 1),
        ("Réponse : 04/03/2026", "fr", 1, 1),
        ("From 2 March 2026 it is two days to 4 March 2026.", "en", 0, 1),
        ("La réponse est le 4 mars 2026.", "fr", 0, 1),
        ("Answer: 3 March 2026", "en", 0, 0),
        ("Réponse : 4 avril 2026", "fr", 0, 0),
        ("Answer: 4 March 2027", "en", 0, 0),
        ("Answer: Wednesday", "en", 0, 0),
    ],
)
def test_dates(reply: str, language: str, strict: float, flexible: float) -> None:
    assert marks(graded(DATE, "2026-03-04", reply, language)) == (strict, flexible)


@pytest.mark.parametrize(
    ("reply", "language", "strict", "flexible"),
    [
        ("Answer: Clara", "en", 1, 1),
        ("Boris has the dog.\nAnswer: **clara**.", "en", 1, 1),
        ("> Réponse : Clara a le chat.", "fr", 1, 1),
        ("The answer is Clara.", "en", 0, 1),
        ("Boris has the dog.\nSo Clara has the cat.", "en", 0, 1),
        ("Answer: Boris", "en", 0, 0),
        ("Answer: Clara or Boris", "en", 0, 0),
        ("Answer: Claramunda", "en", 0, 0),
        ("Nobody.", "fr", 0, 0),
    ],
)
def test_names(reply: str, language: str, strict: float, flexible: float) -> None:
    grade = graded(NAME, "Clara", reply, language, "Alma, Boris, Clara")
    assert marks(grade) == (strict, flexible)


@pytest.mark.parametrize(
    ("reply", "language", "strict", "flexible"),
    [
        ("Yes", "en", 1, 1),
        ("**Oui.**", "fr", 1, 1),
        ("Yes", "fr", 0, 1),
        ("Answer: yes", "en", 0, 1),
        ("Oui, car le rouge veut dire avancez.", "fr", 0, 1),
        ("No", "en", 0, 0),
        ("Non.", "fr", 0, 0),
        ("Perhaps.", "en", 0, 0),
    ],
)
def test_one_word(reply: str, language: str, strict: float, flexible: float) -> None:
    assert marks(graded(YES_NO, "yes", reply, language)) == (strict, flexible)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", list(FAMILIES))
def test_the_key_itself_is_right_and_another_key_is_wrong(name: str, level: Level) -> None:
    family = FAMILIES.get(name)
    drawn = list(islice(family.cases(level, 12), 40))
    keys = {case.target for case in drawn}
    for case in drawn:
        label = "Réponse :" if case.fields["language"] == "fr" else "Answer:"
        right = family.answer.grade(case, f"{label} {family.answer.check(case)}", PlainFence())
        assert isinstance(right, Score)
        assert right.value == 1.0
        for other in list(keys - {case.target})[:5]:
            if case.target in ("yes", "no") or not case.fields.get("options"):
                wrong = family.answer.grade(case, f"{label} {other}", PlainFence())
                assert isinstance(wrong, Score)
                assert wrong.value == 0.0
