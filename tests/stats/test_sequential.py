"""What is not refuted holds the truth at every look at once; scripted draws, simulated runs."""

from collections.abc import Callable
from math import log

import numpy as np
import pytest
from benches.sequential import (
    METHODS,
    POOLS,
    Floats,
    drawn,
    ended,
    ever,
    ours,
    peeked,
    saving,
    shuffled,
    stopped,
)
from hypothesis import given
from hypothesis import strategies as st

from visavis.stats.estimate import ALPHA, Estimate, TooFew
from visavis.stats.paired import PairedTest, score_gap
from visavis.stats.ratio import amount_mean, total_ratio
from visavis.stats.sequential import (
    amount,
    log_capital,
    look,
    ratio,
    share,
)
from visavis.stats.sequential import score_gap as lasting_gap

Pairs = list[list[tuple[float, float]]]


def pairs(up: int, down: int, same: int) -> Pairs:
    return [[(1.0, 0.0)]] * up + [[(0.0, 1.0)]] * down + [[(1.0, 1.0)]] * same


def drawn_gap(groups: Pairs, together: int = 1) -> PairedTest:
    found = lasting_gap(groups, together=together)
    assert isinstance(found, PairedTest)
    return found


scores = st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 1.0])
drawn_pairs = st.lists(st.tuples(scores, scores), min_size=1, max_size=40)


@given(drawn_pairs)
def test_the_mean_seen_is_never_refuted(values: list[tuple[float, float]]) -> None:
    gap = drawn_gap([[value] for value in values]).gap
    assert -1 <= gap.low <= gap.value <= gap.high <= 1
    assert gap.value == pytest.approx(sum(a - b for a, b in values) / len(values))
    assert gap.n == len(values)


@given(drawn_pairs, st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_nothing(values: list[tuple[float, float]], rng) -> None:  # type: ignore[no-untyped-def]  # hypothesis' own Random
    there = drawn_gap([[value] for value in values])
    rng.shuffle(values)
    again = drawn_gap([[value] for value in values])
    assert again.gap.low == pytest.approx(there.gap.low, abs=1e-9)
    assert again.p_value == pytest.approx(there.p_value)


@given(drawn_pairs)
def test_candidates_that_change_places_change_the_sign(values: list[tuple[float, float]]) -> None:
    gap = drawn_gap([[value] for value in values]).gap
    turned = drawn_gap([[(b, a)] for a, b in values]).gap
    assert (turned.low, turned.high) == pytest.approx((-gap.high, -gap.low), abs=1e-9)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60))
def test_a_test_below_5_percent_is_an_interval_clear_of_no_gap(
    up: int, down: int, same: int
) -> None:
    found = drawn_gap(pairs(up, down, same))
    assert (found.p_value < ALPHA) == (found.gap.low > 1e-9 or found.gap.high < -1e-9)


def test_bets_are_fair_where_their_mean_is_the_truth() -> None:
    # Over all outcomes of three draws, weighed by chance, the capital comes to one unit.
    chances, values = (0.3, 0.1, 0.6), (1.0, 0.0, 0.5)
    mean = sum(p * v for p, v in zip(chances, values, strict=True))
    draws = np.array([(v, 1.0) for v in values])
    expected = 0.0
    for kinds in np.ndindex(3, 3, 3):
        times = np.bincount(kinds, minlength=3).astype(float)
        weight = np.prod([chances[kind] for kind in kinds])
        expected += weight * np.exp(log_capital(draws, times, mean))
    assert expected == pytest.approx(1.0)


def test_twins_that_always_agree_tell_as_much_as_one_of_them() -> None:
    single = drawn_gap(pairs(20, 6, 40))
    twins = drawn_gap([group * 2 for group in pairs(20, 6, 40)], together=2)
    assert (twins.gap.low, twins.gap.high) == pytest.approx((single.gap.low, single.gap.high))
    assert twins.p_value == pytest.approx(single.p_value)
    assert twins.gap.n == 2 * single.gap.n
    assert "drawn together" in twins.gap.method


def test_it_is_wider_than_an_interval_for_one_look_and_narrows_with_cases() -> None:
    widths = []
    for times in (1, 4, 16):
        groups = pairs(12 * times, 6 * times, 42 * times)
        fixed = score_gap(groups)
        assert isinstance(fixed, PairedTest)
        lasting = drawn_gap(groups).gap
        assert lasting.low < fixed.gap.low
        assert fixed.gap.high < lasting.high
        widths.append(lasting.high - lasting.low)
    assert widths == sorted(widths, reverse=True)


def test_two_that_never_differ_are_shown_to_be_alike_after_some_while() -> None:
    early, late = (drawn_gap(pairs(0, 0, n)).gap for n in (60, 140))
    assert early.high > 0.05 > late.high
    assert late.low == pytest.approx(-late.high)


@pytest.mark.parametrize(("solved", "n"), [(0, 50), (50, 50), (1, 1), (30, 50)])
def test_a_score_stays_within_its_bounds(solved: int, n: int) -> None:
    found = share([[1.0]] * solved + [[0.0]] * (n - solved), together=1)
    assert isinstance(found, Estimate)
    assert 0 <= found.low <= solved / n <= found.high <= 1
    assert found.low == 0 or solved
    assert found.high == 1 or solved < n


def test_nothing_drawn_is_too_few() -> None:
    assert share([], together=1) == TooFew(groups=0, needed=1)
    assert lasting_gap([], together=1) == TooFew(groups=0, needed=1)


def test_a_look_at_many_runs_is_a_look_at_each() -> None:
    runs = [(9, 2, 30), (40, 4, 120), (0, 0, 200), (70, 60, 3000)]
    seen = look(np.array(runs, dtype=float).T, matters=0.05)
    for number, run in enumerate(runs):
        found = drawn_gap(pairs(*run))
        alike = found.gap.low > -0.05 and found.gap.high < 0.05
        assert seen.alike[number] == alike
        assert seen.prefer[number] == (not alike and found.p_value < ALPHA)


def test_a_preference_with_a_part_of_the_5_percent_takes_more() -> None:
    seen = np.array([[16.0], [2.0], [20.0]])
    assert drawn_gap(pairs(16, 2, 20)).p_value == pytest.approx(0.0149, abs=0.005)
    assert look(seen, 0.05, part=0.5).prefer
    assert not look(seen, 0.05, part=0.1).prefer


def test_a_ratio_keeps_its_value_and_gets_a_wider_interval_and_a_larger_p_value() -> None:
    rng = np.random.default_rng(3)
    groups = [[(float(a), float(b))] for a, b in rng.gamma(4.0, (0.35, 0.25), (80, 2))]
    fixed = total_ratio(groups)
    lasting = ratio(fixed)
    assert isinstance(fixed, PairedTest)
    assert isinstance(lasting, PairedTest)
    assert lasting.gap.low < fixed.gap.low < fixed.gap.value == lasting.gap.value
    assert lasting.gap.high > fixed.gap.high
    assert lasting.p_value > fixed.p_value
    assert lasting.error == fixed.error
    assert "confidence sequence" in lasting.gap.method


@pytest.mark.parametrize("true", [1.0, 1.2, 1.5, 2.0])
def test_the_test_of_a_ratio_is_below_5_percent_where_its_interval_is_clear_of_1(
    true: float,
) -> None:
    rng = np.random.default_rng(5)
    for n in (30, 90, 300):
        groups = [[(true * float(a), float(b))] for a, b in rng.gamma(4.0, 0.25, (n, 2))]
        found = ratio(total_ratio(groups))
        assert isinstance(found, PairedTest)
        assert (found.p_value < ALPHA) == (found.gap.low > 1 or found.gap.high < 1)


def test_a_ratio_looked_at_often_holds_the_truth_in_95_of_100_runs() -> None:
    rng, held, runs = np.random.default_rng(11), 0, 150
    for _ in range(runs):
        amounts = rng.gamma(4.0, 0.25, (400, 2))
        found = (
            ratio(total_ratio([[(a, b)] for a, b in amounts[:n].tolist()]))
            for n in range(20, 401, 20)
        )
        gaps = [test.gap for test in found if isinstance(test, PairedTest)]
        held += all(gap.low <= 1 <= gap.high for gap in gaps)
    assert held / runs >= 0.95 - 0.03


def test_too_few_stay_too_few() -> None:
    assert amount(amount_mean([[1.0]])) == TooFew(groups=1, needed=2)
    assert ratio(total_ratio([[(1.0, 2.0)]])) == TooFew(groups=1, needed=2)


def test_the_bench_bets_as_the_package_does() -> None:
    gaps = drawn(3, 60, 0.1, 0.4)
    for row in gaps:
        up, down = int((row > 0).sum()), int((row < 0).sum())
        p_value = drawn_gap(pairs(up, down, 60 - up - down)).p_value
        assert min(1.0, np.exp(-ours(row[None], 0.0)[0, -1])) == pytest.approx(p_value)


@pytest.mark.parametrize("differ", [0.05, 0.3])
@pytest.mark.parametrize("made", [drawn, shuffled], ids=["endless", "of this very gap"])
def test_without_a_difference_hardly_anybody_is_preferred_however_often_one_looks(
    made: Callable[[int, int, float, float], Floats], differ: float
) -> None:
    gaps = made(150, POOLS["GSM8K"], 0.0, differ)
    assert ever(gaps).mean() <= ALPHA
    assert stopped(gaps)[1].mean() <= ALPHA
    assert peeked(gaps).mean() > 2 * ALPHA  # the temptation that this guards against


def test_large_gaps_are_decided_by_a_small_part_of_the_cases() -> None:
    small, middle, large = (saving(1319, gap, gap + 0.1, 200) for gap in (0.05, 0.1, 0.2))
    assert small.median / 1319 < 0.6
    assert middle.median / 1319 < 0.2
    assert large.median / 1319 < 0.07
    assert min(found.right for found in (small, middle, large)) > 0.9


def test_it_stops_no_later_than_the_slower_of_two_other_methods() -> None:
    for gap, differ in ((0.0, 0.15), (0.05, 0.3), (0.2, 0.3)):
        gaps = shuffled(60, 1319, gap, differ)
        after = {name: np.median(ended(gaps, of)[0]) for name, of in METHODS.items()}
        assert after["ours"] <= max(after["hedged capital"], after["empirical Bernstein"])


def test_capital_at_the_mean_seen_has_not_grown() -> None:
    draws = np.array([(1.0, 1.0), (0.0, 1.0)])
    assert log_capital(draws, np.array([30.0, 10.0]), 0.75) <= 0
    assert log_capital(draws, np.array([30.0, 10.0]), 0.4) > -log(ALPHA)


def test_without_replacement_would_prefer_one_of_two_equals_and_this_does_not() -> None:
    gaps = drawn(200, 164, 0.0, 0.3)
    wrong = {name: ended(gaps, of)[1].mean() for name, of in METHODS.items()}
    assert wrong["ours"] <= ALPHA < 0.3 < wrong["without replacement"]
