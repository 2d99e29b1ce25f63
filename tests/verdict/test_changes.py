"""What changed between two runs is judged as a gap is."""

from collections.abc import Sequence

import numpy as np
import pytest

from tests.verdict.seen import counted, seen
from visavis.verdict.changes import Change, Twice, Who, changes
from visavis.verdict.policy import DEFAULT

WHO = Who("a", "a")


def told(
    old: Sequence[float],
    new: Sequence[float],
    *,
    measure: str = "score",
    benchmark: str = "logic",
    unpaired: bool = False,
    failed: int = 0,
) -> Change:
    twice = Twice(
        who=WHO,
        old=tuple(seen("a", old, measure=measure, benchmark=benchmark)),
        new=tuple(seen("a", new, measure=measure, benchmark=benchmark)),
        counts=((counted("a", benchmark, asked=len(old), failed=failed),), ()),
        unpaired=(benchmark,) if unpaired else (),
    )
    (change,) = changes([twice], DEFAULT)
    return change


RIGHT, WRONG = [1.0] * 100, [0.0] * 30 + [1.0] * 70


@pytest.mark.parametrize("unpaired", [False, True])
def test_a_loss_is_worse_and_a_gain_is_better(unpaired: bool) -> None:
    lost, won = told(RIGHT, WRONG, unpaired=unpaired), told(WRONG, RIGHT, unpaired=unpaired)
    assert (lost.becomes, won.becomes) == ("worse", "better")
    assert lost.gap.verdict.by.value == pytest.approx(-0.3)  # type: ignore[union-attr]  # it is known
    assert lost.paired is not unpaired


def test_equal_answers_are_unchanged_where_paired_and_open_where_not() -> None:
    half = [1.0, 0.0] * 60
    assert told(half, half).becomes == "unchanged"
    apart = told(half, half, unpaired=True)
    assert apart.becomes == "undecided"
    assert (apart.cases_needed or 0) > 240


def test_a_quicker_answer_is_better_and_more_tokens_are_more() -> None:
    rng = np.random.default_rng(1)
    quick, slow = rng.lognormal(0.0, 0.03, 12).tolist(), rng.lognormal(0.4, 0.03, 12).tolist()
    speed = {"measure": "first_token_s", "benchmark": "speed", "unpaired": True}
    assert told(slow, quick, **speed).becomes == "better"  # type: ignore[arg-type]  # as above
    few, many = 10 * quick, 10 * slow
    assert told(few, many, measure="output_tokens").becomes == "more"
    assert told(many, few, measure="output_tokens").becomes == "less"


def test_where_too_many_cases_failed_nothing_is_said() -> None:
    assert told(RIGHT, WRONG, failed=20).becomes == "undecided"


def test_what_only_one_run_measured_is_no_change() -> None:
    priced = seen("a", RIGHT, measure="output_tokens")
    twice = Twice(who=WHO, old=tuple(seen("a", RIGHT)), new=(*seen("a", WRONG), *priced))
    assert [change.row.measure for change in changes([twice], DEFAULT)] == ["score"]
    alone = Twice(who=WHO, old=(), new=tuple(seen("a", RIGHT)), unpaired=["logic"])
    assert changes([alone], DEFAULT) == ()


def test_all_changes_of_a_report_are_one_family() -> None:
    rng = np.random.default_rng(2)
    many = [
        Twice(
            who=Who(f"old {n}", f"new {n}"),
            old=tuple(seen("x", (rng.random(60) < 0.5).astype(float))),
            new=tuple(seen("y", (rng.random(60) < 0.5).astype(float))),
        )
        for n in range(5)
    ]
    found = changes(many, DEFAULT)
    assert [change.who for change in found] == [twice.who for twice in many]
    assert all((c.gap.p_holm or 0) >= (c.gap.p_value or 0) for c in found)
    assert max(c.gap.p_holm or 0 for c in found) == 1.0
