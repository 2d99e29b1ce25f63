"""Readers of answers: what is read, and what is left unread."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scoring.long_replies import takes_about_four_times_as_long
from visavis.scoring.extract import json_value, yes_no


@pytest.mark.parametrize(
    ("reply", "read"),
    [
        ("No", "no"),
        ("yes.", "yes"),
        ("**No.**", "no"),
        ("Non", "no"),
        ("« Oui »", "yes"),
        ("Answer: yes", "yes"),
        ("**Final answer:** No", "no"),
        ("So the answer is no.", "no"),
        ("La réponse est oui.", "yes"),
        ("Réponse : non", "no"),
        ("Yes, because no Zorks are Yorks, and no Yorks are Sporks.", "yes"),
        ("No, one cannot conclude that. Yes would need more.", "no"),
        ("Yes we can conclude that some Zorks are Sporks.", "yes"),
        ("Oui on peut le conclure", "yes"),
        ("At first yes, but then: no.", "no"),
        ("Yes, it seems.\nAnswer: no\nHope that helps, yes!", "no"),
        ("Yes\n\nExplanation: there is no way around it.", "yes"),
    ],
)
def test_the_last_yes_or_no_that_answers_is_read(reply: str, read: str) -> None:
    assert yes_no(reply) == read


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "It depends.",
        "No Zorks are Sporks",
        "Some Zorks are definitely Sporks",
        "Answer with one word: yes or no.",
        "Répondez par un seul mot : oui ou non.",
        "yes or no",
        "non-Zorks are Yorks",
        "Nothing follows, nobody knows",
    ],
)
def test_a_reply_without_an_answer_is_left_unread(reply: str) -> None:
    assert yes_no(reply) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
@settings(max_examples=50)
def test_json_is_found_bare_and_fenced(value: object) -> None:
    written = json.dumps(value)
    for reply in (f" {written}\n", f"Here:\n```json\n{written}\n```\nDone."):
        found = json_value(reply)
        assert found is not None
        assert found.value == value


def test_json_is_found_in_the_middle_of_prose() -> None:
    found = json_value('As I said [1], it is {"a": [1, 2]} and {"b": 1}; so {there}.')
    assert found is not None
    assert found.value == {"a": [1, 2]}


@pytest.mark.parametrize("reply", ["", "no", "{a: 1}", "NaN", "1" * 5000, "[" * 100_000])
def test_what_is_no_json_is_not_found(reply: str) -> None:
    assert json_value(reply) is None


@given(st.text(alphabet=" 1.,'yesno{}[]\"`\n-e*:", max_size=300))
def test_no_reply_is_too_odd_to_read(reply: str) -> None:
    yes_no(reply)
    json_value(reply)


@pytest.mark.parametrize("piece", ["1.", "1 234 ", " ", "*", "no ", "[", "```\n", "yes or ", "{"])
def test_a_reply_four_times_as_long_takes_about_four_times_as_long(piece: str) -> None:
    def read(text: str) -> None:
        yes_no(text)
        json_value(text)

    assert takes_about_four_times_as_long(read, piece, 5_000)
