"""What the program finds around it: the user's folder, the environment, and the runs in there.

Light: whoever only looks for a run need not load what asks models.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from visavis.core.errors import StoreError
from visavis.core.registry import unknown


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the program finds around it; read at the door, passed as a value from then on."""

    home: Path
    environ: Mapping[str, str]


def surroundings(environ: Mapping[str, str]) -> Surroundings:
    """VISAVIS_HOME, or the platform's folder for a user's data; and the environment."""
    told = environ.get("VISAVIS_HOME")
    if told:
        return Surroundings(home=Path(told).expanduser().absolute(), environ=environ)
    from platformdirs import user_data_path

    return Surroundings(home=user_data_path("visavis", appauthor=False), environ=environ)


def find(run: str, home: Path) -> Path:
    """A run's folder by path, by name, or `last`."""
    folder = Path(run).expanduser()
    if (folder / "run.json").exists():
        return folder
    runs = home / "runs"
    known = (
        sorted(f.name for f in runs.glob("*") if (f / "run.json").exists()) if runs.exists() else []
    )
    if run == "last" and known:
        return max((runs / name for name in known), key=lambda f: (f / "run.json").stat().st_mtime)
    if run in known:
        return runs / run
    if folder.exists():
        raise StoreError(f"{run!r} is no run: it has no 'run.json'")
    if not known:
        raise StoreError(f"there is no run {run!r}: nothing was run yet; see 'visavis compare -h'")
    raise unknown("run", run, [*known[-5:], "last"])
