"""One speed run, one folder: `run.json` to read, `timings.sqlite` with every request's instants.

A block is added whole, when it has ended, or not at all: a torn one would compare nothing. What it
may have cost is kept all the same, unless we are killed. A run that was cut off is gone on with by
passing over the blocks that are here.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

import msgspec

from visavis.core.outcome import Failure, Outcome, Reply
from visavis.measure import disk, run_folder
from visavis.measure.calibrate import Calibration, worst
from visavis.measure.disk import plain_errors
from visavis.measure.load.block import WARM_UP, Block, Request
from visavis.measure.load.spec import FORMAT, SpeedSpec, known, read, write
from visavis.measure.run_folder import HEAD, TIMINGS
from visavis.measure.spec import to_json
from visavis.measure.timings import Chunk, Timing

_TABLES = """
CREATE TABLE IF NOT EXISTS blocks (
    load TEXT NOT NULL, number INTEGER NOT NULL, candidate TEXT NOT NULL,
    open_loop INTEGER NOT NULL,
    began REAL NOT NULL, counted_from REAL NOT NULL, until REAL NOT NULL,
    PRIMARY KEY (load, number, candidate)
) STRICT;
CREATE TABLE IF NOT EXISTS requests (
    load TEXT NOT NULL, number INTEGER NOT NULL, candidate TEXT NOT NULL,
    counted INTEGER NOT NULL, usd REAL,
    reply TEXT, failure TEXT,             -- JSON; one of the two
    instants TEXT NOT NULL,               -- JSON
    CHECK ((reply IS NULL) <> (failure IS NULL))
) STRICT;
CREATE TABLE IF NOT EXISTS charges (      -- money perhaps spent, with no price to show for it
    candidate TEXT NOT NULL, usd REAL NOT NULL, because TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS calibrations (calibration TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS notes (text TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS facts (
    candidate TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (candidate, name)
) STRICT;
CREATE TABLE IF NOT EXISTS beside (       -- what else was measured: JSON of one kind of noun each
    candidate TEXT NOT NULL, kind TEXT NOT NULL, told TEXT NOT NULL
) STRICT;
"""

T = TypeVar("T")


class LoadStore:
    """One speed run in one folder."""

    def __init__(self, folder: Path, spec: SpeedSpec, db: sqlite3.Connection) -> None:
        """Use `begin` to write and `open` to read."""
        self.folder = folder
        self.spec = spec
        self._db = db
        self._lock: sqlite3.Connection | None = None

    @classmethod
    def begin(cls, folder: Path, spec: SpeedSpec) -> Self:
        """A store to write to: a new folder, or the folder of the same run, to be gone on with."""
        with plain_errors(folder):
            lock = run_folder.begun(folder, TIMINGS)
            try:
                here = known(folder, spec)
                db = disk.connect(folder / TIMINGS, _TABLES, FORMAT)
                if here is None:  # last, so that a folder with a head is a whole one
                    disk.write_whole(folder / HEAD, write(spec))
            except BaseException:
                lock.close()
                raise
        store = cls(folder, here or spec, db)
        store._lock = lock
        return store

    @classmethod
    def open(cls, folder: Path) -> Self:
        """A store to read from."""
        with plain_errors(folder):
            return cls(
                folder, read(folder), disk.connect_to_read(folder / TIMINGS, FORMAT, _TABLES)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        if self._lock is not None:
            self._lock.close()

    def add(self, block: Block) -> None:
        """Keep a block, whole."""
        of = (block.load, block.number, block.candidate)
        times = (int(block.open_loop), block.began, block.counted_from, block.until)
        with plain_errors(self.folder), self._db:
            self._db.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?)", (*of, *times))
            self._db.executemany(
                "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                ((*of, *_columns(request)) for request in block.requests),
            )

    def charge(self, candidate: str, usd: float, because: str) -> None:
        """Note money that may have been spent though no price came back."""
        self._write("INSERT INTO charges VALUES (?, ?, ?)", candidate, usd, because)

    def add_note(self, text: str) -> None:
        self._write("INSERT OR IGNORE INTO notes VALUES (?)", text)

    def add_fact(self, candidate: str, name: str, value: float) -> None:
        """Keep what was measured beside the load, such as memory; of two sessions the larger."""
        self._write(
            "INSERT INTO facts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
            "value = max(value, excluded.value)",
            candidate,
            name,
            value,
        )

    def add_beside(self, candidate: str, kind: str, told: object) -> None:
        """Keep a noun of what was measured beside the load, such as energy."""
        self._write("INSERT INTO beside VALUES (?, ?, ?)", candidate, kind, to_json(told).decode())

    def add_calibration(self, calibration: Calibration) -> None:
        self._write("INSERT INTO calibrations VALUES (?)", to_json(calibration).decode())

    def _write(self, statement: str, *row: str | float) -> None:
        with plain_errors(self.folder), self._db:
            self._db.execute(statement, row)

    def blocks(self) -> Iterator[Block]:
        """All blocks, in the order in which they ended."""
        with plain_errors(self.folder):
            for row in self._db.execute("SELECT * FROM blocks ORDER BY rowid").fetchall():
                load, number, candidate, open_loop, began, counted_from, until = row
                yield Block(
                    load=load,
                    number=number,
                    candidate=candidate,
                    open_loop=bool(open_loop),
                    began=began,
                    counted_from=counted_from,
                    until=until,
                    requests=tuple(self._requests(load, number, candidate)),
                )

    def warm_ups(self, candidate: str) -> int:
        """Times that it was warmed up: once a session."""
        query = "SELECT count(*) FROM blocks WHERE load = ? AND candidate = ?"
        with plain_errors(self.folder):
            return int(self._db.execute(query, (WARM_UP, candidate)).fetchone()[0])

    def _requests(self, *of: str | int) -> Iterable[Request]:
        query = (
            "SELECT counted, usd, reply, failure, instants FROM requests "
            "WHERE load = ? AND number = ? AND candidate = ? ORDER BY rowid"
        )
        return map(_request, self._db.execute(query, of))

    def calibration(self) -> Calibration | None:
        """The worst of all sessions, if there was one."""
        query = "SELECT calibration FROM calibrations ORDER BY rowid"
        with plain_errors(self.folder):
            rows = self._db.execute(query).fetchall()
        return worst([msgspec.json.decode(row[0], type=Calibration) for row in rows])

    def notes(self) -> tuple[str, ...]:
        with plain_errors(self.folder):
            rows = self._db.execute("SELECT text FROM notes ORDER BY rowid").fetchall()
        return tuple(text for (text,) in rows)

    def facts(self) -> list[tuple[str, str, float]]:
        """Candidate, name, value."""
        with plain_errors(self.folder):
            return self._db.execute("SELECT candidate, name, value FROM facts").fetchall()

    def beside(self, kind: str, noun: type[T]) -> list[tuple[str, T]]:
        """Candidates, each with a noun of this kind; none in runs from before they were kept."""
        query = "SELECT candidate, told FROM beside WHERE kind = ? ORDER BY rowid"
        with plain_errors(self.folder):
            rows = self._db.execute(query, (kind,)).fetchall()
        return [(candidate, msgspec.json.decode(told, type=noun)) for candidate, told in rows]

    def spent_usd(self) -> dict[str, float]:
        """By candidate; empty where nothing is known to cost."""
        query = (
            "SELECT candidate, total(usd) FROM (SELECT candidate, usd FROM requests UNION ALL "
            "SELECT candidate, usd FROM charges) WHERE usd IS NOT NULL GROUP BY candidate"
        )
        with plain_errors(self.folder):
            return dict(self._db.execute(query).fetchall())


class _Instants(msgspec.Struct):
    """A timing without its outcome, as it is stored."""

    due: float
    end: float
    clock: Literal["kernel", "user"]
    connect_begun: float | None = None
    connected: float | None = None
    secured: float | None = None
    sent: float | None = None
    written: float | None = None
    first_byte: float | None = None
    headers: float | None = None
    first_thought: float | None = None
    chunks: tuple[Chunk, ...] = ()
    refused: str | None = None


_NAMES = _Instants.__struct_fields__
_instants = msgspec.json.Decoder(_Instants).decode
_reply = msgspec.json.Decoder(Reply).decode
_failure = msgspec.json.Decoder(Failure).decode


def _columns(request: Request) -> tuple[str | int | float | None, ...]:
    timing = request.timing
    outcome = to_json(timing.outcome).decode()
    kept = (outcome, None) if isinstance(timing.outcome, Reply) else (None, outcome)
    instants = to_json(_Instants(**{name: getattr(timing, name) for name in _NAMES})).decode()
    return (int(request.counted), request.usd, *kept, instants)


def _request(row: tuple[Any, ...]) -> Request:
    counted, usd, reply, failure, text = row
    outcome: Outcome = _failure(failure) if reply is None else _reply(reply)
    instants = _instants(text)
    timing = Timing(outcome=outcome, **{name: getattr(instants, name) for name in _NAMES})
    return Request(timing=timing, counted=bool(counted), usd=usd)
