"""A speed run beside a comparison: its curves, where it measured candidates of the comparison."""

from collections.abc import Sequence
from pathlib import Path

from visavis.api.speed_run import SpeedRun
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
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
