"""Slopes and ratios of sums, against numbers worked out by hand and truths drawn on purpose."""

import numpy as np
import pytest

from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.line import per_unit, slope


def known(found: Estimate | TooFew) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def test_points_on_a_line_have_its_slope_and_nothing_to_doubt() -> None:
    found = known(slope([(1, 5), (2, 7), (4, 11)]))
    assert (found.value, found.low, found.high, found.n) == (2, 2, 2, 3)


def test_two_points_show_a_line_and_no_error() -> None:
    assert slope([(1, 1), (2, 2)]) == TooFew(groups=2, needed=3)
    assert slope([(1, 1), (1, 2), (2, 2)]) == TooFew(groups=3, needed=4)


def test_a_slope_holds_the_truth_95_times_in_100() -> None:
    rng, held = np.random.default_rng(3), 0
    for _ in range(1000):
        ys = [3 * x + rng.normal(0, 2) for x in (1, 2, 4, 8)]
        found = known(slope(list(zip((1, 2, 4, 8), ys, strict=True))))
        held += found.low <= 3 <= found.high
    assert held / 1000 == pytest.approx(0.95, abs=0.02)


def test_what_a_unit_took_is_all_by_all() -> None:
    found = known(per_unit([(10, 5), (10, 3), (4, 2)]))
    assert found.value == pytest.approx(2.4)
    assert found.low < 2.4 < found.high
    assert per_unit([(1, 1)]) == TooFew(groups=1, needed=2)
    assert per_unit([(1, 0), (2, 0)]) == TooFew(groups=2, needed=3)


def test_what_a_unit_took_holds_the_truth_95_times_in_100() -> None:
    rng, held = np.random.default_rng(4), 0
    for _ in range(1000):
        units = rng.integers(200, 400, 12).astype(float)
        pairs = [(float(u * 0.4 + rng.normal(0, 8)), float(u)) for u in units]
        found = known(per_unit(pairs))
        held += found.low <= 0.4 <= found.high
    assert held / 1000 == pytest.approx(0.95, abs=0.02)
