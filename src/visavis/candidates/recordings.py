"""Recordings kept by name under VISAVIS_HOME: what `visavis import` makes, `recorded:NAME` names.

HOME/recorded/NAME/answers.jsonl    the answers, as `recorded.py` reads them
HOME/recorded/NAME/source.json      whose they are, and where they come from, by protocol
"""

import re
import shutil
from pathlib import Path

import msgspec

from visavis.core.errors import DataError
from visavis.core.registry import unknown
from visavis.pinned.lock import alone

FOLDER, ANSWERS, SOURCE = "recorded", "answers.jsonl", "source.json"
LOCK = ".lock"
MAKING, BEFORE = ".import-", ".before"
"""An import makes recordings in a folder `.import-…`, and moves those of which one takes the place
into it as `.NAME.before`."""

NAME = re.compile(r"\w[\w.+-]{0,99}")
"""What a recording, a family and a source can be called: one folder, one word of a command line."""


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file that was imported."""

    name: str
    sha256: str


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where the answers to one protocol come from."""

    tool: str
    files: tuple[SourceFile, ...]
    imported_on: str
    """ISO date."""
    answers: int
    failed: int
    """Cases for which the log holds an error in place of an answer."""
    settings: dict[str, str] = {}
    """How the answers were drawn, as far as the log says."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of `source.json`."""

    format: int = 1
    model: str
    """As the logs name it."""
    protocols: dict[str, Origin]


def names(home: Path) -> tuple[str, ...]:
    """Every recording, by name."""
    found = (home / FOLDER).glob(f"*/{SOURCE}") if (home / FOLDER).is_dir() else ()
    return tuple(sorted(file.parent.name for file in found if NAME.fullmatch(file.parent.name)))


def mend(home: Path) -> None:
    """Put back what an import was killed while replacing; one that is at work is waited for."""
    if any((home / FOLDER).glob(f"{MAKING}*")):
        with alone(home / FOLDER / LOCK, waiting=lambda: None):
            put_back(home / FOLDER)


def put_back(folder: Path) -> None:
    """Recordings whose place nothing has taken, from what imports left; whoever holds the lock."""
    for left in folder.glob(f"{MAKING}*"):
        for aside in left.glob(f".*{BEFORE}"):
            place = folder / aside.name.removeprefix(".").removesuffix(BEFORE)
            if not place.exists():
                aside.rename(place)
        shutil.rmtree(left, ignore_errors=True)


def is_meant(home: Path, text: str) -> bool:
    """Whether `recorded:text` names a recording kept here, and no file."""
    mend(home)
    if text in names(home):
        return True
    looks_like_file = text.endswith((".jsonl", ".gz", ".json")) or Path(text).exists()
    return NAME.fullmatch(text) is not None and not looks_like_file


def folder_of(home: Path, name: str) -> Path:
    """The folder of a recording that is there; another name is answered with the nearest."""
    known = names(home)
    if name not in known:
        if not known:
            raise unknown("recording", name, ["'visavis import -h': none was imported yet"])
        raise unknown("recording", name, known)
    return home / FOLDER / name


def source_of(home: Path, name: str) -> Source:
    """Whose answers a recording holds, and from where."""
    file = folder_of(home, name) / SOURCE
    try:
        return msgspec.json.decode(file.read_bytes(), type=Source)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(
            f"recording {name!r} is torn ({error}); import it again with --replace"
        ) from error


def recorded_protocols(home: Path, name: str) -> frozenset[str]:
    """The protocols to which a recording holds answers."""
    return frozenset(source_of(home, name).protocols)
