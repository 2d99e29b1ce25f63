"""Luck of the draw told from the choice of cases: against truths that were drawn on purpose."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.scoring.pass_at_k import pass_all_k
from visavis.stats.estimate import Estimate, TooFew, standard_error
from visavis.stats.repeats import Spread, Tries, chance, spread

RUNS = 400


def alone(cases: Sequence[Sequence[float]]) -> list[list[Tries]]:
    return [[(tries,)] for tries in cases]


def known(found: Spread | None) -> Spread:
    assert found is not None
    return found


def test_the_parts_of_a_small_example_are_those_worked_out_by_hand() -> None:
    found = known(spread(alone([[1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 1, 0]])))
    assert (found.value, found.cases, found.tries) == (0.5, 3, 4.0)
    assert found.within == pytest.approx(1 / 9)  # 1/3 in the last case, none in the others
    assert found.between == pytest.approx(0.25 - 1 / 36)
    assert found.error == pytest.approx(0.5 / sqrt(3))
    assert found.of_luck == pytest.approx(sqrt(1 / 12) / 3)
    assert found.luck_share == pytest.approx(1 / 9)
    assert found.degrees == pytest.approx(3)


def test_luck_falls_with_cases_and_tries_the_rest_with_cases_alone() -> None:
    found = known(spread(alone([[1, 1], [0, 0], [1, 0], [0, 0]])))
    assert found.error_with(cases=4) == pytest.approx(found.error / 2)
    assert found.error_with(tries=1e9) == pytest.approx(found.of_cases)
    assert found.tries_to_halve() is None


def test_where_luck_is_all_there_is_four_times_the_tries_halve_the_error() -> None:
    found = known(spread(alone([[1, 0], [0, 1], [1, 0]])))
    assert (found.of_cases, found.luck_share) == (0.0, 1.0)
    assert found.tries_to_halve() == pytest.approx(8)


def test_cases_tried_once_tell_nothing_of_luck() -> None:
    assert spread(alone([[1], [0], [1]])) is None
    assert spread(alone([[1, 0, 1]])) is None
    assert spread([]) is None
    assert spread([[([1, 0], [1])], [([1, 1], [0])]]) is None


def test_a_case_with_one_try_left_has_the_luck_of_the_others() -> None:
    found = known(spread(alone([[1, 0], [1, 0], [1]])))
    assert found.within == pytest.approx(0.5)
    assert found.tries == pytest.approx(1.5)


def test_tries_that_never_differ_give_no_interval_of_luck() -> None:
    found = known(spread(alone([[0.1] * 3, [0.7] * 3])))
    assert (found.of_luck, found.luck_share, found.degrees) == (0.0, 0.0, 0.0)
    assert found.here == TooFew(groups=2, needed=3, mean=found.value, n=2)
    assert known(spread(alone([[1, 1], [1, 1]]))).luck_share is None


def test_an_interval_stays_where_scores_and_gaps_may_lie() -> None:
    one = known(spread(alone([[1, 1, 1, 0], [1, 1, 1, 1]]))).here
    two = known(spread([[([1, 1, 1, 0], [0, 0])], [([1, 1], [0, 0])]])).here
    assert isinstance(one, Estimate)
    assert isinstance(two, Estimate)
    assert one.high == two.high == 1.0


@settings(deadline=None)  # a busy machine takes its time
@given(st.lists(st.lists(st.booleans(), min_size=2, max_size=4), min_size=2, max_size=8))
def test_the_parts_never_make_less_than_the_whole(cases: list[list[bool]]) -> None:
    found = known(spread(alone([[float(x) for x in tries] for tries in cases])))
    whole = standard_error([[sum(tries) / len(tries)] for tries in cases])
    assert found.error >= whole * (1 - 1e-9)
    assert min(found.of_cases, found.of_luck, found.between, found.within) >= 0


def test_cases_that_come_in_groups_have_the_error_of_their_groups() -> None:
    group: list[Tries] = [([1, 1, 0],), ([1, 1, 1],)]
    other: list[Tries] = [([0, 0, 0],), ([0, 1, 0],)]
    found = known(spread([group, other]))
    assert found.error == pytest.approx(standard_error([[2 / 3, 1], [0, 1 / 3]]))


def drawn(
    rng: np.random.Generator, shape: tuple[float, float], cases: int, tries: int
) -> tuple[list[list[float]], float]:
    """Tries of cases whose chances are drawn, and the mean chance of these very cases."""
    chances = rng.beta(*shape, cases)
    rights = rng.random((cases, tries)) < chances[:, None]
    return rights.astype(float).tolist(), float(chances.mean())


@pytest.mark.parametrize("shape", [(0.5, 0.5), (2.0, 2.0), (0.3, 3.0)])
@pytest.mark.parametrize(("cases", "tries"), [(40, 2), (24, 5)])
def test_the_interval_of_these_very_cases_holds_their_truth(
    shape: tuple[float, float], cases: int, tries: int
) -> None:
    rng, held, told = np.random.default_rng(5), 0, 0
    for _ in range(RUNS):
        rights, truth = drawn(rng, shape, cases, tries)
        here = known(spread(alone(rights))).here
        if isinstance(here, Estimate):
            told += 1
            held += here.low <= truth <= here.high
    assert told > 0.95 * RUNS
    assert held / told > 0.92


def test_a_gap_on_these_very_cases_holds_its_truth() -> None:
    rng, held = np.random.default_rng(6), 0
    for _ in range(RUNS):
        (a, of_a), (b, of_b) = drawn(rng, (1, 1), 30, 4), drawn(rng, (2, 1), 30, 4)
        here = known(spread([[pair] for pair in zip(a, b, strict=True)])).here
        assert isinstance(here, Estimate)
        held += here.low <= of_a - of_b <= here.high
    assert held / RUNS == pytest.approx(0.95, abs=0.03)


def test_the_parts_are_right_on_average() -> None:
    rng = np.random.default_rng(7)
    found = [known(spread(alone(drawn(rng, (2, 1), 20, 3)[0]))) for _ in range(RUNS)]
    within = 2 / (3 * 4)  # of a beta(2, 1): mean of p (1 - p), and variance of p
    between = 2 / (9 * 4)
    assert np.mean([f.within for f in found]) == pytest.approx(within, rel=0.05)
    assert np.mean([f.between for f in found]) == pytest.approx(between, rel=0.08)
    assert np.mean([f.of_luck**2 for f in found]) == pytest.approx(within / 60, rel=0.05)
    assert np.var([f.value for f in found]) == pytest.approx(within / 60 + between / 20, rel=0.2)


def test_chances_near_nought_are_worth_no_more_than_with_two_cases_added() -> None:
    few = chance([[0.0]] * 19 + [[0.1]])
    assert isinstance(few, Estimate)
    assert few.value == pytest.approx(0.005)
    assert few.high > 0.1  # what the values alone show would end at 0.03
    sure = chance([[1.0]] * 20)
    assert isinstance(sure, Estimate)
    assert sure.low < 0.9


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_groups_of_cases_that_are_all_alike_still_have_an_interval(value: float) -> None:
    found = chance([[value, value]] * 6)
    assert isinstance(found, Estimate)
    assert found.low < found.high
    assert found.low <= value <= found.high


def test_chances_that_are_all_alike_still_have_an_interval() -> None:
    found = chance([[0.4]] * 10)
    assert isinstance(found, Estimate)
    assert found.low < 0.3 < 0.5 < found.high
    assert chance([]) == TooFew(groups=0, needed=1)


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_the_chance_that_all_tries_are_right_holds_its_truth(level: float) -> None:
    rng, held = np.random.default_rng(8), 0
    for _ in range(RUNS):
        rights = rng.binomial(5, rng.beta(level, 1 - level, 30)).tolist()
        found = chance([[pass_all_k(5, right, 3)] for right in rights])
        assert isinstance(found, Estimate)
        held += found.low <= level * (level + 1) * (level + 2) / 6 <= found.high
    assert held / RUNS > 0.92
