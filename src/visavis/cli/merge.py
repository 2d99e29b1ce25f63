"""`visavis merge`: many runs made one."""

import sys
from collections.abc import Mapping, Sequence
from shlex import quote

from visavis.api.around import surroundings
from visavis.api.merge import merge as merged
from visavis.cli.screen import out
from visavis.options.runs import MergeOptions
from visavis.report.text import counted, visible


def merge(runs: Sequence[str], options: MergeOptions, environ: Mapping[str, str]) -> None:
    """Say what came of each run, and what is still to come."""
    whole = merged(runs, options, surroundings(environ))
    for text in whole.notes:
        sys.stderr.write(f"{visible(text)}\n")
    name = quote(str(options.out or whole.folder.name))
    seen = whole.seen
    out(f"Run: {whole.folder}: {counted(seen.done)} trials; visavis show {name}")
    left = (seen.planned or seen.done) - seen.done
    if left > 0:
        how = f"visavis resume {name}" if whole.resumable else "finish its parts, then merge anew"
        out(f"{counted(left)} trials of some candidates on some cases are still to come: {how}")
