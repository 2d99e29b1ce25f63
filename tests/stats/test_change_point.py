"""When a share falls."""

from collections.abc import Callable
from math import exp
from random import Random

import pytest

from visavis.stats.change_point import Fall, NoFall, TooLow, fall

MOMENTS = [float(20 * n) for n in range(96)]
"""Of as many facts as our list has, twenty days apart."""

Outcomes = list[tuple[float, bool]]


def drawn(chance: Callable[[float], float], rng: Random) -> Outcomes:
    return [(at, rng.random() < chance(at)) for at in MOMENTS]


def falling(at: float, before: float, after: float, pace: float = 0.0) -> Callable[[float], float]:
    def chance(moment: float) -> float:
        near = float(moment < at) if pace == 0 else 1 / (1 + exp((moment - at) / pace))
        return after + (before - after) * near

    return chance


@pytest.mark.parametrize(
    ("before", "after", "pace"), [(0.9, 0.03, 0.0), (0.6, 0.05, 0.0), (0.8, 0.05, 60.0)]
)
def test_the_interval_holds_the_truth_in_most_tries(
    before: float, after: float, pace: float
) -> None:
    rng, held, tries = Random(7), 0, 40
    for _ in range(tries):
        at = rng.uniform(400, 1400)
        found = fall(drawn(falling(at, before, after, pace), rng))
        assert isinstance(found, Fall)
        assert found.low <= found.at <= found.high
        held += found.low <= at <= found.high
    assert held >= 34  # of 40, at 95 %: fewer come once in 70 times, and the draws are fixed


def test_no_fall_is_seen_where_there_is_none() -> None:
    rng = Random(8)
    levels = [0.1, 0.4, 0.9] * 20
    seen = sum(isinstance(fall(drawn(falling(0, 0, level), rng)), Fall) for level in levels)
    assert seen <= 3


def test_a_clean_fall_is_found_between_its_two_neighbours() -> None:
    found = fall([(at, at < 1010) for at in MOMENTS])
    assert isinstance(found, Fall)
    assert 1000 - 20 <= found.at <= 1020 + 20
    assert (found.before, found.after) == pytest.approx((1, 0), abs=1e-6)
    assert found.n == len(MOMENTS)


def test_order_does_not_matter() -> None:
    outcomes = drawn(falling(900, 0.8, 0.1), Random(2))
    assert fall(outcomes) == fall(outcomes[::-1])


def test_what_is_known_to_the_end_falls_later_if_at_all() -> None:
    found = fall([(at, True) for at in MOMENTS])
    assert isinstance(found, NoFall)
    assert found.low > MOMENTS[-10]
    assert found.share == 1


@pytest.mark.parametrize("level", [0.0, 0.04])
def test_too_little_is_known_to_tell(level: float) -> None:
    assert isinstance(fall(drawn(lambda _: level, Random(1))), TooLow)


def test_a_share_that_rises_is_no_fall() -> None:
    assert isinstance(fall([(at, at > 1000) for at in MOMENTS]), NoFall)


def test_a_handful_of_outcomes_is_too_few() -> None:
    assert fall([(1.0, True)] * 11) == TooLow(share=1, n=11)
    assert fall([]) == TooLow(share=0, n=0)


def test_outcomes_of_one_moment_tell_nothing_of_time() -> None:
    assert isinstance(fall([(5.0, n % 3 == 0) for n in range(30)]), TooLow)
