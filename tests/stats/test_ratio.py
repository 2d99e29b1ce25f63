from math import exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.paired import PairedTest
from visavis.stats.ratio import (
    Cost,
    amount_mean,
    geometric_mean,
    geometric_ratio,
    per_solved,
    per_solved_ratio,
    total_ratio,
)

A = [1.2, 0.9, 1.4, 1.1, 1.6, 1.0]
B = [0.8, 0.7, 0.9, 0.9, 1.1, 0.8]
SIDE_BY_SIDE = [[pair] for pair in zip(A, B, strict=True)]


def costs(usd: list[float], solved: list[float]) -> list[list[Cost]]:
    return [[Cost(*row)] for row in zip(usd, solved, strict=True)]


def test_a_geometric_mean_has_the_interval_of_its_logarithms() -> None:
    found = geometric_mean([[amount] for amount in A])
    oracle = stats.ttest_1samp([log(a) for a in A], 0.0).confidence_interval(0.95)
    assert isinstance(found, Estimate)
    assert (found.low, found.high) == pytest.approx((exp(oracle.low), exp(oracle.high)))
    assert found.value == pytest.approx(float(stats.gmean(A)))


def test_a_ratio_of_speeds_is_the_paired_t_test_of_logarithms() -> None:
    found = geometric_ratio(SIDE_BY_SIDE)
    oracle = stats.ttest_rel([log(a) for a in A], [log(b) for b in B])
    interval = oracle.confidence_interval(0.95)
    assert isinstance(found, PairedTest)
    assert found.p_value == pytest.approx(oracle.pvalue)
    assert (found.gap.low, found.gap.high) == pytest.approx((exp(interval.low), exp(interval.high)))
    assert found.gap.value == pytest.approx(float(stats.gmean(A) / stats.gmean(B)))


def test_one_block_or_blocks_all_alike_are_too_few() -> None:
    assert geometric_mean([[2.0]]) == TooFew(groups=1, needed=2)
    assert geometric_ratio([[(2.0, 1.0)]]) == TooFew(groups=1, needed=2)
    assert geometric_ratio([[(2.0, 1.0)], [(4.0, 2.0)]]) == TooFew(groups=2, needed=3)


def test_a_price_is_all_that_was_paid_by_all_that_was_solved() -> None:
    found = per_solved(costs([0.1, 0.2, 0.3, 0.4], [1.0, 0.0, 1.0, 0.5]))
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(1.0 / 2.5)
    assert 0 < found.low < found.value < found.high


def test_where_nothing_was_solved_or_paid_there_is_no_price_per_solved_case() -> None:
    nothing = TooFew(groups=0, needed=1)
    assert per_solved(costs([0.1, 0.2], [0.0, 0.0])) == nothing
    assert per_solved(costs([0.0, 0.0], [1.0, 0.0])) == nothing
    half = [[(Cost(0.1, 1.0), Cost(0.1, 0.0))], [(Cost(0.2, 0.0), Cost(0.2, 0.0))]]
    assert per_solved_ratio(half) == nothing


def test_one_case_has_no_price_interval() -> None:
    assert per_solved(costs([0.1], [1.0])) == TooFew(groups=1, needed=2)


def test_a_price_is_not_held_for_sure_because_all_was_solved_so_far() -> None:
    found = per_solved(costs([0.1] * 20, [1.0] * 20))
    assert isinstance(found, Estimate)
    assert found.high > 1.1 * found.value


def test_equal_prices_and_outcomes_are_no_gap_with_room_for_doubt() -> None:
    same = [[(Cost(0.1, 1.0), Cost(0.1, 1.0))]] * 20
    found = per_solved_ratio(same)
    assert isinstance(found, PairedTest)
    assert found.gap.low < 0.9 < found.gap.value == 1.0
    assert found.p_value == 1.0


def test_amounts_that_never_vary_are_too_few() -> None:
    assert amount_mean([[3.0], [3.0], [3.0]]) == TooFew(groups=3, needed=4)
    assert total_ratio([[(3.0, 2.0)], [(6.0, 4.0)]]) == TooFew(groups=2, needed=3)


def test_a_mean_amount_has_an_interval_above_zero() -> None:
    found = amount_mean([[1.0], [1.0], [1.0], [90.0]])
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(93 / 4)
    assert found.low > 0


def test_a_ratio_of_totals_comes_with_the_delta_methods_error() -> None:
    found = total_ratio(SIDE_BY_SIDE)
    pulls = [a / (sum(A) / 6) - b / (sum(B) / 6) for a, b in zip(A, B, strict=True)]
    assert isinstance(found, PairedTest)
    assert found.gap.value == pytest.approx(sum(A) / sum(B))
    assert found.error == pytest.approx(float(stats.sem(pulls)))


amounts = st.floats(0.01, 100)
sides = st.lists(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=4), min_size=2)


@settings(deadline=None)
@given(sides)
def test_a_ratio_and_its_inverse_say_the_same(groups: list[list[tuple[float, float]]]) -> None:
    turned = [[(b, a) for a, b in group] for group in groups]
    for compare in (total_ratio, geometric_ratio):
        found, inverse = compare(groups), compare(turned)
        if isinstance(found, PairedTest) and isinstance(inverse, PairedTest):
            assert found.gap.low == pytest.approx(1 / inverse.gap.high)
            assert found.p_value == pytest.approx(inverse.p_value, abs=1e-9)
            assert (found.p_value < 0.05) == (not found.gap.low <= 1 <= found.gap.high)
