"""The votes of a run, kept beside its trials: each written to the disk before it is answered."""

import sqlite3
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from visavis.core.errors import StoreError
from visavis.core.vote import Vote
from visavis.measure import disk
from visavis.measure.disk import plain_errors
from visavis.measure.run_folder import TRIALS
from visavis.measure.spec import FORMAT

_TABLE = """
CREATE TABLE IF NOT EXISTS votes (         -- of people who compared two replies blind
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    benchmark TEXT NOT NULL, case_id TEXT NOT NULL, repeat INTEGER NOT NULL,
    on_left TEXT NOT NULL, on_right TEXT NOT NULL,
    choice TEXT NOT NULL CHECK (choice IN ('left', 'right', 'tie', 'skip')),
    seconds REAL NOT NULL, voter TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS one_vote ON votes (   -- whichever reply stood on the left
    voter, benchmark, case_id, repeat, min(on_left, on_right), max(on_left, on_right)
);
"""
_ADD = f"INSERT OR IGNORE INTO votes VALUES (NULL{', ?' * len(fields(Vote))})"
_COLUMNS = "benchmark, case_id, repeat, on_left, on_right, choice, seconds, voter, at"
"""In the order of a vote's fields."""
_ALL = f"SELECT number, {_COLUMNS} FROM votes"


class Numbered(NamedTuple):
    """A vote under the number by which it is taken back."""

    number: int
    vote: Vote


class VoteStore:
    """The votes of one run, to be added to. Several may write at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with plain_errors(folder / TRIALS):
            self._db = disk.connect_beside(folder / TRIALS, _TABLE, FORMAT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def add(self, vote: Vote) -> bool:
        """Keep a vote; False where this voter has judged the same two replies before."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = [getattr(vote, f.name) for f in fields(Vote)]
        with plain_errors(self.folder), self._db:
            return self._db.execute(_ADD, [*row[:-1], vote.at or now]).rowcount == 1

    def take_back(self, number: int, voter: str) -> Vote | None:
        """Forget one vote of this voter; None where it is not there, or not theirs."""
        with plain_errors(self.folder), self._db:
            query = f"{_ALL} WHERE number = ? AND voter = ?"
            row = self._db.execute(query, (number, voter)).fetchone()
            self._db.execute("DELETE FROM votes WHERE number = ? AND voter = ?", (number, voter))
        return None if row is None else _numbered(row).vote

    def put_back_skipped(self, voter: str) -> int:
        """Forget what this voter skipped, so that it comes again; how much that was."""
        query = "DELETE FROM votes WHERE voter = ? AND choice = 'skip'"
        with plain_errors(self.folder), self._db:
            return self._db.execute(query, (voter,)).rowcount

    def of(self, voter: str) -> list[Numbered]:
        """All votes of one voter, in the order given."""
        query = f"{_ALL} WHERE voter = ? ORDER BY number"
        with plain_errors(self.folder):
            return [_numbered(row) for row in self._db.execute(query, (voter,))]

    def all(self) -> tuple[Vote, ...]:
        """Everybody's votes, in the order given."""
        with plain_errors(self.folder):
            return _all(self._db)


def votes_in(folder: Path) -> tuple[Vote, ...]:
    """All votes on a run, in the order given; none where nobody was asked."""
    with plain_errors(folder):
        db = disk.connect_to_read(folder / TRIALS, FORMAT)
        try:
            return _all(db)
        finally:
            db.close()


def _all(db: sqlite3.Connection) -> tuple[Vote, ...]:
    there = db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'votes'").fetchone()
    if there is None:
        return ()
    return tuple(_numbered(row).vote for row in db.execute(f"{_ALL} ORDER BY number"))


def _numbered(row: tuple[object, ...]) -> Numbered:
    number, *told = row
    named = {f.name: value for f, value in zip(fields(Vote), told, strict=True)}
    try:
        return Numbered(msgspec.convert(number, int), msgspec.convert(named, Vote))
    except msgspec.ValidationError as error:
        raise StoreError(f"vote {number} is none that this visavis knows ({error})") from error
