"""`visavis arena`: a voter, the pairs of replies still to be judged, and where votes are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from visavis.api.comparison import Comparison
from visavis.core.errors import OptionError
from visavis.core.outcome import Reply
from visavis.core.registry import unknown
from visavis.core.trial import TrialKey
from visavis.core.vote import Choice, Vote
from visavis.measure.matchups import Matchup, Matchups, matchups, words
from visavis.measure.spec import RunSpec, is_speed
from visavis.measure.store import RunStore
from visavis.measure.votes import Numbered, VoteStore, votes_in
from visavis.options import ArenaOptions, Language
from visavis.report.arena_judged import VotedPair, voted_pairs
from visavis.report.arena_page import Side, bout
from visavis.report.text import counted
from visavis.report.votes import VotesView, votes_view

_LONGEST_S = 86_400.0
"""What a page says of its own clock is believed up to a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a voter has come."""

    total: int
    """Pairs of replies to be judged in all."""
    kept: int
    """Votes, ties included."""
    skipped: int

    @property
    def left(self) -> int:
        return self.total - self.kept - self.skipped


class Arena:
    """One voter before the replies of one run. Whatever it answers is on the disk by then."""

    def __init__(self, folder: Path, options: ArenaOptions) -> None:
        """Reads the run, and refuses one in which there is nothing to compare."""
        if is_speed(folder):
            raise OptionError(f"run {folder.name!r} measured speed; an arena needs replies")
        self.folder = folder
        self._voter = options.voter.strip()
        with RunStore.open(folder) as store:
            spec = store.spec
            names = [candidate.name for candidate in spec.candidates]
            benchmarks = _benchmarks(spec, options.on)
            trials = [trial for trial in store.trials() if trial.key.benchmark in benchmarks]
        self.plan = matchups(trials, names, benchmarks, options.seed)
        _check(self.plan, folder.name, names)
        self._texts = {
            trial.key: words(trial.outcome) for trial in trials if isinstance(trial.outcome, Reply)
        }
        self._place = {_key(one): place for place, one in enumerate(self.plan.in_order)}
        self._store = RunStore.open(folder)
        self._votes = VoteStore(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._votes.close()
        self._store.close()

    def standing(self) -> Standing:
        """How far the voter has come, as the disk has it."""
        return self._standing(self._own())

    def state(self) -> dict[str, object]:
        """All that the page shows next; no candidate is named in it."""
        own = self._own()
        done = {self._place[_key(one.vote)] for one in own}
        total = len(self.plan.in_order)
        following = next((place for place in range(total) if place not in done), None)
        return {
            "done": len(done),
            "total": total,
            "skipped": self._standing(own).skipped,
            "undo": own[-1].number if own else None,
            "bout": None if following is None else self._bout(following),
        }

    def _own(self) -> list[Numbered]:
        """The voter's votes on what is planned here."""
        return [one for one in self._votes.of(self._voter) if _key(one.vote) in self._place]

    def _standing(self, own: Sequence[Numbered]) -> Standing:
        skipped = sum(one.vote.choice == "skip" for one in own)
        kept = len(own) - skipped
        return Standing(total=len(self.plan.in_order), skipped=skipped, kept=kept)

    def vote(self, pair: int, choice: Choice, seconds: float) -> bool:
        """Keep a vote on one pair; False where it was judged before, and that vote stands."""
        if not 0 <= pair < len(self.plan.in_order):
            raise OptionError(f"there is no pair {pair}; reload the page")
        one = self.plan.in_order[pair]
        return self._votes.add(
            Vote(
                benchmark=one.benchmark,
                case=one.case,
                repeat=one.repeat,
                left=one.left,
                right=one.right,
                choice=choice,
                seconds=min(max(seconds, 0.0), _LONGEST_S),
                voter=self._voter,
            )
        )

    def undo(self, number: int) -> None:
        """Take one vote back; nothing where that was done before."""
        self._votes.take_back(number, self._voter)

    def put_back_skipped(self) -> None:
        """Put what was skipped before the voter again."""
        self._votes.put_back_skipped(self._voter)

    def results(self, lang: Language) -> tuple[VotesView | None, tuple[VotedPair, ...]]:
        """What everybody's votes come to, with names; and what judges said of the replies that
        this voter has voted on. For any thread: it opens the run anew."""
        run = Comparison(self.folder, lang=lang)
        every = (vote for vote in votes_in(self.folder) if vote.voter == self._voter)
        votes = [vote for vote in every if _key(vote) in self._place]
        judged = voted_pairs(votes, run.heard, self._texts, lang) if votes else ()
        return None if run.poll is None else votes_view(run.poll, lang), judged

    def _bout(self, place: int) -> dict[str, object]:
        one = self.plan.in_order[place]
        asked = self._store.case(one.benchmark, one.case)
        keys = [TrialKey(who, one.benchmark, one.case, one.repeat) for who in (one.left, one.right)]
        left, right = (Side(self._texts[key], self._store.evidence(key)) for key in keys)
        return bout(place, asked, one.benchmark, left, right)


_Key = tuple[str, str, int, frozenset[str]]


def _key(one: Matchup | Vote) -> _Key:
    """Two replies, on whichever sides they stood."""
    return one.benchmark, one.case, one.repeat, frozenset((one.left, one.right))


def _benchmarks(spec: RunSpec, on: Sequence[str]) -> set[str]:
    """Those asked for, by name, protocol or family; all where none is named."""
    wanted = [name.strip() for text in on for name in text.split(",") if name.strip()]
    known = {one.name: {one.name, one.protocol, one.name.split("@")[0]} for one in spec.benchmarks}
    for name in wanted:
        if not any(name in names for names in known.values()):
            raise unknown("benchmark of this run", name, sorted(known))
    return {name for name, names in known.items() if not wanted or names & set(wanted)}


def _check(plan: Matchups, run: str, names: Sequence[str]) -> None:
    if plan.in_order:
        return
    if len(names) < 2:
        raise OptionError(f"run {run!r} has one candidate; an arena needs two to compare")
    raise OptionError(
        f"run {run!r} has no two replies to compare: {counted(plan.identical)} pairs say the same "
        f"word for word, and of {counted(plan.without)} one is missing; choose another run"
    )
