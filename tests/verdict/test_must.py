"""What has to hold, and whether it does."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.errors import OptionError, UnknownNameError
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.must import Met, must


def between(low: float, high: float) -> Estimate:
    return Estimate(value=(low + high) / 2, low=low, high=high, n=9, method="")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (between(0.3, 0.9), "met"),
        (between(0.9, 1.2), "may be missed"),
        (between(1.1, 1.2), "missed"),
        (1.0, "met"),
        (1.01, "missed"),
        (TooFew(groups=1, needed=2), "may be missed"),
        (None, "may be missed"),
    ],
)
def test_a_limit_is_met_missed_or_open(
    known: Estimate | TooFew | float | None, expected: Met
) -> None:
    assert must("first_token_s.p95 <= 1.0").met_by(known) == expected


def test_a_score_has_to_be_at_least_so_high_on_the_benchmark_named() -> None:
    one = must("score.humaneval>=0.6")
    assert (one.measure, one.benchmark, one.share, one.at_most) == (
        "score",
        "humaneval",
        None,
        False,
    )
    assert one.met_by(between(0.6, 0.7)) == "met"
    assert one.met_by(between(0.5, 0.6)) == "may be missed"


def test_parts_of_the_name_are_told_apart() -> None:
    one = must(" score.mmlu@meta-5shot  >=  6e-1 ")
    assert (one.benchmark, one.limit, one.text) == (
        "mmlu@meta-5shot",
        0.6,
        "score.mmlu@meta-5shot >= 6e-1",
    )
    assert must("first_token_s.speed.p99 <= 2").share == 0.99
    assert must("runs_locally").met_by(1.0) == "met"
    assert must("runs_locally").met_by(0.0) == "missed"
    assert must("runs_locally").met_by(None) == "may be missed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("quick", "nothing that must hold"),
        ("score = 1", "nothing that must hold"),
        ("peak_bytes.logic <= 1", "same on every benchmark"),
        ("score.p95 >= 0.1", "has no percentile"),
        ("first_token_s.p0 <= 1", "names no share"),
        ("first_token_s.p100 <= 1", "names no share"),
    ],
)
def test_what_is_wrong_is_told(text: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        must(text)


def test_an_unknown_measure_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="try first_token_s"):
        must("frist_token_s <= 1")


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(OptionError):
        must(text)


def test_a_month_is_of_a_workload_and_of_no_benchmark() -> None:
    assert must("usd_per_month <= 500").met_by(between(400, 480)) == "met"
    with pytest.raises(OptionError, match="'usd_per_month' is the same on every benchmark"):
        must("usd_per_month.humaneval <= 500")
    with pytest.raises(OptionError, match="'usd_per_month' has no percentile"):
        must("usd_per_month.p95 <= 500")
