"""The search for the longest prompt that is accepted."""

from math import sqrt
from random import Random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.outcome import Failure
from visavis.measure.limits.context import GRAIN, Bracket, is_too_long, stated_limit
from visavis.measure.limits.filler import Ruler


def searched(bracket: Bracket, limit: int, *, tells: bool = False) -> tuple[Bracket, list[int]]:
    asked: list[int] = []
    while (wanted := bracket.next()) is not None:
        asked.append(wanted)
        stated = limit + 16 if tells else None
        fits = wanted <= limit
        bracket = bracket.took(wanted) if fits else bracket.turned_down(wanted, stated)
    return bracket, asked


@given(st.integers(200, 2_000_000), st.integers(300, 2_000_000), st.integers(100, 2_000_000))
def test_any_limit_is_found_whatever_is_claimed(limit: int, longest: int, claimed: int) -> None:
    found, _ = searched(Bracket(longest=longest, hint=claimed), limit)
    assert found.accepted <= min(limit, longest)
    top = found.refused or longest
    assert top - found.accepted <= max(32, GRAIN * top) + 1
    assert found.refused is None or found.refused > limit


def test_a_stated_limit_spares_most_of_the_long_prompts() -> None:
    _, blind = searched(Bracket(longest=1_000_000), 128_000 - 16)
    _, told = searched(Bracket(longest=1_000_000), 128_000 - 16, tells=True)
    accepted = [sum(n for n in asked if n <= 128_000 - 16) for asked in (blind, told)]
    assert accepted[1] < accepted[0] / 2
    claimed, asked = searched(Bracket(longest=140_000, hint=128_000), 128_000 - 16)
    assert asked == [128, 512, 2048, 31_996, 127_344, 128_320]
    assert claimed.accepted > 127_000


@pytest.mark.parametrize("context", [2048, 8192, 32_768, 131_072])
def test_a_stated_limit_is_found_in_few_prompts_though_lengths_are_not_known(context: int) -> None:
    """Words have more or fewer tokens; the more of them there are, the less it matters."""
    rng, took = Random(context), []
    for _ in range(100):
        bracket, ruler = Bracket(longest=round(1.1 * context) + 64, hint=context), Ruler()
        beside, of_a_word = rng.uniform(10, 40), rng.uniform(1.2, 1.7)
        while (wanted := bracket.next()) is not None:
            words = ruler.words(wanted)
            counted = round(beside + of_a_word * words * (1 + rng.gauss(0, 0.22 / sqrt(words))))
            if counted > context - 16:
                bracket = bracket.turned_down(wanted, context)
            else:
                ruler.learn(words, counted)
                bracket = bracket.took(counted)
        took.append(bracket.tries)
        assert context - 16 - bracket.accepted <= max(64, 0.02 * context)
    assert mean(took) < 7
    assert max(took) <= 12


def test_prompts_that_come_out_short_are_not_sent_again_and_again() -> None:
    bracket, asked = Bracket(longest=9000, hint=8192), []
    while (wanted := bracket.next()) is not None:
        asked.append(wanted)
        short = wanted if wanted > 600 else wanted // 2
        bracket = bracket.took(short) if short < 8176 else bracket.turned_down(wanted)
    assert asked[:3] == [128, 512, 2048]
    assert len(asked) <= 6


def test_a_limit_above_all_that_may_be_tried_is_no_limit() -> None:
    found, _ = searched(Bracket(longest=5000), 10**9)
    assert found.refused is None
    assert found.accepted > 4900


def test_a_server_that_contradicts_itself_ends_the_search() -> None:
    bracket = Bracket(longest=10**9)
    for _ in range(100):
        if bracket.next() is None:
            break
        bracket = bracket.took(100)  # whatever was sent
    assert bracket.next() is None


@pytest.mark.parametrize(
    ("detail", "stated"),
    [
        ("400: This model's maximum context length is 128,000 tokens. However, you", 128_000),
        ("400: request (5000 tokens) exceeds the available context size (4096 tokens)", 4096),
        ("400: prompt is too long: 210000 tokens > 200000 maximum", 200_000),
        (
            "400: The input token count exceeds the maximum number of tokens allowed (1048576)",
            2**20,
        ),
        (
            "400: Please reduce the length of the messages. Length is 42 while limit is 40000",
            40_000,
        ),
        ("413: the request is too large", None),
    ],
)
def test_refusals_for_length_are_known_by_their_words(detail: str, stated: int | None) -> None:
    assert is_too_long(Failure(kind="rejected", detail=detail))
    assert stated_limit(detail) == stated


def test_what_is_no_number_states_no_limit() -> None:
    assert stated_limit("maximum context length is , since you ask") is None
    assert stated_limit(f"limit of {'9' * 5000}") == 10**16 - 1


@pytest.mark.parametrize(
    "failure",
    [
        Failure(kind="rejected", detail="401: the server refuses the key"),
        Failure(kind="rejected", detail="404: The model `x` does not exist"),
        Failure(kind="overloaded", detail="429: Request too large on tokens per min: Limit 30000"),
        Failure(kind="timed out", detail="silent for 300 s"),
        Failure(kind="server error", detail="500: internal error"),
    ],
)
def test_other_failures_are_not_taken_for_a_limit(failure: Failure) -> None:
    assert not is_too_long(failure)
