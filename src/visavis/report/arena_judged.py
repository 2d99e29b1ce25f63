"""What judges said of the replies that a person voted on: shown after the vote, never before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visavis.core.trial import TrialKey
from visavis.core.vote import Vote
from visavis.options import Language
from visavis.report.judges_said import JudgedReply, heard_view
from visavis.report.language import Words
from visavis.report.text import line, visible
from visavis.scoring.heard import Heard

MOST_PAIRS = 30
"""Of the latest votes."""
_LONGEST = 4000
"""Characters of a text that is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VotedPair:
    """Two replies with names, the vote on them, and what judges said."""

    case: str
    vote: str
    replies: tuple[tuple[JudgedReply, str], ...]
    """Each with its text."""


def voted_pairs(
    votes: Sequence[Vote],
    heard: Mapping[TrialKey, Heard],
    texts: Mapping[TrialKey, str],
    lang: Language,
) -> tuple[VotedPair, ...]:
    """Those of which a judge spoke, the latest first; `votes` in the order given."""
    pairs = (_pair(vote, heard, texts, lang) for vote in reversed(votes) if vote.choice != "skip")
    return tuple(pair for pair in pairs if pair.replies)[:MOST_PAIRS]


def _pair(
    vote: Vote, heard: Mapping[TrialKey, Heard], texts: Mapping[TrialKey, str], lang: Language
) -> VotedPair:
    _ = Words(lang)
    keys = [
        TrialKey(name, vote.benchmark, vote.case, vote.repeat) for name in (vote.left, vote.right)
    ]
    winner = vote.winner
    return VotedPair(
        case=line(vote.case),
        vote=_("You said: a tie.")
        if winner is None
        else _("You said: {name} is better.", name=line(winner)),
        replies=tuple(
            (
                JudgedReply(
                    case=line(vote.case),
                    candidate=line(key.candidate),
                    heard=heard_view(heard[key], lang),
                ),
                shortened(texts.get(key, "")),
            )
            for key in keys
            if key in heard
        ),
    )


def shortened(text: str) -> str:
    """The beginning of a long text, with unseen characters written out."""
    return visible(text) if len(text) <= _LONGEST else visible(text[:_LONGEST]) + "…"
