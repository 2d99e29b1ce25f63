"""The answer of `visavis power`, in words and as data."""

import json
from dataclasses import replace

import pytest

from visavis.options import Language
from visavis.report.power import Assumed, Needed, as_json, heads, reading, rows
from visavis.report.text import NBSP, THIN
from visavis.stats.power import Stopping

STOP = Stopping(median=826, nine_in_ten=1486, prefers=0.996)
GUESSED = Assumed(differ=0.2)
MEASURED = Assumed(
    benchmark="gsm8k", pair=("one", "other"), differ=0.0812, measured_on=400, has=1319
)


def needed(assumed: Assumed, gap: float = 0.05) -> Needed:
    return Needed(
        assumed=assumed,
        differ=assumed.differ,
        gap=gap,
        matters=0.05,
        fixed_80=626,
        fixed_95=1034,
        until_decided=STOP,
    )


def test_a_row_holds_as_many_cells_as_there_are_heads() -> None:
    (row,) = rows([needed(GUESSED)], "en")
    assert len(row) == len(heads("en"))
    assert row == ("", "20%", "5 points", "626", "1,034", "826", "1,486")


def test_no_gap_is_named_and_a_benchmark_that_is_too_small_shows_how_small() -> None:
    (row,) = rows([needed(MEASURED, 0.0)], "en")
    assert row[0] == "gsm8k (1,319 cases), one vs. other"
    assert row[1:3] == ("8.1%", "none (alike)")
    assert row[3:] == ("626", "1,034", "826", "1,486 > 1,319")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_the_share_rests_on_is_said(lang: Language) -> None:
    guessed = " ".join(reading([needed(GUESSED)], lang))
    measured = " ".join(reading([needed(MEASURED)], lang))
    assert guessed != measured
    assert ("assumed" if lang == "en" else "supposée") in guessed


def test_in_french() -> None:
    (row,) = rows([needed(GUESSED)], "fr")
    assert row[1:5] == (f"20{NBSP}%", f"5{NBSP}points", "626", f"1{THIN}034")
    assert NBSP in " ".join(reading([needed(GUESSED)], "fr"))


def test_as_data_everything_is_a_bare_number() -> None:
    (found,) = json.loads(as_json([needed(replace(MEASURED, has=None))]))
    assert found["fixed_80"] == 626
    assert found["until_decided"] == {"median": 826, "nine_in_ten": 1486, "prefers": 0.996}
    assert found["assumed"]["pair"] == ["one", "other"]
    assert found["assumed"]["has"] is None
