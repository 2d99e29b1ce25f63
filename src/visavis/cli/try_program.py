"""`visavis cases try`: a table of a program's requirements, each with what was seen."""

import sys
from pathlib import Path

from visavis.api.around import check_writable
from visavis.api.shown import save
from visavis.api.try_program import Tried, as_json, save_frames, tried
from visavis.cli.screen import out
from visavis.cli.tables import print_table
from visavis.options.cases import TryOptions
from visavis.report.text import line


def show(task: str, file: Path, options: TryOptions) -> None:
    """The table; exit code 1 unless every requirement holds."""
    if options.json is not None:
        check_writable(options.json)
    found = tried(task, file)
    _print(found)
    if options.frames is not None:
        written = list(save_frames(found, options.frames))
        out(f"what the checks saw: {options.frames}, {len(written)} files")
    if options.json is not None:
        out(f"JSON: {save(options.json, as_json(found))}")
    if found.exit_code:
        sys.exit(found.exit_code)


def _print(found: Tried) -> None:
    named = zip(found.task.requirements, found.findings, strict=True)
    rows = (
        (str(number), one.name, "holds" if finding.holds else "does not", line(finding.because))
        for number, (one, finding) in enumerate(named, 1)
    )
    print_table(("", "requirement", "", "because"), rows)
    out(f"{found.file}: {found.holds} of {len(found.findings)} requirements hold")
