"""Means known together: held against the simpler estimates that they generalise."""

from collections.abc import Sequence

import numpy as np
import pytest

from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.means import Means, means
from visavis.stats.ratio import amount_mean, total_ratio

GROUPS = [[(3.0, 10.0), (5.0, 14.0)], [(4.0, 9.0)], [(8.0, 21.0), (2.0, 7.0)], [(6.0, 11.0)]]


def known(groups: Sequence[Sequence[tuple[float, ...]]]) -> Means:
    found = means(groups)
    assert isinstance(found, Means)
    return found


def test_one_mean_has_the_interval_of_a_mean_amount() -> None:
    simple = amount_mean([[row[0] for row in group] for group in GROUPS])
    found = known(GROUPS).around(28 / 6, (1.0, 0.0))
    assert isinstance(simple, Estimate)
    assert isinstance(found, Estimate)
    assert (found.value, found.low, found.high) == pytest.approx(
        (simple.value, simple.low, simple.high)
    )
    assert found.n == 6


def test_one_mean_by_another_has_the_interval_of_a_ratio_of_totals() -> None:
    simple = total_ratio(GROUPS)
    assert not isinstance(simple, TooFew)
    found = known(GROUPS).around(simple.gap.value, (1.0, -1.0))
    assert isinstance(found, Estimate)
    assert (found.low, found.high) == pytest.approx((simple.gap.low, simple.gap.high))


def test_what_cancels_shows_no_spread_and_keeps_its_value() -> None:
    same = known([[(a, a) for a, _ in group] for group in GROUPS])
    assert same.around(2.0, (0.7, -0.7)) == TooFew(groups=4, needed=5, mean=2.0, n=6)


def test_of_one_group_each_row_is_a_group() -> None:
    assert known([[(1.0, 1.0), (2.0, 3.0), (3.0, 1.0)]]).groups == 3


@pytest.mark.parametrize("groups", [[[(1.0, 2.0)]], [[(1.0, 0.0)], [(2.0, 0.0)]]])
def test_one_row_or_an_amount_that_is_always_zero_is_too_few(
    groups: list[list[tuple[float, ...]]],
) -> None:
    assert isinstance(means(groups), TooFew)


def test_a_bill_of_two_amounts_that_go_together_holds_the_truth_95_times_in_100() -> None:
    rng, held, runs = np.random.default_rng(5), 0, 1500
    truth = 2 * 100.0 + 5 * 40.0
    for _ in range(runs):
        level = rng.gamma(4.0, 0.25, size=60)
        taken = 100 * level * rng.gamma(8.0, 1 / 8, size=60)
        made = 40 * level * rng.gamma(3.0, 1 / 3, size=60)
        found = known([[pair] for pair in zip(taken.tolist(), made.tolist(), strict=True)])
        value = 2 * found.values[0] + 5 * found.values[1]
        powers = 2 * found.values[0] / value, 5 * found.values[1] / value
        bill = found.around(value, powers)
        assert isinstance(bill, Estimate)
        held += bill.low <= truth <= bill.high
    assert held / runs == pytest.approx(0.95, abs=0.02)
