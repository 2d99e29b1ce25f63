"""What checks saw of replies, kept in a run beside its trials: each content once.

A run that was begun before there was evidence, or that has none, has no table for it.
"""

import sqlite3
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from visavis.core.outcome import Evidence
from visavis.core.trial import Trial, TrialKey

MOST_BYTES: Final = 2 << 20
"""Of one trial; what comes after it is not kept."""
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS evidence (     -- what the checks of a trial saw, in order
    candidate TEXT NOT NULL, benchmark TEXT NOT NULL, case_id TEXT NOT NULL,
    repeat INTEGER NOT NULL, place INTEGER NOT NULL,
    name TEXT NOT NULL, media_type TEXT NOT NULL, sha256 BLOB NOT NULL,   -- of a picture
    PRIMARY KEY (candidate, benchmark, case_id, repeat, place)
) STRICT
"""
_ADD: Final = "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_READ: Final = """
SELECT name, media_type, content FROM evidence JOIN pictures USING (sha256)
WHERE candidate = ? AND benchmark = ? AND case_id = ? AND repeat = ? ORDER BY place
"""
_SIZES: Final = """
SELECT candidate, benchmark, case_id, repeat, name, media_type, length(content), sha256
FROM evidence JOIN pictures USING (sha256) WHERE media_type = 'image/png'
ORDER BY name LIKE '% clip', repeat, place, evidence.rowid
"""


def bounded(trial: Trial) -> tuple[TrialKey, tuple[Evidence, ...]] | None:
    """A trial's evidence as far as it is kept; None where there is none."""
    found, left = list[Evidence](), MOST_BYTES
    for one in getattr(trial.grade, "evidence", ()):
        left -= len(one.data)
        if left >= 0:
            found.append(one)
    return (trial.key, tuple(found)) if found else None


def write(db: sqlite3.Connection, kept: Iterable[tuple[TrialKey, tuple[Evidence, ...]]]) -> None:
    """Add to the transaction that is going on."""
    db.execute(_TABLE)
    for key, evidence in kept:
        for place, one in enumerate(evidence):
            digest = sha256(one.data).digest()
            db.execute("INSERT OR IGNORE INTO pictures VALUES (?, ?)", (digest, one.data))
            db.execute(_ADD, (*key, place, one.name, one.media_type, digest))


def read(db: sqlite3.Connection, key: TrialKey) -> tuple[Evidence, ...]:
    """What the checks of one trial saw."""
    if not any_in(db):
        return ()
    return tuple(
        Evidence(name=name, media_type=media_type, data=content)
        for name, media_type, content in db.execute(_READ, key)
    )


def pictures(db: sqlite3.Connection, most_bytes: int) -> dict[TrialKey, tuple[Evidence, ...]]:
    """Pictures by trial, as many as fit: those that stand still before those that move."""
    found: dict[TrialKey, list[Evidence]] = {}
    if any_in(db):
        left = most_bytes
        for *key, name, media_type, size, digest in db.execute(_SIZES):
            left -= size
            if left < 0:
                break
            query = "SELECT content FROM pictures WHERE sha256 = ?"
            (content,) = db.execute(query, (digest,)).fetchone()
            one = Evidence(name=name, media_type=media_type, data=content)
            found.setdefault(TrialKey(*key), []).append(one)
    return {key: tuple(held) for key, held in found.items()}


def any_in(db: sqlite3.Connection) -> bool:
    """Whether there is any at all."""
    query = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'evidence'"
    return db.execute(query).fetchone() is not None
