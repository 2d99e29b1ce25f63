"""One run, one folder: `run.json` to read, `trials.sqlite` with all that came, artifacts beside.

Trials are only ever added. All that were added since the last `commit` are written in one
transaction of a write-ahead log: whatever kills the process loses no committed trial, and a power
cut loses none that was there at the last checkpoint. A run that was cut off is taken up by
planning again and leaving out the keys already here.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from visavis.core.case import Case
from visavis.core.errors import OptionError, StoreError
from visavis.core.observation import Observation
from visavis.core.outcome import Evidence
from visavis.core.prompt import Prompt
from visavis.core.trial import Trial, TrialKey
from visavis.measure import disk, evidence, run_folder
from visavis.measure import spec as head
from visavis.measure.disk import plain_errors
from visavis.measure.pictures import by_digest, pictures_of, with_pictures
from visavis.measure.plan import Asked
from visavis.measure.run_folder import HEAD, TRIALS
from visavis.measure.spec import RunSpec, to_json
from visavis.measure.trial_rows import Row, row_of, trial_of, without_texts

_TABLES = """
CREATE TABLE IF NOT EXISTS cases (
    benchmark TEXT NOT NULL, case_id TEXT NOT NULL, body TEXT NOT NULL, prompt TEXT NOT NULL,
    PRIMARY KEY (benchmark, case_id)
) STRICT;
CREATE TABLE IF NOT EXISTS pictures (     -- of prompts, which hold their digests
    sha256 BLOB PRIMARY KEY, content BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS trials (
    candidate TEXT NOT NULL, benchmark TEXT NOT NULL, case_id TEXT NOT NULL,
    repeat INTEGER NOT NULL,
    reply TEXT, failure TEXT,             -- JSON; one of the two
    score REAL, read TEXT, because TEXT,  -- without a score: unscored because
    usd REAL, reused INTEGER NOT NULL, asked_at TEXT NOT NULL,
    marks TEXT,                           -- JSON object; of a score that has further ones
    PRIMARY KEY (candidate, benchmark, case_id, repeat),
    CHECK ((reply IS NULL) <> (failure IS NULL))
) STRICT;
CREATE TABLE IF NOT EXISTS charges (      -- money perhaps spent, with no price to show for it
    candidate TEXT NOT NULL, usd REAL NOT NULL, because TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS notes (        -- what the user was told on the way
    text TEXT PRIMARY KEY
) STRICT;
CREATE TABLE IF NOT EXISTS peaks (        -- measured beside the trials
    candidate TEXT NOT NULL, measure TEXT NOT NULL, unit_id TEXT NOT NULL, value REAL NOT NULL,
    observation TEXT NOT NULL,
    PRIMARY KEY (candidate, measure, unit_id)
) STRICT;
"""
_STEPS = {2: "ALTER TABLE trials ADD COLUMN marks TEXT;"}
"""What makes the tables of the format before into those of this one."""
_ADD = """
INSERT INTO trials (
    candidate, benchmark, case_id, repeat, reply, failure,
    score, read, because, marks, usd, reused, asked_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
PEAK = """
INSERT INTO peaks VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
value = excluded.value, observation = excluded.observation WHERE excluded.value > value
"""
"""Keeps the largest."""
_ENDED = "SELECT * FROM trials WHERE +candidate IN ({candidates}) ORDER BY rowid"
"""The plus keeps them in order without being sorted."""
_TRIED = """
SELECT cases.rowid, cases.body, cases.prompt, trials.* FROM cases NOT INDEXED CROSS JOIN trials
ON trials.candidate IN ({candidates})
AND trials.benchmark = cases.benchmark AND trials.case_id = cases.case_id
WHERE cases.benchmark = ? ORDER BY cases.rowid
"""
"""Goes through the cases as they lie, and looks up the trials of each."""


class StoredCase(NamedTuple):
    """A case with the words in which every candidate got it."""

    case: Case
    """Its pictures are in the prompt alone."""
    prompt: Prompt


class Tried(NamedTuple):
    """A case with all its trials, in any order."""

    benchmark: str
    asked: StoredCase
    trials: list[Trial]


class RunStore:
    """One run in one folder. Written by one process at a time, readable by any at any time."""

    def __init__(self, folder: Path, spec: RunSpec, db: sqlite3.Connection) -> None:
        """Use `begin` to write and `open` to read."""
        self.folder = folder
        self.spec = spec
        self._db = db
        self._lock: sqlite3.Connection | None = None
        self._trials: list[Row] = []
        self._charges: list[tuple[str, float, str]] = []
        self._notes: list[tuple[str]] = []
        self._evidence: list[tuple[TrialKey, tuple[Evidence, ...]]] = []

    @classmethod
    def begin(cls, folder: Path, spec: RunSpec) -> Self:
        """A store to write to: a new folder, or the folder of the same run, to be gone on with."""
        with plain_errors(folder):
            lock = run_folder.begun(folder, TRIALS)
            try:
                known = _known(folder, spec)
                db = disk.connect(folder / TRIALS, _TABLES, head.FORMAT, _STEPS)
                if known is None:  # last, so that a folder with a head is a whole one
                    disk.write_whole(folder / HEAD, head.write(spec))
            except BaseException:
                lock.close()
                raise
        store = cls(folder, known or spec, db)
        store._lock = lock
        return store

    @classmethod
    def open(cls, folder: Path) -> Self:
        """A store to read from, at rest or still being written."""
        with plain_errors(folder):
            spec = _read_head(folder)
            if spec is None:
                raise StoreError(f"{str(folder)!r} is no run: it has no {HEAD!r}")
            return cls(folder, spec, disk.connect_to_read(folder / TRIALS, head.FORMAT, _TABLES))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add_cases(self, asked: Iterable[Asked]) -> None:
        """Keep cases and prompts, so that transcripts need no benchmark."""
        with plain_errors(self.folder), self._db:
            for one in asked:
                for case in one.cases:
                    self._add_case(one.benchmark.name, case, one.benchmark.ask(case))

    def _add_case(self, benchmark: str, case: Case, prompt: Prompt) -> None:
        body = to_json(replace(case, images=())).decode()
        row = (benchmark, case.id, body, to_json(by_digest(prompt)).decode())
        self._db.execute("INSERT OR IGNORE INTO cases VALUES (?, ?, ?, ?)", row)
        for picture in pictures_of(prompt):
            self._db.execute("INSERT OR IGNORE INTO pictures VALUES (?, ?)", picture)

    def add(self, trial: Trial) -> None:
        """Add a trial with the next `commit`. A key comes once; twice is a mistake of ours."""
        self._trials.append(row_of(trial))
        seen = evidence.bounded(trial)
        if seen is not None:
            self._evidence.append(seen)

    def charge(self, candidate: str, usd: float, because: str) -> None:
        """Note money that may have been spent though no price came back."""
        self._charges.append((candidate, usd, because))

    def add_note(self, text: str) -> None:
        """Keep what the user was told, once, with the next `commit`."""
        self._notes.append((text,))

    def add_peak(self, peak: Observation) -> None:
        """Keep the largest of what was seen under this candidate, measure and unit."""
        row = (peak.candidate, peak.measure, peak.unit_id, peak.value, to_json(peak).decode())
        with plain_errors(self.folder), self._db:
            self._db.execute(PEAK, row)

    def commit(self) -> None:
        """Write all that was added, or nothing of it."""
        trials, charges, notes = self._trials, self._charges, self._notes
        if not (trials or charges or notes):
            return
        seen = self._evidence
        self._trials, self._charges, self._notes, self._evidence = [], [], [], []
        try:
            with plain_errors(self.folder), self._db:
                self._db.executemany(_ADD, trials)
                self._db.executemany("INSERT INTO charges VALUES (?, ?, ?)", charges)
                self._db.executemany("INSERT OR IGNORE INTO notes VALUES (?)", notes)
                if seen:
                    evidence.write(self._db, seen)
        except sqlite3.IntegrityError as error:
            raise ValueError(f"a trial was stored twice, or is no trial: {error}") from error

    def done(self) -> set[TrialKey]:
        """The keys of all trials here: what a plan need not ask again."""
        query = "SELECT candidate, benchmark, case_id, repeat FROM trials"
        with plain_errors(self.folder):
            return {TrialKey(*row) for row in self._db.execute(query)}

    def count(self) -> int:
        """How many trials are here."""
        with plain_errors(self.folder):
            return int(self._db.execute("SELECT count(*) FROM trials").fetchone()[0])

    def trials(self, *, texts: bool = True) -> Iterator[Trial]:
        """All trials of the run's candidates, in the order in which they ended; if so told, without
        what judging does not need, so that a million of them can be held."""
        made = trial_of if texts else without_texts()
        with plain_errors(self.folder):
            yield from map(made, self._db.execute(self._of_candidates(_ENDED), self._names))

    def tried(self) -> Iterator[Tried]:
        """Each case that has trials, with them, in the order asked; pictures of prompts empty.

        One case is held at a time, so a run may be larger than this machine's memory.
        """
        query = self._of_candidates(_TRIED)
        with plain_errors(self.folder):
            for known in self.spec.benchmarks:
                rows = self._db.execute(query, (*self._names, known.name))
                for _, own in groupby(rows, itemgetter(0)):
                    first = next(own)
                    prompt = with_pictures(_prompt(first[2]), lambda _: b"")
                    asked = StoredCase(_case(first[1]), prompt)
                    yield Tried(known.name, asked, [trial_of(row[3:]) for row in (first, *own)])

    @property
    def _names(self) -> list[str]:
        return [candidate.name for candidate in self.spec.candidates]

    def _of_candidates(self, query: str) -> str:
        """A query with a place for each candidate; rows of others, in a folder that was tampered
        with, are no part of the run."""
        return query.format(candidates=", ".join("?" * len(self.spec.candidates)))

    def cases(self, benchmark: str, *, pictures: bool = True) -> Iterator[StoredCase]:
        """The cases of one benchmark with their prompts, in order; pictures empty if so told."""
        query = "SELECT body, prompt FROM cases WHERE benchmark = ? ORDER BY rowid"
        content = self._picture if pictures else lambda _: b""
        with plain_errors(self.folder):
            for body, prompt in self._db.execute(query, (benchmark,)):
                yield StoredCase(_case(body), with_pictures(_prompt(prompt), content))

    def kept(self, benchmark: str) -> dict[str, StoredCase]:
        """Each case by its id, as it is kept: in the place of a picture stands its digest."""
        query = "SELECT case_id, body, prompt FROM cases WHERE benchmark = ?"
        with plain_errors(self.folder):
            rows = self._db.execute(query, (benchmark,)).fetchall()
        return {case_id: read_case(body, prompt) for case_id, body, prompt in rows}

    def case(self, benchmark: str, case_id: str) -> StoredCase:
        """One case with its prompt, pictures included."""
        query = "SELECT body, prompt FROM cases WHERE benchmark = ? AND case_id = ?"
        with plain_errors(self.folder):
            row = self._db.execute(query, (benchmark, case_id)).fetchone()
            if row is None:
                raise StoreError(f"run {str(self.folder)!r} has lost case {case_id!r}; ask again")
            return StoredCase(_case(row[0]), with_pictures(_prompt(row[1]), self._picture))

    def _picture(self, digest: bytes) -> bytes:
        query = "SELECT content FROM pictures WHERE sha256 = ?"
        row = self._db.execute(query, (digest,)).fetchone()
        if row is None:
            raise StoreError(f"run {str(self.folder)!r} has lost a picture; ask again elsewhere")
        content: bytes = row[0]
        return content

    def evidence(self, key: TrialKey) -> tuple[Evidence, ...]:
        """What the checks of one trial saw."""
        with plain_errors(self.folder):
            return evidence.read(self._db, key)

    def seen_pictures(self, most_bytes: int) -> dict[TrialKey, tuple[Evidence, ...]]:
        """The pictures among the evidence of all trials, as many as fit."""
        with plain_errors(self.folder):
            return evidence.pictures(self._db, most_bytes)

    def peaks(self) -> list[Observation]:
        """What was measured beside the trials."""
        with plain_errors(self.folder):
            rows = self._db.execute("SELECT observation FROM peaks ORDER BY rowid").fetchall()
        return [msgspec.json.decode(row[0], type=Observation) for row in rows]

    def notes(self) -> tuple[str, ...]:
        """What the user was told on the way, in order."""
        with plain_errors(self.folder):
            rows = self._db.execute("SELECT text FROM notes ORDER BY rowid").fetchall()
        return tuple(text for (text,) in rows)

    def charged_usd(self) -> dict[str, float]:
        """Money that may have been spent though no price came back, by candidate."""
        query = "SELECT candidate, total(usd) FROM charges GROUP BY candidate"
        with plain_errors(self.folder):
            return dict(self._db.execute(query).fetchall())

    def spent_usd(self) -> float:
        """What this run has cost so far, doubtful charges included, reused replies not."""
        query = (
            "SELECT (SELECT total(usd) FROM trials WHERE NOT reused)"
            " + (SELECT total(usd) FROM charges)"
        )
        with plain_errors(self.folder):
            return float(self._db.execute(query).fetchone()[0])

    def checkpoint(self) -> None:
        """Make all commits safe against a power cut. Waits for the disk: call it from a thread."""
        with plain_errors(self.folder):
            disk.checkpoint(self.folder / TRIALS)

    def close(self) -> None:
        """Write what is left, and leave one plain file that any SQLite reads anywhere."""
        try:
            if self._lock is not None:
                self.commit()
                with suppress(sqlite3.OperationalError):  # somebody is reading: the log stays
                    self._db.execute("PRAGMA journal_mode = DELETE")
        finally:
            self._db.close()
            if self._lock is not None:
                self._lock.close()


def _known(folder: Path, wanted: RunSpec) -> RunSpec | None:
    """The spec of the run in `folder`, if there is one and it is the one wanted."""
    here = _read_head(folder)
    if here is None:
        return None
    if not (folder / TRIALS).exists():
        raise StoreError(f"run {str(folder)!r} has lost its {TRIALS!r}; choose a new folder")
    odd = head.difference(here, wanted)
    if odd is not None:
        raise OptionError(f"{str(folder)!r} holds another run: {odd}; choose a new folder")
    return here


def _read_head(folder: Path) -> RunSpec | None:
    try:
        return head.read((folder / HEAD).read_bytes(), of=str(folder))
    except FileNotFoundError:
        return None


def read_case(body: str, prompt: str) -> StoredCase:
    """A case as it is stored; digests in the place of pictures."""
    return StoredCase(_case(body), _prompt(prompt))


_case = msgspec.json.Decoder(Case).decode
_prompt = msgspec.json.Decoder(Prompt).decode
