"""What is put before a judge, and what the judge made of it.

Asking a judge is asking a model: a judgement is a trial, whose candidate is the judge and whose
case is somebody's reply, or two replies in one order.
"""

import json
from dataclasses import dataclass
from typing import NamedTuple

from visavis.core.outcome import Grade, Reply, Unscored, Usage
from visavis.core.tell import tell
from visavis.core.trial import Trial, TrialKey

JUDGING = "judging"
"""The benchmark of which judges' trials are."""


class Item(NamedTuple):
    """One reply to be held against a rubric, or two replies side by side in one order."""

    benchmark: str
    case: str
    repeat: int
    """The try of the case to which the replies were given."""
    rubric: str
    """By its name among those of the case."""
    first: str
    """The candidate whose reply is shown, or is shown first."""
    second: str = ""
    """The other candidate; empty where a reply is judged for itself."""

    def key(self, judge: str) -> TrialKey:
        """Of the trial in which `judge` is asked for this."""
        return TrialKey(judge, JUDGING, json.dumps(self, ensure_ascii=False), 0)

    @classmethod
    def of(cls, key: TrialKey) -> "Item":
        """What was put before the judge in this trial."""
        return cls(*json.loads(key.case))

    @property
    def turned(self) -> "Item":
        """The same two replies in the other order."""
        return self._replace(first=self.second, second=self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What one judge made of one item."""

    judge: str
    item: Item
    grade: Grade
    """By a rubric: what the reply earned, 0 to 1, and the mark as it was `read`. Of a pair: what
    the reply shown first won: 1, 0.5 for a tie, or 0. Unscored where no verdict could be had."""
    usd: float | None
    usage: Usage | None
    total_s: float | None
    """From the request to the end of the judge's answer, where it was timed."""
    reused: bool


def ruling(trial: Trial) -> Ruling:
    """The judgement that a trial of a judge is."""
    outcome, grade = trial.outcome, trial.grade
    if not isinstance(outcome, Reply):
        grade = Unscored(because=tell("the judge failed: {told}", told=outcome.kind))
    elif outcome.truncated:
        grade = Unscored(because=tell("the judge was cut off before its verdict"))
    return Ruling(
        judge=trial.key.candidate,
        item=Item.of(trial.key),
        grade=grade or Unscored(because=tell("no verdict was read")),
        usd=trial.usd,
        usage=outcome.usage,
        total_s=None if outcome.stamps is None else outcome.stamps.total_s,
        reused=trial.reused,
    )
