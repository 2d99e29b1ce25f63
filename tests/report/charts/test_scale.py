"""Axes hold what they are made for, with a handful of round values on them."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.report.charts.scale import Scale, from_zero, logarithmic, shares, spanning

AMOUNTS = st.lists(st.floats(1e-9, 1e12), min_size=1, max_size=20)
SHARES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20)


def is_round(value: float) -> bool:
    digits = f"{value:e}".split("e")[0].rstrip("0").rstrip(".")
    return len(digits) <= 3


@given(AMOUNTS)
def test_a_logarithmic_axis_holds_its_values_and_few_round_ticks(values: list[float]) -> None:
    scale = logarithmic(values)
    assert 0 < scale.low < min(values) <= max(values) < scale.high
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= 5
    assert list(ticks) == sorted(ticks)
    assert all(scale.low * 0.999 <= tick <= scale.high * 1.001 for tick in ticks)
    assert all(map(is_round, ticks))


@given(AMOUNTS)
def test_an_axis_from_zero_holds_its_values_and_few_round_ticks(values: list[float]) -> None:
    scale = from_zero(values)
    assert scale.low == 0 < max(values) <= scale.high
    assert 3 <= len(scale.ticks()) <= 8
    assert scale.ticks()[0] == 0
    assert scale.ticks()[-1] == pytest.approx(scale.high)


@given(SHARES)
def test_an_axis_of_shares_stays_within_nought_and_one(values: list[float]) -> None:
    scale = shares(values)
    assert 0 <= scale.low <= min(values) <= max(values) <= scale.high <= 1
    assert scale.low < scale.high
    assert 3 <= len(scale.ticks()) <= 8


@given(AMOUNTS, st.floats(1e-9, 1e12), st.floats(1e-9, 1e12))
def test_places_rise_with_values(values: list[float], one: float, other: float) -> None:
    for scale in (logarithmic(values), from_zero(values)):
        low, high = sorted((one, other))
        assert 0 <= scale.share(low) <= scale.share(high) <= 1


def test_a_span_of_a_decade_is_drawn_logarithmically_and_less_from_zero() -> None:
    assert spanning([0.1, 1.0]).log
    assert not spanning([0.11, 1.0]).log
    assert spanning([0.0, 0.11, 1.0]).low == 0


@pytest.mark.parametrize("values", [[], [0.0], [inf]])
def test_what_has_no_size_still_has_an_axis(values: list[float]) -> None:
    assert logarithmic(values).high > logarithmic(values).low > 0
    assert from_zero(values).high > 0
    assert not spanning(values).log


def test_ticks_are_written_as_coarsely_as_they_are() -> None:
    seconds = Scale(low=0.0, high=2.0, log=False)
    assert seconds.ticks() == (0.0, 0.5, 1.0, 1.5, 2.0)
    assert seconds.grain(1.0) == pytest.approx(5.0)
    assert Scale(low=0.05, high=5.0, log=True).grain(0.3) == pytest.approx(1.0)
