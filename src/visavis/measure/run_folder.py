"""A run's folder: what lies in it, and that one process at a time writes to it."""

import sqlite3
from pathlib import Path
from typing import Final

from visavis.core.errors import OptionError, StoreError
from visavis.measure import disk

HEAD: Final = "run.json"
TRIALS: Final = "trials.sqlite"
TIMINGS: Final = "timings.sqlite"
"""In the place of trials, where speed alone was measured."""
LOCK: Final = "run.lock"


def begun(folder: Path, database: str) -> sqlite3.Connection:
    """The right to write to a folder: a new one, or one in which a run was begun."""
    if folder.exists() and not folder.is_dir():
        raise OptionError(f"{str(folder)!r} is a file; a run needs a folder of its own")
    folder.mkdir(parents=True, exist_ok=True)
    # What lies there when we were killed while beginning.
    ours = {LOCK, f"{HEAD}.part", *(database + end for end in ("", "-wal", "-shm", "-journal"))}
    if not (folder / HEAD).exists() and {file.name for file in folder.iterdir()} - ours:
        raise OptionError(f"{str(folder)!r} holds other files; choose a new folder")
    return held(folder)


def held(folder: Path) -> sqlite3.Connection:
    """The right to write to a run until this is closed; refused while another process has it."""
    lock = disk.lock(folder / LOCK)
    if lock is None:
        raise StoreError(f"run {str(folder)!r} is being written by another process; let it end")
    return lock
