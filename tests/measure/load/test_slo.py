"""Objectives as users write them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measure.load.things import FAILED, timing
from visavis.core.errors import OptionError, UnknownNameError
from visavis.measure.load.slo import objective


def test_an_objective_says_what_of_whom_and_how_much() -> None:
    found = objective(" first_token_s.p95 <= 0.8 ")
    assert (found.measure, found.share, found.at_most, found.limit) == (
        "first_token_s",
        0.95,
        True,
        0.8,
    )
    assert found.text == "first_token_s.p95<=0.8"
    assert objective("output_tokens_per_s>=20").share == 1.0
    assert objective("total_s.p99.9<3").share == pytest.approx(0.999)


def test_each_request_does_its_part_or_not() -> None:
    quick = objective("first_token_s.p95<=0.8")
    assert quick.met_by(timing(0.0, 0.8), open_loop=False)
    assert not quick.met_by(timing(0.0, 0.81), open_loop=False)
    assert not quick.met_by(timing(0.0, 0.7, late_s=0.2), open_loop=True)
    assert not quick.met_by(timing(0.0, 0.1, outcome=FAILED), open_loop=False)
    fast = objective("output_tokens_per_s>=10")
    assert fast.met_by(timing(0.0, 0.5, gap_s=0.09), open_loop=False)
    assert not fast.met_by(timing(0.0, 0.5, gap_s=0.2), open_loop=False)
    assert not fast.met_by(timing(0.0, 0.5, tokens=1), open_loop=False)  # it has no speed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "write 'first_token_s"),
        ("first_token_s.p95=0.8", "write 'first_token_s"),
        ("first_token_s.p95<=soon", "write 'first_token_s"),
        ("first_token_s.p95>=0.8", "'first_token_s<=0.8'"),
        ("output_tokens_per_s<=8", "'output_tokens_per_s>=8'"),
        ("first_token_s.p0<=0.8", "p95"),
        ("first_token_s.p101<=0.8", "p95"),
    ],
)
def test_what_is_no_objective_is_one_line(text: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        objective(text)


def test_an_unknown_measure_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="first_token_s"):
        objective("first_tokens<=1")


@given(st.text(max_size=60))
def test_no_text_is_the_end_of_the_program(text: str) -> None:
    with contextlib.suppress(OptionError):
        assert 0 < objective(text).share <= 1
