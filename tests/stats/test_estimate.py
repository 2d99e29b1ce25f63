from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from statsmodels.api import OLS

from visavis.stats import sequential
from visavis.stats.estimate import Estimate, TooFew, apart, mean, standard_error, student
from visavis.stats.paired import score_gap
from visavis.stats.proportion import share
from visavis.stats.ratio import total_ratio


def test_student_widens_an_interval_that_rests_on_few_groups() -> None:
    assert student(5) == pytest.approx(stats.t.ppf(0.975, 4))
    assert student(5) > student(50) > 1.96


def test_values_that_stand_apart_get_the_interval_of_a_t_test() -> None:
    values = [0.2, 0.4, 0.9, 0.1, 0.6]
    found = mean([[value] for value in values])
    oracle = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert isinstance(found, Estimate)
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high))
    assert found.n == 5


def test_the_error_of_grouped_values_is_the_cluster_robust_one() -> None:
    rng = np.random.default_rng(1)
    sizes = [1, 3, 4, 2, 6]
    groups = [(rng.normal() + rng.normal(size=size)).tolist() for size in sizes]
    values = np.concatenate(groups)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    fit = OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": labels})
    assert standard_error(groups) == pytest.approx(fit.bse[0])


def test_one_value_has_no_interval() -> None:
    assert mean([[0.7]]) == TooFew(groups=1, needed=2)


def test_values_all_alike_show_no_spread_and_so_no_interval() -> None:
    assert mean([[0.1], [0.1], [0.1]]) == TooFew(groups=3, needed=4)


def test_a_lone_group_is_taken_apart_and_several_are_not() -> None:
    assert apart([[1, 2, 3]]) == [[1], [2], [3]]
    assert apart([[1, 2], [3]]) == [[1, 2], [3]]


@pytest.mark.parametrize("groups", [10, 40])
def test_a_95_percent_interval_holds_the_truth_95_times_in_100(groups: int) -> None:
    rng, held, runs = np.random.default_rng(7), 0, 2000
    for _ in range(runs):
        levels = rng.normal(0.0, 0.1, size=groups)
        found = mean([rng.normal(level, 0.3, size=8).tolist() for level in levels])
        assert isinstance(found, Estimate)
        held += found.low <= 0.0 <= found.high
    assert held / runs == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize(
    "found",
    [
        lambda pairs: mean([[a for a, _ in group] for group in pairs]),
        lambda pairs: share([[a for a, _ in group] for group in pairs]),
        lambda pairs: sequential.share([[a for a, _ in group] for group in pairs], together=2),
        lambda pairs: getattr(score_gap(pairs), "gap", None),
        lambda pairs: getattr(sequential.score_gap(pairs, together=2), "gap", None),
        lambda pairs: getattr(total_ratio(pairs), "gap", None),
    ],
)
def test_an_estimate_says_of_how_many_groups_it_is_where_units_come_in_groups(
    found: Callable[[list[list[tuple[float, float]]]], object],
) -> None:
    pairs = [[(1.0, 0.0), (0.0, 1.0)], [(1.0, 1.0)], [(0.0, 0.0), (1.0, 0.0)]]
    together, alone = found(pairs), found([[pair] for group in pairs for pair in group])
    assert isinstance(together, Estimate)
    assert isinstance(alone, Estimate)
    assert (together.n, together.groups) == (5, 3)
    assert (alone.n, alone.groups) == (5, None)
