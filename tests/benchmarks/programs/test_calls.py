"""What is drawn for a check, and what is kept of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.programs.bare_stage import BareStage
from tests.benchmarks.programs.five import only
from visavis.benchmarks.programs.base import UnmetError, findings
from visavis.benchmarks.programs.calls import (
    TRACE_CHARACTERS,
    Trace,
    brief,
    ending,
    text,
)
from visavis.benchmarks.programs.draw import Draw
from visavis.benchmarks.programs.todo import TODO
from visavis.scoring.fence.stage import Done


@given(st.integers(-99, 99), st.integers(0, 99), st.integers())
def test_whole_numbers_are_drawn_within_their_bounds(low: int, more: int, seed: int) -> None:
    draw = Draw("test", seed)

    assert all(low <= draw.whole(low, low + more) <= low + more for _ in range(20))


def test_the_same_seed_draws_the_same_and_no_word_comes_twice() -> None:
    words = Draw("test", 1).words(500)

    assert words == Draw("test", 1).words(500)
    assert words != Draw("test", 2).words(500)
    assert len(set(words)) == 500


def test_numbers_are_drawn_apart_from_each_other() -> None:
    assert sorted(Draw("test").numbers(9, 1, 9)) == list(range(1, 10))


def test_a_trace_keeps_its_beginning_and_counts_the_rest() -> None:
    trace = Trace()
    for number in range(100):
        trace.add(f"{number} " + "x" * 300)
    (seen,) = trace.evidence("add")

    assert seen.data.startswith(b"0 xxx")
    assert len(seen.data) < TRACE_CHARACTERS + 200
    assert b"more" in seen.data.splitlines()[-1]


def test_a_long_line_is_cut_and_letters_without_a_writing_are_kept_out() -> None:
    trace = Trace()
    trace.add("y" * 9999, "\ud800")
    (seen,) = trace.evidence("add")

    assert len(seen.data) < 500


def test_a_finding_is_one_line_however_much_a_program_prints(bare_stage: BareStage) -> None:
    task = only(TODO, {"add"})
    (finding,) = findings(task, "print('spam\\n' * 50_000)\n", bare_stage)

    assert not finding.holds
    assert len(finding.because) < 500
    assert "\n" not in finding.because


def test_what_is_not_utf_8_is_told() -> None:
    with pytest.raises(UnmetError, match="not UTF-8"):
        text(b"\xff")


def test_a_long_value_is_shortened_for_a_sentence() -> None:
    assert len(brief("x" * 999)) < 130


def test_endings_are_told_in_words() -> None:
    def done(code: int | None) -> Done:
        return Done(stdout=b"", stderr=b"", code=code)

    assert [ending(done(code)) for code in (3, -9, None)] == [
        "exit code 3",
        "signal 9",
        "no exit code",
    ]
