"""`visavis show`: one run in one form."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from visavis.api.around import check_writable, find, surroundings
from visavis.api.comparison import Beside, Comparison
from visavis.api.runs import keep_verdict
from visavis.cli.screen import out
from visavis.core.errors import OptionError
from visavis.measure.spec import is_speed
from visavis.options import ShowOptions

if TYPE_CHECKING:
    from visavis.api.speed_run import SpeedRun


def show(run: str, options: ShowOptions, environ: Mapping[str, str]) -> None:
    """One run in one form, to the terminal or to a file."""
    if options.format == "html" and options.out is None:
        raise OptionError("a page needs a file; add '--out page.html'")
    if options.out is not None:
        check_writable(options.out)
    home = surroundings(environ).home
    seen = _run(find(run, home), options, home)
    if options.format == "terminal" and options.out is None:
        seen.show()
        keep_verdict(seen, home)
        return
    if options.out is None:
        sys.stdout.buffer.write(seen.rendered(options.format))
    else:
        seen.save(options.format, options.out)
        out(f"written: {options.out}")
        tell_of_transcripts(options.out)


def _run(folder: Path, options: ShowOptions, home: Path) -> "Comparison | SpeedRun":
    """A run of either kind, to be shown in any form."""
    if options.speed is not None and (options.format != "html" or is_speed(folder)):
        raise OptionError(
            "'--speed' is drawn on the page of a comparison; add '--format html --out page.html'"
        )
    if not is_speed(folder):
        return Comparison(
            folder,
            policy=options.policy,
            lang=options.lang,
            beside=Beside(
                claims=options.claims,
                limits=options.limits,
                speed=find(options.speed, home) if options.speed is not None else None,
            ),
        )
    if options.claims:
        raise OptionError("a speed run shows no claims; 'visavis claims --run' needs a comparison")
    if options.limits:
        raise OptionError("a speed run shows no limits; name a comparison of the same candidates")
    from visavis.api.speed_run import SpeedRun  # it loads what times requests

    return SpeedRun(folder, policy=options.policy, lang=options.lang)


def tell_of_transcripts(page: Path) -> None:
    """Where they lie, if the page has left them beside it."""
    from visavis.report.transcripts_beside import folder_of

    if (folder := folder_of(page)).is_dir():
        out(f"Transcripts, to be kept beside the page: {folder}")
