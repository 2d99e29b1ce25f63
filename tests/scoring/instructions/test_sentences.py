"""Sentences and words, where NLTK finds them: each example was put to NLTK too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.scoring.instructions.sentences import sentences, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" \n", []),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Mr. Smith met Dr. Who in St. Ives.", None),
        ("She left the U.S. in May. He stayed.", ["She left the U.S. in May.", "He stayed."]),
        ("It was built by Acme Inc. The rest is history.", 2),
        ("Bring pens, paper, etc. Then wait.", 2),
        ("P.S. Remember the milk.", 2),
        ("1. First\n2. Second", ["1.", "First\n2.", "Second"]),
        ("1. first\n2. second", None),
        ("Franklin D. Roosevelt spoke.", None),
        ("We call it plan B. The end.", 2),
        ("A. Introduction\nB. Discussion", ["A.", "Introduction\nB.", "Discussion"]),
        ("Let it be x. Then x is 2.", 2),
        ("Wait... what? The end...", ["Wait... what?", "The end..."]),
        ("Wait... The end.", 2),
        ("Wait... Anna came.", None),
        ('He said "Go." Then he went.', ['He said "Go."', "Then he went."]),
        ("He said 'Go.'", None),
        ("(He went.) She stayed.", ["(He went.)", "She stayed."]),
        ("Really?! Yes.", ["Really?!", "Yes."]),
        ("At 3.14 p.m. it rained.", None),
        ("See example.com for more.", None),
        ("No.* Yes", 2),
        ("-5. Next", 2),
        ("A dot . alone", 2),
        ("The end.)--Or not.", 2),
        ("Ask Mr.(Smith) now", None),
    ],
)
def test_where_sentences_end(text: str, found: list[str] | int | None) -> None:
    """`found` may be but their number; None is one sentence."""
    got = list(sentences(text))
    if isinstance(found, list):
        assert got == found
    else:
        assert len(got) == (found or 1), got


@given(st.text(alphabet="aB. !?\"')\n(1-*", max_size=60))
def test_nothing_but_spaces_is_lost(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I DON'T know.", ["I", "DO", "N'T", "know", "."]),
        ("CANNOT, gonna", ["CAN", "NOT", ",", "gon", "na"]),
        ("the CEO's U.S. plan", ["the", "CEO", "'s", "U.S.", "plan"]),
        ("A--B (C)", ["A", "--", "B", "(", "C", ")"]),
        ("at 10:30, 1,000 A:B", ["at", "10:30", ",", "1,000", "A", ":", "B"]),
        ("A–B x/y A-B", ["A–B", "x/y", "A-B"]),
        ("IT’S", ["IT", "’", "S"]),
        ("WE WON'T. YOU WILL.", ["WE", "WO", "N'T", ".", "YOU", "WILL", "."]),
        ("Wait...", ["Wait", "..."]),
    ],
)
def test_how_words_are_cut(text: str, found: list[str]) -> None:
    assert list(words(text)) == found
