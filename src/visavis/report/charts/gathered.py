"""What the drawings need of a run's trials, gathered in one pass, the same in every language.

However many trials there are, what is kept of a distribution are so many of its steps, and of
cases how often each combination of outcomes was met.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeVar

from visavis.core.outcome import Reply
from visavis.core.trial import Trial
from visavis.measure.spec import RunSpec
from visavis.measure.speed import SPEED
from visavis.report.marks import mark
from visavis.stats.estimate import Estimate, Groups, TooFew
from visavis.stats.quantile import at, quantile
from visavis.stats.ratio import amount_mean
from visavis.verdict.tries import Tries

T = TypeVar("T")

STEPS: Final = 200
"""Of a distribution's line: more cannot be seen."""
TAILS: Final = (0.5, 0.95)

UNASKED, RIGHT, WRONG, LEFT = range(4)
"""What became of a case, the worst of its tries; `LEFT` has a failure or a reply without a grade,
and says nothing of who was right."""
_STATES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """The time within which a share of the replies began."""

    share: float
    value: float
    known: Estimate | TooFew


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """One candidate's times to first token on one benchmark, of replies made for this run."""

    n: int
    steps: tuple[float, ...]
    """Some of them in order of size, evenly spread; all where they are few."""
    tails: tuple[Tail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """By benchmark, then by the candidate's place."""

    first_tokens: Mapping[str, Mapping[int, Waits]]
    seconds: Mapping[str, Mapping[int, Estimate | TooFew]]
    """Of a reply from sending to its end, on average."""
    outcomes: Mapping[str, Mapping[tuple[int, ...], int]]
    """How many cases came out so, candidate by candidate."""


def gathered(
    spec: RunSpec, group_of: Callable[[str, str], str], trials: Iterable[Trial]
) -> Gathered:
    """One pass over all trials; `group_of` tells the group by benchmark and case."""
    places = {candidate.name: place for place, candidate in enumerate(spec.candidates)}
    first, total, cases = _Timed(), _Timed(), dict[str, dict[str, int]]()
    for trial in trials:
        benchmark, case = trial.key.benchmark, trial.key.case
        place, group = places[trial.key.candidate], group_of(benchmark, case)
        first_s, total_s = _times(trial)
        first.add(benchmark, place, group, first_s)
        total.add(benchmark, place, group, total_s)
        if benchmark != SPEED:
            codes = cases.setdefault(benchmark, {})
            codes[case] = _worse(codes.get(case, 0), place, _state(trial))
    return Gathered(
        first_tokens=first.each(_waits),
        seconds=total.each(amount_mean),
        outcomes={name: _combined(codes.values(), len(places)) for name, codes in cases.items()},
    )


class _Timed:
    """Seconds by benchmark, candidate and group."""

    def __init__(self) -> None:
        self._of = defaultdict[str, defaultdict[int, Tries]](lambda: defaultdict(Tries))

    def add(self, benchmark: str, place: int, group: str, seconds: float | None) -> None:
        if seconds is not None:
            self._of[benchmark][place].add(group, seconds)

    def each(self, made: Callable[[Groups], T]) -> dict[str, dict[int, T]]:
        return {
            benchmark: {
                place: made([by[group] for group in by]) for place, by in sorted(of.items())
            }
            for benchmark, of in self._of.items()
        }


def _times(trial: Trial) -> tuple[float | None, float | None]:
    """First token and whole reply, in seconds; of a reused reply neither says anything."""
    outcome = trial.outcome
    if trial.reused or not isinstance(outcome, Reply) or outcome.stamps is None:
        return None, None
    return outcome.stamps.first_token_s, outcome.stamps.total_s


def _state(trial: Trial) -> int:
    found = mark(trial)
    if found == "solved":
        return RIGHT
    return LEFT if found in ("failed", "ungraded") else WRONG


def _worse(code: int, place: int, state: int) -> int:
    """All candidates' outcomes of a case in one number, to the base of how many there are."""
    unit: int = _STATES**place
    before = code // unit % _STATES
    return code + (max(before, state) - before) * unit


def _combined(codes: Iterable[int], many: int) -> dict[tuple[int, ...], int]:
    return {
        tuple(code // _STATES**place % _STATES for place in range(many)): n
        for code, n in Counter(codes).items()
    }


def _waits(groups: Groups) -> Waits:
    ranked = sorted(chain.from_iterable(groups))
    return Waits(
        n=len(ranked),
        steps=tuple(thinned(ranked)),
        tails=tuple(
            Tail(share=share, value=at(ranked, share), known=quantile(groups, share))
            for share in TAILS
        ),
    )


def thinned(ranked: Sequence[float]) -> Iterator[float]:
    """At most `STEPS` of them, the k-th with k / STEPS of all at or below it, the largest last."""
    n = len(ranked)
    if n <= STEPS:
        yield from ranked
        return
    for k in range(1, STEPS + 1):
        yield ranked[-(-k * n // STEPS) - 1]
