"""`visavis cases try`: a table of a program's requirements, each with what was seen."""

import sys
from pathlib import Path

from visavis.api.around import check_writable
from visavis.api.shown import save
from visavis.api.try_program import as_json, save_frames, tried
from visavis.cli.screen import out
from visavis.cli.tables import print_table
from visavis.options.cases import TryOptions
from visavis.report import tried as words


def show(task: str, file: Path, options: TryOptions) -> None:
    """The table; exit code 1 unless every requirement holds."""
    if options.json is not None:
        check_writable(options.json)
    found, lang = tried(task, file), options.lang
    print_table(words.heads(lang), words.rows(found.task, found.findings, lang))
    out(words.summary(found.file, found.findings, lang))
    if options.frames is not None:
        files = len(list(save_frames(found, options.frames)))
        out(words.kept(options.frames, files, lang))
    if options.json is not None:
        out(f"JSON: {save(options.json, as_json(found))}")
    if found.exit_code:
        sys.exit(found.exit_code)
