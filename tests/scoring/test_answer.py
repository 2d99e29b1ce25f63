"""The stated answer: a text, a number or a date, in English and French."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scoring.plain_fence import PlainFence
from visavis.core.outcome import Score
from visavis.scoring.answer import answer, stated_answer
from visavis.scoring.dates import dates


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Answer: 42", "42"),
        ("First 12.\nAnswer: 7\n\nHope this helps!", "7"),
        ("Answer: yes\nNo, wait.\n**Answer: no.**", "no"),
        ("Réponse : «\u00a0le 3 mai 2026\u00a0».", "le 3 mai 2026"),
        ("La réponse est Zork.", "Zork"),
        ("Paris.", "Paris"),
        ("Let me think.\nIt is Paris.", None),
        ("word " * 100, None),
        ("", None),
    ],
)
def test_the_last_stated_answer_is_read(text: str, said: str | None) -> None:
    assert stated_answer(text) == said


@pytest.mark.parametrize(
    ("reply", "wanted", "held"),
    [
        ("Answer: Zork", {"texts": ["zork", "York"]}, True),
        ("Answer: York.", {"texts": ["zork", "York"]}, True),
        ("Zork, as the answer is Yorkish", {"texts": ["Zork"]}, False),
        ("3 + 4 = 7 and 9\nAnswer: 3 + 4 = 7 eggs", {"number": 7.0}, True),
        ("Answer: 9, not 7", {"number": 7.0}, False),
        ("Réponse : 3,14", {"number": 3.14159, "within": 0.01}, True),
        ("Réponse : 1 234,50 €", {"number": 1234.5}, True),
        ("Answer: seven", {"number": 7.0}, False),
        ("Answer: Sunday, November 22nd, 2026", {"date": "2026-11-22"}, True),
        ("Réponse : dimanche 22 novembre 2026", {"date": "2026-11-22"}, True),
        ("Answer: 22/11/2026", {"date": "2026-11-22"}, True),
        ("Answer: 11/22/2026", {"date": "2026-11-22"}, True),
        ("Answer: 2026-11-23", {"date": "2026-11-22"}, False),
        ("Answer: Sunday", {"date": "2026-11-22"}, False),
    ],
)
def test_an_answer_is_right_or_wrong(reply: str, wanted: dict[str, Any], held: bool) -> None:
    grade = answer(wanted, reply, PlainFence())
    assert isinstance(grade, Score)
    assert grade.value == float(held)


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        ("No\nanswer here", {"texts": ["a"]}),
        ("Answer: seven", {"number": 7.0}),
        ("Answer: Sunday", {"date": "2026-11-22"}),
    ],
)
def test_a_reply_that_states_no_such_answer_is_unparsed(reply: str, wanted: dict[str, Any]) -> None:
    grade = answer(wanted, reply, PlainFence())
    assert isinstance(grade, Score)
    assert (grade.value, grade.read) == (0.0, None)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("on 2026-11-22.", [["2026-11-22"]]),
        ("2026/1/5", [["2026-01-05"]]),
        ("03/04/2026", [["2026-04-03", "2026-03-04"]]),
        ("05.05.2026", [["2026-05-05"]]),
        ("le 1er mai 2024", [["2024-05-01"]]),
        ("the 2nd of March, 2024 and Feb. 3, 2025", [["2024-03-02"], ["2025-02-03"]]),
        ("15 déc. 2025", [["2025-12-15"]]),
        ("31/02/2026, 2026-02-30 or 30 February 2026", []),
        ("1.2.2026.4, 12026-11-22, 2026-11-223", []),
        ("22 novembre ou may 5th", [["2000-11-22"], ["2000-05-05"]]),
    ],
)
def test_dates_are_read_in_english_and_french(text: str, read: list[list[str]]) -> None:
    assert [[str(one) for one in day.readings] for day in dates(text)] == read


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_in_each_writing(day: date) -> None:
    for written in (
        day.isoformat(),
        f"{day.day} {day:%B} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.month}/{day.day}/{day.year}",
    ):
        (read,) = dates(f"It is {written}.")
        assert read.equals(day)
