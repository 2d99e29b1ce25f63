"""Two means on cases of their own: intervals hold the truth, tests are wrong as often as said."""

from math import log

import numpy as np
import pytest

from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.paired import PairedTest
from visavis.stats.ratio import geometric_mean
from visavis.stats.unpaired import group_count, mean_ratio, share_gap


def of(right: int, n: int) -> list[list[float]]:
    return [[1.0]] * right + [[0.0]] * (n - right)


def test_the_interval_is_newcombes_published_one() -> None:
    found = share_gap(of(56, 70), of(48, 80))  # his table II, case (a), method 10
    assert isinstance(found, PairedTest)
    assert found.gap.value == pytest.approx(0.2)
    assert found.gap.low == pytest.approx(0.0524, abs=1e-4)
    assert found.gap.high == pytest.approx(0.3339, abs=1e-4)
    assert found.p_value == pytest.approx(0.0081, abs=5e-4)


def test_no_gap_at_the_ends_has_an_interval_and_shows_nothing() -> None:
    found = share_gap(of(20, 20), of(30, 30))
    assert isinstance(found, PairedTest)
    assert (found.gap.value, found.p_value) == (0.0, 1.0)
    assert found.gap.low < 0 < found.gap.high


def test_too_few_on_either_side_is_too_few() -> None:
    one = Estimate(value=1.0, low=0.5, high=2.0, n=9, method="")
    few = TooFew(groups=0, needed=1)
    assert isinstance(share_gap([], of(3, 9)), TooFew)
    assert isinstance(share_gap(of(3, 9), []), TooFew)
    assert mean_ratio(one, few, (9, 0)) is few
    assert mean_ratio(few, one, (0, 9)) is few


def test_groups_that_rise_and_fall_together_widen_the_interval() -> None:
    alone, together = (
        share_gap(of(40, 80), of(50, 80)),
        share_gap([[1.0] * 8] * 5 + [[0.0] * 8] * 5, of(50, 80)),
    )
    assert isinstance(alone, PairedTest)
    assert isinstance(together, PairedTest)
    assert together.gap.high - together.gap.low > alone.gap.high - alone.gap.low
    assert group_count([[1.0, 2.0, 3.0]]) == 3  # one group is taken apart


def test_the_interval_of_a_gap_holds_the_truth_95_times_in_100() -> None:
    rng, held, claims, runs = np.random.default_rng(5), 0, 0, 2000
    for _ in range(runs):
        found = share_gap(of(rng.binomial(40, 0.85), 40), of(rng.binomial(60, 0.85), 60))
        assert isinstance(found, PairedTest)
        held += found.gap.low <= 0.0 <= found.gap.high
        claims += found.p_value < 0.05
    assert held / runs >= 0.94
    assert claims / runs <= 0.06


def test_the_interval_of_a_ratio_holds_the_truth_95_times_in_100() -> None:
    rng, held, claims, runs = np.random.default_rng(6), 0, 0, 2000
    for _ in range(runs):  # unlike numbers, unlike spreads: what Welch is for
        a = [[x] for x in rng.lognormal(0.0, 0.05, 6).tolist()]
        b = [[x] for x in rng.lognormal(0.0, 0.40, 16).tolist()]
        found = mean_ratio(geometric_mean(a), geometric_mean(b), (6, 16))
        assert isinstance(found, PairedTest)
        held += log(found.gap.low) <= 0.0 <= log(found.gap.high)
        claims += found.p_value < 0.05
    assert held / runs == pytest.approx(0.95, abs=0.015)
    assert claims / runs == pytest.approx(0.05, abs=0.015)
