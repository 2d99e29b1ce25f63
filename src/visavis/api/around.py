"""What the program finds around it: the user's folder, the environment, runs, and places for files.

Light: whoever only looks for a run need not load what asks models.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from visavis.core.errors import OptionError, StoreError
from visavis.core.registry import unknown
from visavis.measure.run_folder import HEAD


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
    if (folder / HEAD).exists():
        return folder
    runs = home / "runs"
    known = sorted(f.name for f in runs.glob("*") if (f / HEAD).exists()) if runs.exists() else []
    if run == "last" and known:
        return max((runs / name for name in known), key=lambda f: (f / HEAD).stat().st_mtime)
    if run in known:
        return runs / run
    if folder.exists():
        raise StoreError(f"{run!r} is no run: it has no {HEAD!r}")
    if not known:
        raise StoreError(f"there is no run {run!r}: nothing was run yet; see 'visavis compare -h'")
    raise unknown("run", run, [*known[-5:], "last"])


def new_folder(home: Path, names: Iterable[str]) -> Path:
    """`runs/2026-11-21-183059-A-vs-B`, and a number where that is taken."""
    at = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    plain = "".join(c if c.isalnum() or c in "-._" else "-" for c in "-vs-".join(names))[:80]
    folder, number = home / "runs" / f"{at}-{plain}", 2
    while folder.exists():
        folder, number = home / "runs" / f"{at}-{plain}-{number}", number + 1
    return folder


def check_writable(file: Path, *, made: Path | None = None) -> None:
    """Refuse a file that could not be written in the end, before anything is asked for it. No
    folder is made for it: one that is not there was mistyped. `made` is one that a run will make.
    """
    target = Path(os.path.realpath(file))  # through a link
    folder = target.parent
    if file.is_dir():
        raise OptionError(f"{str(file)!r} cannot be written: it is a folder; name a file in it")
    if made is not None and folder == Path(os.path.realpath(made)):
        return
    if not folder.exists():
        raise OptionError(
            f"{str(file)!r} cannot be written: there is no folder {str(folder)!r}; "
            "make it, or name another place"
        )
    is_stream = file.exists() and not file.is_file()  # a device or a pipe is not replaced
    writable = folder.is_dir() and os.access(file if is_stream else folder, os.W_OK)
    if not writable or target.is_symlink():  # one that leads to itself
        raise OptionError(f"{str(file)!r} cannot be written; name another place")
