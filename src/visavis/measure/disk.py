"""SQLite files and whole files, with errors for the reader."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from errno import EFBIG, ENOSPC
from pathlib import Path
from types import MappingProxyType

from visavis.core.errors import StoreError, VisavisError

_FULL = frozenset({ENOSPC, EFBIG})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_TORN = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})


@contextmanager
def plain_errors(thing: Path) -> Iterator[None]:
    """Says in one line what kept us from reading or writing `thing`."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # a row that may not be: ours, not the disk's
    except sqlite3.Error as error:
        raise _error(error, thing) from error
    except OSError as error:
        if error.errno in _FULL:
            raise _full(thing) from error
        raise StoreError(
            f"cannot use {str(thing)!r}: {error.strerror}; name another by --out or VISAVIS_HOME"
        ) from error


def connect(
    file: Path, tables: str, version: int, steps: Mapping[int, str] = MappingProxyType({})
) -> sqlite3.Connection:
    """A database with our `tables`, made if the file is new. Its log is moved into it only where
    `checkpoint` is called, since that waits for the disk.

    `steps` hold the statements that make a file of the format before into one of each number.
    """
    db = sqlite3.connect(file)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA wal_autocheckpoint = 0")
        if _version(db) == 0 and not db.execute("SELECT 1 FROM sqlite_schema").fetchone():
            db.executescript(f"BEGIN IMMEDIATE; {tables} PRAGMA user_version = {version}; COMMIT;")
        _check(db, file, version)
        for step in range(_version(db) + 1, version + 1):
            db.executescript(
                f"BEGIN IMMEDIATE; {steps[step]} PRAGMA user_version = {step}; COMMIT;"
            )
    except BaseException:
        db.close()
        raise
    return db


def connect_beside(file: Path, tables: str, version: int) -> sqlite3.Connection:
    """A database that is there already, with further tables; its own are left as they are.

    Each commit waits for the disk, so it outlives a power cut as well.
    """
    db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)
    try:
        db.execute("PRAGMA synchronous = FULL")
        _check(db, file, version)
        db.executescript(f"BEGIN IMMEDIATE; {tables} COMMIT;")
    except BaseException:
        db.close()
        raise
    return db


def connect_to_read(file: Path, version: int, tables: str = "") -> sqlite3.Connection:
    """A database that somebody may be writing. Of `tables`, those that it has not, since an early
    version wrote it, are there and empty: SQLite looks for a table in the file first."""
    db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    try:
        _check(db, file, version)
        db.execute("ATTACH ':memory:' AS absent")
        db.executescript(tables.replace("TABLE IF NOT EXISTS ", "TABLE absent."))
    except BaseException:
        db.close()
        raise
    return db


def checkpoint(file: Path) -> None:
    """Move the write-ahead log into the file. Waits for the disk: call it from a thread."""
    db = sqlite3.connect(file)
    try:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    finally:
        db.close()


def lock(file: Path) -> sqlite3.Connection | None:
    """A lock held until closed, or until the kernel ends us; None when another process holds it.

    SQLite's lock, since the kernel's own differ by platform and some outlive us in a child.
    """
    db = sqlite3.connect(file, timeout=0.0, isolation_level=None)
    try:
        db.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        db.close()
        if is_busy(error):
            return None
        raise
    return db


def is_busy(error: sqlite3.Error) -> bool:
    """Another process is writing; the same may succeed a moment later."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY


def is_torn(error: sqlite3.Error) -> bool:
    """The file is no database, or not whole."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _TORN


def write_whole(file: Path, text: bytes | Iterable[bytes]) -> None:
    """Write all of a file, in pieces where it is large, or nothing of it. Through a link its target
    is written, and a device or a pipe (`/dev/stdout`) is written to and not replaced by a file."""
    pieces = (text,) if isinstance(text, bytes) else text
    if file.exists() and not file.is_file() and not file.is_dir():
        with file.open("wb") as writing:
            writing.writelines(pieces)
        return
    file = file.resolve()
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as writing:
            writing.writelines(pieces)
            writing.flush()
            os.fsync(writing.fileno())
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _full(thing: Path) -> VisavisError:
    return VisavisError(
        f"the disk is full: cannot write {thing.name!r}; make room, then ask the same again"
    )


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _check(db: sqlite3.Connection, file: Path, version: int) -> None:
    found = _version(db)
    if found > version:
        raise StoreError(
            f"{file.name!r} is of format {found}, this visavis reads {version}; update visavis"
        )
    if found == 0:
        raise StoreError(f"{file.name!r} is another program's database; choose a new folder")


def _error(error: sqlite3.Error, thing: Path) -> VisavisError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return _full(thing)
    if is_torn(error):
        return StoreError(f"{thing.name!r} is torn or no file of ours: {error}")
    return StoreError(f"cannot use {str(thing)!r}: {error}")
