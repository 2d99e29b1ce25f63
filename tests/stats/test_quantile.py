"""Quantiles: values that were seen, and intervals that hold the truth as often as they say."""

from math import exp, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.quantile import at, least, quantile


def found(groups: list[list[float]], share: float) -> Estimate:
    estimate = quantile(groups, share)
    assert isinstance(estimate, Estimate)
    return estimate


@pytest.mark.parametrize(("n", "share"), [(6, 0.5), (101, 0.5), (100, 0.9), (400, 0.99)])
def test_the_ends_are_the_ranks_of_the_binomial(n: int, share: float) -> None:
    estimate = found([[float(x) for x in range(1, n + 1)]], share)
    low = max(r for r in range(1, n + 1) if binom.cdf(r - 1, n, share) <= 0.025)
    high = min(r for r in range(1, n + 1) if binom.sf(r - 1, n, share) <= 0.025)
    assert (estimate.low, estimate.high) == (low, high)
    assert (estimate.n, estimate.method) == (n, "order statistics")


def test_the_quantile_is_a_value_that_was_seen() -> None:
    ranked = [float(n) for n in range(1, 21)]
    assert [at(ranked, share) for share in (0.05, 0.5, 0.9, 0.95, 1.0)] == [1, 10, 18, 19, 20]
    assert at([7.0], 0.5) == 7.0


@pytest.mark.parametrize(("share", "n"), [(0.5, 6), (0.9, 36), (0.95, 72), (0.99, 368)])
def test_with_one_value_less_the_interval_has_no_end(share: float, n: int) -> None:
    assert least(share) == n
    assert isinstance(quantile([[float(x) for x in range(n)]], share), Estimate)
    few = quantile([[float(x) for x in range(n - 1)]], share)
    assert few == TooFew(groups=n - 1, needed=n)


def test_no_value_is_too_few() -> None:
    assert quantile([], 0.95) == TooFew(groups=0, needed=72)


def test_blocks_that_differ_are_worth_fewer_and_say_so() -> None:
    rng = np.random.default_rng(3)
    levels = rng.normal(0, 0.5, 12)
    apart = [list(np.exp(level + rng.normal(0, 0.2, 40))) for level in levels]
    together = [[value for block in apart for value in block]]
    assert found(apart, 0.5).n == found(together, 0.5).n == 480
    widths = [e.high - e.low for e in (found(apart, 0.5), found(together, 0.5))]
    assert widths[0] > 1.5 * widths[1]
    assert "worth" in found(apart, 0.5).method


def test_blocks_so_different_that_they_are_worth_too_few_get_no_interval() -> None:
    blocks = [[float(n)] * 50 for n in range(6)]
    few = quantile(blocks, 0.95)
    assert isinstance(few, TooFew)
    assert few.needed > few.groups == 300


@settings(deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), min_size=1, max_size=8),
    st.sampled_from([0.5, 0.9, 0.95]),
)
def test_every_interval_holds_its_value_and_ends_at_values_seen(
    groups: list[list[float]], share: float
) -> None:
    estimate = quantile(groups, share)
    if isinstance(estimate, Estimate):
        seen = {value for group in groups for value in group}
        assert estimate.low <= estimate.value <= estimate.high
        assert {estimate.low, estimate.value, estimate.high} <= seen


@pytest.mark.parametrize(
    ("share", "blocks", "each", "between"),
    [
        (0.5, 1, 40, 0.0),
        (0.95, 1, 200, 0.0),
        (0.5, 6, 20, 0.2),
        (0.9, 12, 40, 0.2),
        (0.95, 12, 60, 0.1),
    ],
)
def test_few_experiments_end_in_an_interval_that_misses_the_truth(
    share: float, blocks: int, each: int, between: float
) -> None:
    """Latencies as they are: skewed, and alike within a block; 300 experiments."""
    rng = np.random.default_rng(round(1000 * share) + blocks)
    truth = exp(NormalDist().inv_cdf(share) * sqrt(0.3**2 + between**2))
    missed = given_ = 0
    for _ in range(300):
        levels = rng.normal(0, between, blocks)
        told = quantile([list(np.exp(rng.normal(at_, 0.3, each))) for at_ in levels], share)
        if isinstance(told, Estimate):
            given_ += 1
            missed += not told.low <= truth <= told.high
    assert given_ > 200
    assert missed <= 24  # 5 % of 300 are 15; more than 24 come up in 1 of 100 series
