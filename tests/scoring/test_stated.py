"""Where a reply states its answer: boxes, labels, fields of JSON."""

import pytest

from visavis.scoring.stated import begins_json, boxed, field, labelled, statements


def test_boxes_are_read_with_their_braces_balanced() -> None:
    text = r"\boxed{\frac{1}{2}} then \fbox{x} and \boxed 7 but \boxed{never closed"
    assert boxed(text) == (r"\frac{1}{2}", "x", "7")
    assert boxed(r"\boxed{\{1, 2\}}") == (r"\{1, 2\}",)
    assert boxed(r"\boxed{}") == ()


def test_a_label_is_followed_by_the_rest_of_its_line() -> None:
    text = "Answer: 1\nThe answer, then, is 2.\nAnswer:\n\n**3**\nAnswer:"
    assert labelled(text) == ("1", "2.", "**3**")


def test_of_a_statement_within_another_the_inner_is_later() -> None:
    assert statements(r"Answer: so $\boxed{18}$.") == (r"so $\boxed{18}$.", "18")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"answer": "18"}', "18"),
        ('{"answer": 18, "sure": true}', "18"),
        ('{"answer": "1"} no: {"answer": "2"}', "2"),
        ('{"reasoning": "a\nb", "answer": "18"', "18"),
        (r'{"answer": "\frac12"}', r"\frac12"),
        (r'{"answer": "\\frac12"}', r"\frac12"),
        (r'{"answer": "say \"yes\""}', 'say "yes"'),
        ('{"answer": "cut', None),
        ('{"answer": ""}', None),
        ("no field", None),
    ],
)
def test_a_field_is_read_as_it_was_meant(text: str, said: str | None) -> None:
    assert field(text, "answer") == said


@pytest.mark.parametrize("text", ['{"a": 1}', '```json\n{\n  "a', ' { "'])
def test_what_sets_out_to_be_json_is_known(text: str) -> None:
    assert begins_json(text)


@pytest.mark.parametrize("text", ["", "{1, 2}", 'So {"a": 1}'])
def test_what_does_not_is_known_too(text: str) -> None:
    assert not begins_json(text)
