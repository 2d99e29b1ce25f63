"""Readers of multiple-choice letters: what is read, and what is never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.scoring.letters import stated_letter


@pytest.mark.parametrize(
    ("reply", "letter"),
    [
        ("Answer: (B)", "B"),
        ("**B**", "B"),
        ("B", "B"),
        ("b", "B"),
        ("(A)", "A"),
        (r"The answer is $\boxed{C}$", "C"),
        (r"So: \boxed{\text{(D)}}", "D"),
        ("C. 12", "C"),
        ("C) Paris", "C"),
        ("answer: b", "B"),
        ("Answer: A. cat", "A"),
        ("**Answer:** **B**", "B"),
        ("The answer is A because it holds.", "A"),
        ("The correct answer is option C, because of this.", "C"),
        ("The best answer is C", "C"),
        ("Answer\nB", "B"),
        ("Final answer:\n**C**", "C"),
        ('{"reasoning": "…", "answer": "D"}', "D"),
        ("A. x\nB. y\nSo it must be:\n\nB", "B"),
        ("Answer: A\nNo, that is wrong.\nAnswer: B", "B"),
        ("La bonne réponse est (B).", "B"),
        ("Réponse : C", "C"),
        ("Antwort: D", "D"),
        ("Ответ: A", "A"),
        ("答案是 B。", "B"),
        ("答案：Ｃ", "C"),
        ("الإجابة: ب", "B"),
        ("উত্তর: ড", "C"),
    ],
)
def test_the_last_stated_letter_is_read(reply: str, letter: str) -> None:
    assert stated_letter(reply) == letter


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "I think so",
        "A cat",
        "Answer: A cat",
        "The answer is a triangle.",
        "A. x\nB. y\nC. z\nD. w",
        "A or B",
        "Answer: A and B",
        "Answer: A, B",
        "Answer: E",
        "Answer: None of the above",
        "E",
        "e",
        "It depends.",
    ],
)
def test_what_states_no_letter_is_not_guessed(reply: str) -> None:
    assert stated_letter(reply) is None


def test_only_the_letters_of_the_question_are_letters() -> None:
    assert stated_letter("Answer: E", "ABCDE") == "E"
    assert stated_letter("Answer: J", "ABCDEFGHIJ") == "J"


@given(st.text(alphabet="ABCD ()*.:\nanswer\\boxed{}$", max_size=200))
def test_no_reply_is_too_odd_to_read(reply: str) -> None:
    assert stated_letter(reply) in (None, *"ABCD")
