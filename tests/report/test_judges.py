"""What is known of judges, in words and in both languages."""

from dataclasses import replace

import pytest

from tests.report.fixtures import est
from visavis.options import Language
from visavis.report.judges import KIN, judge_tables, judge_warnings
from visavis.scoring.judge_figures import PEOPLE, Agreement, JudgeFigures, Judging, Kin
from visavis.stats.estimate import TooFew

FIGURES = JudgeFigures(
    judge="j<b>",
    asked=1200,
    failed=3,
    ties=est(0.25, 0.2, 0.31),
    contradictions=TooFew(groups=0, needed=1),
    position_bias=est(0.1, -0.05, 0.25),
    verbosity_bias=est(0.2, 0.1, 0.3),
    usd=0.25,
    charged_usd=0.5,
    input_tokens=9000,
    output_tokens=1500,
    total_s=2.0,
)
LOCAL = replace(
    FIGURES,
    judge="k",
    failed=0,
    usd=None,
    charged_usd=0.0,
    ties=None,
    contradictions=None,
    position_bias=None,
)
JUDGING = Judging(
    judges=(FIGURES, LOCAL),
    agreements=(
        Agreement(a="j<b>", b="k", raw=est(0.9, 0.8, 0.95), kappa=est(0.61, 0.4, 0.8)),
        Agreement(a="k", b=PEOPLE, raw=est(0.7, 0.6, 0.8), kappa=TooFew(groups=1, needed=2)),
    ),
)


def told(lang: Language, judging: Judging) -> dict[str, list[str]]:
    return {
        row.label: [" ".join(part for part in (c.value, c.interval) if part) for c in row.cells]
        for table in judge_tables(judging, lang)
        for row in table.rows
    }


def test_each_judge_has_a_column_and_every_figure_its_interval() -> None:
    rows = told("en", JUDGING)
    assert rows["judgements"] == ["1,200", "1,200"]
    assert rows["ties"] == ["25% 20% to 31%", "not asked"]
    assert rows["position bias"] == ["+10 points −5 to +25", "not asked"]
    assert rows["verbosity bias"] == ["+20 points 10 to 30", "+20 points 10 to 30"]
    assert rows["paid for judging"] == ["$0.25", "no price known"]
    assert rows["perhaps paid beside it, at most"] == ["$0.50", "$0.00"]
    assert rows["j<b> and k"] == ["90% 80% to 95%", "0.61 0.40 to 0.80"]
    assert rows["k and people"][0] == "70% 60% to 80%"


def test_judges_of_single_replies_have_no_row_of_pairs() -> None:
    rows = told("en", replace(JUDGING, judges=(LOCAL,), agreements=()))
    assert "ties" not in rows
    assert "verbosity bias" in rows


def test_a_run_without_judges_says_nothing_of_them() -> None:
    assert judge_tables(None, "en") == ()
    assert [*judge_warnings(None, "en")] == []


@pytest.mark.parametrize("how", list(KIN))
def test_kin_and_verdicts_that_could_not_be_read_are_warned_of(how: str) -> None:
    kin = (Kin(judge="j<b>", candidate="c", how=how),)
    first, second = judge_warnings(replace(JUDGING, kin=kin), "en")
    assert first.startswith("j<b> judged ")
    assert "3 of 1,200 judgements" in second
