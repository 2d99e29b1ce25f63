"""Writes what was imported: all of it, or nothing.

Everything is made ready in a folder beside its place, then renamed. The cases go first: without
answers they harm nobody, while answers without cases could not be asked. Where we are killed
between two renames, the next to name a recording, or to import, puts the old one back.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import msgspec

from visavis.benchmarks import imported
from visavis.benchmarks.base import in_order
from visavis.candidates import recordings
from visavis.candidates.recordings import Origin, Source, SourceFile
from visavis.core.errors import DataError, OptionError
from visavis.measure.disk import plain_errors, write_whole
from visavis.measure.imports.base import Entry
from visavis.measure.imports.gather import Gathered, Share
from visavis.measure.spec import to_json
from visavis.pinned.lock import alone


@contextmanager
def kept_alone(home: Path) -> Iterator[None]:
    """No other import writes into `home` meanwhile."""
    folder = home / recordings.FOLDER
    with plain_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder / recordings.LOCK, waiting=lambda: None):
            recordings.put_back(folder)
            yield


def meet_kept(home: Path, found: Gathered, *, replace: bool) -> None:
    """Add the cases that are kept already; an id that means another case there is refused.

    Cases to which nobody holds answers any more count for nothing.
    """
    coming = {name for name, _ in found.shares}
    for protocol in list(found.cases):
        holders = {name for name in recordings.names(home) if _holds(home, name, protocol)}
        if (holders - coming if replace else holders) and protocol in imported.protocols(home):
            kept = imported.read_cases(imported.file_of(home, protocol))
            new, found.cases[protocol] = found.cases[protocol], {case.id: case for case in kept}
            found.meet(protocol, new)


def meet_models(home: Path, found: Gathered) -> None:
    """Refuse to add one model's answers to those of another, only because both are called alike."""
    for share in found.shares.values():
        if share.name in recordings.names(home):
            before = recordings.source_of(home, share.name).model
            if before != share.model:
                raise OptionError(
                    f"recording {share.name!r} holds answers of {before!r}, these are of "
                    f"{share.model!r}; say --name {share.name} where both are one model, or "
                    "another --name"
                )


def meet_answers(home: Path, found: Gathered) -> set[tuple[str, str]]:
    """What is kept already, word for word; other answers under the same name are refused."""
    there = set()
    for (name, protocol), share in found.shares.items():
        if name not in recordings.names(home) or not _holds(home, name, protocol):
            continue
        if _lines(home, name).get(protocol) == _answers(share):
            there.add((name, protocol))
            continue
        raise OptionError(
            f"recording {name!r} holds other answers to {protocol!r}; "
            "give this one another --name, or take its place by --replace"
        )
    return there


def write(home: Path, found: Gathered, today: date) -> None:
    """Keep everything; whatever goes wrong, what was there before is there still."""
    with plain_errors(home), _ready(home / recordings.FOLDER) as ready:
        for name in dict.fromkeys(name for name, _ in found.shares):
            shares = [share for (of, _), share in found.shares.items() if of == name]
            _make(ready / name, home, shares, today)
        (home / imported.FOLDER).mkdir(parents=True, exist_ok=True)
        for protocol, cases in found.cases.items():
            lines = b"".join(to_json(case) + b"\n" for case in in_order(cases.values()))
            write_whole(imported.file_of(home, protocol), lines)
        for made in sorted(ready.iterdir()):
            _take_place(made, home / recordings.FOLDER / made.name, ready)


@contextmanager
def _ready(folder: Path) -> Iterator[Path]:
    ready = Path(mkdtemp(prefix=recordings.MAKING, dir=folder))
    try:
        yield ready
    finally:
        shutil.rmtree(ready, ignore_errors=True)


def _take_place(made: Path, place: Path, ready: Path) -> None:
    """A folder that is not empty cannot be renamed over: the old one steps aside first."""
    aside = ready / f".{made.name}{recordings.BEFORE}"
    if place.exists():
        place.rename(aside)
    try:
        made.rename(place)
    except OSError:
        if aside.exists():
            aside.rename(place)
        raise


def _make(folder: Path, home: Path, shares: list[Share], today: date) -> None:
    """One recording: what it held of other protocols, and the new answers."""
    name, coming = shares[0].name, {share.protocol for share in shares}
    kept: dict[str, list[bytes]] = {}
    origins: dict[str, Origin] = {}
    model = shares[0].model
    if name in recordings.names(home):
        source = recordings.source_of(home, name)
        model = source.model
        origins = {p: o for p, o in source.protocols.items() if p not in coming}
        kept = {p: lines for p, lines in _lines(home, name).items() if p in origins}
    for share in shares:
        kept[share.protocol] = _answers(share)
        origins[share.protocol] = _origin(share, today)
    folder.mkdir()
    answers = b"".join(line + b"\n" for protocol in sorted(kept) for line in kept[protocol])
    (folder / recordings.ANSWERS).write_bytes(answers)
    source = Source(model=model, protocols=dict(sorted(origins.items())))
    written = msgspec.json.format(msgspec.json.encode(source), indent=2) + b"\n"
    (folder / recordings.SOURCE).write_bytes(written)


def _origin(share: Share, today: date) -> Origin:
    answered = sum(entry.text is not None for entry in share.entries.values())
    return Origin(
        tool=share.tool,
        files=tuple(SourceFile(name=file.name, sha256=file.sha256) for file in share.files),
        imported_on=today.isoformat(),
        answers=answered,
        failed=len(share.entries) - answered,
        settings=dict(share.settings),
    )


def _answers(share: Share) -> list[bytes]:
    """One line an answer, in the order of the cases' ids."""
    found = sorted(share.entries.items())
    return [_line(share, entry) for _, entry in found if entry.text is not None]


def _line(share: Share, entry: Entry) -> bytes:
    line: dict[str, Any] = {
        "case": f"{share.protocol}/{entry.case.id}",
        "text": entry.text,
        "finish": entry.finish,
        "usage": entry.usage,
        "reasoning": entry.reasoning,
        "logprobs": entry.logprobs,
        "model": entry.model,
        "mark": None if entry.mark is None else asdict(entry.mark),
    }
    return msgspec.json.encode({name: value for name, value in line.items() if value is not None})


class _Head(msgspec.Struct):
    case: str


def _lines(home: Path, name: str) -> dict[str, list[bytes]]:
    """The lines of a recording by protocol."""
    found: dict[str, list[bytes]] = {}
    try:
        text = (home / recordings.FOLDER / name / recordings.ANSWERS).read_bytes()
        for line in text.splitlines():
            protocol = msgspec.json.decode(line, type=_Head).case.partition("/")[0]
            found.setdefault(protocol, []).append(line)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(
            f"recording {name!r} is torn ({error}); delete its folder, and import it again"
        ) from error
    return found


def _holds(home: Path, name: str, protocol: str) -> bool:
    return protocol in recordings.recorded_protocols(home, name)
