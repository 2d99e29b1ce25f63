"""`visavis gate`: two runs of the same cases, and whether the second may replace the first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from visavis.api.comparison import Comparison
from visavis.api.entry import find
from visavis.api.request import Surroundings
from visavis.core.errors import OptionError
from visavis.core.registry import unknown
from visavis.core.trial import Trial
from visavis.measure.observe import counts, observations
from visavis.measure.spec import is_speed
from visavis.options import GateOptions
from visavis.verdict.compare import judge
from visavis.verdict.gate import BASE, CANDIDATE, Gate, gate
from visavis.verdict.policy_file import policy_of


@dataclass(frozen=True, kw_only=True)
class Side:
    """One candidate of one run."""

    run: Comparison
    name: str


@dataclass(frozen=True, kw_only=True)
class Gated:
    """What the gate says, of whom, and on how many cases."""

    gate: Gate
    base: Side
    candidate: Side
    shared: int
    """Cases that both were asked."""
    apart: int
    """Cases that only one was asked; nothing is said of those."""


def gated(base: str, candidate: str, options: GateOptions, around: Surroundings) -> Gated:
    """Pairs what both runs asked, and judges it by the policy."""
    sides = (_side(base, around), _side(candidate, around))
    policy = policy_of(options.policy)
    drawn = [side.run.facts.spec.drawn for side in sides]
    if drawn[0] != drawn[1]:
        raise OptionError("one of the runs stopped when it was decided; run both in one way")
    cases = [_cases(side) for side in sides]
    same = cases[0].keys() & cases[1].keys()
    for key in same:
        if cases[0][key] != cases[1][key]:
            raise OptionError(
                f"case {key[1]!r} of {key[0]!r} was not asked in the same words in both runs; "
                "run the base again"
            )
    if not same:
        raise OptionError("the two runs share no case; run them on the same benchmarks")
    trials = [*_named(sides[0], BASE, same), *_named(sides[1], CANDIDATE, same)]
    groups = {
        (benchmark, stored.case.id): stored.case.group
        for benchmark, found in sides[0].run.facts.cases.items()
        for stored in found
    }
    seen = observations(trials, lambda benchmark, case: groups.get((benchmark, case), case))
    judgement = judge(seen, counts(trials), (CANDIDATE, BASE), policy, drawn[0])
    return Gated(
        gate=gate(judgement, policy),
        base=sides[0],
        candidate=sides[1],
        shared=len(same),
        apart=len(cases[0].keys() ^ cases[1].keys()),
    )


def _side(text: str, around: Surroundings) -> Side:
    """`RUN`, or `RUN#NAME` where a run has several candidates."""
    named, _, name = text.partition("#")
    folder: Path = find(named, around.home)
    if is_speed(folder):
        raise OptionError(f"run {named!r} measured speed alone; a gate needs a comparison")
    run = Comparison(folder)
    names = [one.name for one in run.facts.spec.candidates]
    if not name and len(names) > 1:
        raise OptionError(
            f"run {named!r} has several candidates; name one of them: '{named}#{names[0]}'"
        )
    if name and name not in names:
        raise unknown(f"candidate of run {named!r}", name, names)
    return Side(run=run, name=name or names[0])


def _cases(side: Side) -> dict[tuple[str, str], str]:
    """What it was asked, in which words."""
    asked = {
        (t.key.benchmark, t.key.case) for t in side.run.bare_trials if t.key.candidate == side.name
    }
    words = {
        (benchmark, stored.case.id): repr(stored.prompt.messages)
        for benchmark, found in side.run.facts.cases.items()
        for stored in found
    }
    return {key: words.get(key, "") for key in asked}


def _named(side: Side, name: str, same: set[tuple[str, str]]) -> Iterator[Trial]:
    for trial in side.run.bare_trials:
        if trial.key.candidate == side.name and (trial.key.benchmark, trial.key.case) in same:
            yield replace(trial, key=trial.key._replace(candidate=name))
