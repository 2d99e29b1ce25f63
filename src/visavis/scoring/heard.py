"""What each judge said of a reply, and what that made of its grade, for a reader of both."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from visavis.core.case import Case
from visavis.core.outcome import Reply, Score, Unscored
from visavis.core.rubric import CHECKS_WEIGHT, PASS_SHARE, TO_BE_JUDGED, Rubric, rubrics_of
from visavis.core.ruling import Item, ruling
from visavis.core.trial import Trial, TrialKey
from visavis.scoring.panel import CHECKS, Opinions, earned, items


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One answer of a judge that is about a reply."""

    judge: str
    beside: str
    """Whose reply stood beside it; empty where it was judged for itself."""
    shown_first: bool
    """Whether it stood before the other; true where there was none."""
    text: str
    """All that the judge answered, in its own words. Nobody but the judge vouches for it."""
    read: str | None
    """The verdict in it: a mark, or A for the reply shown first, B for the other and C for a tie;
    None where none could be read."""
    earned: float | None
    """By this answer alone, 0 to 1: a half is a tie."""
    because: str
    """Why there is no verdict; empty where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the things that a judged reply's grade is made of."""

    name: str
    """Of the rubric; `checks` for all else that the case asks for."""
    kind: Literal["rubric", "pairwise", "checks"]
    asked: str
    """What makes a reply good, as the judge was told; empty for checks."""
    scale: tuple[int, int] | None
    """Of a mark, both ends included; None where none is given."""
    pass_mark: float | None
    weight: float
    earned: float | None
    """By all judges together, 0 to 1; None where they did not come to a verdict."""
    because: str
    """Why they did not; empty where they did."""
    spoken: tuple[Spoken, ...]
    """Judge by judge, in the panel's order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """All that was said of one reply."""

    parts: tuple[Part, ...]
    share: float | None
    """Of all weight, what the reply earned; None where a part has no verdict."""
    needed: float | None
    """The share from which on it is right; None where the share itself is the score."""


def heard(
    trials: Sequence[Trial],
    cases: Mapping[tuple[str, str], Case],
    found: Opinions,
    answers: Iterable[Trial],
) -> dict[TrialKey, Heard]:
    """By reply. `trials` as they were before any judge, `cases` those with rubrics, `answers` of
    all judges; only those of which `found` tells count."""
    said = _by_reply(answers, found)
    values = earned(trials, cases, found) if found else {}
    return {
        trial.key: _heard(trial, cases[trial.key[1:3]], values[trial.key], said.get(trial.key, []))
        for trial in trials
        if trial.key in values
    }


_Said = tuple[str, Spoken]
"""The name of a rubric, and an answer by it."""


def _by_reply(answers: Iterable[Trial], found: Opinions) -> dict[TrialKey, list[_Said]]:
    kept = {(one.key.candidate, Item.of(one.key)): one for one in answers}
    by_reply: dict[TrialKey, list[_Said]] = {}
    for judge, known in found.items():
        for item in (item for thing in known for item in items(thing)):
            answer = kept.get((judge, item))
            for name in filter(None, (item.first, item.second) if answer else ()):
                assert answer is not None
                key = TrialKey(name, item.benchmark, item.case, item.repeat)
                by_reply.setdefault(key, []).append((item.rubric, _spoken(answer, item, name)))
    return by_reply


def _spoken(answer: Trial, item: Item, of: str) -> Spoken:
    grade, reply = ruling(answer).grade, answer.outcome
    first = item.first == of
    scored = grade if isinstance(grade, Score) else None
    return Spoken(
        judge=answer.key.candidate,
        beside=item.second if first else item.first,
        shown_first=first,
        text=(reply.text or reply.refusal or "") if isinstance(reply, Reply) else "",
        read=scored.read if scored else None,
        earned=None if scored is None else scored.value if first else 1 - scored.value,
        because=grade.because if isinstance(grade, Unscored) else "",
    )


def _heard(
    trial: Trial, case: Case, values: Mapping[str, float | Unscored], said: Sequence[_Said]
) -> Heard:
    parts = (*_checks(trial, case), *_rubrics(case, values, said))
    shares = [one.weight * one.earned for one in parts if one.earned is not None]
    whole = len(shares) == len(parts)
    needed = case.fields.get(PASS_SHARE)
    return Heard(
        parts=parts,
        share=fsum(shares) / fsum(one.weight for one in parts) if whole else None,
        needed=None if needed is None else float(needed),
    )


def _checks(trial: Trial, case: Case) -> Iterator[Part]:
    grade = trial.grade
    if grade is not None and grade != TO_BE_JUDGED:
        yield Part(
            name=CHECKS,
            kind="checks",
            asked="",
            scale=None,
            pass_mark=None,
            weight=float(case.fields.get(CHECKS_WEIGHT, "1")),
            earned=grade.value if isinstance(grade, Score) else None,
            because=grade.because,
            spoken=(),
        )


def _rubrics(
    case: Case, values: Mapping[str, float | Unscored], said: Sequence[_Said]
) -> Iterator[Part]:
    for rubric in rubrics_of(case):
        value = values[rubric.name]
        yield Part(
            name=rubric.name,
            kind=rubric.kind,
            asked=rubric.text,
            scale=_scale(rubric),
            pass_mark=rubric.pass_mark,
            weight=rubric.weight,
            earned=None if isinstance(value, Unscored) else value,
            because=value.because if isinstance(value, Unscored) else "",
            spoken=tuple(one for name, one in said if name == rubric.name),
        )


def _scale(rubric: Rubric) -> tuple[int, int] | None:
    return (rubric.lowest, rubric.highest) if rubric.kind == "rubric" else None
