"""The judgements of a run, kept beside its trials: who said what of which reply, at what price.

A judgement that is here is never asked for again, one that failed is; so a session that was killed
is gone on with by asking what is left. A run from before there were judges has no such tables.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import msgspec

from visavis.core.candidate import Candidate
from visavis.core.outcome import Failure, Reply, Score, Unscored
from visavis.core.ruling import Item
from visavis.core.trial import Trial, TrialKey
from visavis.measure import disk
from visavis.measure.disk import plain_errors
from visavis.measure.plan import Asked
from visavis.measure.run_folder import TRIALS, held
from visavis.measure.spec import FORMAT, to_json
from visavis.scoring.judged import WORDING

_TABLES = """
CREATE TABLE IF NOT EXISTS judges (
    name TEXT PRIMARY KEY, candidate TEXT NOT NULL, wording TEXT NOT NULL,
    place INTEGER,                        -- in the panel; NULL for one that has left it
    against TEXT NOT NULL                 -- the candidate beside which pairs put all others, or ''
) STRICT;
CREATE TABLE IF NOT EXISTS judgements (
    judge TEXT NOT NULL, benchmark TEXT NOT NULL, case_id TEXT NOT NULL, repeat INTEGER NOT NULL,
    rubric TEXT NOT NULL,
    first TEXT NOT NULL, second TEXT NOT NULL,  -- candidates as shown; no second: one reply alone
    reply TEXT, failure TEXT,             -- JSON, with tokens and times; one of the two
    value REAL, mark TEXT, because TEXT,  -- what it earned, or the first won; no value: unscored
    usd REAL, reused INTEGER NOT NULL, asked_at TEXT NOT NULL,
    PRIMARY KEY (judge, benchmark, case_id, repeat, rubric, first, second),
    CHECK ((reply IS NULL) <> (failure IS NULL))
) STRICT;
CREATE TABLE IF NOT EXISTS judge_charges (    -- money perhaps spent, with no price to show for it
    judge TEXT NOT NULL, usd REAL NOT NULL, because TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS labels (           -- what people said of the same things
    benchmark TEXT NOT NULL, case_id TEXT NOT NULL, repeat INTEGER NOT NULL, rubric TEXT NOT NULL,
    first TEXT NOT NULL, second TEXT NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (benchmark, case_id, repeat, rubric, first, second)
) STRICT;
"""
_ADD = f"INSERT OR REPLACE INTO judgements VALUES ({', '.join('?' * 15)})"
_SPENT = (
    "SELECT (SELECT total(usd) FROM judgements WHERE NOT reused)"
    " + (SELECT total(usd) FROM judge_charges)"
)
_CHARGED = "SELECT judge, total(usd) FROM judge_charges GROUP BY judge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgements:
    """All that a run holds of judging."""

    judges: tuple[Candidate, ...] = ()
    """Those whose word counts, in the order named."""
    against: str = ""
    trials: tuple[Trial, ...] = ()
    """Of every judge that was ever asked, in the order in which they ended."""
    charged_usd: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Money perhaps spent with no price to show for it, by judge."""
    labels: tuple[tuple[Item, float], ...] = ()
    """What people said."""


class JudgementStore:
    """Where judgements are added; holds the run, so that nobody else writes to it meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with plain_errors(folder):
            lock = held(folder)
            try:
                self._db = disk.connect_beside(folder / TRIALS, _TABLES, FORMAT)
            except BaseException:
                lock.close()
                raise
        self._lock = lock
        self._rows: list[tuple[Any, ...]] = []
        self._charges: list[tuple[str, float, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        try:
            self.commit()
        finally:
            self._db.close()
            self._lock.close()

    def seat(self, judges: Iterable[Candidate], against: str) -> tuple[str, ...]:
        """Make these the judges whose word counts. Returns those that go by the name of another
        model than before, or were asked in other words: their former judgements are gone."""
        seated = [(one.name, to_json(replace(one, file=None)).decode()) for one in judges]
        with plain_errors(self.folder), self._db:
            changed = tuple(name for name, body in seated if self._is_another(name, body))
            for name in changed:
                self._db.execute("DELETE FROM judgements WHERE judge = ?", (name,))
            self._db.execute("UPDATE judges SET place = NULL")
            self._db.executemany(
                "INSERT OR REPLACE INTO judges VALUES (?, ?, ?, ?, ?)",
                [(name, body, WORDING, n, against) for n, (name, body) in enumerate(seated)],
            )
        return changed

    def _is_another(self, name: str, body: str) -> bool:
        query = "SELECT candidate, wording FROM judges WHERE name = ?"
        row = self._db.execute(query, (name,)).fetchone()
        return row is not None and differ((row[0], row[1]), (body, WORDING))

    def label(self, labels: Iterable[tuple[Item, float]]) -> None:
        """Keep what people said; a later word on the same thing stands."""
        rows = [
            (i.benchmark, i.case, i.repeat, i.rubric, i.first, i.second, value)
            for i, value in labels
        ]
        with plain_errors(self.folder), self._db:
            self._db.executemany("INSERT OR REPLACE INTO labels VALUES (?,?,?,?,?,?,?)", rows)

    def done(self) -> set[TrialKey]:
        """What need not be asked again: all that a judge answered, however."""
        return {one.key for one in self.trials()}

    def spent_usd(self) -> float:
        """What judging has cost so far, doubtful charges included, reused answers not."""
        with plain_errors(self.folder):
            return float(self._db.execute(_SPENT).fetchone()[0])

    def add_cases(self, asked: Iterable[Asked]) -> None:
        """Nothing: what a judge is asked is made of what the run holds already."""

    def trials(self) -> Iterator[Trial]:
        """All that judges answered: what failed is asked again, and is not spoken of."""
        with plain_errors(self.folder):
            yield from (one for one in _trials(self._db) if isinstance(one.outcome, Reply))

    def add(self, trial: Trial) -> None:
        self._rows.append(_row(trial))

    def charge(self, candidate: str, usd: float, because: str) -> None:
        self._charges.append((candidate, usd, because))

    def commit(self) -> None:
        rows, charges = self._rows, self._charges
        if not (rows or charges):
            return
        self._rows, self._charges = [], []
        with plain_errors(self.folder), self._db:
            self._db.executemany(_ADD, rows)
            self._db.executemany("INSERT INTO judge_charges VALUES (?, ?, ?)", charges)

    def checkpoint(self) -> None:
        """Nothing: each commit has waited for the disk."""


def judgements_in(folder: Path) -> Judgements:
    """What a run holds of judging; empty where no judge was ever asked."""
    with plain_errors(folder), closing(disk.connect_to_read(folder / TRIALS, FORMAT)) as db:
        if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'labels'").fetchone():
            return Judgements()
        seated = db.execute(
            "SELECT candidate, against FROM judges WHERE place IS NOT NULL ORDER BY place"
        ).fetchall()
        return Judgements(
            judges=tuple(_candidate(body) for body, _ in seated),
            against=seated[0][1] if seated else "",
            trials=tuple(_trials(db)),
            charged_usd=dict(db.execute(_CHARGED).fetchall()),
            labels=tuple(
                (Item(*row[:6]), row[6])
                for row in db.execute("SELECT * FROM labels ORDER BY rowid")
            ),
        )


_candidate = msgspec.json.Decoder(Candidate).decode
_reply = msgspec.json.Decoder(Reply).decode
_failure = msgspec.json.Decoder(Failure).decode


def differ(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two judges, each with the wording in which it is asked, are not the same."""
    return (_identity(one[0]), one[1]) != (_identity(other[0]), other[1])


def _identity(body: str) -> tuple[str | None, ...]:
    one = _candidate(body)
    return one.kind, one.route, one.model, one.snapshot, one.base_url


def _row(trial: Trial) -> tuple[Any, ...]:
    item, said = Item.of(trial.key), to_json(trial.outcome).decode()
    kept = (said, None) if isinstance(trial.outcome, Reply) else (None, said)
    graded: tuple[float | None, str | None, str | None] = (None, None, None)
    match trial.grade:
        case Score(value=value, read=read, because=because):
            graded = value, read, because
        case Unscored(because=because):
            graded = None, None, because
    who = (trial.key.candidate, item.benchmark, item.case, item.repeat)
    shown = (item.rubric, item.first, item.second)
    return (*who, *shown, *kept, *graded, trial.usd, int(trial.reused), trial.asked_at)


def _trials(db: sqlite3.Connection) -> Iterator[Trial]:
    return map(_trial, db.execute("SELECT * FROM judgements ORDER BY rowid"))


def _trial(row: tuple[Any, ...]) -> Trial:
    judge, *about = row[:7]
    reply, failure, value, mark, because, usd, reused, asked_at = row[7:]
    unscored = None if because is None else Unscored(because=because)
    return Trial(
        key=Item(*about).key(judge),
        outcome=_failure(failure) if reply is None else _reply(reply),
        grade=unscored if value is None else Score(value=value, because=because, read=mark),
        usd=usd,
        reused=bool(reused),
        asked_at=asked_at,
    )
