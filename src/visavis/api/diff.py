"""`visavis diff`: what changed in a candidate from one run to a later one.

Cases asked in the same words in both runs are paired; where few are, each run's cases stand for
themselves, and what is said is wider. A reply that the later run took from an earlier one was not
given anew: it says nothing of what has changed since, and does not count.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from visavis.api.around import Surroundings, find
from visavis.api.comparison import Comparison
from visavis.api.diff_facts import Stated, facts_changed, stated
from visavis.api.diff_pairs import alone, paired
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.core.outcome import Reply, Score
from visavis.core.trial import Trial
from visavis.measure.observe import counts, observations
from visavis.measure.spec import BenchmarkSpec, RunSpec, is_speed, way_of
from visavis.measure.speed import SPEED
from visavis.measure.store import RunStore
from visavis.options.runs import DiffOptions
from visavis.report.diff import Diff, Flips, LeftOut, WhatChanged, Why
from visavis.verdict.changes import Twice, Who, changes
from visavis.verdict.drift import Asking, Said, Served, Suspect, drifts
from visavis.verdict.policy_file import policy_of

PAIRED_FROM = 0.5
"""Of the run with fewer cases, the part that the other has to share for the two to be paired."""

Tries = dict[str, list[Trial]]
"""By case."""


def diff(old: str, new: str, options: DiffOptions, around: Surroundings) -> Diff:
    """What changed from `old` to `new`, candidate by candidate."""
    folders = [find(run, around.home) for run in (old, new)]
    if folders[0].samefile(folders[1]) and not options.candidate:
        raise OptionError(f"{old!r} and {new!r} are one run; name two, or its candidates")
    kinds = [is_speed(folder) for folder in folders]
    if kinds[0] != kinds[1]:
        raise OptionError(f"one of {old!r} and {new!r} measured speed alone; name two of a kind")
    if kinds[0]:
        from visavis.api.diff_speed import speed_diff  # it loads what times requests

        return speed_diff((old, new), folders, options)
    sides = Side(Comparison(folders[0])), Side(Comparison(folders[1]))
    pairs = paired([side.spec.candidates for side in sides], options.candidate)
    seen = [Together(*sides, a, b) for a, b in pairs]
    policy = policy_of(options.policy)
    changed = changes([one.twice for one in seen], policy)
    suspects = [suspect for one in seen if (suspect := one.suspect) is not None]
    drifted = {one.of.who: one for one in drifts(suspects)}
    return Diff(
        old=old,
        new=new,
        policy=policy.name,
        candidates=tuple(
            WhatChanged(
                who=one.who,
                changes=tuple(change for change in changed if change.who == one.who),
                drift=drifted.get(one.who),
                flips=one.flips,
                facts=facts_changed(told(one.old, one.before), told(one.new, one.after)),
                left_out=one.left_out,
                again=one.again,
            )
            for one in seen
        ),
        alone=alone([side.spec.candidates for side in sides], pairs),
    )


@dataclass(frozen=True)
class Side:
    """One of the two runs."""

    run: Comparison

    @property
    def spec(self) -> RunSpec:
        return self.run.facts.spec

    @cached_property
    def words(self) -> dict[str, dict[str, tuple[object, ...]]]:
        """How each case was asked, and by what its replies are graded, by benchmark."""
        with RunStore.open(self.run.folder) as store:
            return {
                one.name: {
                    name: (kept.prompt, kept.case.target, kept.case.fields)
                    for name, kept in store.kept(one.name).items()
                }
                for one in self.spec.benchmarks
            }

    @cached_property
    def group_of(self) -> Callable[[str, str], str]:
        return self.run.facts.group_of

    def tries(self, candidate: str, benchmark: str) -> Tries:
        return self._tries.get((candidate, benchmark), {})

    @cached_property
    def _tries(self) -> dict[tuple[str, str], Tries]:
        found: dict[tuple[str, str], Tries] = {}
        for trial in self.run.trials:
            of = found.setdefault(trial.key[:2], {})
            of.setdefault(trial.key.case, []).append(trial)
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """One benchmark as both runs asked it of the candidate."""

    name: str
    old: Tries
    new: Tries
    paired: bool
    again: int = 0
    """Cases left out, of which the new run took a reply from the old one."""


@dataclass(frozen=True)
class Together:
    """One candidate in both runs."""

    old: Side
    new: Side
    before: Candidate
    after: Candidate

    @property
    def who(self) -> Who:
        return Who(self.before.name, self.after.name)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What can be compared."""
        return tuple(one for one in self._all if isinstance(one, Part))

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """What cannot, and why."""
        return tuple(one for one in self._all if isinstance(one, LeftOut))

    @property
    def again(self) -> int:
        """Cases of which the new run has a reply that was given to the old one."""
        return sum(one.again for one in self._all)

    @cached_property
    def _all(self) -> tuple[Part | LeftOut, ...]:
        old = {one.name: one for one in self.old.spec.benchmarks}
        new = {one.name: one for one in self.new.spec.benchmarks}
        found: list[Part | LeftOut] = []
        for name in dict.fromkeys([*old, *new]):
            why = _why_not(old.get(name), new.get(name))
            found.append(self._part(name) if why is None else LeftOut(name, why))
        return (*found, *self._speed())

    def _part(self, name: str) -> Part | LeftOut:
        """The benchmark without what the new run took from the old one."""
        old = self.old.tries(self.before.name, name)
        new = self.new.tries(self.after.name, name)
        again = {case for case in old.keys() & new.keys() if self._is_again(old[case], new[case])}
        old = {case: tries for case, tries in old.items() if case not in again}
        new = {case: tries for case, tries in new.items() if case not in again}
        if not (old and new):
            why: Why = "nothing was asked anew" if again else "one of the runs has no trial of it"
            return LeftOut(name, why, len(again))
        words = self.old.words[name], self.new.words[name]
        same = [case for case in old if case in new and words[0].get(case) == words[1].get(case)]
        if len(same) >= PAIRED_FROM * min(len(old), len(new)):
            old, new = ({case: tries[case] for case in same} for tries in (old, new))
            return Part(name, old, new, paired=True, again=len(again))
        if name in self.old.spec.drawn or name in self.new.spec.drawn:
            return LeftOut(name, "stopped when decided, on other cases", len(again))
        return Part(name, old, new, paired=False, again=len(again))

    def _is_again(self, old: Sequence[Trial], new: Sequence[Trial]) -> bool:
        """A reply is the same one where it was given at the same moment, or is of one recording."""
        recorded = self.after.kind == "recorded" and self.before.snapshot == self.after.snapshot
        before = {(trial.asked_at, _text(trial)) for trial in old}
        return any(
            recorded or (trial.asked_at and (trial.asked_at, _text(trial)) in before)
            for trial in new
        )

    def _speed(self) -> Iterator[Part | LeftOut]:
        """Blocks of two days are no pairs; on two machines a local candidate is two."""
        old = self.old.tries(self.before.name, SPEED)
        new = self.new.tries(self.after.name, SPEED)
        if not (old and new):
            return
        cpus = {side.spec.machine.get("cpu") for side in (self.old, self.new)}
        if len(cpus) > 1 and "local" in (self.before.kind, self.after.kind):
            yield LeftOut(SPEED, "measured on another machine")
        else:
            yield Part(SPEED, old, new, paired=False)

    @property
    def twice(self) -> Twice:
        trials = [
            [*_all(part.old for part in self.parts)],
            [*_all(part.new for part in self.parts)],
        ]
        observed = [
            tuple(observations(of, side.group_of))
            for of, side in zip(trials, (self.old, self.new), strict=True)
        ]
        return Twice(
            who=self.who,
            old=observed[0],
            new=observed[1],
            counts=(tuple(counts(trials[0])), tuple(counts(trials[1]))),
            unpaired=[part.name for part in self.parts if not part.paired],
            drawn={**self.old.spec.drawn, **self.new.spec.drawn},
        )

    @property
    def suspect(self) -> Suspect | None:
        """None where another snapshot is asked, or a recording, which cannot change."""
        if self.before.snapshot != self.after.snapshot or self.after.kind == "recorded":
            return None
        return Suspect(
            who=self.who,
            snapshot=self.after.snapshot,
            asked=tuple(
                Asking(
                    benchmark=part.name,
                    old=_said(part.old),
                    new=_said(part.new),
                    groups={case: self.old.group_of(part.name, case) for case in part.old},
                )
                for part in self.parts
                if part.paired
            ),
            served=(
                served(_all(part.old for part in self.parts)),
                served(_all(part.new for part in self.parts)),
            ),
        )

    @property
    def flips(self) -> tuple[Flips, ...]:
        """Cases that lost, and that won, of the benchmarks that are paired."""
        found = []
        for part in self.parts:
            if part.paired:
                old, new = _marks(part.old), _marks(part.new)
                lost = tuple(case for case in old if case in new and new[case] < old[case])
                won = tuple(case for case in old if case in new and new[case] > old[case])
                found.append(Flips(part.name, lost, won, len(part.old)))
        return tuple(found)


def _why_not(old: BenchmarkSpec | None, new: BenchmarkSpec | None) -> Why | None:
    """What keeps one benchmark of two runs from being compared."""
    if old is None or new is None:
        return "only the new run asked it" if old is None else "only the old run asked it"
    if way_of(old) == way_of(new):
        return None
    if old.departures != new.departures:
        return "asked otherwise than before"
    return "another version of the benchmark" if old.version != new.version else "another protocol"


def told(side: Side, candidate: Candidate) -> Stated:
    """What is stated of a candidate in one run, and what its server called itself."""
    said = served(t for t in side.run.trials if t.key.candidate == candidate.name)
    return stated(candidate, side.spec.machine) | {
        "served": tuple(sorted(said.models)),
        "fingerprint": tuple(sorted(said.fingerprints)),
    }


def served(trials: Iterable[Trial]) -> Served:
    """What the server called itself."""
    replies = [t.outcome for t in trials if isinstance(t.outcome, Reply) and not t.reused]
    return Served(
        models=frozenset(r.model for r in replies if r.model),
        fingerprints=frozenset(r.fingerprint for r in replies if r.fingerprint),
    )


def _all(parts: Iterable[Tries]) -> Iterator[Trial]:
    for part in parts:
        for tries in part.values():
            yield from tries


def _text(trial: Trial) -> str:
    outcome = trial.outcome
    return outcome.text or outcome.refusal or "" if isinstance(outcome, Reply) else ""


def _said(tries: Tries) -> dict[str, list[Said]]:
    """What was replied; a failure is no reply."""
    return {
        case: [
            Said(
                text=_text(trial),
                finish=trial.outcome.finish,
                score=trial.grade.value if isinstance(trial.grade, Score) else None,
                tokens=None if (u := trial.outcome.usage) is None else float(u.output_tokens),
            )
            for trial in of
            if isinstance(trial.outcome, Reply)
        ]
        for case, of in tries.items()
    }


def _marks(tries: Tries) -> dict[str, float]:
    """Mean mark of each case that has one."""
    found = {
        case: [trial.grade.value for trial in of if isinstance(trial.grade, Score)]
        for case, of in tries.items()
    }
    return {case: sum(values) / len(values) for case, values in found.items() if values}
