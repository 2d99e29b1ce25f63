"""`visavis speed` and `visavis calibrate`: from what was typed to what is printed."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote

from visavis.api.around import Surroundings, check_writable, surroundings
from visavis.api.session import fetch_weights
from visavis.api.shown import save
from visavis.api.speed import run_speed
from visavis.api.speed_request import (
    SpeedRequest,
    forecasts,
    prepare_speed,
    speed_options_of,
    split,
    whole,
)
from visavis.cli.screen import answer, out
from visavis.cli.tables import print_table
from visavis.core.errors import OptionError
from visavis.measure.calibrate import calibrate as measured
from visavis.measure.load.store import LoadStore
from visavis.options import CalibrateOptions, SpeedOptions
from visavis.report.speed.export import calibration_json
from visavis.report.speed.plan import (
    instrument_heads,
    instrument_reading,
    instrument_rows,
    question,
    speed_outline,
)
from visavis.report.speed.progress import SpeedProgress

_USUAL_STREAMS = ("1", "16", "64", "256")
_MOST_STREAMS = 4096
_REQUESTS = 16


def speed(named: Sequence[str], options: SpeedOptions, environ: Mapping[str, str]) -> None:
    """Plan, price, measure, judge, show."""
    screen = SpeedProgress(sys.stderr, lang=options.lang, agrees=answer(yes=options.yes))
    request = prepare_speed(named, options, surroundings(environ), screen)
    shares = forecasts(request)
    for line in speed_outline(request.plan, shares, options.budget, options.lang):
        out(line)
    if options.dry_run:
        return
    asked = question(shares, options.budget, options.lang)
    if asked is not None and not screen.agrees(asked):
        raise OptionError("nothing was sent; lower --budget or the load, or agree")
    _go(request, options.out or request.base.new_folder(), screen)


def resume(folder: Path, around: Surroundings) -> None:
    """Measure the blocks that a run has left, as it was asked to begin with."""
    with LoadStore.open(folder) as store:
        passed = dict(store.spec.passed)
    screen = SpeedProgress(sys.stderr, lang=passed.get("lang", "en"))
    named = passed.pop("candidates")
    request = prepare_speed(named, speed_options_of({**passed, "yes": True}), around, screen)
    _go(request, folder, screen)


def _go(request: SpeedRequest, folder: Path, screen: SpeedProgress) -> None:
    options = request.options
    fetch_weights(request.base, screen)
    seen = run_speed(request, folder, screen)
    seen.show()
    out(f"Page: {seen.save_html(seen.folder / 'report.html')}")
    if options.json is not None:
        out(f"JSON: {seen.save_json(options.json)}")
    if seen.ended != "finished":
        further = f"visavis resume {quote(str(options.out or folder.name))}"
        if seen.ended == "budget spent":
            further = f"ask again with a larger --budget, and --out {quote(str(folder))}"
        out(f"not all was measured ({seen.ended}): {further}")
        sys.exit(1)


def calibrate(options: CalibrateOptions) -> None:
    """The instrument's own error, as a table."""
    if options.json is not None:
        check_writable(options.json)
    words = split(options.streams or _USUAL_STREAMS)
    streams = [whole(word, "--streams", _MOST_STREAMS) for word in words]
    found = asyncio.run(
        measured(
            streams,
            least_requests=_REQUESTS,
            processes=options.processes,
            note=SpeedProgress(sys.stderr, lang=options.lang).note,
        )
    )
    rows = instrument_rows(found, options.lang)
    print_table(instrument_heads(options.lang), rows, right_from=0)
    for text in instrument_reading(found, options.lang):
        out(text)
    if options.json is not None:
        out(f"JSON: {save(options.json, calibration_json(found))}")
