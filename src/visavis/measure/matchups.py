"""Which two replies a person compares next: all of a run in one order, drawn by a seed."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import heapify, heappop, heapreplace
from itertools import combinations
from json import dumps
from typing import NamedTuple

from visavis.core.outcome import Reply
from visavis.core.trial import Trial


class Matchup(NamedTuple):
    """Two candidates' replies to one try of one case, and the sides they were drawn for."""

    benchmark: str
    case: str
    repeat: int
    left: str
    right: str

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.left, self.right))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matchups:
    """All that can be compared in a run, in the order in which it is put to a voter."""

    in_order: tuple[Matchup, ...]
    identical: int
    """Pairs of replies that say the same, word for word: nobody is asked about those."""
    without: int
    """Pairs of which one candidate gave no reply."""


_Told = Mapping[str, str | None]
"""What each candidate replied to one try of one case; None where it failed."""


def matchups(
    trials: Iterable[Trial], candidates: Sequence[str], benchmarks: Collection[str], seed: int
) -> Matchups:
    """Every pair of candidates on every try of every case of these benchmarks."""
    tries: defaultdict[tuple[str, str, int], dict[str, str | None]] = defaultdict(dict)
    for trial in trials:
        key = trial.key
        if key.benchmark in benchmarks:
            outcome = trial.outcome
            reply = words(outcome) if isinstance(outcome, Reply) else None
            tries[key.benchmark, key.case, key.repeat][key.candidate] = reply
    possible: list[Matchup] = []
    counted: Counter[str] = Counter()
    for (benchmark, case, repeat), told in tries.items():
        for pair in combinations([one for one in candidates if one in told], 2):
            what = _comparable(told, *pair)
            counted[what] += 1
            if what == "differ":
                turned = _draw(seed, "sides", benchmark, case, repeat, *pair)[0] % 2
                left, right = pair[::-1] if turned else pair
                possible.append(Matchup(benchmark, case, repeat, left, right))
    return Matchups(
        in_order=tuple(_spread(possible, seed)),
        identical=counted["identical"],
        without=counted["without"],
    )


def words(reply: Reply) -> str:
    """What a person reads of a reply: its text, or the refusal in its place."""
    return reply.text or reply.refusal or ""


def _comparable(told: _Told, one: str, other: str) -> str:
    said, answered = told[one], told[other]
    if said is None or answered is None:
        return "without"
    return "identical" if said.strip() == answered.strip() else "differ"


def _spread(possible: Iterable[Matchup], seed: int) -> Iterator[Matchup]:
    """Pairs take turns; of a pair, the case comes next that was shown least; the rest is drawn.

    So whenever a voter stops, pairs and cases have been covered as evenly as they can be.
    """
    waiting: defaultdict[frozenset[str], list[tuple[int, bytes, Matchup]]] = defaultdict(list)
    for one in possible:
        waiting[one.pair].append((0, _draw(seed, "order", *one[:3], *sorted(one.pair)), one))
    turns = [(0, _draw(seed, "turn", *sorted(pair)), pair) for pair in waiting]
    heapify(turns)
    for heap in waiting.values():
        heapify(heap)
    shown: Counter[tuple[str, str]] = Counter()
    while turns:
        times, drawn, pair = turns[0]
        chosen = _least_shown(waiting[pair], shown)
        shown[chosen.benchmark, chosen.case] += 1
        yield chosen
        if waiting[pair]:
            heapreplace(turns, (times + 1, drawn, pair))
        else:
            heappop(turns)


def _least_shown(
    heap: list[tuple[int, bytes, Matchup]], shown: Mapping[tuple[str, str], int]
) -> Matchup:
    """Takes from the heap; entries whose case was shown since are put back where they belong."""
    while True:
        times, drawn, one = heap[0]
        now = shown[one.benchmark, one.case]
        if times == now:
            heappop(heap)
            return one
        heapreplace(heap, (now, drawn, one))


def _draw(seed: int, *what: str | int) -> bytes:
    """The same on any machine and in any version of Python."""
    return sha256(dumps([seed, *what]).encode()).digest()
