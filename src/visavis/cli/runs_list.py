"""`visavis runs`, and the names of runs that a shell completes."""

import sys
from collections.abc import Mapping, Sequence

from visavis.api.around import surroundings
from visavis.cli.screen import out
from visavis.options.runs import RunsOptions


def show(folders: Sequence[str], options: RunsOptions, environ: Mapping[str, str]) -> None:
    """A few lines a run, the newest first; or all of it as JSON."""
    from visavis.api.runs import listed
    from visavis.report import runs as words

    found = listed(folders, options, surroundings(environ))
    if options.json:
        sys.stdout.buffer.write(words.as_json(found))
        return
    out("\n".join(words.lines(found, options.lang)))


def completed(incomplete: str, environ: Mapping[str, str]) -> list[str]:
    """The runs of VISAVIS_HOME whose names begin so, and `last`."""
    from visavis.api.runs import names

    known = ["last", *names(surroundings(environ).home)]
    return [name for name in known if name.startswith(incomplete)]
