"""Readers of numbers: what is read, in which writing, and where a reply states its answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scoring.long_replies import takes_about_four_times_as_long
from visavis.scoring.numbers import last_number, numbers, stated_number


@pytest.mark.parametrize(
    ("reply", "readings"),
    [
        ("42", (42.0,)),
        ("The answer is 42.", (42.0,)),
        ("17 + 25 = 42", (42.0,)),
        ("1,234.5", (1234.5,)),
        ("1.234,5", (1234.5,)),
        ("1 234,5 €", (1234.5,)),
        ("1\u202f234\u202f567", (1_234_567.0,)),
        ("1\u2009234", (1234.0,)),
        ("1'234.5", (1234.5,)),
        ("1.234.567", (1_234_567.0,)),
        ("1,23,456", (123_456.0,)),
        ("12,34,567.5", (1_234_567.5,)),
        ("−3e4", (-30_000.0,)),
        ("about .5", (0.5,)),
        ("3,14", (3.14,)),
        ("0,125", (0.125,)),
        ("1,234", (1234.0, 1.234)),
        ("-1.500", (-1.5, -1500.0)),
        ("3,5,7", (7.0,)),
        ("1.2.3", (3.0,)),
        ("2024 100", (100.0,)),
        ("10-5", (5.0,)),
        ("10–15", (15.0,)),
        ("(–5)", (-5.0,)),
        ("- 5", (5.0,)),
        ("$12.50!", (12.5,)),
        ("-$5", (-5.0,)),
        ("$-5", (-5.0,)),
        ("€1.234,50", (1234.5,)),
        ("**7**", (7.0,)),
        ("wait...18", (18.0,)),
        ("the 5th", (5.0,)),
        ("3/4", (0.75,)),
        ("1 1/2", (1.5,)),
        (r"1\frac{4}{5}", (1.8,)),
        (r"\dfrac{3}{4}", (0.75,)),
        ("2½", (2.5,)),
        ("24/0", (24.0,)),
        ("5/12/2024", (2024.0,)),
        ("3 × 10^4", (30_000.0,)),
        (r"3\times 10^{-4}", (0.0003,)),
        ("3×10⁴", (30_000.0,)),
        ("1e400", (float("inf"),)),
        ("5 million", (5_000_000.0, 5.0)),
        ("1,5 milliard", (1_500_000_000.0, 1.5)),
        ("50 %", (50.0, 0.5)),
        ("-50 per cent", (-50.0, -0.5)),
        ("2{,}125", (2125.0, 2.125)),
        (r"2\,125", (2125.0,)),
        (r"\$32,\!348", (32_348.0, 32.348)),
        ("答えは11です", (11.0,)),
        ("উত্তর হল ১১।", (11.0,)),
        ("คำตอบคือ ๑๘", (18.0,)),
        ("సమాధానం ౧౮", (18.0,)),
        ("２，１２５", (2125.0, 2.125)),
        ("3万5000", (35_000.0, 3.0)),
        ("7.5万元", (75_000.0, 7.5)),
        ("16個", (16.0,)),
    ],
)
def test_the_last_number_is_read_in_many_writings(reply: str, readings: tuple[float, ...]) -> None:
    number = last_number(reply)
    assert number is not None
    assert number.readings == pytest.approx(readings)


@pytest.mark.parametrize("reply", ["", "none", "x2", "forty-two", "."])
def test_a_reply_without_a_number_has_none(reply: str) -> None:
    assert last_number(reply) is None
    assert stated_number(reply) is None


@given(st.integers(-(10**9), 10**9), st.integers(0, 99))
def test_a_number_is_read_back_in_either_writing(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02}"
    french = f"{whole:,}".replace(",", "\u202f") + f",{cents:02}"
    for written in (english, french):
        number = last_number(f"It is {written} in all.")
        assert number is not None
        assert number.readings == (float(f"{whole}.{cents:02}"),)


@given(st.integers(-(10**9), 10**9))
def test_a_whole_number_equals_itself_alone(value: int) -> None:
    number = last_number(f"{value:,}")
    assert number is not None
    assert number.equals(value)
    assert not number.equals(value + 0.5)


def test_numbers_come_in_order() -> None:
    assert [number.readings[0] for number in numbers("1 and 2.5, then 3/4")] == [1.0, 2.5, 0.75]


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        (r"**Answer:** $\boxed{18}$ eggs, for 3 days", 18),
        ("Answer: 3 + 15 = 18 eggs (6 a day)", 18),
        ("#### 12", 12),
        ("The final answer is: **18** because 3*6", 18),
        ("Final Answer: The final answer is $18$. I hope it is right in 1 go", 18),
        ("The answer is 17. No, wait: the answer is 18, not 17.", 18),
        ("La réponse est 2 125 $ (5 fois 425).", 2125),
        ("Réponse finale : 18 €\nEn 3 jours", 18),
        ("Die Antwort ist 18, also 3 mal 6.", 18),
        ("La respuesta es 18 (3 veces 6).", 18),
        ("Ответ — 11, то есть 5 и 6.", 11),
        ("Jibu ni 11, yaani 5 na 6.", 11),
        ("উত্তর হল 11, অর্থাৎ 5 এবং 6।", 11),
        ("సమాధానం: 18 (6 x 3)", 18),
        ("คำตอบคือ 18 (6 x 3)", 18),
        ("答案：18。即 9 个蛋 2 元", 18),
        ("答えは5です。3+2だから", 5),
        ("ステップごとの答え：最初に3台、さらに2台。答えは5です。", 5),
        ("Answer:\n\n18\n(3 times 6)", 18),
        ('{"reasoning": "9 times 2", "answer": "18", "sure": 100}', 18),
        ("So 3 times 6 makes 18", 18),
        ("The answer is unclear, but 18 fits", 18),
    ],
)
def test_the_answer_that_a_reply_states_goes_before_its_last_number(
    reply: str, value: float
) -> None:
    number = stated_number(reply)
    assert number is not None
    assert number.equals(value)


@given(st.text(alphabet=" 1.,'/e%-+$\\frac{}×^١万½\nanswer:#boxed", max_size=300))
def test_no_reply_is_too_odd_to_read(reply: str) -> None:
    stated_number(reply)


@pytest.mark.parametrize(
    "piece",
    [
        "1.",
        "1,11,",
        "1 234 ",
        " ",
        "1/",
        "1 1/",
        "answer ",
        "answer:",
        r"\boxed{",
        "1 million ",
        "1",
    ],
)
def test_a_reply_four_times_as_long_takes_about_four_times_as_long(piece: str) -> None:
    assert takes_about_four_times_as_long(stated_number, piece, 1_000)
