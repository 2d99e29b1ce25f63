"""A run that stops when decided: what a look leaves open, and what its report then says."""

from collections.abc import Iterable

import numpy as np
import pytest
from benches.coverage import FAMILIES, Family
from benches.sequential import wrong_preference_share

from tests.verdict.seen import counted, seen
from visavis.core.observation import Observation
from visavis.verdict.compare import Judgement, judge
from visavis.verdict.decide import Alike, Prefer, Undecided
from visavis.verdict.looks import Looks, Pool
from visavis.verdict.policy import DEFAULT


def looks(scores: Iterable[Observation], pools: dict[str, Pool], candidates: str = "ab") -> Looks:
    made = Looks(pools, list(candidates), DEFAULT)
    for one in scores:
        made.asked(one.candidate, one.benchmark, failed=False)
        made.scored(one)
    return made


def both(a: Iterable[float], b: Iterable[float], benchmark: str = "logic") -> list[Observation]:
    return seen("a", a, benchmark=benchmark) + seen("b", b, benchmark=benchmark)


def gap_of(judgement: Judgement, benchmark: str = "logic") -> object:
    (row,) = (r for r in judgement.rows if r.measure == "score" and r.benchmark == benchmark)
    return row.gaps[0].verdict


POOL = {"logic": Pool(trials=1000, together=1)}


def test_before_anything_was_asked_everything_is_open() -> None:
    assert looks([], POOL).open() == {("a", "logic"), ("b", "logic")}


def test_a_preference_and_being_alike_close_a_gap() -> None:
    assert looks(both([1.0] * 40, [0.0] * 20 + [1.0] * 20), POOL).open() == set()
    assert looks(both([1.0] * 400, [1.0] * 400), POOL).open() == set()
    assert looks(both([1.0] * 40, [1.0] * 40), POOL).open() == {("a", "logic"), ("b", "logic")}


def test_only_candidates_with_an_open_gap_are_asked_on() -> None:
    pools = {name: Pool(trials=1000, together=1) for name in ("logic", "sums")}
    scores = [
        *seen("a", [1.0] * 60),
        *seen("b", [0.0] * 60),
        *seen("c", [1.0] * 55 + [0.0] * 5),
    ]
    assert looks(scores, pools, "abc").open() == {
        ("a", "logic"),
        ("c", "logic"),
        *((name, "sums") for name in "abc"),
    }


def test_with_more_gaps_in_question_each_takes_more() -> None:
    scores = both([1.0] * 30, [0.0] * 9 + [1.0] * 21)
    assert looks(scores, POOL).open() == set()
    many = {name: Pool(trials=1000, together=1) for name in ("logic", "b", "c", "d", "e", "f")}
    assert ("a", "logic") in looks(scores, many).open()


def test_too_many_failures_leave_a_gap_open_until_no_case_could_mend_it() -> None:
    made = looks(both([1.0] * 40, [0.0] * 40), POOL)
    for _ in range(10):
        made.asked("a", "logic", failed=True)
    assert made.open() == {("a", "logic"), ("b", "logic")}
    for _ in range(41):
        made.asked("a", "logic", failed=True)
    assert made.open() == set()


def test_repeats_of_a_case_are_one_draw() -> None:
    once = both([1.0] * 30, [0.0] * 9 + [1.0] * 21)
    assert looks(once * 3, POOL).open() == looks(once, POOL).open() == set()
    few = both([1.0] * 10, [0.0] * 3 + [1.0] * 7)
    assert looks(few * 9, POOL).open() == looks(few, POOL).open() != set()


def test_twins_drawn_together_are_one_draw() -> None:
    twins = [str(unit // 2) for unit in range(20)]
    a, b = [1.0] * 20, [0.0] * 12 + [1.0] * 8
    scores = seen("a", a, groups=twins) + seen("b", b, groups=twins)
    assert looks(scores, POOL).open() == set()
    assert looks(scores, {"logic": Pool(1000, together=2)}).open() != set()


@pytest.mark.parametrize("seed", range(12))
def test_what_a_look_closed_the_report_does_not_call_undecided(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = (rng.random(3000) < level for level in (0.7, 0.5 + 0.03 * seed / 2))
    tokens = rng.gamma(4.0, 50.0, (2, 3000))
    for n in (*range(16, 400, 16), *range(400, 3001, 200)):
        scores = both(a[:n].astype(float).tolist(), b[:n].astype(float).tolist())
        if looks(scores, {"logic": Pool(3000, 1)}).open():
            continue
        others = [
            one
            for name, amounts in zip("ab", tokens[:, :n].tolist(), strict=True)
            for measure in ("usd", "output_tokens")
            for one in seen(name, amounts, measure=measure)
        ]
        counts = [counted(name, asked=n) for name in "ab"]
        judgement = judge([*scores, *others], counts, ["a", "b"], DEFAULT, {"logic": 1})
        assert isinstance(gap_of(judgement), Prefer | Alike)
        return
    pytest.fail("nothing was decided after 3,000 cases")


def test_the_judgement_of_a_stopped_run_never_uses_an_interval_for_a_fixed_number() -> None:
    observations = both([1.0] * 40, [0.0] * 20 + [1.0] * 20)
    for name, turn in (("a", 5), ("b", 7)):
        for measure in ("usd", "output_tokens"):
            amounts = [float(3 + unit % turn) for unit in range(40)]
            observations += seen(name, amounts, measure=measure)
    fixed = judge(observations, [], ["a", "b"], DEFAULT)
    lasting = judge(observations, [], ["a", "b"], DEFAULT, {"logic": 1})
    for before, after in zip(fixed.rows, lasting.rows, strict=True):
        for there, here in zip(before.cells, after.cells, strict=True):
            assert "confidence sequence" in here.estimate.method  # type: ignore[union-attr]  # there is enough
            assert here.estimate.low < there.estimate.low  # type: ignore[union-attr]  # there is enough
        assert "confidence sequence" in after.gaps[0].verdict.by.method  # type: ignore[union-attr]  # as above


def test_what_is_measured_beside_a_stopped_run_keeps_its_fixed_number_of_blocks() -> None:
    speeds = [
        one
        for name, factor in (("a", 1.0), ("b", 3.0))
        for one in seen(
            name,
            [factor * (1 + block / 10) for block in range(6)],
            measure="first_token_s",
            benchmark="speed",
        )
    ]
    observations = both([1.0] * 40, [1.0] * 40) + speeds
    judgement = judge(observations, [], ["a", "b"], DEFAULT, {"logic": 1})
    (row,) = (r for r in judgement.rows if r.benchmark == "speed")
    assert "confidence sequence" not in row.cells[0].estimate.method  # type: ignore[union-attr]  # there is enough
    assert isinstance(gap_of(judgement), Undecided)


def test_a_score_has_most_of_the_5_percent_whatever_else_is_tested() -> None:
    observations = both([1.0] * 30, [0.0] * 9 + [1.0] * 21)
    alone = judge(observations, [], ["a", "b"], DEFAULT, {"logic": 1})
    beside = judge(
        observations
        + seen("a", [3.0, 4.0] * 15, measure="output_tokens")
        + seen("b", [4.0, 3.0] * 15, measure="output_tokens"),
        [],
        ["a", "b"],
        DEFAULT,
        {"logic": 1},
    )
    gaps = [j.rows[0].gaps[0] for j in (alone, beside)]
    assert gaps[0].p_holm == pytest.approx(gaps[1].p_holm)
    assert gaps[0].p_holm == pytest.approx((gaps[0].p_value or 0) / 0.9)


def test_a_stopped_run_with_nothing_measured_is_judged_all_the_same() -> None:
    assert judge([], [], ["a", "b"], DEFAULT, {"logic": 1}).rows == ()


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
def test_over_whole_runs_somebody_is_preferred_wrongly_in_at_most_5_percent(family: Family) -> None:
    assert wrong_preference_share(family, runs=200) <= 0.05


def test_in_few_whole_runs_hardly_anybody_is_preferred_wrongly() -> None:
    assert wrong_preference_share(FAMILIES[0], runs=25) <= 0.1
