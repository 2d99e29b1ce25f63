"""Correlations, F1 and averages: the value as others reckon it, the interval by simulation."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.metrics import average, f1, matthews, pearson, spearman
from visavis.stats.proportion import share

Pairs = list[list[tuple[Any, Any]]]


def apart(pairs: object) -> Pairs:
    return [[(a, b)] for a, b in pairs]  # type: ignore[attr-defined]  # any iterable of pairs


def answers(rng: np.random.Generator, n: int, positive: float, right: float) -> Pairs:
    keys = rng.random(n) < positive
    said = np.where(rng.random(n) < right, keys, ~keys)
    return apart(zip(keys.tolist(), said.tolist(), strict=True))


def held(make: Callable[[], Pairs], measure: Callable[[Pairs], Any], truth: float) -> float:
    made = [measure(make()) for _ in range(400)]
    sure = [one for one in made if isinstance(one, Estimate)]
    assert len(sure) > 380
    return sum(one.low <= truth <= one.high for one in sure) / len(sure)


def matthews_of(positive: float, right: float) -> float:
    """Of endless answers that are right with one chance for either label."""
    tp, fn = positive * right, positive * (1 - right)
    tn, fp = (1 - positive) * right, (1 - positive) * (1 - right)
    return float((tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)))


@pytest.mark.parametrize(("positive", "right"), [(0.7, 0.6), (0.7, 0.85), (0.5, 0.95)])
def test_matthews_interval_holds_the_truth(positive: float, right: float) -> None:
    rng = np.random.default_rng(3)
    share_held = held(
        lambda: answers(rng, 200, positive, right), matthews, matthews_of(positive, right)
    )
    assert share_held == pytest.approx(0.95, abs=0.035)


@pytest.mark.parametrize(("positive", "right"), [(0.7, 0.6), (0.3, 0.85), (0.5, 0.97)])
def test_f1_interval_holds_the_truth(positive: float, right: float) -> None:
    rng = np.random.default_rng(4)
    hits, misses = positive * right, 1 - right
    share_held = held(
        lambda: answers(rng, 150, positive, right), f1, 2 * hits / (2 * hits + misses)
    )
    assert share_held == pytest.approx(0.95, abs=0.035)


def together(rng: np.random.Generator, rho: float) -> Pairs:
    x, z = rng.normal(size=(2, 120))
    return apart(zip(x.tolist(), (rho * x + np.sqrt(1 - rho**2) * z).tolist(), strict=True))


@pytest.mark.parametrize("rho", [0.0, 0.6, 0.95])
def test_intervals_of_correlations_hold_the_truth(rho: float) -> None:
    rng = np.random.default_rng(5)
    assert held(lambda: together(rng, rho), pearson, rho) == pytest.approx(0.95, abs=0.035)
    by_rank = 6 / np.pi * np.arcsin(rho / 2)
    assert held(lambda: together(rng, rho), spearman, by_rank) == pytest.approx(0.95, abs=0.035)


def test_cases_that_err_together_make_the_interval_wider() -> None:
    rng = np.random.default_rng(6)

    def tripled() -> Pairs:
        return [group * 3 for group in answers(rng, 80, 0.6, 0.8)]

    assert held(tripled, matthews, matthews_of(0.6, 0.8)) == pytest.approx(0.95, abs=0.035)


LABELS = st.sampled_from(["entailment", "neutral", "contradiction"])


@given(st.lists(st.tuples(LABELS, LABELS), min_size=2, max_size=60))
def test_matthews_of_three_labels_is_gorodkins_correlation(pairs: list[tuple[str, str]]) -> None:
    found = matthews(apart(pairs))
    names = ["entailment", "neutral", "contradiction"]
    table = np.array([[pairs.count((key, said)) for said in names] for key in names], dtype=float)
    n, keys, said = table.sum(), table.sum(axis=1), table.sum(axis=0)
    scale = np.sqrt((n**2 - said @ said) * (n**2 - keys @ keys))
    expected = (n * table.trace() - keys @ said) / scale if scale else 0.0
    value = found.value if isinstance(found, Estimate) else found.mean
    assert value == pytest.approx(expected, abs=1e-9)


AMOUNTS = st.integers(0, 5).map(float)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=5, max_size=80))
def test_correlations_are_those_of_scipy(pairs: list[tuple[float, float]]) -> None:
    x, y = (np.array(column) for column in zip(*pairs, strict=True))
    for measure, known in ((pearson, stats.pearsonr), (spearman, stats.spearmanr)):
        found = measure(apart(pairs))
        if len(set(x)) == 1 or len(set(y)) == 1:
            assert isinstance(found, TooFew)
            assert found.mean is None
            continue
        value = found.value if isinstance(found, Estimate) else found.mean
        assert value == pytest.approx(known(x, y)[0], abs=1e-9)
        if isinstance(found, Estimate):
            assert -1 <= found.low <= found.value <= found.high <= 1


def test_a_pull_at_spearmans_is_what_leaving_the_case_out_shows() -> None:
    rng = np.random.default_rng(8)
    x = rng.integers(0, 6, 200).astype(float)
    y = np.clip(x + rng.integers(-2, 3, 200), 0, 5)
    without = [stats.spearmanr(np.delete(x, i), np.delete(y, i))[0] for i in range(200)]
    jackknife = np.sqrt(199 / 200 * np.square(without - np.mean(without)).sum())
    found = spearman(apart(zip(x.tolist(), y.tolist(), strict=True)))
    assert isinstance(found, Estimate)
    reach = (np.arctanh(found.high) - np.arctanh(found.low)) / 2
    error = reach * (1 - found.value**2) / stats.t.ppf(0.975, 199)
    assert error == pytest.approx(jackknife, rel=0.01)


def test_one_label_for_all_is_a_correlation_of_nought_without_an_interval() -> None:
    found = matthews(apart([("yes", "yes"), ("no", "yes"), ("yes", "yes")]))
    assert found == TooFew(groups=3, needed=4, mean=0.0, n=3)


def test_all_right_is_one_without_an_interval() -> None:
    found = matthews(apart([("yes", "yes"), ("no", "no"), ("yes", "yes")]))
    assert isinstance(found, TooFew)
    assert found.mean == pytest.approx(1.0)
    assert found.no_spread


def test_one_answer_is_too_few() -> None:
    assert matthews([[("yes", "no")]]) == TooFew(groups=1, needed=2)


@pytest.mark.parametrize("measure", [matthews, pearson, spearman])
def test_no_answer_is_too_few(measure: Callable[[Pairs], Estimate | TooFew]) -> None:
    assert measure([]) == TooFew(groups=0, needed=2)


def test_f1_without_any_positive_is_unknown() -> None:
    assert f1(apart([(False, False), (False, False)])) == TooFew(groups=0, needed=1)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=50))
def test_f1_is_the_harmonic_mean_of_precision_and_recall(pairs: list[tuple[bool, bool]]) -> None:
    hits = sum(key and said for key, said in pairs)
    found = f1(apart(pairs))
    positives = sum(key for key, _ in pairs) + sum(said for _, said in pairs)
    if positives == 0:
        assert isinstance(found, TooFew)
    else:
        assert isinstance(found, Estimate)
        assert found.value == pytest.approx(2 * hits / positives)
        assert 0 <= found.low <= found.value <= found.high <= 1


def test_an_average_of_independent_measures_is_surer_than_one_of_the_same_answers() -> None:
    one, other = share([[1.0]] * 40 + [[0.0]] * 10), share([[1.0]] * 20 + [[0.0]] * 30)
    apart_, as_one = (average([one, other], independent=known) for known in (True, False))
    assert isinstance(apart_, Estimate)
    assert isinstance(as_one, Estimate)
    assert apart_.value == as_one.value == pytest.approx(0.6)
    assert as_one.low < apart_.low < apart_.value < apart_.high < as_one.high


def test_an_average_interval_holds_the_truth() -> None:
    rng = np.random.default_rng(9)

    def both() -> Pairs:
        return [[(a, b)] for a, b in zip(rng.random(60) < 0.9, rng.random(60) < 0.3, strict=True)]

    def measure(groups: Pairs) -> Estimate | TooFew:
        columns = zip(*(group[0] for group in groups), strict=True)
        return average([share([[float(v)] for v in c]) for c in columns], independent=True)

    assert held(both, measure, 0.6) == pytest.approx(0.95, abs=0.035)


def test_an_average_with_one_measure_unsure_has_a_value_and_no_interval() -> None:
    sure, flat = share([[1.0]] * 5 + [[0.0]] * 5), TooFew(groups=3, needed=4, mean=0.0, n=3)
    assert average([sure, flat], independent=True) == TooFew(groups=1, needed=2, mean=0.25, n=13)


def test_an_average_with_one_measure_unknown_is_unknown() -> None:
    sure, unknown = share([[1.0], [0.0]]), TooFew(groups=1, needed=2)
    found = average([sure, unknown], independent=True)
    assert isinstance(found, TooFew)
    assert found.mean is None
