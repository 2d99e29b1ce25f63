"""`visavis cases new`, `check` and `run`: from what was typed to what is printed."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from visavis.api.own_cases import USUAL_FILE, Checked, check_cases, further, new_file
from visavis.cli.screen import out
from visavis.cli.tables import print_table
from visavis.core.errors import OptionError
from visavis.options import CasesRunOptions
from visavis.options.cases import CheckCasesOptions, NewCasesOptions
from visavis.report.text import counted, line

if TYPE_CHECKING:
    from visavis.api.comparison import Comparison

_MOST_LINES = 100
"""Of mistakes or findings that are printed."""


def new(file: Path | None, options: NewCasesOptions) -> None:
    """Write a first file, and say what to do with it."""
    made = new_file(file or USUAL_FILE, options)
    for lost in made.lost:
        out(line(f"{made.origin}:{lost.line}: not brought along: {lost.said}"))
    out(f"{made.file}: {_counted(made.cases, 'case')}")
    out(f"next: visavis cases check {quote(str(made.file))}")


def check(path: Path, options: CheckCasesOptions) -> None:
    """Every mistake with its line; or what the checks say of replies known to be good or bad."""
    checked = check_cases(path, options)
    if checked.tried is None:
        _print([f"{file}:{wrong.line}: {wrong.said}" for file, wrong in checked.own.wrong])
        out(f"{path}: {_counted(len(checked.own.wrong), 'mistake')}; nothing was tried")
    else:
        _tell(path, checked)
    if checked.exit_code:
        sys.exit(checked.exit_code)


def run(
    path: str, candidates: Sequence[str], options: CasesRunOptions, environ: Mapping[str, str]
) -> None:
    """One candidate case by case, or several face to face."""
    if options.on:
        raise OptionError("the cases to run are named first; leave --on out")
    from visavis.cli import runs  # it loads what asks models

    runs.compare(candidates, replace(options, on=(path,)), environ, least=1, first=_by_case)


def _by_case(seen: "Comparison") -> None:
    from visavis.report.by_case import by_case

    names = seen.judgement.candidates
    told = by_case(seen.trials, names, seen.lang)
    print_table(told.heads, told.rows)
    out(told.left_out)


def _tell(path: Path, checked: Checked) -> None:
    own, tried = checked.own, checked.tried
    assert tried is not None
    _print(
        [
            f"{one.file}:{one.line}: {'' if one.is_fault else 'hint: '}{one.said}"
            for one in tried.findings
        ]
    )
    parts = [
        _counted(len(own.cases), "case"),
        _counted(tried.replies, "good or bad reply", "replies"),
    ]
    if tried.bare:
        carry = "carries" if tried.bare == 1 else "carry"
        parts.append(f"{counted(tried.bare)} {carry} neither a good nor a bad reply")
    for kind, count in tried.untried.items():
        parts.append(f"{counted(count)} × {kind!r} can only be seen in a run")
    out(f"{path}: {', '.join(parts)}")
    if tried.faults:
        out(f"{_counted(tried.faults, 'check or reply', 'checks or replies')} to be mended")
    else:
        out(f"next: {further(path)}")


def _print(lines: Sequence[str]) -> None:
    for text in lines[:_MOST_LINES]:
        out(line(text))
    if len(lines) > _MOST_LINES:
        out(f"… and {counted(len(lines) - _MOST_LINES)} more")


def _counted(number: int, what: str, several: str = "") -> str:
    if number == 1:
        return f"1 {what}"
    if several:
        whole = several if " " in several else what.rpartition(" ")[0] + " " + several
        return f"{counted(number)} {whole}"
    return f"{counted(number)} {what}s"
