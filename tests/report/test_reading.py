"""How a table is to be read: what holds only of some tables is said beside those alone."""

from dataclasses import replace

from tests.report.fixtures import JUDGEMENT, QWEN, RUN, SMOL, cell, est, row
from visavis.report.reading import reading
from visavis.verdict.compare import Judgement

GROUPS = "one puzzle in two languages"
IF = "The cases said to settle a gap do so in 80% of runs if it is as measured"


def told(judgement: Judgement) -> str:
    return " ".join(reading(judgement, RUN, "en"))


def test_a_number_of_cases_that_would_settle_a_gap_is_said_to_hold_if_it_is_as_measured() -> None:
    assert IF in told(JUDGEMENT)
    assert IF not in told(replace(JUDGEMENT, rows=JUDGEMENT.rows[2:]))


def test_groups_are_explained_where_cases_come_in_groups() -> None:
    pairs = replace(est(0.25, 0.11, 0.47, 24), groups=12)
    grouped = row("score", (cell(QWEN, pairs), cell(SMOL, pairs)), (), "logic")
    assert GROUPS in told(replace(JUDGEMENT, rows=(grouped,)))
    assert GROUPS not in told(JUDGEMENT)
