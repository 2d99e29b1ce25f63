"""From what judges said to a reply's score. Pure: applied whenever a run is read.

What is put before a judge is an `Item`; a *thing* is what the judge is asked about: one reply, or
a pair of replies whichever is shown first (the item in the candidates' order stands for it). A
judge has an opinion of a pair only when it was asked in both orders, and the two are averaged: a
judge that names the first both times has said that it cannot tell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import fsum
from types import MappingProxyType

from visavis.core.case import Case
from visavis.core.outcome import Grade, Reply, Score, Unscored
from visavis.core.rubric import CHECKS_WEIGHT, PASS_SHARE, TO_BE_JUDGED, Rubric, rubrics_of
from visavis.core.ruling import Item, Ruling
from visavis.core.tell import tell
from visavis.core.trial import Trial, TrialKey

CHECKS = "checks"
"""Name of the mark for a case's other checks, beside those of its rubrics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Whose judgements count in a run."""

    judges: tuple[str, ...]
    against: str = ""
    """The candidate that all others are put beside in pairs; empty: each pair is asked."""


Opinions = Mapping[str, Mapping[Item, float | Unscored]]
"""What each judge makes of each thing: what the reply earned, or what the pair's first won."""


def things(
    case: Case, benchmark: str, repeat: int, replied: Sequence[str], against: str
) -> Iterator[Item]:
    """All that judges are asked about one try of a case that these candidates replied to."""
    for rubric in rubrics_of(case):
        if rubric.kind == "rubric":
            for name in replied:
                yield Item(benchmark, case.id, repeat, rubric.name, name)
            continue
        for first, second in combinations(replied, 2):
            if not against or against in (first, second):
                yield Item(benchmark, case.id, repeat, rubric.name, first, second)


def items(thing: Item) -> tuple[Item, ...]:
    """What is asked about a thing: a pair in both orders."""
    return (thing, thing.turned) if thing.second else (thing,)


def opinions(rulings: Iterable[Ruling], asked: Iterable[Item], judges: Sequence[str]) -> Opinions:
    """What each judge makes of each of the things `asked`."""
    grades = {(ruling.judge, ruling.item): ruling.grade for ruling in rulings}
    every = list(asked)
    return {
        judge: {
            thing: _opinion([grades.get((judge, item)) for item in items(thing)]) for thing in every
        }
        for judge in judges
    }


def _opinion(grades: Sequence[Grade | None]) -> float | Unscored:
    values = []
    for turned, grade in enumerate(grades):
        if grade is None:
            return Unscored(because=tell("was not asked yet"))
        if isinstance(grade, Unscored):
            return grade
        values.append(1 - grade.value if turned else grade.value)
    return fsum(values) / len(values)


def replies_by_try(trials: Iterable[Trial]) -> dict[tuple[str, str, int], list[str]]:
    """Who replied, by benchmark, case and repeat, in the order of `trials`."""
    replied: dict[tuple[str, str, int], list[str]] = {}
    for trial in trials:
        if isinstance(trial.outcome, Reply):
            replied.setdefault(trial.key[1:], []).append(trial.key.candidate)
    return replied


def things_of(
    trials: Iterable[Trial], cases: Mapping[tuple[str, str], Case], against: str
) -> list[Item]:
    """All that judges are asked about these trials; `trials` in the candidates' order."""
    return [
        thing
        for (benchmark, case, repeat), replied in replies_by_try(trials).items()
        if (benchmark, case) in cases
        for thing in things(cases[benchmark, case], benchmark, repeat, replied, against)
    ]


def earned(
    trials: Iterable[Trial], cases: Mapping[tuple[str, str], Case], found: Opinions
) -> dict[TrialKey, Mapping[str, float | Unscored]]:
    """By reply, what it earned by each rubric of its case; `cases` as for `judged`."""
    about: dict[TrialKey, list[Item]] = {}
    for thing in dict.fromkeys(thing for known in found.values() for thing in known):
        for name in filter(None, (thing.first, thing.second)):
            key = TrialKey(name, thing.benchmark, thing.case, thing.repeat)
            about.setdefault(key, []).append(thing)
    return {
        trial.key: {
            rubric.name: _value(
                rubric,
                trial.key.candidate,
                [one for one in about.get(trial.key, ()) if one.rubric == rubric.name],
                found,
            )
            for rubric in rubrics_of(cases[trial.key[1:3]])
        }
        for trial in trials
        if trial.key[1:3] in cases and isinstance(trial.outcome, Reply)
    }


def judged(
    trials: Sequence[Trial], cases: Mapping[tuple[str, str], Case], found: Opinions
) -> tuple[Trial, ...]:
    """The trials with what the judges said in their grades.

    `cases` are those with rubrics, by benchmark and id. A reply that not every judge has judged
    is unscored: a panel that shrinks where a judge fails would be another panel there.
    """
    values = earned(trials, cases, found) if found else {}
    return tuple(
        replace(trial, grade=_regraded(trial, cases[trial.key[1:3]], values.get(trial.key)))
        if trial.key[1:3] in cases and isinstance(trial.outcome, Reply)
        else trial
        for trial in trials
    )


def _regraded(
    trial: Trial, case: Case, values: Mapping[str, float | Unscored] | None
) -> Grade | None:
    if trial.grade is None or values is None:
        return TO_BE_JUDGED if trial.grade is not None else None
    return combined(case, trial.grade, values)


def _value(
    rubric: Rubric, candidate: str, own: Sequence[Item], found: Opinions
) -> float | Unscored:
    """What a reply earned by one rubric, from all judges and, in pairs, against all others."""
    if not own:
        return Unscored(because=tell("there is no other reply to put beside it"))
    values = []
    for judge, known in found.items():
        for thing in own:
            opinion = known[thing]
            if isinstance(opinion, Unscored):
                because = tell(
                    "{judge} on {rubric}: {told}",
                    judge=judge,
                    rubric=rubric.name,
                    told=opinion.because,
                )
                return Unscored(because=because)
            values.append(opinion if thing.first == candidate else 1 - opinion)
    share = fsum(values) / len(values)
    return _majority(share) if rubric.pass_mark is not None else share


def _majority(share: float) -> float:
    """What most judges say of a reply that passes or does not; a half where they are split."""
    return 0.5 if share == 0.5 else float(share > 0.5)


def combined(case: Case, grade: Grade, values: Mapping[str, float | Unscored]) -> Grade:
    """A reply's whole score: its other checks and what judges made of it, each by its weight."""
    marks: dict[str, tuple[float, float]] = {}
    if grade != TO_BE_JUDGED:
        if isinstance(grade, Unscored):
            return grade
        marks[CHECKS] = (float(case.fields.get(CHECKS_WEIGHT, "1")), grade.value)
    for rubric in rubrics_of(case):
        value = values[rubric.name]
        if isinstance(value, Unscored):
            return value
        marks[rubric.name] = (rubric.weight, value)
    share = fsum(w * value for w, value in marks.values()) / fsum(w for w, _ in marks.values())
    told = ", ".join(
        tell("{name} {mark:.2f}", name=name, mark=value) for name, (_, value) in marks.items()
    )
    before = grade if isinstance(grade, Score) else Score(value=share, because="", read=told)
    return Score(
        value=_passed(case, share),
        because="; ".join(part for part in (told, before.because) if part),
        read=before.read or told,
        marks=MappingProxyType(
            {**before.marks, **{name: value for name, (_, value) in marks.items()}}
            if len(marks) > 1
            else dict(before.marks)
        ),
    )


def _passed(case: Case, share: float) -> float:
    needed = case.fields.get(PASS_SHARE)
    return share if needed is None else float(share >= float(needed) - 1e-9)
