"""People's votes as data: strengths, pairs, and how votes and automatic scores agree."""

from dataclasses import dataclass

from visavis.report.export_behind import EstimateData, estimate_data
from visavis.report.run_facts import RunFacts
from visavis.verdict.votes import Poll


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthData:
    """One candidate: natural logarithm of its odds against one as strong as the mean of all."""

    candidate: str
    strength: EstimateData
    """Null ends of an interval that has a value are open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairVotesData:
    """All votes on one pair."""

    a: str
    b: str
    for_a: int
    for_b: int
    ties: int
    share_a: EstimateData
    """Of the votes, a tie counted half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoterData:
    """One person."""

    name: str
    """Empty for the one who did not say."""
    votes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VotesData:
    """What people's blind votes come to. They enter no score and no verdict."""

    votes: int
    ties: int
    skipped: int
    voters: tuple[VoterData, ...]
    strengths: tuple[StrengthData, ...]
    pairs: tuple[PairVotesData, ...]
    agreement: EstimateData
    """Where automatic scores differ: share of the votes with a winner that name the better one."""
    kappa: EstimateData
    """Cohen's, of votes and automatic scores."""
    ties_where_scores_differ: int
    left: EstimateData
    """Share of the votes with a winner that fell on the left side."""
    longer: EstimateData
    """Share of the votes with a winner that fell on the longer reply."""
    median_s: float


def votes_data(run: RunFacts) -> VotesData | None:
    """The votes on a run; None where there are none."""
    return None if run.votes is None else _data(run.votes)


def _data(poll: Poll) -> VotesData:
    return VotesData(
        votes=poll.votes,
        ties=poll.ties,
        skipped=poll.skipped,
        voters=tuple(VoterData(name=name, votes=votes) for name, votes in poll.voters),
        strengths=tuple(
            StrengthData(candidate=candidate, strength=estimate_data(found))
            for candidate, found in poll.strengths
        ),
        pairs=tuple(
            PairVotesData(
                a=pair.a,
                b=pair.b,
                for_a=pair.for_a,
                for_b=pair.for_b,
                ties=pair.ties,
                share_a=estimate_data(pair.share_a),
            )
            for pair in poll.pairs
        ),
        agreement=estimate_data(poll.agreement.decided),
        kappa=estimate_data(poll.agreement.kappa),
        ties_where_scores_differ=poll.agreement.ties,
        left=estimate_data(poll.left),
        longer=estimate_data(poll.longer),
        median_s=poll.median_s,
    )
