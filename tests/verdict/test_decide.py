from dataclasses import replace
from math import exp, log1p
from statistics import NormalDist

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from visavis.core.observation import Counts
from visavis.stats.estimate import ALPHA, Estimate, TooFew, Z
from visavis.stats.paired import PairedTest
from visavis.verdict.decide import (
    Alike,
    Because,
    Correction,
    Prefer,
    Undecided,
    Verdict,
    decide,
    failed_too_often,
)
from visavis.verdict.policy import MEASURES, Bar

SCORE = Bar(measure=MEASURES["score"], matters=0.05)
SPEED = Bar(measure=MEASURES["output_tokens_per_s"], matters=0.10)
FIRST_TOKEN = Bar(measure=MEASURES["first_token_s"], matters=0.10)


def gap(low: float, high: float, *, p_value: float | None = None, scale: str = "") -> PairedTest:
    """A gap in the middle of its interval, with the p-value of a normal test."""
    value, error = (low + high) / 2, (high - low) / (2 * Z)
    if p_value is None:
        p_value = 2 * NormalDist().cdf(-abs(value) / error)
    if scale == "ratio":
        low, value, high = exp(low), exp(value), exp(high)
    estimate = Estimate(value=value, low=low, high=high, n=100, method="normal")
    return PairedTest(gap=estimate, p_value=p_value, error=error)


def judged(
    tested: PairedTest | TooFew, bar: Bar = SCORE, p_holm: float | None = None, family: int = 1
) -> Verdict:
    if p_holm is None:
        p_holm = 1.0 if isinstance(tested, TooFew) else min(1.0, family * tested.p_value)
    correction = Correction(p_holm=p_holm, family=family)
    return decide(tested, a="ada", b="bob", bar=bar, correction=correction)


def test_a_gap_clear_of_none_after_correction_is_a_preference() -> None:
    tested = gap(0.10, 0.30)
    assert judged(tested) == Prefer(winner="ada", by=tested.gap)
    assert judged(gap(-0.30, -0.10)) == Prefer(winner="bob", by=gap(-0.30, -0.10).gap)


def test_where_less_is_better_the_smaller_one_is_preferred() -> None:
    tested = gap(0.2, 0.6, scale="ratio")
    assert judged(tested, SPEED) == Prefer(winner="ada", by=tested.gap)
    assert judged(tested, FIRST_TOKEN) == Prefer(winner="bob", by=tested.gap)


def test_a_gap_too_small_to_matter_is_alike_even_when_it_is_surely_there() -> None:
    tested = gap(0.01, 0.03)
    assert judged(tested) == Alike(within=0.05, by=tested.gap)


def test_ratios_are_alike_within_the_bar_and_its_inverse() -> None:
    assert isinstance(judged(gap(-0.09, 0.09, scale="ratio"), SPEED), Alike)
    assert isinstance(judged(gap(-0.0999, 0.0, scale="ratio"), SPEED), Undecided)  # below 1 / 1.1


def test_an_interval_that_holds_both_is_undecided_with_a_number_of_cases() -> None:
    verdict = judged(gap(-0.02, 0.20))
    assert isinstance(verdict, Undecided)
    assert verdict.because == Because.TOO_WIDE
    assert verdict.cases_needed is not None
    assert verdict.cases_needed > 100


def test_a_gap_clear_of_none_before_the_correction_only_is_undecided_and_says_so() -> None:
    verdict = judged(gap(0.01, 0.30), family=8)
    assert isinstance(verdict, Undecided)
    assert verdict.because == Because.CORRECTED


def test_a_gap_clear_of_none_by_its_interval_only_is_undecided_and_says_so() -> None:
    verdict = judged(gap(0.01, 0.30, p_value=0.0625))
    assert isinstance(verdict, Undecided)
    assert verdict.because == Because.NOT_EXACT


def test_too_few_is_undecided_without_a_number_of_cases() -> None:
    few = TooFew(groups=1, needed=2)
    assert judged(few) == Undecided(by=few, cases_needed=None, because=Because.TOO_FEW)


@settings(deadline=None)
@given(st.floats(-0.5, 0.5), st.floats(0.0001, 0.0999))
def test_an_interval_narrower_than_what_matters_is_always_settled(low: float, width: float) -> None:
    tested = gap(low, low + min(width, 0.0499), p_value=0.0)
    assert not isinstance(judged(tested), Undecided)
    speed = gap(low, low + min(width, log1p(0.0999)), p_value=0.0, scale="ratio")
    assert not isinstance(judged(speed, SPEED), Undecided)


@settings(deadline=None)
@given(st.floats(-0.5, 0.5), st.floats(0.0001, 0.0999), st.integers(1, 40))
def test_an_interval_narrower_still_is_settled_whatever_the_correction(
    low: float, width: float, family: int
) -> None:
    """Narrower by so much as the corrected test asks more than the interval does."""
    corrected = NormalDist().inv_cdf(1 - ALPHA / (2 * family))
    tested = gap(low, low + width)
    assume(width < 0.05 * 2 * Z / (corrected + Z) - 1e-9)
    assert not isinstance(judged(tested, family=family), Undecided)


@pytest.mark.parametrize(("failed", "too_often"), [(0, False), (5, False), (6, True)])
def test_more_than_one_failure_in_twenty_is_too_often(failed: int, *, too_often: bool) -> None:
    counts = Counts(
        candidate="ada",
        benchmark="logic",
        asked=100,
        scored=100 - failed,
        failed=failed,
        unscored=0,
        unparsed=0,
        truncated=0,
        reused=0,
    )
    assert failed_too_often(counts) == too_often


def test_among_few_replies_no_gap_in_tokens_is_shown_since_long_ones_are_rare() -> None:
    bar = Bar(measure=MEASURES["output_tokens"], matters=0.10)
    for tested in (gap(0.5, 0.9, scale="ratio"), gap(-0.01, 0.01, scale="ratio")):
        few = replace(tested, gap=replace(tested.gap, n=99))
        open_ = judged(few, bar)
        assert isinstance(open_, Undecided)
        assert open_.because == Because.MAY_LACK_RARE
        assert open_.cases_needed == 100
        assert not isinstance(judged(tested, bar), Undecided)
