"""Trials as data: one row each, of the JSON document or of a data frame."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING

from visavis.core.errors import VisavisError
from visavis.core.outcome import Failure, Reply, Score
from visavis.core.trial import Trial, TrialKey
from visavis.report.marks import Mark, mark
from visavis.scoring.heard import Heard, Part

if TYPE_CHECKING:
    import pandas
    import polars

SaidOf = Mapping[TrialKey, Heard]
"""What judges said, by reply."""
_NOTHING: SaidOf = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One case put to one candidate once, flat: a row of a data frame."""

    candidate: str
    benchmark: str
    case: str
    repeat: int
    mark: Mark
    score: float | None
    because: str | None
    read: str | None
    reply: str | None
    reasoning: str | None
    finish: str | None
    failure: str | None
    input_tokens: int | None
    output_tokens: int | None
    first_token_s: float | None
    total_s: float | None
    usd: float | None
    retries: int
    reused: bool
    asked_at: str
    marks: dict[str, float]
    """Further marks of the same reply, by name."""
    judged: tuple[Part, ...]
    """What its score is made of where models judged it, with what each of them said."""


def trial_rows(trials: Iterable[Trial], heard: SaidOf = _NOTHING) -> Iterator[TrialRow]:
    """One row a trial; `heard` is what judges said."""
    for trial in trials:
        reply = trial.outcome if isinstance(trial.outcome, Reply) else None
        usage, stamps, grade = trial.outcome.usage, trial.outcome.stamps, trial.grade
        yield TrialRow(
            candidate=trial.key.candidate,
            benchmark=trial.key.benchmark,
            case=trial.key.case,
            repeat=trial.key.repeat,
            mark=mark(trial),
            score=grade.value if isinstance(grade, Score) else None,
            because=grade.because if grade is not None else None,
            read=grade.read if isinstance(grade, Score) else None,
            reply=reply.text if reply else None,
            reasoning=reply.reasoning if reply else None,
            finish=reply.finish if reply else None,
            failure=_failure(trial),
            input_tokens=usage.input_tokens if usage else None,
            output_tokens=usage.output_tokens if usage else None,
            first_token_s=stamps.first_token_s if stamps else None,
            total_s=stamps.total_s if stamps else None,
            usd=trial.usd,
            retries=len(trial.outcome.retries),
            reused=trial.reused,
            asked_at=trial.asked_at,
            marks=dict(grade.marks) if isinstance(grade, Score) else {},
            judged=heard[trial.key].parts if trial.key in heard else (),
        )


def to_polars(trials: Iterable[Trial], heard: SaidOf = _NOTHING) -> "polars.DataFrame":
    """One row a trial, as a polars frame."""
    try:
        import polars
    except ImportError as error:
        raise _missing("polars") from error
    return polars.DataFrame(_columns(trials, heard), infer_schema_length=None)


def to_pandas(trials: Iterable[Trial], heard: SaidOf = _NOTHING) -> "pandas.DataFrame":
    """One row a trial, as a pandas frame."""
    try:
        import pandas
    except ImportError as error:
        raise _missing("pandas") from error
    return pandas.DataFrame(_columns(trials, heard))


def _columns(trials: Iterable[Trial], heard: SaidOf) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {f.name: [] for f in fields(TrialRow)}
    for row in trial_rows(trials, heard):
        for name, column in columns.items():
            held = getattr(row, name)
            column.append([asdict(part) for part in held] if name == "judged" else held)
    return columns


def _missing(library: str) -> VisavisError:
    return VisavisError(f"{library!r} is not installed; install it: pip install {library}")


def _failure(trial: Trial) -> str | None:
    if not isinstance(trial.outcome, Failure):
        return None
    return f"{trial.outcome.kind}: {trial.outcome.detail}"
