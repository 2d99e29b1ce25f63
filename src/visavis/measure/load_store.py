"""One speed run, one folder: `run.json` to read, `timings.sqlite` with every request's instants.

A block is added whole, when it has ended, or not at all: a torn one would compare nothing. What it
may have cost is kept all the same.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self

import msgspec

from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError, StoreError
from visavis.core.outcome import Failure, Outcome, Reply
from visavis.measure import disk
from visavis.measure.calibrate import Calibration
from visavis.measure.disk import plain_errors
from visavis.measure.load_block import Block, Request
from visavis.measure.spec import HEAD, to_json
from visavis.measure.timings import Chunk, Timing

FORMAT = 1
_TIMINGS = "timings.sqlite"
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
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedSpec:
    """What a speed run was asked to do, and where. Holds no secret."""

    candidates: tuple[Candidate, ...]
    shapes: tuple[str, ...]
    """Names of the loads, in order; a sweep adds to them as it goes."""
    prompt_tokens: int
    shared_tokens: int
    output_tokens: int
    blocks: int
    slo: tuple[str, ...] = ()
    policy: str = "default"
    seed: int = 0
    passed: Mapping[str, Any] = field(default_factory=dict)
    """Options as the user gave them, in plain JSON."""
    machine: Mapping[str, Any] = field(default_factory=dict)


class _Document(msgspec.Struct):
    """`run.json` of a speed run."""

    format: int
    kind: str
    speed: SpeedSpec


class LoadStore:
    """One speed run in one folder."""

    def __init__(self, folder: Path, spec: SpeedSpec, db: sqlite3.Connection) -> None:
        """Use `begin` to write and `open` to read."""
        self.folder = folder
        self.spec = spec
        self._db = db

    @classmethod
    def begin(cls, folder: Path, spec: SpeedSpec) -> Self:
        """A store to write to, in a new folder."""
        with plain_errors(folder):
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                raise OptionError(f"{str(folder)!r} is no empty folder; choose a new one")
            folder.mkdir(parents=True, exist_ok=True)
            db = disk.connect(folder / _TIMINGS, _TABLES, FORMAT)
            pathless = tuple(replace(candidate, file=None) for candidate in spec.candidates)
            document = _Document(FORMAT, "speed", replace(spec, candidates=pathless))
            disk.write_whole(folder / HEAD, msgspec.json.format(to_json(document)) + b"\n")
        return cls(folder, spec, db)

    @classmethod
    def open(cls, folder: Path) -> Self:
        with plain_errors(folder):
            try:
                text = (folder / HEAD).read_bytes()
                document = msgspec.json.decode(text, type=_Document)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise StoreError(
                    f"'run.json' of run {str(folder)!r} is torn or no speed run's ({error})"
                ) from None
            if document.format > FORMAT:
                raise StoreError(f"run {str(folder)!r} is of a newer format; update visavis")
            return cls(folder, document.speed, disk.connect_to_read(folder / _TIMINGS, FORMAT))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

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
        """Keep what was measured beside the load, such as memory; the last word counts."""
        self._write("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", candidate, name, value)

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

    def _requests(self, *of: str | int) -> Iterable[Request]:
        query = (
            "SELECT counted, usd, reply, failure, instants FROM requests "
            "WHERE load = ? AND number = ? AND candidate = ? ORDER BY rowid"
        )
        return map(_request, self._db.execute(query, of))

    def calibration(self) -> Calibration | None:
        """The latest, if there was one."""
        query = "SELECT calibration FROM calibrations ORDER BY rowid DESC LIMIT 1"
        with plain_errors(self.folder):
            row = self._db.execute(query).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Calibration)

    def notes(self) -> tuple[str, ...]:
        with plain_errors(self.folder):
            rows = self._db.execute("SELECT text FROM notes ORDER BY rowid").fetchall()
        return tuple(text for (text,) in rows)

    def facts(self) -> list[tuple[str, str, float]]:
        """Candidate, name, value."""
        with plain_errors(self.folder):
            return self._db.execute("SELECT candidate, name, value FROM facts").fetchall()

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
