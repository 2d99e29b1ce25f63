import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.proportion import least_above, share, wilson, worth


def solved(count: int, n: int) -> list[list[float]]:
    return [[1.0]] * count + [[0.0]] * (n - count)


def found(groups: list[list[float]]) -> Estimate:
    estimate = share(groups)
    assert isinstance(estimate, Estimate)
    return estimate


@pytest.mark.parametrize(("count", "n"), [(0, 1), (0, 20), (7, 20), (20, 20), (159, 164)])
def test_yes_no_scores_get_wilsons_interval(count: int, n: int) -> None:
    estimate = found(solved(count, n))
    oracle = proportion_confint(count, n, method="wilson")
    assert (estimate.low, estimate.high) == pytest.approx(oracle, abs=1e-12)
    assert (estimate.value, estimate.n, estimate.method) == (count / n, n, "Wilson score")


def test_no_case_is_too_few() -> None:
    assert share([]) == TooFew(groups=0, needed=1)


def test_fractions_that_are_all_alike_are_too_few() -> None:
    assert share([[0.5], [0.5], [0.5]]) == TooFew(groups=3, needed=4)


def test_a_lone_fraction_is_too_few() -> None:
    assert share([[0.5]]) == TooFew(groups=1, needed=2)


def test_cases_asked_in_two_languages_are_worth_fewer_than_they_number() -> None:
    twice = found([[1.0, 1.0]] * 14 + [[0.0, 0.0]] * 6)
    once, independent = found(solved(14, 20)), found(solved(28, 40))
    assert twice.n == 40
    assert twice.high - twice.low >= once.high - once.low > independent.high - independent.low
    assert "worth" in twice.method


def test_groups_never_make_yes_no_cases_worth_more_than_their_number() -> None:
    opposed = [[0.0, 1.0]] * 10 + [[1.0, 1.0]]
    assert (worth(opposed, 0.25) or 0) < 22


def test_one_group_alone_is_taken_as_cases_that_stand_apart() -> None:
    assert found([[1.0] * 7 + [0.0] * 3]) == found(solved(7, 10))


def test_grouped_cases_all_solved_still_leave_room_for_doubt() -> None:
    grouped, alone = found([[1.0, 1.0]] * 10), found(solved(20, 20))
    assert grouped.low < alone.low < 1.0 == grouped.high


def test_repeats_narrow_the_interval_when_they_agree_on_neither_side() -> None:
    thirds = found([[1 / 3], [2 / 3]] * 10)
    assert thirds.high - thirds.low < found(solved(10, 20)).high


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from([0.0, 1 / 3, 0.5, 1.0]), min_size=1), min_size=1))
def test_every_interval_lies_within_0_and_1_and_holds_its_value(groups: list[list[float]]) -> None:
    estimate = share(groups)
    if isinstance(estimate, Estimate):
        assert 0.0 <= estimate.low <= estimate.value <= estimate.high <= 1.0
        assert estimate.low < estimate.high


def test_wilson_takes_counts_that_are_not_whole() -> None:
    low, high = wilson(3.5, 10.0)
    assert wilson(3, 10)[0] < low < wilson(4, 10)[0]
    assert wilson(3, 10)[1] < high < wilson(4, 10)[1]


@pytest.mark.parametrize(("wanted", "n"), [(0.5, 4), (0.9, 35), (0.95, 73), (0.99, 381)])
def test_with_one_case_less_the_interval_of_all_solved_reaches_below(wanted: float, n: int) -> None:
    assert least_above(wanted) == n
    assert wilson(n, n)[0] >= wanted > wilson(n - 1, n - 1)[0]
