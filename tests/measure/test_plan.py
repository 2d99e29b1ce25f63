"""Order and price of what is asked."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.measure.things import FREE, PerToken, candidate, sums
from visavis.core.candidate import Unknown
from visavis.core.prompt import Image, Message, Prompt, Settings
from visavis.core.trial import TrialKey
from visavis.measure.plan import forecast, plan, size

KINDS = st.sampled_from(["hosted", "local", "scripted"])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(KINDS, min_size=1, max_size=4),
    st.integers(0, 40),
    st.integers(1, 3),
    st.randoms(use_true_random=False),
)
def test_every_key_left_is_planned_once_and_all_candidates_in_one_order(kinds, count, repeats, rng):  # type: ignore[no-untyped-def]  # hypothesis gives the types
    candidates = [candidate(f"m{n}", kind) for n, kind in enumerate(kinds)]
    more = replace(sums(count // 2, "more"), repeats=1)
    asked = [replace(sums(count), repeats=repeats), more]
    whole = plan(asked, candidates)
    every = list(whole.left())
    assert len(every) == len(set(every)) == len(kinds) * (repeats * count + count // 2)
    orders = [[key[1:] for key in every if key.candidate == one.name] for one in candidates]
    assert all(order == orders[0] for order in orders)

    done = {key for key in every if rng.random() < 0.5}
    rest = plan(asked, candidates, done=done)
    assert Counter(rest.left()) == Counter(set(every) - done)
    assert rest.totals == whole.totals


def test_local_candidates_take_turns_a_b_b_a_and_never_share_a_lane_with_hosted_ones() -> None:
    candidates = [candidate("a", "local"), candidate("h", "hosted"), candidate("b", "local")]
    hosted, local = plan([sums(24)], candidates).lanes
    assert [turn.candidate for turn in hosted] == ["h"]
    told = [(turn.candidate, turn.keys[0].case, len(turn.keys)) for turn in local]
    assert told == [
        ("a", "c00000", 8),
        ("b", "c00000", 16),
        ("a", "c00008", 16),
        ("b", "c00016", 8),
    ]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 70), st.integers(2, 4))
def test_no_local_candidate_is_ever_more_than_two_blocks_ahead(count: int, number: int) -> None:
    candidates = [candidate(f"m{n}", "local") for n in range(number)]
    asked_of = dict.fromkeys((c.name for c in candidates), 0)
    for key in plan([sums(count)], candidates).left():
        asked_of[key.candidate] += 1
        assert max(asked_of.values()) - min(asked_of.values()) <= 16


def test_a_turn_follows_the_turn_of_another_candidate() -> None:
    candidates = [candidate("a", "local"), candidate("b", "local")]
    (lane,) = plan([sums(50)], candidates, done={TrialKey("b", "sums", "c00007", 0)}).lanes
    assert all(before.candidate != after.candidate for before, after in pairwise(lane))


def test_the_worst_price_is_never_below_the_expected_one_and_counts_every_request() -> None:
    candidates = [candidate("dear", "hosted"), candidate("mine", "local")]
    asked = [replace(sums(10), repeats=2)]
    done = {TrialKey("dear", "sums", "c00000", 0)}
    left = list(plan(asked, candidates, done=done).left())
    dear, mine = forecast(left, asked, {"dear": PerToken(), "mine": FREE})
    assert (dear.requests, mine.requests) == (19, 20)
    assert isinstance(dear.worst_usd, float)
    assert isinstance(dear.expected_usd, float)
    prompt = asked[0].benchmark.ask(asked[0].cases[0])
    assert dear.worst_usd == pytest.approx(size(prompt).worst_usd(PerToken()) * 19)
    assert 0 < dear.expected_usd < dear.worst_usd
    assert isinstance(mine.worst_usd, Unknown)


def test_pictures_are_reckoned_by_each_price_and_never_as_letters() -> None:
    image = Image(media_type="image/png", data=b"x" * 700)
    message = Message(role="user", content="Look: ", images=(image, image))
    asked = size(Prompt(messages=(message,), settings=Settings(max_tokens=40)))
    text = len("Look: ") + 16
    price = PerToken(usd_per_token=1.0)
    assert asked.worst_usd(price) == text + 2 * 700 + 40
    assert asked.expected_usd(price) == text // 4 + 2 * 700 + 10


def test_each_benchmark_has_tries_of_its_own_and_turns_count_cases() -> None:
    asked = [replace(sums(20), repeats=5), sums(20, "more")]
    candidates = [candidate("a", "local"), candidate("b", "local")]
    whole = plan(asked, candidates)
    assert whole.totals == {("a", "sums"): 100, ("a", "more"): 20} | {
        ("b", "sums"): 100,
        ("b", "more"): 20,
    }
    (lane,) = whole.lanes
    cases = [len({(key.benchmark, key.case) for key in turn.keys}) for turn in lane]
    assert cases == [8, 16, 16, 16, 16, 8]
    assert {key.repeat for key in whole.left() if key.benchmark == "sums"} == set(range(5))
