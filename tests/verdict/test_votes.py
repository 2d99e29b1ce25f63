"""What votes come to: who won how often, how votes and scores agree, what moves a voter."""

from dataclasses import replace

import pytest

from visavis.core.trial import TrialKey
from visavis.core.vote import Choice, Vote
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.votes import Graded, Poll, poll

NAMES = ("amber", "birch")


def vote(case: int, choice: Choice, *, turned: bool = False, voter: str = "") -> Vote:
    left, right = NAMES[::-1] if turned else NAMES
    return Vote(
        benchmark="sums",
        case=f"c{case}",
        repeat=0,
        left=left,
        right=right,
        choice=choice,
        seconds=float(case),
        voter=voter,
        at="2026-11-22T10:00:00+00:00",
    )


def graded(case: int, amber: float | None, birch: float | None) -> dict[TrialKey, Graded]:
    """Replies to one case; `amber` writes the longer ones."""
    return {
        TrialKey(name, "sums", f"c{case}", 0): Graded(score=score, characters=length)
        for name, score, length in (("amber", amber, 20), ("birch", birch, 10))
    }


def polled(votes: list[Vote], replies: dict[TrialKey, Graded] | None = None) -> Poll:
    found = poll(votes, NAMES, replies or {}, lambda _, case: case)
    assert found is not None
    return found


def test_a_poll_of_nothing_is_none() -> None:
    assert poll([], NAMES, {}, lambda _, case: case) is None
    assert poll([vote(0, "skip")], NAMES, {}, lambda _, case: case) is None


def test_votes_are_counted_for_candidates_and_not_for_sides() -> None:
    votes = [vote(0, "left"), vote(1, "right", turned=True), vote(2, "tie"), vote(3, "right")]
    found = polled([*votes, vote(4, "skip")])
    (pair,) = found.pairs
    assert (pair.for_a, pair.for_b, pair.ties) == (2, 1, 1)
    assert isinstance(pair.share_a, Estimate)
    assert pair.share_a.value == 0.625
    assert (found.votes, found.ties, found.skipped) == (4, 1, 1)
    assert found.median_s == 1.5


def test_votes_on_candidates_of_another_run_are_left_out() -> None:
    assert polled([vote(0, "left"), replace(vote(1, "left"), left="dogwood")]).votes == 1


def test_voters_are_counted_in_the_order_of_their_first_vote() -> None:
    votes = [vote(0, "left", voter="Ana"), vote(0, "left"), vote(1, "left", voter="Ana")]
    assert polled(votes).voters == (("Ana", 2), ("", 1))


def test_strengths_follow_from_all_votes() -> None:
    votes = [vote(case, "left" if case % 4 else "right") for case in range(20)]
    (_, amber), (_, birch) = polled(votes).strengths
    assert isinstance(amber, Estimate)
    assert isinstance(birch, Estimate)
    assert amber.value == pytest.approx(-birch.value)
    assert amber.low > 0


def test_votes_of_several_on_one_case_count_as_one_group() -> None:
    alone = polled([vote(case, "left" if case % 4 else "right") for case in range(20)])
    voters = [
        vote(case, "left" if case % 4 else "right", voter=voter)
        for voter in "abcd"
        for case in range(20)
    ]
    (_, single), (_, repeated) = alone.strengths[0], polled(voters).strengths[0]
    assert isinstance(single, Estimate)
    assert isinstance(repeated, Estimate)
    width = single.high - single.low
    assert repeated.high - repeated.low == pytest.approx(width, rel=0.25)


def test_cases_that_all_rise_and_fall_together_are_taken_one_by_one() -> None:
    votes = [vote(case, "left" if case % 4 else "right") for case in range(20)]
    together = poll(votes, NAMES, {}, lambda _, case: "one subject")
    assert together == polled(votes)


def test_agreement_is_with_scores_that_differ_and_ties_are_told_apart() -> None:
    replies = graded(0, 1, 0) | graded(1, 0, 1) | graded(2, 1, 1) | graded(3, 1, None)
    replies |= graded(4, 0, 1) | graded(5, 1, 0)
    choices: tuple[Choice, ...] = ("left", "right", "left", "left", "left", "tie")
    found = polled([vote(case, choice) for case, choice in enumerate(choices)], replies).agreement
    assert isinstance(found.decided, Estimate)
    assert found.decided.value == pytest.approx(2 / 3)  # cases 0 and 1, not 4
    assert found.ties == 1
    assert isinstance(found.kappa, Estimate)


def test_always_naming_one_candidate_is_no_agreement_beyond_chance() -> None:
    replies: dict[TrialKey, Graded] = {}
    votes = []
    for case in range(20):
        turned = case % 2 == 0
        replies |= graded(case, 1, 0) if case < 15 else graded(case, 0, 1)
        votes.append(vote(case, "right" if turned else "left", turned=turned))  # always amber
    found = polled(votes, replies).agreement
    assert isinstance(found.decided, Estimate)
    assert found.decided.value == 0.75
    assert isinstance(found.kappa, Estimate)
    assert found.kappa.value == pytest.approx(0.0)


def test_without_scores_there_is_no_agreement_to_tell() -> None:
    found = polled([vote(0, "left")]).agreement
    assert isinstance(found.decided, TooFew)
    assert found.ties == 0


def test_a_liking_for_a_side_and_for_length_is_seen() -> None:
    replies = {key: one for case in range(8) for key, one in graded(case, 1, 1).items()}
    votes = [vote(case, "left", turned=case % 4 == 0) for case in range(8)]
    found = polled([*votes, vote(9, "tie")], replies)
    assert isinstance(found.left, Estimate)
    assert found.left.value == 1.0
    assert isinstance(found.longer, Estimate)
    assert found.longer.value == 0.75


def test_replies_of_one_length_tell_nothing_of_a_liking_for_length() -> None:
    replies = {key: Graded(score=1, characters=5) for key in graded(0, 1, 1)}
    assert isinstance(polled([vote(0, "left")], replies).longer, TooFew)


def test_pairs_without_a_vote_are_not_listed() -> None:
    found = poll([vote(0, "left")], (*NAMES, "cedar"), {}, lambda _, case: case)
    assert found is not None
    assert [(pair.a, pair.b) for pair in found.pairs] == [NAMES]
    assert all(isinstance(one, TooFew) for _, one in found.strengths)
