"""What runs said of themselves at a glance, kept in one file beside them until they change.

To open a thousand runs takes longer than anybody waits for a list. Losing this file costs that
time and nothing else, so whatever is wrong with it, the list goes on without.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import msgspec

from visavis.core.errors import VisavisError
from visavis.measure import disk
from visavis.measure.glance import Glance
from visavis.measure.spec import to_json
from visavis.options import Language

FORMAT: Final = 1
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS glances (
    folder TEXT PRIMARY KEY, stamp TEXT NOT NULL, glance TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS verdicts (
    folder TEXT NOT NULL, lang TEXT NOT NULL, stamp TEXT NOT NULL, verdict TEXT NOT NULL,
    PRIMARY KEY (folder, lang)
) STRICT;
"""

_glance = msgspec.json.Decoder(Glance).decode

Stamps = Mapping[Path, str]
"""What changes whenever a run does, by its folder; empty while it is changing."""


class Glances:
    """What was kept, of runs that have not changed since."""

    def __init__(self, home: Path) -> None:
        self._file = home / "glances.sqlite"

    def seen(self, stamps: Stamps) -> dict[Path, Glance]:
        """The runs as they were seen before."""
        found = {}
        for folder, told in self._kept("glances", "glance", stamps).items():
            with suppress(msgspec.DecodeError):
                found[folder] = _glance(told)
        return found

    def verdicts(self, stamps: Stamps, lang: Language) -> dict[Path, str]:
        """What they came to, in one sentence each."""
        return self._kept("verdicts", "verdict", stamps, lang)

    def keep(self, seen: Mapping[Path, Glance], stamps: Stamps) -> None:
        """Those that are not changing."""
        rows = [
            (str(folder), stamps[folder], to_json(one).decode())
            for folder, one in seen.items()
            if stamps[folder]
        ]
        self._write("INSERT OR REPLACE INTO glances VALUES (?, ?, ?)", rows)

    def keep_verdicts(self, said: Mapping[Path, str], stamps: Stamps, lang: Language) -> None:
        rows = [
            (str(folder), lang, stamps[folder], sentence)
            for folder, sentence in said.items()
            if stamps[folder]
        ]
        self._write("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?)", rows)

    def _kept(self, table: str, column: str, stamps: Stamps, lang: str = "") -> dict[Path, str]:
        query = f"SELECT folder, stamp, {column} FROM {table}"
        if lang:
            query += " WHERE lang = ?"
        try:
            with closing(disk.connect_to_read(self._file, FORMAT)) as db:
                rows = db.execute(query, (lang,) if lang else ()).fetchall()
        except (sqlite3.Error, VisavisError):
            return {}
        known = {folder: (of, told) for folder, of, told in rows}
        return {
            folder: known[str(folder)][1]
            for folder, of in stamps.items()
            if of and known.get(str(folder), ("",))[0] == of
        }

    def _write(self, statement: str, rows: Iterable[tuple[str, ...]]) -> None:
        rows = list(rows)
        if not rows:
            return
        with (
            suppress(sqlite3.Error, OSError, VisavisError),
            closing(disk.connect(self._file, _TABLES, FORMAT)) as db,
            db,
        ):
            db.executemany(statement, rows)
