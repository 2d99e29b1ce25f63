"""Votes in words: shares with intervals, open ends said, absences as sentences."""

import json
from dataclasses import replace
from io import StringIO

from tests.report.fixtures import JUDGEMENT, QWEN, RUN, SMOL, TRIALS
from tests.report.hostile import HOSTILE
from visavis.core.trial import TrialKey
from visavis.core.vote import Choice, Vote
from visavis.report.export import results
from visavis.report.markdown import markdown
from visavis.report.page import page
from visavis.report.terminal import show
from visavis.report.view import View, view
from visavis.report.votes import VotesView, votes_view
from visavis.verdict.votes import Graded, Poll, poll


def polled(choices: str, *, names: tuple[str, ...] = (QWEN, SMOL), voter: str = "") -> Poll:
    """Of one letter a vote: l, r, t, s; the first candidate on the left, scores now and then."""
    told: dict[str, Choice] = {"l": "left", "r": "right", "t": "tie", "s": "skip"}
    votes = [
        Vote(
            benchmark="logic",
            case=f"c{n}",
            repeat=0,
            left=names[0],
            right=names[1],
            choice=told[choice],
            seconds=14.2,
            voter=voter if n % 2 else "",
        )
        for n, choice in enumerate(choices)
    ]
    replies = {
        TrialKey(name, "logic", f"c{n}", 0): Graded(
            score=float(place == n % 2), characters=10 * (place + 1)
        )
        for place, name in enumerate(names)
        for n in range(len(choices))
    }
    found = poll(votes, names, replies, lambda _, case: case)
    assert found is not None
    return found


def text(seen: VotesView) -> str:
    return "\n".join((*seen.lines, seen.reading))


def seen(found: Poll) -> View:
    return view(JUDGEMENT, replace(RUN, votes=found), TRIALS, "en")


def test_votes_are_told_with_shares_strengths_and_intervals() -> None:
    told = text(votes_view(polled("lllrlltlrlls", voter="Ana"), "en"))
    assert "11 blind votes, 1 of them a tie, 1 pair skipped, by no name 6 and Ana 5" in told
    assert f"{QWEN} against {SMOL}: won 8, lost 2, ties 1, 77% (" in told
    assert f"{QWEN}: strength by votes +" in told
    assert "Where the automatic scores of two replies differ, " in told
    assert "Cohen's kappa of votes and scores is " in told
    assert "1 vote saw no difference where the scores have one." in told
    assert "The longer of two replies got 20%" in told


def test_the_strongest_comes_first_and_keeps_its_colour() -> None:
    told = votes_view(polled("rrrrlrr"), "en").strengths
    assert [(row.candidate, row.place) for row in told] == [(SMOL, 1), (QWEN, 0)]


def test_an_interval_without_an_end_is_said_to_have_none() -> None:
    told = votes_view(polled("l" * 12), "en")
    assert told.strengths[0].interval.endswith("to +∞")
    assert told.strengths[1].interval.startswith("−∞")
    assert f"no upper limit to the strength of {QWEN}:" in text(told)
    assert f"no lower limit to the strength of {SMOL}:" in text(told)


def test_a_liking_for_a_side_is_said() -> None:
    assert "a liking for a side" in text(votes_view(polled("l" * 12), "en"))
    assert "no liking for a side was shown" in text(votes_view(polled("lr" * 6), "en"))


def test_ties_alone_give_no_strength_and_say_why() -> None:
    told = votes_view(polled("tttt"), "en")
    assert [row.strength for row in told.strengths] == ["every vote is a tie"] * 2
    assert "4 votes saw no difference where the scores have one." in told.sentences


def test_a_candidate_nobody_compared_leaves_strengths_open() -> None:
    told = votes_view(polled("lr", names=(QWEN, SMOL, "third")), "en")
    assert {row.strength for row in told.strengths} == {"not every candidate is compared yet"}


def test_votes_on_replies_of_equal_score_say_nothing_of_agreement() -> None:
    vote = Vote(
        benchmark="logic", case="c", repeat=0, left=QWEN, right=SMOL, choice="left", seconds=1.0
    )
    votes = poll([vote], (QWEN, SMOL), {}, lambda _, case: case)
    assert votes is not None
    assert "No vote with a winner was on replies whose automatic scores differ." in (
        votes_view(votes, "en").sentences
    )


def test_every_form_of_the_report_mentions_votes() -> None:
    whole, terminal = seen(polled("lllrlltlrlls")), StringIO()
    show(whole, terminal, columns=120)
    assert "11 blind votes" in terminal.getvalue()
    assert "## Votes" in markdown(whole)
    assert "11 blind votes" in markdown(whole)
    html = page(whole)
    assert 'id="votes"' in html
    assert "Pair by pair" in html


def test_a_run_without_votes_does_not() -> None:
    whole, terminal = view(JUDGEMENT, RUN, TRIALS, "en"), StringIO()
    show(whole, terminal, columns=120)
    assert "vote" not in terminal.getvalue() + markdown(whole)
    assert 'id="votes"' not in page(whole)


def test_names_that_try_to_be_more_stay_text() -> None:
    found = polled("lr" * 4, names=(HOSTILE[0], HOSTILE[9]), voter=HOSTILE[1])
    whole = seen(found)
    html = page(whole)
    assert "<script>alert" not in html
    assert "‹U+202E›" in html
    assert "<script>" not in markdown(whole)


def test_votes_are_in_the_data_and_an_open_end_is_null() -> None:
    told = json.loads(results(JUDGEMENT, replace(RUN, votes=polled("l" * 8)), TRIALS))["votes"]
    first = told["strengths"][0]
    assert first["candidate"] == QWEN
    assert first["strength"]["high"] is None
    assert 0 < first["strength"]["low"] < first["strength"]["value"]
    assert told["pairs"][0]["for_a"] == 8
    assert told["voters"] == [{"name": "", "votes": 8}]
    assert json.loads(results(JUDGEMENT, RUN, TRIALS))["votes"] is None
