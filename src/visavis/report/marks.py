"""What became of a trial, in one word."""

from typing import Literal

from visavis.core.outcome import Failure, Score, Unscored
from visavis.core.trial import Trial
from visavis.report.language import N_

Mark = Literal["solved", "partly", "wrong", "unparsed", "ungraded", "failed"]

MARKS: dict[Mark, str] = {
    "solved": N_("solved"),
    "partly": N_("partly solved"),
    "wrong": N_("wrong"),
    "unparsed": N_("unparsed"),
    "ungraded": N_("ungraded"),
    "failed": N_("failed"),
}


def mark(trial: Trial) -> Mark:
    """As its grade says, or its failure."""
    match trial.grade:
        case None:
            return "failed" if isinstance(trial.outcome, Failure) else "ungraded"
        case Unscored():
            return "ungraded"
        case Score(value=value) if value >= 1:
            return "solved"
        case Score(value=value) if value > 0:
            return "partly"
        case Score(read=None):
            return "unparsed"
        case Score():
            return "wrong"
