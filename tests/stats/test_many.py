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


def test_a_test_with_a_larger_part_takes_less_and_weights_of_one_kind_change_nothing() -> None:
    p_values = [0.02, 0.03, 0.2]
    assert holm(p_values, [2.0] * 3) == pytest.approx(holm(p_values))
    weighted = holm(p_values, [0.8, 0.1, 0.1])
    assert weighted[0] == pytest.approx(0.02 / 0.8)
    assert weighted[1] == pytest.approx(0.2 * 0.03 / 0.1)


def test_tests_still_to_come_are_taken_to_show_nothing() -> None:
    there = holm([0.01, 0.02], [0.4, 0.4], kept_back=0.2)
    later = holm([0.01, 0.02, 1.0], [0.4, 0.4, 0.2])
    assert there == pytest.approx(later[:2])
    found = holm([0.01, 0.02, 0.0001], [0.4, 0.4, 0.2])
    assert all(after <= before for after, before in zip(found, there, strict=False))
