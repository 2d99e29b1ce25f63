"""Texts of wanted lengths, hidden facts, long counts and dated facts."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.benchmarks.dated_facts import dated_facts, is_right
from visavis.core.outcome import Finish, Reply, Usage
from visavis.measure.limits import needle, output
from visavis.measure.limits.filler import Ruler, filler


@given(st.integers(1, 3000), st.integers())
def test_filler_has_just_so_many_words(words: int, seed: int) -> None:
    assert len(" ".join(filler(Random(seed), words)).split()) == words


def test_no_sentence_of_a_long_text_comes_twice() -> None:
    text = filler(Random(4), 40_000)
    assert len(set(text)) == len(text)


@given(st.floats(0, 60), st.floats(0.7, 3), st.integers(300, 500_000))
def test_two_counts_are_enough_to_hit_any_length(beside: float, each: float, tokens: int) -> None:
    ruler = Ruler()
    for words in (80, 340):
        ruler.learn(words, round(beside + each * words))
    words = ruler.words(tokens)
    assert beside + each * words == pytest.approx(tokens, rel=0.02, abs=2 * each)


def test_counts_that_do_not_rise_are_not_believed() -> None:
    ruler = Ruler()
    for words in (80, 340):
        ruler.learn(words, 100)
    assert ruler.words(2000) == Ruler().words(2000)


def test_every_fact_is_hidden_at_its_depth_in_a_text_of_its_own() -> None:
    made = list(needle.needles([1000, 4000], 2, seed=1))
    assert len(made) == 2 * 2 * len(needle.DEPTHS)
    assert len({one.value for one in made}) == len(made)
    for one in made:
        text = needle.prompt(one, 800, seed=1).messages[0].content
        assert len(text.split()) == 800
        at = text.index(one.value) / len(text)
        assert at == pytest.approx(one.depth, abs=0.06)
        assert text.count(one.value) == 1


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("1234567", True),
        ("The code is **1234567**.", True),
        ("1,234,567", True),
        ("It is 1 234 567", True),
        ("12345678", False),
        ("1234568", False),
        ("1234567 or 7654321", False),
        ("In 1234 it was 567", False),
        ("", False),
    ],
)
def test_found_is_the_very_number_and_no_other(said: str, found: bool) -> None:
    one = needle.Needle(tokens=9, depth=0.5, repeat=0, town="Barham", value="1234567")
    assert needle.is_found(one, said) is found


@pytest.mark.parametrize(
    ("finish", "tokens", "ended"),
    [
        ("stop", 50, "the model stopped"),
        ("length", 100, "the limit asked for"),
        ("length", None, "the limit asked for"),
        ("length", 60, "the server's limit"),
        ("content_filter", 60, "another end"),
    ],
)
def test_the_end_of_a_long_reply_is_told(finish: Finish, tokens: int | None, ended: str) -> None:
    usage = None if tokens is None else Usage(input_tokens=9, output_tokens=tokens)
    reply = Reply(text="7\n8\n9\n11\n" + "9" * 5000, finish=finish, usage=usage)
    wrote = output.read(reply, 7, 100)
    assert (wrote.ended, wrote.numbers, wrote.tokens) == (ended, 3, tokens)


def test_a_server_that_states_its_longest_reply_is_asked_for_that() -> None:
    said = "max_tokens is too large: 200000. This model supports at most 16384 completion tokens"
    assert output.allowed(said, 200_000) == 16_384
    for none in ("no", f"at most {'9' * 5000}", "up to , or so"):
        assert output.allowed(none, 200_000) is None


def test_there_are_twelve_facts_a_year_each_with_its_own_question_and_a_source() -> None:
    facts = dated_facts()
    years = Counter(fact.date.year for fact in facts)
    assert min(years[year] for year in range(2021, 2027)) >= 12
    assert len({fact.question for fact in facts}) == len(facts)
    for fact in facts:
        assert fact.source.startswith("https://")
        assert fact.question.endswith((".", "?"))
        assert not any(is_right(fact.question, [name]) for name in fact.accepted)
        assert str(fact.date.year) in fact.question or "2024 Summer" in fact.source


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("Barbora Krejcikova", True),
        ("It was KREJČÍKOVÁ.", True),
        ("<think>Krejčíková? No.</think> Swiatek", False),
        ("unknown", False),
        ("Krejcikovaova", False),
        ("word " * 40 + "Krejčíková", False),
    ],
)
def test_an_answer_is_right_whatever_its_accents(said: str, right: bool) -> None:
    assert is_right(said, ["Krejčíková"]) is right
