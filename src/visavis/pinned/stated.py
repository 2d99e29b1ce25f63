"""The hash of a file, as the hub states it for one commit: asked once, kept, and held to.

The hub names a large file by the SHA-256 of its bytes (its Git LFS object), a small one by git's
SHA-1. Either way the SHA-256 is what is kept, in `.pins` beside the file: bytes that change later,
at the hub or on the disk, are then other bytes than those that were pinned.
"""

import hashlib
import http.client
import json
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from visavis.core.errors import DataError
from visavis.pinned.download import SourceError, Wire, read_text, why
from visavis.pinned.fetch import Sources
from visavis.pinned.file import HubPlace, PinnedFile, StatedFile

SMALL = 10 << 20
"""Bytes above which the hub keeps a file as an LFS object."""


def pin(file: StatedFile, folder: Path, sources: Sources | None = None) -> PinnedFile:
    """The file with its hash: as kept in `folder`, else as the hub states it now. Blocks."""
    known = kept(file, folder)
    if known is not None:
        return known
    try:
        stated = _ask(file, sources or Sources())
    except SourceError as error:
        raise DataError(
            f"what {file.name!r} should hold could not be learned from the hub ({error}); "
            f"try again later, or give a folder that has it by --data"
        ) from error
    _keep(stated, folder)
    return stated


def kept(file: StatedFile, folder: Path) -> PinnedFile | None:
    """The file with the hash that was stated before, for the same place."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(_note(file.name, folder).read_text(encoding="utf-8"))
        if HubPlace(**said["hub"]) == file.hub and len(said["sha256"]) == 64:
            return _pinned(file, int(said["size"]), said["sha256"])
    return None


def _keep(file: PinnedFile, folder: Path) -> None:
    note = _note(file.name, folder)
    said = {"size": file.size, "sha256": file.sha256, "hub": asdict(file.hub) if file.hub else None}
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(said, indent=1), encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"{str(note)!r} cannot be written: {error.strerror or error}; "
            "make the folder writable, or set VISAVIS_HOME to another"
        ) from error


def _note(name: str, folder: Path) -> Path:
    return folder / ".pins" / f"{name}.json"


def _pinned(file: StatedFile, size: int, sha256: str) -> PinnedFile:
    return PinnedFile(name=file.name, size=size, sha256=sha256, licence=file.licence, hub=file.hub)


def _ask(file: StatedFile, sources: Sources) -> PinnedFile:
    wire = replace(sources.wire, timeout_s=sources.hub_timeout_s)
    entry = _entry(file.hub, sources.hub, wire)
    try:
        size, lfs = int(entry["size"]), entry.get("lfs")
        if lfs:
            return _pinned(file, int(lfs["size"]), str(lfs["oid"]).removeprefix("sha256:"))
        content = _content(file.hub.url(sources.hub), size, wire)
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        if blob.hexdigest() != entry["oid"]:
            raise SourceError("other bytes came than the hub states")
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError("its list of files is not as expected") from error
    return _pinned(file, size, hashlib.sha256(content).hexdigest())


def _entry(place: HubPlace, endpoint: str, wire: Wire) -> Mapping[str, Any]:
    """What the hub's list of the folder says of the file."""
    folder = str(PurePosixPath(place.path).parent)
    under = "" if folder == "." else f"/{quote(folder)}"
    page = f"{endpoint.rstrip('/')}/api/{place.repo}/tree/{place.revision}{under}"
    _, text = read_text(page, wire, accept="application/json")
    try:
        for entry in json.loads(text):
            if entry["path"] == place.path and entry["type"] == "file":
                found: Mapping[str, Any] = entry
                return found
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError("its list of files cannot be read") from error
    raise SourceError(f"it lists no {place.path!r} at commit {place.revision[:8]}")


def _content(url: str, size: int, wire: Wire) -> bytes:
    """A small file's bytes; fetched once more when it is fetched for good."""
    if size > SMALL:
        raise SourceError(f"it states no SHA-256 for a file of {size:,} bytes")
    try:
        with closing(wire.open(url, {})) as answer:
            return answer.read(SMALL + 1)
    except (OSError, http.client.HTTPException) as error:
        raise SourceError(why(error)) from error
