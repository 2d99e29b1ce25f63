import numpy as np
import pytest

from visavis.stats.estimate import Z
from visavis.stats.paired import PairedTest, score_gap, tango
from visavis.stats.power import (
    cases_to_be_alike,
    cases_to_settle,
    cases_to_show,
    stopping,
)


def test_one_test_is_settled_by_an_interval_narrower_than_what_matters() -> None:
    needed = cases_to_settle(100, gap=0.0, error=0.1, matters=0.05, family=1)
    assert needed == pytest.approx(100 * (2 * Z * 0.1 / 0.05) ** 2, abs=1)


def test_a_large_gap_is_settled_sooner_than_by_narrowness() -> None:
    needed = cases_to_settle(20, gap=0.3, error=0.2, matters=0.05, family=1)
    assert needed == pytest.approx(20 * ((1.96 + 0.8416) * 0.2 / 0.3) ** 2, abs=1)


def test_more_measures_need_more_cases() -> None:
    few, many = (
        cases_to_settle(50, gap=0.2, error=0.1, matters=0.05, family=family) for family in (1, 10)
    )
    assert few < many


def test_what_is_open_always_needs_at_least_one_case_more() -> None:
    assert cases_to_settle(50, gap=1.0, error=0.001, matters=0.05, family=1) == 51


@pytest.mark.parametrize(("only_a", "only_b"), [(0.25, 0.10), (0.30, 0.22), (0.12, 0.12)])
def test_so_many_cases_settle_it_in_about_eight_of_ten_runs_or_more(
    only_a: float, only_b: float
) -> None:
    rng, matters, gap = np.random.default_rng(3), 0.1, only_a - only_b
    error = float(np.sqrt((only_a + only_b - gap**2) / 40))
    needed = cases_to_settle(40, gap=gap, error=error, matters=matters, family=1)
    settled = 0
    for _ in range(200):
        test = score_gap(
            [
                [(v, 0.0)]
                for v in rng.choice(
                    [1.0, -1.0, 0.0], needed, p=[only_a, only_b, 1 - only_a - only_b]
                ).tolist()
            ]
        )
        assert isinstance(test, PairedTest)
        low, high = test.gap.low, test.gap.high
        settled += low > 0 or high < 0 or (-matters < low and high < matters)
    assert settled / 200 >= 0.74


def test_no_fewer_cases_are_named_than_could_show_anything() -> None:
    assert cases_to_settle(1, gap=1.0, error=0.1, matters=0.05, family=1) == 5
    assert cases_to_settle(1, gap=1.0, error=0.1, matters=0.05, family=6) == 7


@pytest.mark.parametrize(("gap", "differ"), [(0.05, 0.2), (0.1, 0.2), (0.2, 0.3)])
def test_a_fixed_number_shows_the_gap_in_about_as_many_tries_as_stated(
    gap: float, differ: float
) -> None:
    rng, n = np.random.default_rng(4), cases_to_show(gap, differ=differ)
    shares = [(differ + gap) / 2, (differ - gap) / 2, 1 - differ]
    shown = 0
    for up, down, same in rng.multinomial(n, shares, 400).tolist():
        groups = [[(1.0, 0.0)]] * up + [[(0.0, 1.0)]] * down + [[(1.0, 1.0)]] * same
        found = score_gap(groups)
        shown += isinstance(found, PairedTest) and found.p_value < 0.05
    assert shown / 400 == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize("differ", [0.02, 0.05, 0.1, 0.2, 0.5])
def test_a_fixed_number_shows_that_there_is_no_gap_in_about_as_many_tries_as_stated(
    differ: float,
) -> None:
    rng, n = np.random.default_rng(4), cases_to_be_alike(0.05, differ=differ)
    alike = 0
    for up, down, _ in rng.multinomial(n, [differ / 2, differ / 2, 1 - differ], 400).tolist():
        low, high = tango(up, down, n)
        alike += low > -0.05 and high < 0.05
    assert alike / 400 == pytest.approx(0.8, abs=0.07)


def test_more_power_smaller_gaps_and_more_disagreement_take_more_cases() -> None:
    usual = cases_to_show(0.1, differ=0.2)
    assert cases_to_show(0.1, differ=0.2, power=0.95) > usual
    assert cases_to_show(0.05, differ=0.2) > usual
    assert cases_to_show(0.1, differ=0.4) > usual


def test_asking_stops_sooner_the_larger_the_gap() -> None:
    medians = [stopping(gap, differ=0.3, matters=0.05).median for gap in (0.05, 0.1, 0.2, 0.3)]
    assert medians == sorted(medians, reverse=True)
    assert stopping(0.2, differ=0.3, matters=0.05).prefers > 0.99


def test_without_a_gap_it_ends_alike_and_with_a_part_of_the_5_percent_later() -> None:
    none = stopping(0.0, differ=0.2, matters=0.05)
    assert none.prefers < 0.05
    assert none.median < none.nine_in_ten
    whole, part = (stopping(0.1, differ=0.2, matters=0.05, part=p).median for p in (1.0, 0.1))
    assert part > whole
