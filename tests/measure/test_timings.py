"""Latencies are what their definitions say, from instants alone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.outcome import Failure, Reply, Usage
from visavis.measure.timings import Chunk, Timing

TEXT = "One two three four five six"


def timing(*at: float, sizes: tuple[int, ...] = (), tokens: int | None = None) -> Timing:
    """A request due at 10, sent at 11, with chunks at these instants."""
    sizes = sizes or (1,) * len(at)
    usage = None if tokens is None else Usage(input_tokens=3, output_tokens=tokens)
    return Timing(
        outcome=Reply(text=TEXT, usage=usage),
        due=10.0,
        connect_begun=10.1,
        connected=10.3,
        secured=10.6,
        sent=11.0,
        written=11.1,
        first_byte=11.5,
        headers=11.6,
        chunks=tuple(Chunk(a, n) for a, n in zip(at, sizes, strict=True)),
        end=20.0,
    )


def test_latencies_run_from_sending_and_those_from_due_count_our_lateness() -> None:
    told = timing(12.0, 13.0, 16.0)
    assert told.late_s == 1.0
    assert told.first_token_s == 1.0
    assert told.first_token_from_due_s == 2.0
    assert told.total_s == 9.0
    assert told.total_from_due_s == 10.0
    assert told.chunk_gaps_s == (1.0, 3.0)
    assert told.first_token_doubt_s == 0.0


def test_one_token_a_chunk_means_all_tokens_but_the_first_came_after_it() -> None:
    told = timing(12.0, 13.0, 16.0, tokens=3)
    assert told.tokens_per_s() == 2 / 4.0
    assert told.inter_token_s() == 2.0


def test_the_token_that_ends_an_answer_brings_no_chunk() -> None:
    assert timing(12.0, 13.0, 16.0, tokens=4).inter_token_s() == pytest.approx(4.0 / 3)


def test_a_first_chunk_of_several_tokens_has_its_share_by_characters() -> None:
    told = timing(12.0, 16.0, sizes=(4, 16), tokens=20)
    assert told.inter_token_s() == 4.0 / 16


def test_another_count_of_tokens_can_be_given() -> None:
    assert timing(12.0, 13.0, 14.0).inter_token_s(3) == 1.0


def test_reasoning_is_no_answer_and_uncounted_reasoning_leaves_the_answer_uncounted() -> None:
    usage = Usage(input_tokens=1, output_tokens=10, reasoning_tokens=7)
    chunks = (Chunk(13.0, 1), Chunk(14.0, 1), Chunk(15.0, 1))
    counted = Timing(outcome=Reply(text="abc", usage=usage), due=10.0, sent=10.0,
                     first_thought=11.0, chunks=chunks, end=16.0)  # fmt: skip
    assert counted.first_thought_s == 1.0
    assert counted.first_token_s == 3.0
    assert counted.tokens == 3
    uncounted = Usage(input_tokens=1, output_tokens=10)
    told = Timing(outcome=Reply(text="abc", usage=uncounted), due=10.0, sent=10.0,
                  first_thought=11.0, chunks=chunks, end=16.0)  # fmt: skip
    assert told.tokens is None
    assert told.tokens_per_s() is None


def test_words_and_characters_are_those_after_the_first_chunk() -> None:
    told = timing(12.0, 14.0, sizes=(len("One two thr"), len("ee four five six")))
    assert told.words_per_s == 3 / 2.0
    assert told.characters_per_s == len("ee four five six") / 2.0


@pytest.mark.parametrize(
    "told",
    [
        timing(tokens=5),
        timing(12.0, tokens=5),
        timing(12.0, 12.0, tokens=2),
        Timing(outcome=Failure(kind="unreachable", detail="gone"), due=1.0, end=2.0),
    ],
)
def test_where_nothing_can_be_known_nothing_is_said(told: Timing) -> None:
    assert told.tokens_per_s() is None
    assert told.inter_token_s() is None
    assert told.characters_per_s is None
    assert told.words_per_s is None


def test_a_failure_before_sending_has_no_latency_but_from_due() -> None:
    told = Timing(outcome=Failure(kind="unreachable", detail="gone"), due=1.0, end=2.0)
    assert (told.late_s, told.first_token_s, told.total_s, told.first) == (None, None, None, None)
    assert told.first_token_doubt_s is None
    assert told.total_from_due_s == 1.0


@given(st.lists(st.floats(0.001, 10.0), min_size=2, max_size=30), st.integers(0, 5))
def test_mean_inter_token_time_times_tokens_is_the_time_they_took(
    gaps: list[float], more: int
) -> None:
    at = [12.0]
    for gap in gaps:
        at.append(at[-1] + gap)
    told = timing(*at, tokens=len(at) * (1 + more))
    inter = told.inter_token_s()
    assert inter is not None
    after_first = len(at) * (1 + more) - (1 + more if more else 1)
    assert inter * after_first == pytest.approx(at[-1] - at[0])
    assert told.chunk_gaps_s == tuple(b - a for a, b in pairwise(at))
