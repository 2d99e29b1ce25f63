"""Measures of load: judged by block, on ratios; goodput may be nothing at all."""

from visavis.core.observation import Counts, Observation
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Judgement, MeasureRow, judge
from visavis.verdict.decide import Because, Prefer, Undecided
from visavis.verdict.policy import DEFAULT


def judged(measure: str, a: list[float], b: list[float], failed: int = 0) -> Judgement:
    seen = [
        Observation(
            candidate=name,
            axis="speed",
            measure=measure,
            benchmark="at once 4",
            unit_id=f"block {n}",
            group=f"block {n}",
            value=value,
        )
        for name, values in (("a", a), ("b", b))
        for n, value in enumerate(values)
    ]
    counts = [
        Counts(
            candidate=name,
            benchmark="at once 4",
            asked=20,
            scored=0,
            failed=failed,
            unscored=20 - failed,
            unparsed=0,
            truncated=0,
            reused=0,
        )
        for name in "ab"
    ]
    return judge(seen, counts, ["a", "b"], DEFAULT)


def only(judgement: Judgement) -> MeasureRow:
    (row,) = judgement.rows
    return row


def test_more_is_better_of_throughput_and_goodput() -> None:
    for measure in ("throughput_tokens_per_s", "goodput_per_s", "characters_per_s", "words_per_s"):
        row = only(judged(measure, [20, 21, 22, 20], [10, 10.1, 10.2, 10.4]))
        verdict = row.gaps[0].verdict
        assert isinstance(verdict, Prefer)
        assert verdict.winner == "a"


def test_a_goodput_of_nothing_was_measured_and_shows_no_spread() -> None:
    row = only(judged("goodput_per_s", [2.0, 2.1, 2.2], [0.0, 0.0, 0.0]))
    told = {cell.candidate: cell.estimate for cell in row.cells}
    assert isinstance(told["a"], Estimate)
    assert told["b"] == TooFew(groups=3, needed=4, mean=0.0, n=3)
    assert isinstance(row.gaps[0].verdict, Undecided)


def test_one_block_of_nothing_is_too_few() -> None:
    row = only(judged("goodput_per_s", [2.0], [0.0]))
    assert row.cells[1].estimate == TooFew(groups=0, needed=1)


def test_too_many_failures_bar_a_verdict_on_speed() -> None:
    row = only(judged("throughput_tokens_per_s", [20, 21, 22], [10, 10, 11], failed=2))
    verdict = row.gaps[0].verdict
    assert isinstance(verdict, Undecided)
    assert verdict.because == Because.FAILED
