"""What people said of replies, from a file: to be held against what the judges say.

One JSON object a line. Of a reply: `{"case": "c1", "candidate": "a", "label": "pass"}`, the label
being `pass` or `fail`, or a mark on the rubric's scale. Of a pair: `{"case": "c1", "label": "a"}`,
the better candidate or `tie`, with `"between": ["a", "b"]` where the run has more than two.
`benchmark`, `rubric` and `repeat` may be left out where there is but one.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from visavis.core.errors import CaseFileError
from visavis.core.rubric import Rubric, rubrics_of
from visavis.core.ruling import Item
from visavis.measure.store import StoredCase
from visavis.scoring.judged import worth

_PASSES: Mapping[str | bool, float] = {"pass": 1.0, "fail": 0.0, True: 1.0, False: 0.0}
_TIE = "tie"


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """One line of the file."""

    case: str
    label: str | bool | float
    candidate: str | None = None
    between: Annotated[list[str], msgspec.Meta(min_length=2, max_length=2)] | None = None
    benchmark: str | None = None
    rubric: str | None = None
    repeat: int = 0


class _WrongError(Exception):
    """What is wrong with a line."""


def labels_in(
    file: Path, cases: Mapping[tuple[str, str], StoredCase], candidates: Sequence[str]
) -> tuple[tuple[Item, float], ...]:
    """Each thing with what people made of it; `cases` are those with rubrics, `candidates` in the
    run's order."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseFileError(f"labels {str(file)!r} cannot be read: {error}") from error
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(_label(msgspec.json.decode(line, type=_Line), cases, candidates))
        except (msgspec.DecodeError, _WrongError) as error:
            raise CaseFileError(f"{file}:{number}: {error}") from error
    return tuple(found)


def _label(
    told: _Line, cases: Mapping[tuple[str, str], StoredCase], candidates: Sequence[str]
) -> tuple[Item, float]:
    known = [
        (benchmark, stored.case)
        for (benchmark, case), stored in cases.items()
        if case == told.case and told.benchmark in (None, benchmark)
    ]
    if len(known) != 1:
        raise _WrongError(
            f"the case {told.case!r} is in several benchmarks; add 'benchmark'"
            if known
            else f"no case with a rubric is called {told.case!r} in this run"
        )
    benchmark, case = known[0]
    rubric = _rubric(told, rubrics_of(case))
    for name in (told.candidate, *(told.between or ())):
        if name is not None and name not in candidates:
            raise _WrongError(f"no candidate of this run is called {name!r}")
    start = Item(benchmark, case.id, told.repeat, rubric.name, "")
    if rubric.kind == "pairwise":
        return _pair(told, start, candidates)
    if told.candidate is None:
        raise _WrongError("needs 'candidate': whose reply the label is of")
    return start._replace(first=told.candidate), _mark(told.label, rubric)


def _rubric(told: _Line, rubrics: Sequence[Rubric]) -> Rubric:
    wanted = [one for one in rubrics if told.rubric in (None, one.name)]
    if len(wanted) == 1:
        return wanted[0]
    names = ", ".join(repr(one.name) for one in rubrics)
    raise _WrongError(f"needs 'rubric', which one of {names} it is about")


def _pair(told: _Line, start: Item, candidates: Sequence[str]) -> tuple[Item, float]:
    names = told.between or list(candidates)
    if len(set(names)) != 2:
        raise _WrongError("needs 'between', the two candidates that were compared")
    first, second = sorted(names, key=list(candidates).index)
    won = {first: 1.0, second: 0.0, _TIE: 0.5}
    if not isinstance(told.label, str) or told.label not in won:
        raise _WrongError(f"the label {told.label!r} is none of {', '.join(map(repr, won))}")
    return start._replace(first=first, second=second), won[told.label]


def _mark(label: str | bool | float, rubric: Rubric) -> float:
    if isinstance(label, str | bool):
        if label not in _PASSES:
            raise _WrongError(f"the label {label!r} is neither 'pass' nor 'fail' nor a mark")
        if rubric.pass_mark is None and rubric.highest - rubric.lowest > 1:
            raise _WrongError(
                f"the rubric {rubric.name!r} has no pass mark; label by a mark from "
                f"{rubric.lowest} to {rubric.highest}"
            )
        return _PASSES[label]
    if not rubric.lowest <= label <= rubric.highest:
        raise _WrongError(
            f"the mark {label:g} is not on the scale from {rubric.lowest} to {rubric.highest}"
        )
    return worth(rubric, label)
