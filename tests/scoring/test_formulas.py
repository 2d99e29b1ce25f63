"""Which formula of a reply is its answer."""

import pytest

from tests.scoring.long_replies import takes_about_four_times_as_long
from visavis.scoring.formulas import formula_in, stated_formula


@pytest.mark.parametrize(
    ("reply", "read"),
    [
        (r"So $x = 1$, and \boxed{\frac{1}{2}} it is; $y$.", r"\frac{1}{2}"),
        ("Answer: $x=5$", "x=5"),
        ("**Answer:** 3/4", "3/4"),
        ("The answer is $5$. I hope that is right.", "5"),
        ("The answer is 3.5. I hope so.", "3.5"),
        ("Answer: $x = 5$ or $x = 3$", "x = 5, x = 3"),
        ("Answer: the area $A$ is $12$.", "12"),
        (r"Answer: \(\frac12\)", r"\frac12"),
        ("It follows that the area is $12$.", "12"),
        ("It follows that\n$$x = 12$$", "x = 12"),
        ("Answer: Evelyn", "Evelyn"),
        ("Answer: $18.90", "$18.90"),
        (r"Answer: $\boxed{2}$ or so", "2"),
    ],
)
def test_the_answer_is_found(reply: str, read: str) -> None:
    assert stated_formula(reply) == read


@pytest.mark.parametrize(
    "reply", ["", "I cannot tell.", "Answer: ``", "First $x = 1$, then more", "1 + 1 + 1 +"]
)
def test_a_reply_that_gives_none_is_left_unread(reply: str) -> None:
    assert stated_formula(reply) is None


def test_a_box_within_what_was_said_is_the_answer() -> None:
    assert formula_in(r"$x = \boxed{3}$") == "3"
    assert formula_in(" ** ") is None


@pytest.mark.parametrize("piece", ["$", r"\[", r"\(", "$$ ", "answer: ", " ", "a. ", r"\boxed{"])
def test_a_reply_four_times_as_long_takes_about_four_times_as_long(piece: str) -> None:
    def read(text: str) -> None:
        stated_formula(text)
        formula_in(text)

    assert takes_about_four_times_as_long(read, piece, 2_000)
