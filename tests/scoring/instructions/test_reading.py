"""The strict and the loose reading, and what an instruction may ask for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.scoring.instructions.reading import Reading, instruction, loosened, read

NO_COMMA = instruction("punctuation:no_comma", {})
QUOTED = instruction("startend:quotation", {})
TWO_STARS = instruction("detectable_format:number_highlighted_sections", {"num_highlights": 1})


@pytest.mark.parametrize(
    "reply",
    ['Sure, here:\n"a"', '"a"\nHope that helps, bye', 'Sure,\n"a"\nbye,', '**"a"**', 'Oh,\n*"a"*'],
)
def test_loosely_a_reply_may_begin_and_end_with_a_line_of_its_own_or_be_marked_up(
    reply: str,
) -> None:
    assert read([QUOTED], reply) == Reading(strict=(False,), loose=(True,))


def test_each_instruction_has_its_own_loosened_reply() -> None:
    # The comma goes with the first line, the quotation marks show with the last one gone.
    assert read([NO_COMMA, QUOTED], '"Well,\nso"\nbye') == Reading(
        strict=(False, False), loose=(True, True)
    )


def test_what_is_followed_strictly_is_followed_loosely() -> None:
    assert read([TWO_STARS, NO_COMMA], "*a*") == Reading(strict=(True, True), loose=(True, True))


def test_a_reply_that_is_blank_without_its_first_line_does_not_pass_by_that() -> None:
    assert read([NO_COMMA], "a, b") == Reading(strict=(False,), loose=(False,))


@given(st.text(alphabet="ab*\n ,", max_size=30))
def test_the_loosened_replies_are_upstreams(reply: str) -> None:
    lines = reply.split("\n")
    cut = [
        "\n".join(lines[1:]).strip(),
        "\n".join(lines[:-1]).strip(),
        "\n".join(lines[1:-1]).strip(),
    ]
    upstream = {reply, reply.replace("*", ""), *cut, *(text.replace("*", "") for text in cut)}
    assert {reply, *loosened(reply)} == upstream


def test_the_hubs_writing_has_every_argument_and_most_are_null() -> None:
    hub = {"num_words": 300, "relation": "at least", "keywords": None, "letter": None}
    plain = {"num_words": 300, "relation": "at least"}
    kind = "length_constraints:number_words"
    assert instruction(kind, hub) == instruction(kind, plain)


@pytest.mark.parametrize(
    ("kind", "arguments", "said"),
    [
        ("keywords:rhyme", {}, "'keywords:rhyme' is no kind of instruction"),
        (7, {}, "7 is no kind of instruction"),
        (["a"], {}, r"\['a'\] is no kind"),
        ("punctuation:no_comma", {"letter": "a"}, "takes no argument, not letter"),
        ("keywords:existence", {}, "takes keywords, not no argument"),
        ("keywords:existence", {"keywords": []}, r"cannot have \[\] for 'keywords'"),
        ("keywords:existence", {"keywords": "moss"}, "cannot have 'moss'"),
        ("keywords:existence", {"keywords": [" "]}, "cannot have"),
        ("length_constraints:number_paragraphs", {"num_paragraphs": -1}, "cannot have -1"),
        ("length_constraints:number_paragraphs", {"num_paragraphs": True}, "cannot have True"),
        ("length_constraints:number_paragraphs", {"num_paragraphs": "2"}, "cannot have '2'"),
        ("startend:end_checker", {"end_phrase": " "}, "cannot have ' '"),
        (
            "length_constraints:number_words",
            {"num_words": 3, "relation": "at most"},
            "cannot have 'at most' for 'relation'",
        ),
        (
            "length_constraints:number_words",
            {"num_words": 3, "relation": ["at least"]},
            "cannot have",
        ),
        (
            "keywords:letter_frequency",
            {"letter": "ab", "let_relation": "at least", "let_frequency": 1},
            "cannot have 'ab' for 'letter'",
        ),
        (
            "length_constraints:nth_paragraph_first_word",
            {"num_paragraphs": 2, "nth_paragraph": 0, "first_word": "a"},
            "cannot have 0 for 'nth_paragraph'",
        ),
    ],
)
def test_what_no_rule_can_check_is_refused(kind: Any, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        instruction(kind, arguments)
