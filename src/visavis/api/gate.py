"""`visavis gate`: two runs of the same cases, and whether the second may replace the first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from visavis.api.around import Surroundings, find
from visavis.api.comparison import Comparison
from visavis.core.errors import OptionError
from visavis.core.registry import unknown
from visavis.core.trial import Trial
from visavis.measure.observe import counts, observations
from visavis.measure.run_folder import HEAD
from visavis.measure.spec import is_speed, way_of
from visavis.measure.speed import SPEED
from visavis.measure.store import RunStore
from visavis.options.runs import GateOptions
from visavis.verdict.compare import judge
from visavis.verdict.gate import BASE, CANDIDATE, Gate, gate
from visavis.verdict.policy_file import policy_of

Words = tuple[object, ...]
"""In which a case was asked, and by what its replies are graded."""


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
    again: int = 0
    """Of the shared ones, those of which both runs hold the same reply, given once."""
    elsewhere: bool = False
    """Speed was measured on two machines, and is no matter of the candidate."""
    musts: int = 0
    """What must hold by the policy: that is for a verdict, not for a gate."""


def gated(base: str, candidate: str, options: GateOptions, around: Surroundings) -> Gated:
    """Pairs what both runs asked, and judges it by the policy."""
    sides = (_side(base, around), _side(candidate, around))
    policy = policy_of(options.policy)
    drawn = [side.run.facts.spec.drawn for side in sides]
    if drawn[0] != drawn[1]:
        raise OptionError("one of the runs stopped when it was decided; run both in one way")
    _check_benchmarks(*sides)
    elsewhere = len({side.run.facts.spec.machine.get("cpu") for side in sides}) > 1
    cases = [_cases(side, without_speed=elsewhere) for side in sides]
    same = cases[0].keys() & cases[1].keys()
    for key in sorted(same):
        if cases[0][key] != cases[1][key]:
            raise OptionError(
                f"case {key[1]!r} of {key[0]!r} was not asked in the same words in both runs; "
                "run the base again"
            )
    if not same:
        raise OptionError("the two runs share no case; run them on the same benchmarks")
    trials = [*_named(sides[0], BASE, same), *_named(sides[1], CANDIDATE, same)]
    seen = observations(trials, sides[0].run.facts.group_of)
    judgement = judge(seen, counts(trials), (CANDIDATE, BASE), policy, drawn[0])
    return Gated(
        gate=gate(judgement, policy),
        base=sides[0],
        candidate=sides[1],
        shared=len(same),
        apart=len(cases[0].keys() ^ cases[1].keys()),
        again=_again(trials),
        elsewhere=elsewhere and all(_has_speed(side) for side in sides),
        musts=len(policy.must),
    )


def _check_benchmarks(base: Side, candidate: Side) -> None:
    """Another way of asking or grading would be taken for another candidate."""
    before = {one.name: one for one in base.run.facts.spec.benchmarks}
    for one in candidate.run.facts.spec.benchmarks:
        if way_of(one) != way_of(before.get(one.name, one)):
            raise OptionError(
                f"{one.name!r} was asked or graded in another way in the base; run the base again"
            )


def _side(text: str, around: Surroundings) -> Side:
    """`RUN`, or `RUN#NAME` where a run has several candidates."""
    named, name = _split(text)
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


def _split(text: str) -> tuple[str, str]:
    """Run and candidate; a folder may have the sign in its name, as a candidate may."""
    ends = [at for at, sign in enumerate(text) if sign == "#"]
    for end in (len(text), *reversed(ends)):
        if (Path(text[:end]).expanduser() / HEAD).exists():
            return text[:end], text[end + 1 :]
    named, _, name = text.partition("#")
    return named, name


def _cases(side: Side, *, without_speed: bool) -> dict[tuple[str, str], Words]:
    """What it was asked, in which words."""
    asked = {t.key[1:3] for t in side.run.bare_trials if t.key.candidate == side.name}
    benchmarks = {benchmark for benchmark, _ in asked if benchmark != SPEED}
    with RunStore.open(side.run.folder) as store:
        words = {
            (benchmark, name): (kept.prompt.messages, kept.case.target, kept.case.fields)
            for benchmark in benchmarks
            for name, kept in store.kept(benchmark).items()
        }
    counted = (key for key in asked if not (without_speed and key[0] == SPEED))
    return {(benchmark, case): words.get((benchmark, case), ()) for benchmark, case in counted}


def _has_speed(side: Side) -> bool:
    trials = side.run.bare_trials
    return any(t.key.candidate == side.name and t.key.benchmark == SPEED for t in trials)


def _again(trials: Sequence[Trial]) -> int:
    """Cases of which both have a reply that was given at the same moment: one took the other's."""
    given = {trial.key: trial.asked_at for trial in trials if trial.asked_at}
    return len(
        {
            key[1:3]
            for key, at in given.items()
            if key.candidate == CANDIDATE and given.get(key._replace(candidate=BASE)) == at
        }
    )


def _named(side: Side, name: str, same: set[tuple[str, str]]) -> Iterator[Trial]:
    for trial in side.run.bare_trials:
        if trial.key.candidate == side.name and (trial.key.benchmark, trial.key.case) in same:
            yield replace(trial, key=trial.key._replace(candidate=name))
