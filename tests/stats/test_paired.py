from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize_scalar
from scipy.special import xlogy
from statsmodels.stats.contingency_tables import mcnemar

from visavis.stats.estimate import TooFew, Z
from visavis.stats.paired import PairedTest, mid_p, score_gap, shared, tango

Pairs = list[list[tuple[float, float]]]


def table(only_a: int, only_b: int, n: int) -> Pairs:
    return (
        [[(1.0, 0.0)]] * only_a + [[(0.0, 1.0)]] * only_b + [[(1.0, 1.0)]] * (n - only_a - only_b)
    )


def paired(groups: Pairs) -> PairedTest:
    test = score_gap(groups)
    assert isinstance(test, PairedTest)
    return test


def test_pairs_are_made_of_what_both_have() -> None:
    assert shared({"x": 1, "y": 2, "z": 3}, {"z": 30, "x": 10}) == {"x": (1, 10), "z": (3, 30)}


def test_the_interval_is_the_one_published_for_airway_hyper_responsiveness() -> None:
    """Bentur et al. (2009), as worked by Fagerland, Lydersen and Laake (2014): 1 and 7 of 21."""
    assert tango(1, 7, 21) == pytest.approx((-0.517, -0.026), abs=0.0005)


def score_statistic(b: int, c: int, n: int, gap: float) -> float:
    """Tango's statistic by its definition, the likeliest table found by search."""

    def unlikely(q: float) -> float:
        return -float(xlogy(b, q + gap) + xlogy(c, q) + xlogy(n - b - c, 1 - 2 * q - gap))

    bounds = (max(0.0, -gap), (1 - gap) / 2)
    only_b = minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x
    return float(abs(b - c - n * gap) / sqrt(n * (2 * only_b + gap * (1 - gap))))


@pytest.mark.parametrize(("b", "c", "n"), [(12, 2, 50), (40, 20, 160), (5, 3, 20), (9, 6, 18)])
def test_at_either_end_of_the_interval_the_score_test_only_just_holds(
    b: int, c: int, n: int
) -> None:
    ends = [score_statistic(b, c, n, end) for end in tango(b, c, n)]
    assert ends == pytest.approx([Z, Z], abs=1e-4)


@pytest.mark.parametrize(("for_a", "for_b"), [(0, 0), (1, 0), (3, 1), (5, 5), (27, 13), (2, 40)])
def test_mid_p_is_the_exact_test_less_half_the_chance_of_what_was_seen(
    for_a: int, for_b: int
) -> None:
    exact = mcnemar([[0, for_a], [for_b, 0]], exact=True).pvalue
    seen = stats.binom.pmf(for_a, for_a + for_b, 0.5)
    oracle = 1.0 if for_a == for_b else exact - seen
    assert mid_p(for_a, for_b) == pytest.approx(oracle)


def test_the_larger_of_mid_p_and_the_score_test_is_told() -> None:
    score = mcnemar([[0, 20], [9, 0]], exact=False, correction=False).pvalue
    assert paired(table(20, 9, 50)).p_value == pytest.approx(max(score, mid_p(20, 9)))
    assert paired(table(4, 0, 20)).p_value == mid_p(4, 0)


def test_three_identical_answers_prove_nothing_yet() -> None:
    same = paired(table(0, 0, 3))
    assert same.gap.low < -0.5
    assert same.gap.high > 0.5
    assert same.p_value == 1.0


def test_no_pair_is_too_few() -> None:
    assert score_gap([]) == TooFew(groups=0, needed=1)


def test_fractions_that_differ_alike_are_too_few() -> None:
    assert score_gap([[(0.75, 0.5)], [(0.5, 0.25)]]) == TooFew(groups=2, needed=3)


def test_a_pair_asked_in_two_languages_does_not_count_twice() -> None:
    once = paired(table(9, 3, 30))
    twice = paired([[pair[0]] * 2 for pair in table(9, 3, 30)])
    assert twice.gap.n == 60
    assert twice.gap.high - twice.gap.low >= once.gap.high - once.gap.low
    assert twice.p_value >= once.p_value


scores = st.sampled_from([0.0, 1 / 3, 0.5, 1.0])
pairs = st.lists(st.lists(st.tuples(scores, scores), min_size=1, max_size=6), min_size=1)


@settings(deadline=None)
@given(pairs)
def test_a_p_value_below_005_never_stands_beside_an_interval_that_holds_no_gap(
    groups: Pairs,
) -> None:
    test = score_gap(groups)
    if isinstance(test, PairedTest) and test.p_value < 0.05:
        assert test.gap.low > 0 or test.gap.high < 0


@settings(deadline=None)
@given(pairs)
def test_candidates_may_change_places(groups: Pairs) -> None:
    ahead, behind = score_gap(groups), score_gap([[(b, a) for a, b in group] for group in groups])
    if isinstance(ahead, PairedTest):
        assert isinstance(behind, PairedTest)
        assert ahead.p_value == pytest.approx(behind.p_value)
        assert ahead.gap.low == pytest.approx(-behind.gap.high)
        assert -1.0 <= ahead.gap.low <= ahead.gap.value <= ahead.gap.high <= 1.0
    else:
        assert behind == ahead
