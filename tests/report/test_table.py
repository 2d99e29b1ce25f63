"""Cells, gaps and plots: nothing blank, nothing a zero that is not one."""

from dataclasses import replace

import pytest

from tests.report.fixtures import (
    CANDIDATES,
    HOSTED,
    JUDGEMENT,
    QWEN,
    SMOL,
    cell,
    counts,
    est,
    gap,
    row,
)
from visavis.report.charts.gaps import panels
from visavis.report.findings import findings, shown_better
from visavis.report.table import RowView, rows, too_few
from visavis.report.view import View
from visavis.stats.estimate import TooFew
from visavis.verdict.compare import Judgement, MeasureRow
from visavis.verdict.decide import Because, Prefer, Undecided
from visavis.verdict.methods import NOT_MEASURED, PRICE

CHANCES = {"logic": 0.5, "humaneval": None}


def shown(*found: MeasureRow) -> tuple[RowView, ...]:
    judgement = Judgement(candidates=(QWEN, SMOL), rows=found, policy="default", family=1)
    return rows(judgement, {c.name: c for c in CANDIDATES}, CHANCES, "en")


def test_a_cell_says_what_its_value_leaves_out() -> None:
    humaneval = shown(*JUDGEMENT.rows)[0]
    assert humaneval.cells[1].notes == ("2 truncated", "3 failed (timed out)", "4 reused")
    assert (humaneval.cells[0].best, humaneval.cells[1].best) == (True, False)


def test_a_score_that_guessing_could_reach_is_marked() -> None:
    logic = shown(*JUDGEMENT.rows)[1]
    assert logic.cells[0].notes[0] == "not above chance (50%)"
    humaneval = shown(*JUDGEMENT.rows)[0]
    assert not any("chance" in note for cell_ in humaneval.cells for note in cell_.notes)


def test_whoever_leads_by_guessing_is_neither_best_nor_shown_better() -> None:
    cells = (cell(QWEN, est(0.4, 0.3, 0.5)), cell(SMOL, est(0.2, 0.1, 0.3)))
    ahead = gap(Prefer(winner=QWEN, by=est(0.2, 0.1, 0.3)))
    logic, *_rest = shown(row("score", cells, (ahead,), "logic", up=True))
    assert not any(one.best for one in logic.cells)
    (told,) = logic.gaps
    assert (told.kind, told.winner) == ("prefer", "")
    assert told.verdict == f"{QWEN} ahead, not above chance"
    assert shown_better(QWEN, [logic], 2, "en") == []
    among = findings((replace(told, b="C"), told, replace(told, kind="alike")), "en")
    assert among[1].text == f"{QWEN} and {SMOL}: {QWEN} ahead, not above chance"
    known, *_rest = shown(row("score", cells, (ahead,), "humaneval", up=True))
    assert (known.cells[0].best, known.gaps[0].winner) == (True, QWEN)


def test_n_says_in_how_many_groups_its_cases_come() -> None:
    pairs = replace(est(0.25, 0.11, 0.47, 24), groups=12)
    flat = TooFew(groups=12, needed=13, mean=3.0, n=24)
    open_ = gap(Undecided(by=pairs, cases_needed=None, because=Because.TOO_WIDE))
    only = shown(row("score", (cell(QWEN, pairs), cell(SMOL, flat)), (open_,), "logic"))[0]
    told = {*(one.n for one in only.cells), *(one.n for one in only.gaps)}
    assert told == {"n\u00a0=\u00a024 in 12 groups"}


@pytest.mark.parametrize(
    ("unparsed", "told"),
    [(0, "always answers “yes”"), (12, "answers “yes” or nothing readable")],
)
def test_whoever_answers_all_cases_alike_is_said_to(unparsed: int, told: str) -> None:
    seen = replace(counts(QWEN, "logic", 24, unparsed=unparsed), always="yes")
    only = shown(row("score", (cell(QWEN, est(0.5, 0.3, 0.7), seen),), (), "logic"))[0]
    assert only.cells[0].notes[:2] == ("not above chance (50%)", told)


def test_a_long_answer_is_cut_where_it_is_always_the_same() -> None:
    seen = replace(counts(QWEN, "logic", 24), always="so " * 50)
    only = shown(row("score", (cell(QWEN, est(0.9, 0.8, 0.95), seen),), (), "logic"))[0]
    assert only.cells[0].notes == ("always answers “so so so so so so so so so so so so so …”",)


def test_too_few_is_said_and_never_a_number() -> None:
    few = TooFew(groups=1, needed=2)
    open_ = gap(Undecided(by=few, cases_needed=None, because=Because.TOO_FEW))
    only = shown(row("score", (cell(QWEN, few), cell(SMOL, few)), (open_,), "logic"))[0]
    assert [c.value for c in only.cells] == ["too few (1 of 2)"] * 2
    assert only.gaps[0].size == "too few (1 of 2)"
    assert only.gaps[0].plot is None


def test_gaps_all_alike_are_not_said_to_want_one_more() -> None:
    assert too_few(TooFew(groups=50, needed=51), "en") == "no spread to judge by"


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (PRICE, "unknown: runs on this machine, no price per token"),
        ("first_token_s", "unknown: not measured in this run"),
    ],
)
def test_a_measure_without_a_value_says_why(measure: str, expected: str) -> None:
    only = shown(row(measure, (cell(QWEN, NOT_MEASURED), cell(SMOL, est(1, 0.5, 2))), ()))[0]
    assert only.cells[0].value == expected


def test_a_price_per_solved_case_is_always_spoken_of() -> None:
    assert shown(*JUDGEMENT.rows)[-1].label == "price per solved case"
    paid = row(PRICE, (cell(QWEN, est(0.002, 0.001, 0.004)),), (), "humaneval")
    told = [r.label for r in shown(paid)]
    assert told == ["price per solved case (humaneval)", "logic", "humaneval"]


def test_a_candidate_whose_every_case_failed_has_a_reason_and_a_count() -> None:
    failed = cell(SMOL, NOT_MEASURED, counts(SMOL, "logic", 6, failed=6))
    answered = cell(QWEN, est(0.5, 0.2, 0.8), counts(QWEN, "logic", 6))
    found = shown(row("score", (answered, failed), (), "logic"))[0].cells[1]
    assert found.value == "unknown: nothing was scored in this run"
    assert found.notes == ("6 failed (timed out)",)


def test_a_benchmark_of_which_nothing_was_scored_has_a_row_all_the_same() -> None:
    logic = next(r for r in shown() if r.label == "logic")
    assert logic.detail == "score"
    assert {c.value for c in logic.cells} == {"unknown: nothing was scored in this run"}


@pytest.mark.parametrize(
    ("needed", "told"),
    [
        (1, "about 1 case would settle it"),
        (347, "about 350 cases would settle it"),
        (12_001, "about 13,000 cases would settle it"),
    ],
)
def test_what_would_settle_it_is_told_in_two_figures(needed: int, told: str) -> None:
    open_ = Undecided(by=est(0.1, -0.1, 0.3), cases_needed=needed, because=Because.TOO_WIDE)
    only = shown(row("score", (), (gap(open_),), "logic", up=True))[0]
    assert only.gaps[0].settle == told


def test_a_ratio_below_one_is_told_turned_over_with_whose_it_is() -> None:
    cheaper = gap(Prefer(winner=QWEN, by=est(0.05, 0.04, 0.0625)), "ratio")
    (only,) = shown(row(PRICE, (), (cheaper,)))[0].gaps
    assert only.told == (f"{SMOL}: 20.0 times", "16.0 to 25.0")
    assert (only.size, only.interval) == ("0.05 times", "0.04 to 0.06")


def test_a_plot_is_turned_so_that_right_of_the_middle_favours_the_first() -> None:
    slower = gap(Prefer(winner=SMOL, by=est(2.0, 1.5, 4.0)), "ratio")
    later = gap(Prefer(winner=SMOL, by=est(0.2, 0.1, 0.3)))
    ratio, difference = shown(
        row("first_token_s", (), (slower,)), row("first_token_s", (), (later,))
    )[:2]
    plot = ratio.gaps[0].plot
    assert plot is not None
    assert (plot.low, plot.value, plot.high) == (0.25, 0.5, 1 / 1.5)
    assert plot.scale == "ratio"
    plot = difference.gaps[0].plot
    assert plot is not None
    assert (plot.low, plot.value, plot.high) == (-0.3, -0.2, -0.1)
    assert plot.scale == "difference"


def test_the_chart_puts_no_difference_in_the_middle_and_keeps_whiskers_on_the_strip(
    seen: View,
) -> None:
    points, times = panels(seen)
    assert [tick.label for tick in points.ticks] == ["60 points", "30", "0", "30", "60 points"]
    assert [tick.label for tick in times.ticks] == ["5 times", "1", "5 times"]
    for panel in (points, times):
        for strip in panel.strips:
            assert 0 < strip.low <= strip.value <= strip.high < 100
            assert strip.band[0] < 50 < strip.band[1]
    assert points.strips[0].low > 50
    assert times.strips[0].high < 50


def test_a_whisker_without_an_end_stops_at_the_edge(seen: View) -> None:
    endless = gap(Prefer(winner=QWEN, by=est(0.01, 0.0, 0.5)), "ratio")
    price = shown(row(PRICE, (), (endless,), matters=0.1))
    drawn = panels(replace(seen, rows=price))[0]
    assert drawn.strips[0].high == 97.0


def test_a_hosted_candidate_is_asked_why_by_its_kind() -> None:
    judgement = Judgement(candidates=(HOSTED.name,), rows=(), policy="default", family=0)
    only = rows(judgement, {HOSTED.name: HOSTED}, {}, "en")[0]
    assert only.cells[0].value == "unknown: no price is known for this route"
