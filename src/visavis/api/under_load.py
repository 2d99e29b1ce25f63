"""A speed run beside a comparison: its curves and first tokens, of the comparison's candidates."""

from collections.abc import Sequence
from pathlib import Path, PurePath

from visavis.api.speed_run import SpeedRun
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.core.tell import tell
from visavis.measure.load.arrivals import ALONE
from visavis.measure.spec import is_speed
from visavis.report.speed.figures import SpeedFigures


def figures_of_ours(ours: Sequence[Candidate], folder: Path, policy: str) -> SpeedFigures:
    """Every figure of a speed run, all of whose candidates are `ours`: by the same names, the
    same snapshots."""
    if not is_speed(folder):
        raise OptionError(f"{folder.name!r} is no speed run; 'visavis speed' makes one")
    figures = SpeedRun(folder, policy=policy).figures
    snapshots = {candidate.name: candidate.snapshot for candidate in ours}
    for candidate in figures.spec.candidates:
        known = snapshots.get(candidate.name)
        if known is None:
            raise OptionError(
                f"speed run {folder.name!r} measured {candidate.name!r}, which is not in this "
                "comparison; name a speed run of its candidates"
            )
        if known != candidate.snapshot:
            raise OptionError(
                f"speed run {folder.name!r} measured {candidate.name!r} as {candidate.snapshot!r}, "
                f"and this comparison asked {known!r}; measure the same snapshot"
            )
    return figures


def notes_on(ours: Sequence[Candidate], load: SpeedFigures) -> tuple[str, ...]:
    """Of whom it tells what must hold of a share of requests, and of whom it does not."""
    run = PurePath(load.name).name
    left = ", ".join(repr(one.name) for one in ours if (ALONE, one.name) not in load.loaded)
    measured = any((ALONE, one.name) in load.loaded for one in ours)
    told = tell(
        "what must hold of a share of requests goes by speed run {run!r}, one request at a time",
        run=run,
    )
    lacks = tell(
        "speed run {run!r} did not ask {names} one request at a time; what must hold of a share of "
        "requests goes there by the comparison",
        run=run,
        names=left,
    )
    return (*([told] if measured else []), *([lacks] if left else []))
