"""Replies already paid for, reused by content across runs: for quality, never for speed.

The key is everything that could change a reply: where it is asked, the exact snapshot, the engine
and its version for a local file, the whole prompt with its settings, and which repeat it is.
Failures are never kept. Losing this file costs money and time, never a number: so whatever is
wrong with it is told, and the run goes on without.
"""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from visavis.core.candidate import Candidate
from visavis.core.errors import VisavisError
from visavis.core.outcome import Reply
from visavis.core.prompt import Prompt
from visavis.core.tell import tell
from visavis.measure import disk
from visavis.measure.spec import to_json

FORMAT = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS replies (
    content BLOB PRIMARY KEY, reply TEXT NOT NULL, usd REAL, asked_at TEXT NOT NULL
) STRICT;
"""
_GET = "SELECT reply, usd, asked_at FROM replies WHERE content = ?"
_PUT = "INSERT OR IGNORE INTO replies VALUES (?, ?, ?, ?)"
_BUSY_MS = 20
"""How long another process may keep us waiting on the event loop. What could not be written is
written with the next commit."""

_reply = msgspec.json.Decoder(Reply).decode


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply of an earlier run; it has no stamps, since it says nothing about speed."""

    reply: Reply
    usd: float | None
    """What it cost then."""
    asked_at: str


class Replies:
    """Replies by content, in one file that several processes may use at once."""

    def __init__(self, file: Path, note: Callable[[str], None]) -> None:
        self._file = file
        self._note = note
        self._pending: list[tuple[bytes, str, float | None, str]] = []
        self._db = self._open()

    def get(self, content: bytes) -> Kept | None:
        """The reply to this content, if one was kept."""
        try:
            row = None if self._db is None else self._db.execute(_GET, (content,)).fetchone()
        except sqlite3.Error as error:
            self._mend(error)
            return None
        return None if row is None else Kept(_reply(row[0]), row[1], row[2])

    def add(self, content: bytes, reply: Reply, usd: float | None, asked_at: str) -> None:
        """Keep a reply with the next `commit`; the first reply to a content stays."""
        bare = replace(reply, stamps=None, retries=())
        self._pending.append((content, to_json(bare).decode(), usd, asked_at))

    def commit(self) -> None:
        """Write what was added; while another process is writing, leave it for the next time."""
        if self._db is None or not self._pending:
            return
        try:
            with self._db:
                self._db.executemany(_PUT, self._pending)
            self._pending.clear()
        except sqlite3.Error as error:
            self._mend(error)

    def checkpoint(self) -> None:
        """Make all commits safe against a power cut. Waits for the disk: call it from a thread."""
        if self._db is not None:
            with suppress(sqlite3.Error):  # the log stays, and is as good
                disk.checkpoint(self._file)

    def close(self) -> None:
        """Write what is left, waiting for other writers if need be."""
        if self._db is not None:
            self._db.execute("PRAGMA busy_timeout = 5000")
            self.commit()
        if self._db is not None:
            self._db.close()

    def _open(self) -> sqlite3.Connection | None:
        for _ in range(2):
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                db = disk.connect(self._file, _TABLES, FORMAT)
                db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
                return db
            except sqlite3.DatabaseError as error:
                if not disk.is_torn(error):
                    self._go_without(error)
                    return None
                self._set_aside()
            except (OSError, VisavisError) as error:
                self._go_without(error)
                return None
        return None

    def _mend(self, error: sqlite3.Error) -> None:
        if disk.is_busy(error):
            return
        if self._db is not None:
            self._db.close()
            self._db = None
        if disk.is_torn(error):
            self._set_aside()
            self._db = self._open()
        else:
            self._go_without(error)

    def _set_aside(self) -> None:
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        aside = self._file.with_name(f"{self._file.stem}-torn-{now}{self._file.suffix}")
        self._file.replace(aside)
        for log in ("-wal", "-shm"):
            self._file.with_name(self._file.name + log).unlink(missing_ok=True)
        self._note(
            tell("the kept replies were torn; set aside as {name!r}, started anew", name=aside.name)
        )

    def _go_without(self, error: Exception) -> None:
        self._note(tell("replies are not kept for later runs: {maybe}", maybe=error))


def is_lasting(candidate: Candidate) -> bool:
    """Whether a reply of this candidate is worth keeping, and would be the same tomorrow.

    A recording costs nothing; a script is rewritten under the same name, and a server on this
    machine is started again with another model. A local file is known by its content.
    """
    by_content = candidate.kind == "local" and candidate.snapshot.startswith("sha256:")
    return candidate.kind == "hosted" or by_content


def identity(candidate: Candidate, engine: str = "") -> bytes:
    """What of a candidate decides its replies. Never its name: that is the user's."""
    host = urlsplit(candidate.base_url or "")
    told = (
        candidate.kind,
        candidate.route,
        host.hostname,
        host.port,
        host.path,
        candidate.model,
        candidate.snapshot,
        engine if candidate.kind == "local" else "",
    )
    return to_json(told)


def content(of: bytes, prompt: Prompt, repeat: int) -> bytes:
    """The key under which a reply is kept; `of` is a candidate's `identity`."""
    digest = sha256(of)
    digest.update(to_json((_told(prompt), repeat)))
    return digest.digest()


def _told(prompt: Prompt) -> dict[str, object]:
    """The prompt without what it does not use, so that a new field changes no earlier key."""
    messages = [
        {"role": m.role, "content": m.content, **({"images": m.images} if m.images else {})}
        for m in prompt.messages
    ]
    chat = {"messages": messages, "settings": prompt.settings}
    return chat if prompt.way == "chat" else {**chat, "way": prompt.way, "choices": prompt.choices}
