"""What is gathered of trials: each case once, each wait where it counts, and never too much."""

from dataclasses import replace
from itertools import combinations

import pytest

from tests.report.charts.made import KINDS, Made, made
from visavis.core.outcome import Failure, Reply, Score
from visavis.core.trial import Trial
from visavis.report.charts.drawing import Bars, Setting
from visavis.report.charts.gathered import STEPS, gathered, thinned
from visavis.report.charts.wins import Tally, tally, wins
from visavis.stats.estimate import Estimate
from visavis.stats.quantile import at


@pytest.fixture(scope="module")
def of() -> Made:
    return made(cases=150)


def by_hand(trials: list[Trial], benchmark: str, a: str, b: str) -> Tally:
    """Counted from the trials one by one."""
    of: dict[str, dict[str, Trial]] = {}
    for trial in trials:
        if trial.key.benchmark == benchmark:
            of.setdefault(trial.key.case, {})[trial.key.candidate] = trial
    counts = dict.fromkeys(Tally._fields, 0)
    for case in of.values():
        pair = [case[a].grade, case[b].grade]
        if not all(isinstance(grade, Score) for grade in pair):
            counts["left"] += 1
            continue
        right = [isinstance(grade, Score) and grade.value == 1 for grade in pair]
        counts[("neither", "b", "a", "both")[2 * right[0] + right[1]]] += 1
    return Tally(**counts)


def test_each_pair_is_counted_as_by_hand_and_sums_to_all_cases(of: Made) -> None:
    found = gathered(of.run.spec, of.run.group_of, of.trials).outcomes
    assert set(found) == {"logic", "humaneval"}  # speed has no winner of a case
    names = [kind.name for kind in KINDS]
    for benchmark, outcomes in found.items():
        for a, b in combinations(range(4), 2):
            counted = tally(outcomes, a, b)
            assert counted == by_hand(of.trials, benchmark, names[a], names[b])
            assert sum(counted) == 150


def test_a_case_is_right_where_every_try_is_and_left_out_where_one_failed(of: Made) -> None:
    names = [kind.name for kind in KINDS]
    one, other = (
        next(
            trial
            for trial in of.trials
            if trial.key.candidate == name and isinstance(trial.outcome, Reply)
        )
        for name in names[:2]
    )
    right, wrong = Score(value=1.0, because="", read="x"), Score(value=0.5, because="", read="x")
    failed = Failure(kind="timed out", detail="")

    def told(*grades: Score | None) -> Tally:
        key = one.key._replace(case="c")
        tries = [
            replace(
                one,
                key=key._replace(repeat=n),
                grade=grade,
                outcome=one.outcome if grade else failed,
            )
            for n, grade in enumerate(grades)
        ]
        against = replace(other, key=key._replace(candidate=names[1]), grade=right)
        (outcomes,) = gathered(of.run.spec, of.run.group_of, [*tries, against]).outcomes.values()
        assert sum(tally(outcomes, 0, 2)) == 0  # the third was not asked
        return tally(outcomes, 0, 1)

    assert told(right, right).both == 1
    assert told(right, wrong).b == 1
    assert told(right, None, wrong).left == 1


def test_bars_are_as_long_as_their_counts_and_fill_the_width(of: Made) -> None:
    names = tuple(kind.name for kind in KINDS)
    chart = wins(
        gathered(of.run.spec, of.run.group_of, of.trials).outcomes, Setting(lang="en", names=names)
    )
    assert chart is not None
    assert chart.table.heads[1:3] == ("A", "B")
    rows = iter(chart.table.rows)
    for panel in chart.panels:
        assert isinstance(panel.drawing, Bars)
        assert len(panel.drawing.bars) == 6
        for bar in panel.drawing.bars:
            counts = [int(part.count) for part in bar.parts]
            assert sum(counts) == 150
            assert next(rows)[3:] == tuple(map(str, counts + [0] * (5 - len(counts))))
            end = 0.0
            for part, n in zip(bar.parts, counts, strict=True):
                assert part.low == pytest.approx(
                    end + (1.5 if part.kind == "left" else 0), abs=0.01
                )
                assert part.width == pytest.approx(
                    (98.5 if len(counts) == 5 else 100) * n / 150, abs=0.01
                )
                end = part.low + part.width
            assert end == pytest.approx(100, abs=0.01)
            for part in bar.parts:
                assert f"{part.label} {part.count}" in panel.described


def test_where_nobody_failed_no_part_is_left_and_where_nobody_shared_a_case_no_bar() -> None:
    sure = made(KINDS[:2], 5, fails=0.0)
    here = Setting(lang="en", names=("a", "b"))
    chart = wins(gathered(sure.run.spec, sure.run.group_of, sure.trials).outcomes, here)
    assert chart is not None
    for panel in chart.panels:
        assert isinstance(panel.drawing, Bars)
        assert [part.kind for part in panel.drawing.bars[0].parts] == ["both", "a", "b", "neither"]
    alone = [trial for trial in sure.trials if trial.key.candidate == KINDS[0].name]
    assert wins(gathered(sure.run.spec, sure.run.group_of, alone).outcomes, here) is None


def test_waits_are_of_replies_made_for_this_run_alone(of: Made) -> None:
    fresh = gathered(of.run.spec, of.run.group_of, of.trials)
    assert set(fresh.first_tokens) == set(fresh.seconds) == {"logic", "humaneval", "speed"}
    reused = [replace(trial, reused=True) for trial in of.trials]
    assert gathered(of.run.spec, of.run.group_of, reused).first_tokens == {}
    assert gathered(of.run.spec, of.run.group_of, reused).seconds == {}
    timed = [
        t.outcome.stamps.first_token_s
        for t in of.trials
        if t.key[:2] == (KINDS[0].name, "logic")
        and isinstance(t.outcome, Reply)
        and t.outcome.stamps
    ]
    found = fresh.first_tokens["logic"][0]
    assert found.n == len(timed)
    assert list(found.steps) == sorted(s for s in timed if s is not None)
    half, most = found.tails
    assert (half.share, most.share) == (0.5, 0.95)
    assert isinstance(half.known, Estimate)
    assert half.known.low <= half.value <= half.known.high <= most.value


def test_of_many_waits_a_few_hundred_are_kept_each_for_its_share() -> None:
    ranked = [n / 10 for n in range(100_003)]
    kept = list(thinned(ranked))
    assert len(kept) == STEPS
    assert kept[-1] == ranked[-1]
    for k, value in enumerate(kept, start=1):
        assert value == at(ranked, k / STEPS)
    assert list(thinned(ranked[:STEPS])) == ranked[:STEPS]
