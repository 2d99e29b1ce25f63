import random
from dataclasses import replace
from math import exp

import pytest

from tests.verdict.seen import counted, seen
from visavis.core.observation import Counts, Observation
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Judgement, MeasureRow, judge
from visavis.verdict.decide import Alike, Because, Prefer, Undecided
from visavis.verdict.policy import DEFAULT

GOOD = [1.0] * 36 + [0.0] * 4
BAD = [0.0] * 24 + [1.0] * 16
NOTHING = TooFew(groups=0, needed=1)


def judged(
    observations: list[Observation], candidates: str = "ab", counts: tuple[Counts, ...] = ()
) -> Judgement:
    return judge(observations, counts, list(candidates), DEFAULT)


def row(judgement: Judgement, measure: str = "score") -> MeasureRow:
    (found,) = [row for row in judgement.rows if row.measure == measure]
    return found


def test_each_candidate_gets_its_estimate_and_its_counts() -> None:
    counts = counted("a", asked=40), counted("b", asked=40)
    cells = row(judged(seen("a", GOOD) + seen("b", BAD), counts=counts)).cells
    assert [cell.candidate for cell in cells] == ["a", "b"]
    assert [cell.counts for cell in cells] == list(counts)
    values = [cell.estimate.value for cell in cells if isinstance(cell.estimate, Estimate)]
    assert values == [0.9, 0.4]


def test_a_clear_gap_in_score_is_a_preference_with_its_p_values() -> None:
    found = judged(seen("a", GOOD) + seen("b", BAD))
    (gap,) = row(found).gaps
    assert isinstance(gap.verdict, Prefer)
    assert gap.verdict.winner == "a"
    assert gap.verdict.by.value == pytest.approx(0.5)
    assert (gap.scale, found.family, found.policy) == ("difference", 1, "default")
    assert gap.p_value == gap.p_holm
    assert gap.p_value is not None
    assert gap.p_value < 0.001


def test_three_identical_answers_prove_nothing_yet() -> None:
    (gap,) = row(judged(seen("a", [1.0] * 3) + seen("b", [1.0] * 3))).gaps
    assert isinstance(gap.verdict, Undecided)
    assert gap.verdict.cases_needed is not None


def test_two_hundred_identical_answers_are_alike() -> None:
    (gap,) = row(judged(seen("a", GOOD * 5) + seen("b", GOOD * 5))).gaps
    assert isinstance(gap.verdict, Alike)


def test_only_shared_cases_are_paired() -> None:
    a = seen("a", [1.0] * 30)
    b = [replace(o, unit_id=str(int(o.unit_id) + 20)) for o in seen("b", [0.0] * 30)]
    (gap,) = row(judged(a + b)).gaps
    assert isinstance(gap.verdict, Prefer)
    assert gap.verdict.by.n == 10


def test_no_shared_case_is_too_few() -> None:
    b = [replace(o, unit_id=f"other {o.unit_id}") for o in seen("b", GOOD)]
    found = judged(seen("a", GOOD) + b)
    (gap,) = row(found).gaps
    assert gap.verdict == Undecided(by=NOTHING, cases_needed=None, because=Because.TOO_FEW)
    assert (gap.p_value, gap.p_holm, found.family) == (None, None, 0)


def test_repeats_of_a_case_are_averaged_and_count_once() -> None:
    cell = row(judged(seen("a", GOOD) + seen("a", GOOD[::-1]) + seen("a", GOOD))).cells[0]
    assert isinstance(cell.estimate, Estimate)
    assert cell.estimate.value == pytest.approx(0.9)
    assert cell.estimate.n == 40


def test_cases_of_one_group_are_not_taken_for_independent() -> None:
    groups = [str(unit // 2) for unit in range(40)]
    grouped = row(judged(seen("a", GOOD, groups=groups))).cells[0].estimate
    alone = row(judged(seen("a", GOOD))).cells[0].estimate
    assert isinstance(grouped, Estimate)
    assert isinstance(alone, Estimate)
    assert grouped.high - grouped.low > alone.high - alone.low


def test_a_candidate_that_was_not_measured_has_a_cell_but_no_gap() -> None:
    found = row(judged(seen("a", GOOD)))
    assert found.cells[1].estimate == NOTHING
    assert found.gaps == ()


def test_a_measure_that_nobody_judges_has_no_row() -> None:
    assert judged(seen("a", GOOD, measure="input_tokens")).rows == ()


@pytest.mark.parametrize("who", ["a", "b"])
def test_when_too_many_cases_failed_no_verdict_is_given_and_no_test_is_counted(who: str) -> None:
    counts = tuple(counted(name, asked=40, failed=3 * (name == who)) for name in "ab")
    price = seen("a", [1.0] * 40, measure="usd") + seen("b", [9.0] * 40, measure="usd")
    speed = [
        o
        for name, factor in (("a", 1.0), ("b", 3.0))
        for o in seen(
            name,
            [factor * exp(0.01 * i * (name == "a")) for i in range(6)],
            measure="first_token_s",
            benchmark="speed",
        )
    ]
    found = judged(seen("a", GOOD) + seen("b", BAD) + price + speed, counts=counts)
    for measure in ("score", "usd_per_solved_case"):
        (gap,) = row(found, measure).gaps
        assert isinstance(gap.verdict, Undecided)
        assert gap.verdict.because == Because.FAILED
        assert gap.p_holm is None
    (gap,) = row(found, "first_token_s").gaps
    assert isinstance(gap.verdict, Prefer)
    assert gap.verdict.winner == "a"
    assert found.family == 1


def test_a_few_failures_leave_the_verdict() -> None:
    counts = counted("a", asked=40, failed=2), counted("b", asked=40)
    (gap,) = row(judged(seen("a", GOOD[:38]) + seen("b", BAD), counts=counts)).gaps
    assert isinstance(gap.verdict, Prefer)


def test_a_price_per_solved_case_is_made_of_what_was_paid_and_what_was_solved() -> None:
    usd = [0.01 + 0.0001 * unit for unit in range(40)]
    paid = seen("a", usd, measure="usd") + seen("b", [3 * u for u in usd], measure="usd")
    found = row(judged(seen("a", GOOD) + seen("b", GOOD) + paid), "usd_per_solved_case")
    first = found.cells[0].estimate
    assert isinstance(first, Estimate)
    assert first.value == pytest.approx(sum(usd) / 36)
    (gap,) = found.gaps
    assert isinstance(gap.verdict, Prefer)
    assert (gap.scale, gap.verdict.winner) == ("ratio", "a")
    assert gap.verdict.by.value == pytest.approx(1 / 3)


def test_a_free_candidate_has_no_price_to_compare() -> None:
    paid = seen("a", [0.01] * 40, measure="usd") + seen("b", [0.0] * 40, measure="usd")
    found = row(judged(seen("a", GOOD) + seen("b", BAD) + paid), "usd_per_solved_case")
    assert found.cells[1].estimate == NOTHING
    assert found.gaps == ()


@pytest.mark.parametrize("scores", [[], seen("b", BAD)])
def test_where_all_is_free_or_nothing_scored_no_price_is_shown(scores: list[Observation]) -> None:
    price = seen("a", [0.01] * 40, measure="usd")
    assert {r.measure for r in judged(scores + price).rows} <= {"score"}


def test_speeds_are_compared_as_ratios_block_by_block() -> None:
    machine = [1.0, 0.5, 2.0, 1.1, 0.8, 1.3]
    noise = [1.01, 0.99, 1.0, 1.02, 0.98, 1.0]
    fast = [60 * m * x for m, x in zip(machine, noise, strict=True)]
    observations = seen("a", fast, measure="output_tokens_per_s", benchmark="speed") + seen(
        "b", [20 * m for m in machine], measure="output_tokens_per_s", benchmark="speed"
    )
    (gap,) = row(judged(observations), "output_tokens_per_s").gaps
    assert isinstance(gap.verdict, Prefer)
    assert gap.verdict.by.value == pytest.approx(3, rel=0.01)
    assert gap.verdict.by.high - gap.verdict.by.low < 0.2


def test_rows_stand_by_benchmark_as_asked_then_by_measure() -> None:
    observations = [
        *seen("a", [1.0] * 3, measure="first_token_s", benchmark="speed"),
        *seen("a", [5.0, 6.0], measure="output_tokens", benchmark="own"),
        *seen("a", GOOD, benchmark="own"),
        *seen("a", GOOD, benchmark="logic"),
    ]
    counts = counted("a", "logic", asked=40), counted("a", "own", asked=40)
    assert [(r.benchmark, r.measure) for r in judged(observations, counts=counts).rows] == [
        ("logic", "score"),
        ("own", "score"),
        ("own", "output_tokens"),
        ("speed", "first_token_s"),
    ]


def test_all_pairs_of_all_measures_are_one_family() -> None:
    rng = random.Random(2)
    observations = [
        o
        for name in "abcd"
        for benchmark in ("logic", "own")
        for o in seen(name, [float(rng.random() < 0.6) for _ in range(30)], benchmark=benchmark)
    ]
    found = judged(observations, "abcd")
    assert found.family == 12
    tests = [gap for r in found.rows for gap in r.gaps]
    smallest = min(tests, key=lambda gap: gap.p_value or 0.0)
    assert smallest.p_holm == pytest.approx(min(1.0, 12 * (smallest.p_value or 0.0)))


def test_amounts_that_show_no_spread_are_told_though_they_have_no_interval() -> None:
    found = judged(seen("a", [3.0] * 20, measure="output_tokens"), "a")
    (cell,) = row(found, "output_tokens").cells
    assert cell.estimate == TooFew(groups=20, needed=21, mean=3.0, n=20)


def test_one_amount_is_too_few_for_a_mean() -> None:
    (cell,) = row(judged(seen("a", [3.0], measure="output_tokens"), "a"), "output_tokens").cells
    assert cell.estimate == TooFew(groups=1, needed=2)
