"""Several checks of one reply: all must hold, or each adds its weight."""

from typing import Any

import pytest

from tests.scoring.plain_fence import PlainFence
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score, Unscored
from visavis.scoring.combined import CHECKS, Answered, Weighed, all_of, uses_fence, weighed

BROKEN = "def check(reply):\n    return 1 / 0"


def of(kind: str, wanted: Any, weight: float = 1.0) -> Weighed:
    return Weighed(kind=kind, wanted=wanted, weight=weight)


def made(reply: str | Answered, wanted: dict[str, Any]) -> Grade:
    answered = Answered(text=reply) if isinstance(reply, str) else reply
    return all_of(wanted, answered, PlainFence())


def weighs(reply: str, *checks: Weighed, threshold: float | None = None) -> Grade:
    return weighed(checks, Answered(text=reply), PlainFence(), threshold=threshold)


def value(grade: Grade) -> float:
    assert isinstance(grade, Score), grade
    return grade.value


def test_a_check_that_fails_outweighs_one_that_could_not_be_made() -> None:
    fence = PlainFence()
    wanted = {"python": BROKEN, "equals": ["yes"]}
    assert value(all_of(wanted, Answered(text="no"), fence)) == 0
    assert fence.ran == 0
    assert isinstance(all_of(wanted, Answered(text="yes"), fence), Unscored)


def test_a_check_that_holds_in_part_gives_its_part() -> None:
    def half(wanted: Any, answered: Answered, fence: Fence) -> Grade:
        return Score(value=0.5, because="half")

    known = {**CHECKS, "program": half}
    grade = all_of(
        {"contains": ["a"], "program": "x"}, Answered(text="a"), PlainFence(), known=known
    )
    assert value(grade) == 0.5


def test_the_score_is_the_share_of_the_weight_that_holds() -> None:
    checks = (of("contains", ["red"], 3), of("contains", ["blue"]), of("lacks", ["green"]))
    grade = weighs("red", *checks)
    assert isinstance(grade, Score)
    assert grade.value == 0.8
    assert grade.marks == {"contains": 1.0, "contains 2": 0.0, "lacks": 1.0}
    assert grade.because == "80% of the weight; contains: lacks blue"
    assert grade.read == "red"


@pytest.mark.parametrize(("threshold", "passed"), [(0.75, 1.0), (0.8, 1.0), (0.81, 0.0)])
def test_a_threshold_makes_it_right_or_wrong(threshold: float, passed: float) -> None:
    checks = (of("contains", ["red"], 4), of("contains", ["blue"], 1))
    assert value(weighs("red", *checks, threshold=threshold)) == passed


def test_a_check_that_could_not_be_made_counts_only_where_it_decides() -> None:
    checks = (of("contains", ["red"], 3), of("python", BROKEN, 1))
    assert isinstance(weighs("red", *checks), Unscored)
    assert value(weighs("red", *checks, threshold=0.7)) == 1.0
    assert value(weighs("blue", *checks, threshold=0.7)) == 0.0
    assert isinstance(weighs("red", *checks, threshold=0.8), Unscored)


def test_a_reply_with_nothing_to_read_is_unparsed() -> None:
    grade = weighs("", of("number", {"value": 1}), of("answer", {"texts": ["a"]}))
    assert isinstance(grade, Score)
    assert (grade.value, grade.read) == (0.0, None)


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        ({"latency": {"first_token_s": 0.5, "total_s": 2}}, True),
        ({"latency": {"first_token_s": 0.1}}, False),
        ({"latency": {"total_s": 1.9}}, False),
        ({"price": {"usd": 0.01}}, True),
        ({"price": {"usd": 0.001}}, False),
    ],
)
def test_how_a_reply_came_can_be_checked(wanted: dict[str, Any], held: bool) -> None:
    answered = Answered(text="Paris", first_token_s=0.25, total_s=2.0, usd=0.005)
    assert value(made(answered, wanted)) == float(held)
    assert isinstance(made("Paris", wanted), Unscored)


def test_only_some_checks_use_the_fence() -> None:
    assert uses_fence("matches", "x")
    assert uses_fence("python", "x")
    assert uses_fence("program", "arkanoid")
    assert uses_fence("json_schema", {"pattern": "x"})
    assert not uses_fence("json_schema", {})
    assert not uses_fence("equals", ["x"])
