"""Tries of two occasions agree as often as those of one, unless something changed."""

import numpy as np
import pytest

from visavis.stats.estimate import TooFew
from visavis.stats.paired import PairedTest
from visavis.stats.sameness import across_less_within, alike


def test_agreement_counts_pairs_of_one_try_of_either_occasion() -> None:
    assert alike((["a", "b"], ["a", "a"])) == 0.5
    assert alike((["a"], ["b"])) == 0.0


def test_cases_tried_once_tell_nothing() -> None:
    assert across_less_within([[(["a"], ["b"])]] * 9) == TooFew(groups=0, needed=2)
    assert across_less_within([[([], ["b", "b"])]] * 9) == TooFew(groups=0, needed=2)
    assert isinstance(across_less_within([[(["a", "a"], ["a"])]] * 9), TooFew)  # no spread


def test_one_occasion_with_tries_is_enough() -> None:
    cases = [[(["a", "a"], ["b"])]] * 20 + [[(["a", "a"], ["a"])]] * 5
    found = across_less_within(cases)
    assert isinstance(found, PairedTest)
    assert found.gap.value == pytest.approx(-0.8)
    assert found.p_value < 1e-6


def test_a_fickle_source_that_did_not_change_is_left_alone() -> None:
    rng, claims, runs = np.random.default_rng(3), 0, 1000
    for _ in range(runs):
        ways = rng.integers(1, 6, 50)
        cases = [
            [(rng.integers(k, size=3).tolist(), rng.integers(k, size=2).tolist())] for k in ways
        ]
        found = across_less_within(cases)
        claims += isinstance(found, PairedTest) and found.p_value < 0.05
    assert claims / runs <= 0.05


def test_occasions_that_agree_more_than_each_with_itself_are_no_sign() -> None:
    cases = [[(["a", "b"], ["a", "b"])]] * 20 + [[(["a", "a"], ["a", "a"])]] * 5
    found = across_less_within(cases)
    assert isinstance(found, PairedTest)
    assert found.gap.value > 0
    assert found.p_value > 0.99
