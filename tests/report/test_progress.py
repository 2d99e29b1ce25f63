"""Bars on a terminal, lines elsewhere, never both; and counting that costs next to nothing."""

import re
import time
from dataclasses import replace
from io import StringIO

import pytest

from tests.report.fixtures import PASSED, QWEN, SMOL, TRIALS, reply, trial
from visavis.report.progress import Progress, screen
from visavis.report.tally import Tally

TOTALS = {(QWEN, "logic"): 6, (SMOL, "logic"): 6, (QWEN, "humaneval"): 4, (SMOL, "humaneval"): 4}


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_pipe_gets_lines_and_no_control_characters() -> None:
    file = StringIO()
    progress = Progress(file, line_every_s=0.01)
    with progress.asking():
        progress.started(TOTALS)
        for one in TRIALS:
            progress.finished(one)
            time.sleep(0.002)
    lines = plain(file.getvalue()).splitlines()
    assert "\x1b" not in file.getvalue()
    assert "\r" not in file.getvalue()
    assert len(lines) > 1
    assert lines[-1] == (
        "qwen2.5-coder-0.5b logic 6/6 67%; smollm2-135m logic 6/6 50% 1 failed; "
        "qwen2.5-coder-0.5b humaneval 4/4 100%; smollm2-135m humaneval 4/4 25%"
    )


def test_a_pipe_is_not_told_the_same_twice() -> None:
    file = StringIO()
    progress = Progress(file, line_every_s=0.005)
    with progress.asking():
        progress.started(TOTALS)
        progress.finished(TRIALS[0])
        time.sleep(0.05)
    lines = file.getvalue().splitlines()
    assert len(lines) == len(set(lines))


def test_a_terminal_gets_bars_with_score_interval_and_failures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    file = Terminal()
    progress = Progress(file)
    with progress.asking():
        progress.started(TOTALS)
        for one in TRIALS:
            progress.finished(one)
    drawn = plain(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", file.getvalue()))
    assert "logic      qwen2.5-coder-0.5b  ━" in drawn
    assert "6/6  67% (30% to 90%)" in drawn
    assert "1 failed" in drawn
    assert file.getvalue().count("\n") < 20


def test_a_narrow_terminal_gets_scores_without_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    file = Terminal()
    progress = Progress(file)
    with progress.asking():
        progress.started(TOTALS)
        progress.finished(TRIALS[0])
    assert "100%" in file.getvalue()
    assert " to " not in file.getvalue()


def test_notes_stand_on_lines_of_their_own() -> None:
    file = Terminal()
    progress = Progress(file)
    with progress.asking():
        progress.started(TOTALS)
        progress.note("the server asks for a pause\x1b[2J")
    assert "the server asks for a pause‹U+001B›[2J" in file.getvalue()
    piped = StringIO()
    Progress(piped).note("a note")
    assert piped.getvalue() == "a note\n"


def test_time_left_is_that_of_the_slowest_candidate_at_its_pace() -> None:
    clock = Clock()
    tally = Tally("en", clock)
    tally.expect({("A", "logic"): 60, ("B", "logic"): 60})
    for n in range(20):
        clock.now_s += 1.0
        tally.add(trial("A", "logic", n, reply("no"), PASSED))
        clock.now_s += 2.0
        tally.add(trial("B", "logic", n, reply("no"), PASSED))
    assert plain(tally.rest()) == "about 2 min left"


def test_while_something_was_not_begun_it_takes_longer_than_what_is_known() -> None:
    clock = Clock()
    tally = Tally("en", clock)
    tally.expect({("A", "logic"): 60, ("A", "humaneval"): 10})
    assert tally.rest() == ""
    for n in range(20):
        clock.now_s += 1.0
        tally.add(trial("A", "logic", n, reply("no"), PASSED))
    assert plain(tally.rest()) == "more than 40 s left"


def test_trials_of_earlier_sessions_and_reused_replies_say_nothing_of_the_pace() -> None:
    clock = Clock()
    tally = Tally("en", clock, since="2026-11-22T10:00:00+00:00")
    tally.expect({("A", "logic"): 60})
    earlier = trial("A", "logic", 0, reply("no"), PASSED)
    for n in range(20):
        now = f"2026-11-22T10:00:{n:02d}.500+00:00"
        tally.add(earlier)
        tally.add(replace(earlier, asked_at=now, reused=True))
    clock.now_s += 5.0
    assert tally.rest() == ""
    for n in range(15):
        clock.now_s += 1.0
        tally.add(replace(earlier, asked_at=f"2026-11-22T10:00:{n:02d}.500+00:00"))
    assert plain(tally.rest()) == "about 7 s left"


def test_price_so_far_counts_what_was_paid_now() -> None:
    tally = Tally("en", Clock())
    tally.expect({(QWEN, "logic"): 3})
    paid = replace(trial(QWEN, "logic", 0, reply("no"), PASSED), usd=0.012)
    tally.add(paid)
    tally.add(replace(paid, reused=True))
    assert tally.rest() == "$0.0120 so far"


def test_a_total_may_change_on_the_way_and_what_was_counted_stays() -> None:
    tally = Tally("en", clock=lambda: 0.0)
    tally.expect({(QWEN, "logic"): 500})
    tally.add(next(t for t in TRIALS if t.key.candidate == QWEN and t.key.benchmark == "logic"))
    tally.expect({(QWEN, "logic"): 1})
    (count,) = tally.counts.values()
    assert (count.done, count.total) == (1, 1)


def test_a_trial_nobody_announced_is_passed_over() -> None:
    tally = Tally("en", Clock())
    tally.add(TRIALS[0])
    assert tally.line() == ""


def test_counting_a_trial_takes_microseconds() -> None:
    progress = Progress(StringIO())
    progress.started({(QWEN, "logic"): 20_000})
    one = TRIALS[0]
    began = time.process_time()
    for _ in range(20_000):
        progress.finished(one)
    assert time.process_time() - began < 0.5  # 25 µs each would be 40 times what was measured


def test_a_download_tells_a_pipe_how_far_it_is() -> None:
    clock, file = Clock(), StringIO()
    with Progress(file, line_every_s=60, clock=clock).downloading("smollm2-135m") as received:
        received(0, 98_362_432)
        clock.now_s = 10.0
        received(49_181_216, 98_362_432)
    assert plain(file.getvalue()) == "smollm2-135m: 49.2 MB of 98.4 MB, about 10 s left\n"


def test_a_download_of_unknown_size_tells_what_is_here() -> None:
    file = StringIO()
    with Progress(file, line_every_s=60).downloading("x") as received:
        received(1_500_000, None)
    assert plain(file.getvalue()) == "x: 1.50 MB\n"


def test_a_download_draws_a_bar_on_a_terminal() -> None:
    file = Terminal()
    with Progress(file).downloading("smollm2-135m") as received:
        received(0, None)
        received(98_362_432, 98_362_432)
    assert "98.4 MB of 98.4 MB" in plain(file.getvalue())


@pytest.mark.parametrize("kind", [StringIO, Terminal])
def test_a_file_that_is_here_already_needs_no_bar(kind: type[StringIO]) -> None:
    file = kind()
    with Progress(file).downloading("smollm2-135m"):
        pass
    assert "smollm2" not in file.getvalue()


def test_a_question_goes_to_the_user_if_there_is_one() -> None:
    assert screen(StringIO()).agrees("Go on?")
    assert not Progress(StringIO(), agrees=lambda question: False).agrees("Go on?")


def test_a_screen_speaks_french() -> None:
    file = StringIO()
    progress = screen(file, lang="fr")
    with progress.asking():
        progress.started({(SMOL, "logic"): 2})
        progress.finished(TRIALS[9])
    assert plain(file.getvalue()) == "smollm2-135m logic 1/2 1 échec\n"
