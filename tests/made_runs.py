"""Runs made by hand, each trial as a test wants it: what tests of several runs share."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.measure.things import candidate, sums
from visavis.core.candidate import Candidate
from visavis.core.outcome import Failure, Outcome, Reply, Score, Usage
from visavis.core.trial import Trial, TrialKey
from visavis.measure.plan import Asked
from visavis.measure.spec import RunSpec, describe
from visavis.measure.store import RunStore

AT = "2026-11-21T10:00:00+00:00"


@dataclass(frozen=True, kw_only=True)
class Say:
    """What a candidate said to a case, and what that was worth."""

    text: str = "yes"
    value: float = 1.0
    tokens: int = 5
    model: str | None = None
    fails: bool = False
    reused: bool = False
    asked_at: str = ""
    """When it was asked; else a moment of its own in this run."""

    def trial(self, key: TrialKey, asked_at: str) -> Trial:
        outcome: Outcome = Failure(kind="timed out", detail="too slow")
        grade = None
        if not self.fails:
            usage = Usage(input_tokens=7, output_tokens=self.tokens)
            outcome = Reply(text=self.text, usage=usage, model=self.model)
            grade = Score(value=self.value, because="made", read=self.text)
        return Trial(
            key=key,
            outcome=outcome,
            grade=grade,
            usd=0.001,
            reused=self.reused,
            asked_at=self.asked_at or asked_at,
        )


Saying = Callable[[str, int, int], Say | None]
"""By candidate, number of the case and of the try; None for a trial that is still to come."""


def make(
    folder: Path,
    saying: Saying = lambda name, case, repeat: Say(),
    *,
    who: Sequence[str | Candidate] = ("a", "b"),
    asked: Iterable[Asked] = (sums(20),),
    at: str = AT,
    **told: Any,
) -> Path:
    """A run in which each candidate said so; `told` goes into its head."""
    asked = tuple(asked)
    people = tuple(candidate(one) if isinstance(one, str) else one for one in who)
    machine = {"at": at, "cpu": "A processor", "visavis": "0.1.0", **told.pop("machine", {})}
    passed = {"candidates": [f"scripted:{one.name}" for one in people]}
    spec = RunSpec(
        candidates=people,
        benchmarks=tuple(replace(describe(one), **told.pop("benchmark", {})) for one in asked),
        machine=machine,
        passed=passed | told.pop("passed", {}),
        **{"repeats": max(one.repeats for one in asked), **told},
    )
    with RunStore.begin(folder, spec) as store:
        store.add_cases(asked)
        for n, key in enumerate(_keys(people, asked)):
            said = saying(key.candidate, _number(key.case), key.repeat)
            if said is not None:
                store.add(said.trial(key, f"{at[:19]}.{n:06}"))
    return folder


def tried(asked: Asked, times: int) -> Asked:
    return replace(asked, repeats=times)


def part(asked: Asked, cases: slice) -> Asked:
    return replace(asked, cases=asked.cases[cases])


def _keys(people: Iterable[Candidate], asked: Iterable[Asked]) -> Iterable[TrialKey]:
    for one in asked:
        for case in one.cases:
            for repeat in range(one.repeats):
                for who in people:
                    yield TrialKey(who.name, one.benchmark.name, case.id, repeat)


def _number(case: str) -> int:
    return int(case.lstrip("c"))
