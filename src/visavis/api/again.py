"""What a run keeps of the options that it was asked with, and the line that asks it again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import chain
from pathlib import Path
from shlex import quote
from typing import Any

from visavis.measure.contamination import is_of_orders
from visavis.measure.spec import WRITTEN, RunSpec
from visavis.options import CompareOptions, SpeedOptions, flag

_UNSAID = frozenset({"candidates", "out", "json", "yes", "dry_run"})
"""Says nothing of what is asked, or says it as no flag."""


def passed(specs: Sequence[str], options: CompareOptions | SpeedOptions) -> dict[str, Any]:
    """The candidates and the options that were given, in plain JSON: all that is not usual where
    they are read again, of `cases run` as of a comparison."""
    read_as = CompareOptions if isinstance(options, CompareOptions) else SpeedOptions
    told = ((f.name, getattr(options, f.name), f.default) for f in fields(read_as))
    given = {name: value for name, value, usual in told if value != usual}
    plain = {name: str(v) if isinstance(v, Path) else v for name, v in given.items()}
    return {"candidates": list(specs), **plain}


def again(spec: RunSpec) -> str:
    """The line that asks the same again, and goes on where it was cut off; empty where the run
    does not say what it was asked."""
    kept = spec.passed
    candidates: Sequence[str] = kept.get("candidates", ())
    if spec.parts:
        out = ("--out", kept["out"]) if kept.get("out") else ()
        return _line("merge", (*(part.name for part in spec.parts), *out), {})
    if any(name.startswith(WRITTEN) for name in candidates):
        names = ", ".join(name.removeprefix(WRITTEN) for name in candidates)
        return f"visavis.compare([{names}], …), in the Python program that wrote them"
    if not candidates:
        return ""
    if any(is_of_orders(one.protocol) for one in spec.benchmarks):
        return _line("contamination", candidates, kept, _UNSAID | {"speed"})
    if len(candidates) == 1:
        cases = (*kept.get("on", ()), *candidates)
        return _line("cases run", cases, kept, _UNSAID | {"on", "speed"})
    return _line("compare", candidates, kept)


def measured_again(kept: Mapping[str, Any]) -> str:
    """The line that measures the same load again."""
    return _line("speed", kept.get("candidates", ()), kept)


def _line(
    command: str,
    names: Iterable[str],
    options: Mapping[str, Any],
    unsaid: frozenset[str] = _UNSAID,
) -> str:
    told = (_given(name, value) for name, value in options.items() if name not in unsaid)
    words = ("visavis", *command.split(), *names, *chain.from_iterable(told))
    return " ".join(map(quote, words))


def _given(name: str, value: object) -> Iterator[str]:
    """An option as one gives it; several values each for itself, as a comma may be part of one."""
    for one in value if isinstance(value, list | tuple) else (value,):
        if isinstance(one, bool):
            yield flag(name, no=not one)
        else:
            yield from (flag(name), f"{one:.15g}" if isinstance(one, float) else str(one))
