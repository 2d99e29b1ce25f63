"""A choice with the limits at which it becomes another."""

from collections.abc import Mapping
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verdict.apart import two
from tests.verdict.seen import counted, seen
from visavis.core.observation import Observation
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import judge, judged_by
from visavis.verdict.consider import Known, consider
from visavis.verdict.must import Must, Value, must
from visavis.verdict.policy import DEFAULT, Policy

AHEAD = two({"score.x": 5.0})


def between(low: float, high: float) -> Estimate:
    return Estimate(value=(low + high) / 2, low=low, high=high, n=9, method="")


def asking(*musts: Must) -> Policy:
    return Policy(name="mine", matters=DEFAULT.matters, must=musts)


def known(one: Must, values: Mapping[str, Value]) -> Known:
    return Known(subjects={one.subject: {name: (value,) for name, value in values.items()}})


def test_from_which_limit_on_another_is_chosen() -> None:
    one = must("first_token_s.p95 <= 1")
    found = consider(AHEAD, asking(one), known(one, {"a": between(0.4, 0.6), "b": 0.1}))
    (flip,) = found.limits
    assert found.chosen == "a"
    assert (flip.at, flip.above) == (0.6, False)
    assert (flip.chosen, flip.because) == (None, "it may miss what must hold")


def test_a_limit_that_lets_the_best_in_again() -> None:
    one = must("first_token_s.p95 <= 0.3")
    found = consider(AHEAD, asking(one), known(one, {"a": between(0.4, 0.6), "b": 0.1}))
    below, above = found.limits
    assert (found.chosen, found.because) == ("b", "only one is left")
    assert (below.at, below.above, below.best) == (0.1, False, None)
    assert below.because == "none meets what must hold"
    assert (above.at, above.above, above.because) == (0.4, True, "it may miss what must hold")


def test_limits_from_below_are_met_up_to_the_figure_itself() -> None:
    one = must("context_window_tokens >= 8000")
    found = consider(AHEAD, asking(one), known(one, {"a": 8000.0, "b": 32000.0}))
    assert found.chosen == "a"
    (above,) = found.limits
    assert (above.at, above.above, above.chosen) == (8000.0, True, "b")


def test_places_at_which_the_choice_stays_are_passed_over() -> None:
    one = must("first_token_s.p95 <= 1")
    found = consider(AHEAD, asking(one), known(one, {"a": 0.1, "b": between(0.2, 0.5)}))
    assert [(flip.at, flip.above) for flip in found.limits] == [(0.1, False)]
    assert found.limits[0].because == "none meets what must hold"


def test_what_has_no_end_has_no_place_there() -> None:
    one = must("context_window_tokens >= 32000")
    found = consider(AHEAD, asking(one), known(one, {"a": between(9000.0, inf), "b": 128_000.0}))
    assert [met for each in found.standings for met in each.musts.values()] == [
        "may be missed",
        "met",
    ]
    assert [flip.at for flip in found.limits] == [9000.0]


def test_what_nobody_knows_has_no_place() -> None:
    one, other = must("peak_bytes <= 1e9"), must("runs_locally")
    few = TooFew(groups=1, needed=2)
    found = consider(AHEAD, asking(one, other), known(one, {"a": None, "b": few}))
    assert found.limits == ()
    assert {met for each in found.standings for met in each.musts.values()} == {"not known"}
    assert found.unknown == (one, other)
    assert not found.leads


def test_every_figure_of_a_measure_has_to_meet_the_limit() -> None:
    one = must("score >= 0.5")
    values = {"a": (0.9, 0.6, None), "b": (0.4, 0.8)}
    found = consider(AHEAD, asking(one), Known(subjects={one.subject: values}))
    assert [list(each.musts.values()) for each in found.standings] == [
        ["may be missed"],
        ["missed"],
    ]
    assert [flip.at for flip in found.limits] == [0.6]


def observed(values: list[tuple[float, float]]) -> list[Observation]:
    return [
        *seen("a", [a for a, _ in values]),
        *seen("b", [b for _, b in values]),
        *seen("a", [1 + a for a, _ in values], measure="first_token_s", benchmark="speed"),
        *seen("b", [2 + b for _, b in values], measure="first_token_s", benchmark="speed"),
    ]


@settings(deadline=None, max_examples=30)
@given(
    values=st.lists(st.tuples(st.sampled_from((0.0, 1.0)), st.sampled_from((0.0, 1.0)))),
    failed=st.integers(0, 4),
    matters=st.floats(0.01, 0.9),
)
def test_judged_again_is_judged_under_the_other_policy(
    values: list[tuple[float, float]], failed: int, matters: float
) -> None:
    counts = [counted(name, asked=20, failed=failed) for name in "ab"]
    other = Policy(name="other", matters=dict.fromkeys(DEFAULT.matters, matters))
    first = judge(observed(values), counts, "ab", DEFAULT)
    assert judged_by(first, other) == judge(observed(values), counts, "ab", other)


def test_what_nothing_tells_apart_has_neither_flips_nor_prices() -> None:
    found = consider(two({}), DEFAULT, Known())
    assert found.because == "nothing that it weighs tells anyone apart"
    assert (found.flips, found.weights, found.prices, found.conditions) == ((), (), (), ())
    assert found.best.acceptability is None


@pytest.mark.parametrize("text", ["score >= 0", "score >= 1"])
def test_a_limit_at_the_end_of_what_there_is(text: str) -> None:
    one = must(text)
    found = consider(AHEAD, asking(one), known(one, {"a": 1.0, "b": 0.0}))
    assert found.chosen == "a"
