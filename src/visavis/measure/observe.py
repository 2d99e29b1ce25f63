"""From trials to observations and counts. Pure.

A failure is never a wrong answer and never an observation of quality; it is counted. Quality and
price come from the cases, speed from the benchmark `speed` alone, whose requests were sent one at
a time and never reused.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from visavis.core.observation import Axis, Counts, Observation
from visavis.core.outcome import Failure, Reply, Score
from visavis.core.trial import Trial
from visavis.measure.speed import SPEED

SEVERAL = 5
"""Cases from which on it tells something that all get one answer."""

_AXES: dict[str, Axis] = {
    "score": "quality",
    "usd": "price",
    "output_tokens": "price",
    "first_token_s": "speed",
    "output_tokens_per_s": "speed",
}


def observations(
    trials: Iterable[Trial], group_of: Callable[[str, str], str]
) -> Iterator[Observation]:
    """Every number in `trials`; `group_of(benchmark, case)` names the group a case is in.

    Repeats of a case are observations of one unit, the case. Where a benchmark is one case, which
    has its name, each try is a unit: what is said then is said of that case alone.
    """
    for trial in trials:
        key = trial.key
        group = group_of(key.benchmark, key.case)
        numbers = _speed(trial) if key.benchmark == SPEED else _quality_and_price(trial)
        for measure, value in numbers:
            yield Observation(
                candidate=key.candidate,
                axis=_AXES[measure],
                measure=measure,
                benchmark=key.benchmark,
                unit_id=key.case if key.case != key.benchmark else f"{key.case}/{key.repeat + 1}",
                group=group,
                value=value,
            )


def counts(trials: Iterable[Trial]) -> list[Counts]:
    """What became of the trials, by candidate and benchmark, in the order they are first met."""
    tallies = defaultdict[tuple[str, str], _Tally](_Tally)
    for trial in trials:
        tallies[trial.key.candidate, trial.key.benchmark].add(trial)
    return [tally.counts(*of) for of, tally in tallies.items()]


@dataclass(slots=True)
class _Tally:
    asked: int = 0
    scored: int = 0
    unscored: int = 0
    unparsed: int = 0
    truncated: int = 0
    reused: int = 0
    answers: set[str] = field(default_factory=set)
    """What was read, until two are not the same."""
    cases: set[str] = field(default_factory=set)
    """Of which it was read, until they are several."""
    missed: bool = False
    """Whether any such answer was not right."""
    failures: Counter[str] = field(default_factory=Counter)

    def add(self, trial: Trial) -> None:
        self.asked += 1
        self.reused += trial.reused
        if isinstance(trial.outcome, Failure):
            self.failures[trial.outcome.kind] += 1
        elif isinstance(trial.grade, Score):
            self.scored += 1
            self.unparsed += trial.grade.read is None
            self.truncated += trial.outcome.truncated
            if trial.grade.read is not None and len(self.answers) < 2:
                self.answers.add(trial.grade.read)
                self.missed |= trial.grade.value < 1
                if len(self.cases) < SEVERAL:
                    self.cases.add(trial.key.case)
        else:
            self.unscored += 1

    def counts(self, candidate: str, benchmark: str) -> Counts:
        return Counts(
            candidate=candidate,
            benchmark=benchmark,
            asked=self.asked,
            scored=self.scored,
            failed=self.failures.total(),
            unscored=self.unscored,
            unparsed=self.unparsed,
            truncated=self.truncated,
            reused=self.reused,
            failures=tuple(self.failures.most_common()),
            always=self._always(),
        )

    def _always(self) -> str | None:
        told = self.missed and len(self.answers) == 1 and len(self.cases) == SEVERAL
        return next(iter(self.answers)) if told else None


def _quality_and_price(trial: Trial) -> Iterator[tuple[str, float]]:
    if isinstance(trial.grade, Score):
        yield "score", trial.grade.value
    if trial.usd is not None:
        yield "usd", trial.usd
    if isinstance(trial.outcome, Reply) and trial.outcome.usage is not None:
        yield "output_tokens", float(trial.outcome.usage.output_tokens)


def _speed(trial: Trial) -> Iterator[tuple[str, float]]:
    reply = trial.outcome
    if isinstance(reply, Failure) or reply.stamps is None or trial.reused:
        return
    if reply.stamps.first_token_s is not None:
        yield "first_token_s", reply.stamps.first_token_s
    if reply.usage is not None:
        answer_tokens = reply.usage.output_tokens - reply.usage.reasoning_tokens
        per_s = reply.stamps.output_tokens_per_s(answer_tokens)
        if per_s is not None:
            yield "output_tokens_per_s", per_s
