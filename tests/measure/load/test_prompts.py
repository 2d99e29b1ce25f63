"""Prompts of chosen lengths that no cache has seen."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.core.prompt import Prompt
from visavis.measure.load.prompts import UNIQUE_WORDS, Prompts


def text(prompt: Prompt) -> str:
    return prompt.messages[0].content


def counted(prompt: Prompt, beside: float = 31, of_a_word: float = 1.3) -> int:
    """As a server would: its template, its instruction and its vocabulary are its own affair."""
    words = len(text(prompt).split("\n\n")[0].split())
    return round(beside + of_a_word * words)


@settings(deadline=None)
@given(st.integers(80, 4000), st.floats(5, 60), st.floats(0.6, 3.0))
def test_two_counts_of_the_server_are_enough_to_hit_any_length(
    tokens: int, beside: float, of_a_word: float
) -> None:
    prompts = Prompts(Random(1))
    for asked in (16, 300):
        made = prompts.prompt(asked, 8)
        prompts.learn(made, counted(made, beside, of_a_word))
    made = prompts.prompt(tokens, 8)
    if len(text(made).split("\n\n")[0].split()) > UNIQUE_WORDS:
        assert counted(made, beside, of_a_word) == pytest.approx(tokens, abs=4, rel=0.02)
    assert made.settings.max_tokens == 8


def test_before_the_server_has_counted_lengths_are_estimated() -> None:
    prompts = Prompts(Random(1))
    made = prompts.prompt(256, 8)
    prompts.learn(made, counted(made))
    assert not prompts.known  # one length makes no line
    assert 180 < counted(made, 20, 1.1) < 280


def test_one_count_tells_a_vocabulary_of_letters_before_a_prompt_is_far_too_long() -> None:
    prompts = Prompts(Random(1))
    short = prompts.prompt(16, 8)
    prompts.learn(short, len(text(short)))
    assert len(text(prompts.prompt(400, 8))) < 500


def test_counts_that_fall_with_length_are_not_believed() -> None:
    prompts = Prompts(Random(1))
    for asked, said in ((16, 60), (300, 20)):
        prompts.learn(prompts.prompt(asked, 8), said)
    assert len(text(prompts.prompt(256, 8)).split()) > 100


def test_prompts_differ_from_the_first_words_on() -> None:
    prompts = Prompts(Random(1))
    begins = {" ".join(text(prompts.prompt(200, 8)).split()[:UNIQUE_WORDS]) for _ in range(500)}
    assert len(begins) == 500
    least = text(prompts.prompt(1, 8)).split("\n\n")[0]
    assert len(least.split()) == UNIQUE_WORDS


def test_a_shared_beginning_is_the_same_in_all_and_the_rest_is_not() -> None:
    prompts = Prompts(Random(1), shared_tokens=100)
    one, other = (text(prompts.prompt(200, 8)).split() for _ in range(2))
    shared = next(n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
    assert 90 <= shared <= 100
    longer = text(prompts.prompt(400, 8)).split()
    assert longer[:shared] == one[:shared]
    whole = text(Prompts(Random(1), shared_tokens=10_000).prompt(200, 8)).split("\n\n")[0]
    assert len(whole.split()) > UNIQUE_WORDS
