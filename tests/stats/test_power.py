import numpy as np
import pytest

from visavis.stats.estimate import Z
from visavis.stats.paired import PairedTest, score_gap
from visavis.stats.power import cases_to_settle


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
