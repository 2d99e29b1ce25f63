"""What people's blind votes come to: strengths, shares by pair, and how votes and scores agree.

Votes are a finding of their own. They enter no score and no verdict.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from visavis.core.trial import TrialKey
from visavis.core.vote import Vote
from visavis.stats.agreement import kappa, raw_agreement
from visavis.stats.bradley_terry import Duel, strengths
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.proportion import share


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What is known of a reply beside the votes on it."""

    score: float | None
    """The automatic one; None where it could not be graded."""
    characters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairVotes:
    """All votes on one pair of candidates."""

    a: str
    b: str
    for_a: int
    for_b: int
    ties: int
    share_a: Estimate | TooFew
    """Of the votes, a tie counted half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Votes on replies whose automatic scores differ."""

    decided: Estimate | TooFew
    """Share of those with a winner whose winner has the better score."""
    kappa: Estimate | TooFew
    """Of which candidate of a pair was better, by vote and by score."""
    ties: int
    """Votes that saw no difference where the scores have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What all votes on a run come to."""

    votes: int
    """Ties included, skips not."""
    ties: int
    skipped: int
    voters: tuple[tuple[str, int], ...]
    """Votes by voter, in the order of their first."""
    strengths: tuple[tuple[str, Estimate | TooFew], ...]
    """By candidate: natural logarithm of its odds against one as strong as the mean of all."""
    pairs: tuple[PairVotes, ...]
    agreement: Agreement
    left: Estimate | TooFew
    """Share of the votes with a winner that fell on the left side."""
    longer: Estimate | TooFew
    """Share of the votes with a winner that fell on the longer of two replies."""
    median_s: float
    """Half of the votes took no longer."""


def poll(
    votes: Iterable[Vote],
    candidates: Sequence[str],
    replies: Mapping[TrialKey, Graded],
    group_of: Callable[[str, str], str],
) -> Poll | None:
    """Count and judge votes on replies of these candidates; None where there are none.

    `group_of` says of a benchmark's case with which others it rises and falls.
    """
    known = [vote for vote in votes if {vote.left, vote.right} <= set(candidates)]
    cast = [vote for vote in known if vote.choice != "skip"]
    if not cast:
        return None
    groups = _grouped(cast, group_of)
    place = {name: number for number, name in enumerate(candidates)}
    duels = [
        [Duel(place[v.left], place[v.right], _won(v, v.left)) for v in group] for group in groups
    ]
    fitted = strengths(duels, len(candidates))
    return Poll(
        votes=len(cast),
        ties=sum(vote.choice == "tie" for vote in cast),
        skipped=len(known) - len(cast),
        voters=tuple(Counter(vote.voter for vote in cast).items()),
        strengths=tuple(zip(candidates, fitted, strict=True)),
        pairs=tuple(_pairs(groups, candidates)),
        agreement=_agreement(groups, place, replies),
        left=share(_each(groups, lambda v: None if v.winner is None else v.winner == v.left)),
        longer=share(_each(groups, lambda v: _longer_won(v, replies))),
        median_s=median(vote.seconds for vote in cast),
    )


def _grouped(votes: Sequence[Vote], group_of: Callable[[str, str], str]) -> list[list[Vote]]:
    """Votes that rise and fall together; where all would, those on one case."""
    by_group: defaultdict[tuple[str, str], list[Vote]] = defaultdict(list)
    by_case: defaultdict[tuple[str, str], list[Vote]] = defaultdict(list)
    for vote in votes:
        by_group[vote.benchmark, group_of(vote.benchmark, vote.case)].append(vote)
        by_case[vote.benchmark, vote.case].append(vote)
    return list((by_group if len(by_group) > 1 else by_case).values())


def _won(vote: Vote, candidate: str) -> float:
    return 0.5 if vote.winner is None else float(vote.winner == candidate)


def _pairs(groups: Sequence[Sequence[Vote]], candidates: Sequence[str]) -> Iterable[PairVotes]:
    for a, b in combinations(candidates, 2):
        own = _on(groups, {a, b})
        if own:
            won = [[_won(vote, a) for vote in group] for group in own]
            counts = Counter(value for group in won for value in group)
            yield PairVotes(
                a=a,
                b=b,
                for_a=counts[1.0],
                for_b=counts[0.0],
                ties=counts[0.5],
                share_a=share(won),
            )


def _on(groups: Sequence[Sequence[Vote]], pair: set[str]) -> list[list[Vote]]:
    return _kept(groups, lambda vote: {vote.left, vote.right} == pair)


def _kept(groups: Sequence[Sequence[Vote]], wanted: Callable[[Vote], bool]) -> list[list[Vote]]:
    kept = [[vote for vote in group if wanted(vote)] for group in groups]
    return [group for group in kept if group]


def _each(
    groups: Sequence[Sequence[Vote]], told: Callable[[Vote], bool | None]
) -> list[list[float]]:
    """1 or 0 of each vote that tells something."""
    values = [[told(vote) for vote in group] for group in groups]
    said = [[float(value) for value in group if value is not None] for group in values]
    return [group for group in said if group]


def _agreement(
    groups: Sequence[Sequence[Vote]], place: Mapping[str, int], replies: Mapping[TrialKey, Graded]
) -> Agreement:
    apart = _kept(groups, lambda vote: bool(_better(vote, replies)))
    ties = sum(vote.winner is None for group in apart for vote in group)
    # By which of the pair stands first in the run, so that always naming one is no agreement.
    named = [
        [
            (_first(vote, vote.winner, place), _first(vote, _better(vote, replies), place))
            for vote in group
            if vote.winner is not None
        ]
        for group in apart
    ]
    named = [group for group in named if group]
    return Agreement(decided=raw_agreement(named), kappa=kappa(named), ties=ties)


def _first(vote: Vote, better: str | None, place: Mapping[str, int]) -> bool:
    return better == min(vote.left, vote.right, key=place.__getitem__)


def _better(vote: Vote, replies: Mapping[TrialKey, Graded]) -> str | None:
    """The candidate with the better automatic score; None where they do not differ."""
    left, right = (_reply(vote, side, replies) for side in (vote.left, vote.right))
    if left is None or right is None or left.score is None or right.score is None:
        return None
    if left.score == right.score:
        return None
    return vote.left if left.score > right.score else vote.right


def _longer_won(vote: Vote, replies: Mapping[TrialKey, Graded]) -> bool | None:
    left, right = (_reply(vote, side, replies) for side in (vote.left, vote.right))
    if vote.winner is None or not left or not right or left.characters == right.characters:
        return None
    return (vote.winner == vote.left) == (left.characters > right.characters)


def _reply(vote: Vote, candidate: str, replies: Mapping[TrialKey, Graded]) -> Graded | None:
    return replies.get(TrialKey(candidate, vote.benchmark, vote.case, vote.repeat))
