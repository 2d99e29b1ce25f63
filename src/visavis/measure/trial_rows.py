"""A trial as a row of the run's table, and back: whole, or with what judging needs alone."""

from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import msgspec

from visavis.core.outcome import Failure, Finish, Grade, Reply, Retry, Score, Unscored, Usage
from visavis.core.stamps import Stamps
from visavis.core.trial import Trial, TrialKey
from visavis.measure.spec import to_json

Row = tuple[str | int | float | None, ...]

_reply = msgspec.json.Decoder(Reply).decode
_failure = msgspec.json.Decoder(Failure).decode
_marks = msgspec.json.Decoder(dict[str, float]).decode
_usage = msgspec.json.Decoder(Usage | None).decode

_NO_MARKS = MappingProxyType[str, float]({})
_SHARED = 20_000
"""Grades, and counts of tokens, that are looked for among those before."""


class _Bare(msgspec.Struct, gc=False):
    """A reply as it was kept, without its texts."""

    finish: Finish = "stop"
    usage: msgspec.Raw = msgspec.Raw(b"null")
    stamps: Stamps | None = None
    model: str | None = None
    logprobs: tuple[float, ...] | None = None
    retries: tuple[Retry, ...] = ()


_bare = msgspec.json.Decoder(_Bare).decode


def row_of(trial: Trial) -> Row:
    """As the table's columns stand in `INSERT`."""
    outcome = to_json(trial.outcome).decode()
    kept = (outcome, None) if isinstance(trial.outcome, Reply) else (None, outcome)
    return (*trial.key, *kept, *_columns(trial.grade), trial.usd, int(trial.reused), trial.asked_at)


def _columns(grade: Grade | None) -> tuple[float | None, str | None, str | None, str | None]:
    match grade:
        case Score(value=value, because=because, read=read, marks=marks):
            return value, read, because, to_json(marks).decode() if marks else None
        case Unscored(because=because):
            return None, None, because, None
        case None:
            return None, None, None, None


def trial_of(row: tuple[Any, ...]) -> Trial:
    """The trial as it was kept."""
    candidate, benchmark, case, repeat, reply, failure, score, read, because, *rest = row
    usd, reused, at, *later = rest
    marks = later[0] if later else None  # a run of format 1, read and not written, has no marks
    return Trial(
        key=TrialKey(candidate, benchmark, case, repeat),
        outcome=_failure(failure) if reply is None else _reply(reply),
        grade=_grade(score, read, because, marks),
        usd=usd,
        reused=bool(reused),
        asked_at=at,
    )


def _grade(
    score: float | None, read: str | None, because: str | None, marks: str | None
) -> Grade | None:
    if score is not None:
        further = MappingProxyType(_marks(marks)) if marks else _NO_MARKS
        return Score(value=score, because=because or "", read=read, marks=further)
    return None if because is None else Unscored(because=because)


def without_texts() -> Callable[[tuple[Any, ...]], Trial]:
    """Makes trials of rows with what judging needs: a reply has no text where its server counted
    the tokens, and a score does not say why. What many trials share, such as names, is there once.
    """
    known: dict[str, str] = {}
    usage, grade = lru_cache(_SHARED)(_usage), lru_cache(_SHARED)(_grade)

    def once(text: str) -> str:
        return known.setdefault(text, text)

    def wordless(reply: str) -> Reply:
        bare = _bare(reply)
        counted = usage(bytes(bare.usage))
        if counted is None:  # then the text alone tells how long it is
            return _reply(reply)
        return Reply(
            text="",
            finish=bare.finish,
            usage=counted,
            stamps=bare.stamps,
            model=bare.model and once(bare.model),
            logprobs=bare.logprobs,
            retries=bare.retries,
        )

    def trial(row: tuple[Any, ...]) -> Trial:
        candidate, benchmark, case, repeat, reply, failure, score, read, because, *rest = row
        usd, reused, at, *later = rest
        return Trial(
            key=TrialKey(once(candidate), once(benchmark), once(case), repeat),
            outcome=_failure(failure) if reply is None else wordless(reply),
            grade=grade(score, read, because if score is None else "", later[0] if later else None),
            usd=usd,
            reused=bool(reused),
            asked_at=once(at),
        )

    return trial
