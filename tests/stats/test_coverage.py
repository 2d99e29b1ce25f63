"""Statistical claims are tested by simulation; the full grid is `benches/coverage.py`."""

from statistics import fmean

import pytest
from benches.coverage import (
    CASES,
    SIMULATIONS,
    Simulation,
    false_preferences,
    paired_cells,
    simulated_cells,
    single_cells,
)


def test_wilson_holds_the_truth_in_95_percent_on_average() -> None:
    held = [cell.held for cell in single_cells([20, 50, 164])]
    assert fmean(held) == pytest.approx(0.95, abs=0.01)
    assert min(held) > 0.92


def test_tango_holds_the_truth_at_least_95_percent_of_the_time_on_average() -> None:
    held = [cell.held for cell in paired_cells([20, 50])]
    assert 0.95 < fmean(held) < 0.975
    assert min(held) > 0.94


@pytest.mark.parametrize(("n", "differing"), [(20, 0.1), (20, 0.5), (50, 0.3), (50, 0.5)])
def test_a_score_test_is_rarely_wrong_where_candidates_are_equally_good(
    n: int, differing: float
) -> None:
    assert false_preferences(n, differing) <= 0.05


@pytest.mark.slow
def test_over_the_whole_grid_the_intervals_hold_the_truth_in_95_percent() -> None:
    single = [cell.held for cell in single_cells(CASES)]
    paired = [cell.held for cell in paired_cells(CASES)]
    assert fmean(single) == pytest.approx(0.95, abs=0.01)
    assert fmean(paired) == pytest.approx(0.95, abs=0.01)
    assert min(single) > 0.92
    assert min(paired) > 0.94


@pytest.mark.slow
@pytest.mark.parametrize("simulation", SIMULATIONS, ids=lambda s: s.name)
def test_intervals_of_repeats_groups_prices_and_speeds_hold_the_truth(
    simulation: Simulation,
) -> None:
    held = [cell.held for cell in simulated_cells(simulation, runs=1000)]
    assert 0.945 <= fmean(held) <= 0.98
    assert min(held) > 0.90
