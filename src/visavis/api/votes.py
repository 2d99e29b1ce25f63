"""The votes of a run, judged beside what its trials say."""

from collections.abc import Iterable
from pathlib import Path

from visavis.core.outcome import Reply, Score
from visavis.core.trial import Trial
from visavis.measure.matchups import words
from visavis.measure.votes import votes_in
from visavis.report.run_facts import RunFacts
from visavis.verdict.votes import Graded, Poll, poll


def poll_of(folder: Path, facts: RunFacts, trials: Iterable[Trial]) -> Poll | None:
    """What everybody's votes come to; None where there are none."""
    votes = votes_in(folder)
    if not votes:
        return None
    replies = {
        trial.key: Graded(
            score=trial.grade.value if isinstance(trial.grade, Score) else None,
            characters=len(words(trial.outcome)),
        )
        for trial in trials
        if isinstance(trial.outcome, Reply)
    }
    names = [candidate.name for candidate in facts.spec.candidates]
    return poll(votes, names, replies, facts.group_of)
