import pytest
from statsmodels.stats.multitest import multipletests

from visavis.stats.many import holm


@pytest.mark.parametrize(
    "p_values",
    [[0.04, 0.01, 0.03], [0.2, 0.2, 0.001, 0.013, 1.0], [0.5], [0.0, 0.049, 0.0499, 0.9, 0.012]],
)
def test_holm_agrees_with_statsmodels(p_values: list[float]) -> None:
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_no_test_needs_no_correction() -> None:
    assert holm([]) == []


def test_the_smallest_counts_for_all_and_order_is_kept() -> None:
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
