"""Runs with replies to be compared by hand, made without asking anybody."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.measure.things import candidate, spec, sums
from visavis.core.outcome import Evidence, Failure, Grade, Outcome, Reply, Score
from visavis.core.trial import Trial, TrialKey
from visavis.measure.plan import Asked
from visavis.measure.store import RunStore

NAMES = ("maple", "birch", "cedar")

Says = Callable[[str, int], str | Outcome]
"""What a candidate replied to the case of this number."""


def differently(name: str, number: int) -> str:
    """No two candidates say the same, and none says its name."""
    return f"reply {number} in {len(name)} {sum(map(ord, name))}"


def made(
    folder: Path,
    says: Says = differently,
    *,
    names: Sequence[str] = NAMES[:2],
    asked: Sequence[Asked] | None = None,
    cases: int = 6,
    seen: tuple[Evidence, ...] = (),
) -> Path:
    """A run at rest; the first candidate solves every case, the others every second one.

    `seen` is what checks kept of each reply.
    """
    whole = tuple(asked or (sums(cases),))
    told = spec(whole, [candidate(name) for name in names])
    passed = {"candidates": [f"http://127.0.0.1:1/v1#{name}" for name in names]}
    with RunStore.begin(folder, replace(told, passed=passed)) as store:
        store.add_cases(whole)
        for one in whole:
            for number, case in enumerate(one.cases):
                for name in names:
                    said = says(name, number)
                    outcome = Reply(text=said) if isinstance(said, str) else said
                    right = name == names[0] or number % 2 == 0
                    store.add(_trial(name, one.benchmark.name, case.id, outcome, right, seen))
    return folder


def _trial(
    name: str,
    benchmark: str,
    case: str,
    outcome: Outcome,
    right: bool,
    seen: tuple[Evidence, ...],
) -> Trial:
    grade: Grade | None = Score(
        value=float(right), because="as the test has it", read="x", evidence=seen
    )
    return Trial(
        key=TrialKey(name, benchmark, case, 0),
        outcome=outcome,
        grade=None if isinstance(outcome, Failure) else grade,
        usd=None,
    )
