"""The view on terminals of every width, and where there is no terminal."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from tests.made_runs import Say, make
from tests.report.fixtures import QWEN
from visavis.api.comparison import Comparison
from visavis.report.terminal import show
from visavis.report.text import PIPED_COLUMNS
from visavis.report.view import View


def shown(seen: View, columns: int | None = None) -> str:
    file = StringIO()
    show(seen, file, columns=columns)
    return file.getvalue().replace("\u00a0", " ")


def test_a_wide_terminal_gets_a_table_whose_head_says_which_way_a_gap_goes(seen: View) -> None:
    lines = [text.split() for text in shown(seen, 120).splitlines()]
    heads = lines.index(
        ["measure", "qwen2.5-coder-0.5b", "smollm2-135m", "to", "second", "verdict"]
    )
    assert lines[heads - 1] == ["gap,", "first"]


def test_the_second_line_names_the_run_and_its_day(seen: View) -> None:
    second = shown(seen, 120).splitlines()[1]
    assert second == "Run 2026-11-21-2250-qwen-smollm2, 21 November 2026, 22:49 UTC"


def test_a_narrow_terminal_gets_a_block_a_measure(seen: View) -> None:
    assert "\n  ● +41 points, 25 to 57: prefer qwen2.5-coder-0.5b\n" in shown(seen, 72)
    assert "measure  " not in shown(seen, 72)


@pytest.mark.parametrize("columns", [20, 40, 60, 72, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal(seen: View, columns: int) -> None:
    longest = len(f"  {QWEN}/  ")  # a name alone may be longer than a very narrow line
    assert all(len(line) <= max(columns, longest + 2) for line in shown(seen, columns).splitlines())


def test_a_pipe_gets_no_colour_and_no_trailing_blanks(seen: View) -> None:
    piped = shown(seen)
    assert "\x1b" not in piped
    assert all(line == line.rstrip() for line in piped.splitlines())
    assert max(map(len, piped.splitlines())) <= PIPED_COLUMNS


def test_a_terminal_gets_colour(seen: View) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    file = Terminal()
    show(seen, file, columns=120)
    assert "\x1b[" in file.getvalue()


def test_facts_unknown_of_all_are_gathered_below(seen: View) -> None:
    told = " ".join(shown(seen, 112).split())
    assert (
        "price per million input tokens; price per million output tokens; spent in this run: "
        "unknown: runs on this machine, no price per token"
    ) in told


def test_three_candidates_have_a_table_without_gaps_and_a_sentence_for_each(seen: View) -> None:
    third = replace(seen.heads[0], name="third")
    rows = tuple(replace(row, cells=(*row.cells, row.cells[0])) for row in seen.rows)
    facts = tuple(replace(row, cells=(*row.cells, row.cells[0])) for row in seen.facts)
    more = replace(seen, heads=(*seen.heads, third), rows=rows, facts=facts)
    head = next(line for line in shown(more, 140).splitlines() if line.startswith("measure"))
    assert head.split() == ["measure", "qwen2.5-coder-0.5b", "smollm2-135m", "third"]
    assert "● qwen2.5-coder-0.5b / smollm2-135m, +41 points, 25 to 57: prefer" in shown(more, 90)


def test_french_reads_as_french(vu: View) -> None:
    told = shown(vu).replace("\u202f", " ")
    assert "? logic : indécis ; tout est possible, de smollm2-135m devant" in told


def test_warnings_come_before_the_table(seen: View) -> None:
    warned = shown(replace(seen, warnings=("This run is not finished.",)))
    assert warned.index("! This run is not finished.") < warned.index("measure ")


@pytest.mark.parametrize("columns", [60, 120])
def test_a_name_acts_on_nothing(tmp_path: Path, columns: int) -> None:
    odd = "\x1b[31mred\u202eder"
    for of in (("a", odd), ("a", "b", odd)):
        run = make(
            tmp_path / str(len(of)), lambda who, case, repeat: Say(value=float(who == odd)), who=of
        )
        shown_of = Comparison(run)
        said = shown_of.table(columns)
        assert "Prefer ‹U+001B›" in said
        for text in (said, shown_of.html().partition("<script")[0]):
            assert "\x1b" not in text
            assert "\u202e" not in text
            assert "red‹U+202E›der" in text
