"""A run at a glance: what its folder says of it without a trial being read.

A folder may hold anything, written by anyone: whatever is wrong with it is said of it, and keeps
nobody from looking at the next one. Nothing is written, and nothing is waited for.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, time
from typing import Final, Literal

from visavis.core.errors import StoreError, VisavisError
from visavis.measure import disk, spec
from visavis.measure.run_folder import HEAD, LOCK, TIMINGS, TRIALS
from visavis.measure.spec import RunSpec, is_speed, tries_of

MOST_HEAD_BYTES: Final = 32 << 20
"""Far more than the head of any run: cases are not in it."""
MOST_SECONDS: Final = 10.0
"""For counting what one run holds, whoever made the tables that are counted."""
AT_REST_S: Final = 3600.0
"""Nobody is writing to a run in which nothing has changed for so long: no request takes an hour."""

State = Literal["done", "unfinished", "open", "being written", "unreadable"]
"""`open`: nobody can say at a glance whether there is more to come, since that was left to what
would be measured."""

_PAID = "SELECT total(usd) FROM {} WHERE NOT reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One run."""

    kind: Literal["comparison", "speed", "unknown"]
    state: State
    because: str = ""
    """Why it cannot be read."""
    at: str = ""
    """When it began: UTC, ISO 8601."""
    candidates: tuple[str, ...] = ()
    benchmarks: tuple[str, ...] = ()
    """Protocols; of cases of one's own their names, of a speed run its loads."""
    done: int = 0
    """Trials; of a speed run blocks."""
    planned: int | None = None
    """None where that depends on what is measured."""
    usd: float = 0.0
    """Paid so far, for judges too; what is doubtful included, what was reused not."""


def glance(folder: Path) -> Glance:
    """What can be said of the run in this folder."""
    try:
        _check(folder)
        return _speed(folder) if is_speed(folder) else _comparison(folder)
    except (VisavisError, OSError, sqlite3.Error, ValueError, RecursionError, MemoryError) as error:
        return Glance(
            kind="unknown",
            state="unreadable",
            because=str(error) or type(error).__name__,
            at=_changed_at(folder),
        )


def stamp(folder: Path) -> str:
    """What changes whenever a run does; empty while it may be changing."""
    told = []
    for name in (HEAD, TRIALS, TIMINGS):
        with suppress(OSError):
            seen = (folder / name).stat()
            if time() - seen.st_mtime < AT_REST_S and is_being_written(folder):
                return ""
            told.append(f"{name} {seen.st_mtime_ns} {seen.st_size}")
    left = any((folder / f"{name}-wal").exists() for name in (TRIALS, TIMINGS))
    return "" if left else "; ".join(told)


def is_being_written(folder: Path) -> bool:
    """Whether another process holds the run."""
    if not (folder / LOCK).is_file():
        return False
    try:
        with closing(_reader(folder / LOCK)) as lock:
            lock.execute("SELECT 1 FROM sqlite_schema").fetchall()
    except sqlite3.Error as error:
        return disk.is_busy(error)
    return False


def _check(folder: Path) -> None:
    """Refuse what would keep us waiting: a pipe in the place of a file, a head without end."""
    for name in (HEAD, TRIALS, TIMINGS, LOCK):
        file = folder / name
        if file.exists() and not file.is_file():
            raise StoreError(f"{name!r} is no file")
    if (folder / HEAD).stat().st_size > MOST_HEAD_BYTES:
        raise StoreError(f"{HEAD!r} is larger than that of any run")


def _comparison(folder: Path) -> Glance:
    told = spec.read((folder / HEAD).read_bytes(), of=str(folder))
    planned = sum(one.cases * tries_of(one, told) for one in told.benchmarks)
    planned *= len(told.candidates)
    with _counting(folder / TRIALS, spec.FORMAT) as db:
        query = "SELECT count(*) FROM trials WHERE benchmark <> ?"
        done = int(db.execute(query, ("speed",)).fetchone()[0])  # those are asked beside the plan
        usd = sum(float(db.execute(query).fetchone()[0]) for query in _payments(db))
    return _seen(
        folder,
        Glance(
            kind="comparison",
            state=_state(done, planned, told),
            at=str(told.machine.get("at", "")) or _changed_at(folder),
            candidates=tuple(one.name for one in told.candidates),
            benchmarks=tuple(
                one.name if one.protocol.startswith(spec.OWN) else one.protocol
                for one in told.benchmarks
            ),
            done=done,
            planned=None if told.drawn else planned,
            usd=usd,
        ),
    )


def _state(done: int, planned: int, told: RunSpec) -> State:
    if done >= planned:
        return "done"
    return "open" if told.drawn else "unfinished"


def _payments(db: sqlite3.Connection) -> Iterator[str]:
    """Queries for all that this run cost; judges have tables where they were asked."""
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
    yield from (_PAID.format(name) for name in ("trials", "judgements") if name in tables)
    charges = [name for name in ("charges", "judge_charges") if name in tables]
    yield from (f"SELECT total(usd) FROM {name}" for name in charges)


def _speed(folder: Path) -> Glance:
    from visavis.measure.load import spec as load_spec  # it brings along what times requests
    from visavis.measure.load.block import WARM_UP

    told = load_spec.read(folder)
    fixed = bool(told.shapes) and not told.width
    planned = len(told.shapes) * told.blocks * len(told.candidates) if fixed else None
    with _counting(folder / TIMINGS, load_spec.FORMAT) as db:
        query = "SELECT count(*) FROM blocks WHERE load <> ?"
        done = int(db.execute(query, (WARM_UP,)).fetchone()[0])
        query = "SELECT (SELECT total(usd) FROM requests) + (SELECT total(usd) FROM charges)"
        usd = float(db.execute(query).fetchone()[0])
    state: State = "open" if planned is None else "done" if done >= planned else "unfinished"
    return _seen(
        folder,
        Glance(
            kind="speed",
            state=state,
            at=str(told.machine.get("at", "")) or _changed_at(folder),
            candidates=tuple(one.name for one in told.candidates),
            benchmarks=told.shapes,
            done=done,
            planned=planned,
            usd=usd,
        ),
    )


def _seen(folder: Path, found: Glance) -> Glance:
    return replace(found, state="being written") if is_being_written(folder) else found


@contextmanager
def _counting(file: Path, version: int) -> Iterator[sqlite3.Connection]:
    """A database to count in: for so long as counting may take."""
    end = monotonic() + MOST_SECONDS
    with closing(disk.connect_to_read(file, version)) as db:
        db.set_progress_handler(lambda: monotonic() > end, 100_000)
        yield db


def _reader(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=0.0)


def _changed_at(folder: Path) -> str:
    """Of a run that does not say when it began."""
    try:
        changed = (folder / HEAD).stat().st_mtime
        return datetime.fromtimestamp(changed, UTC).isoformat(timespec="seconds")
    except (OSError, ValueError, OverflowError):
        return ""
