"""The SHA-256 of a file, remembered as long as the file does not change."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from visavis.core.errors import DataError

CHUNK = 1 << 20
"""Bytes read at once."""


def sha256_of(
    file: Path, *, remember: Path, progress: Callable[[int], None] = lambda done: None
) -> str:
    """The SHA-256 of `file`, in hexadecimal.

    A gigabyte takes about a second, so the answer is kept in the folder `remember`, under
    the file's place, and believed while size and time of change (in nanoseconds) are the same.
    """
    try:
        stat = file.stat()
        place = hashlib.sha256(str(file.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
        marker = remember / place[:32]
        state = f"{stat.st_size} {stat.st_mtime_ns}"
        known = _known(marker, state)
        if known is not None:
            return known
        digest = _hashed(file, progress)
    except OSError as error:
        raise DataError(f"{str(file)!r} cannot be read: {error.strerror or error}") from error
    with suppress(OSError):  # a folder that cannot be written costs time, not truth
        remember.mkdir(parents=True, exist_ok=True)
        marker.write_text(f"{state} {digest}\n", encoding="ascii")
    return digest


def _known(marker: Path, state: str) -> str | None:
    with suppress(OSError, ValueError):
        said, _, digest = marker.read_text(encoding="ascii").strip().rpartition(" ")
        if said == state and len(digest) == hashlib.sha256().digest_size * 2:
            return digest
    return None


def _hashed(file: Path, progress: Callable[[int], None]) -> str:
    digest, done = hashlib.sha256(), 0
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            progress(done)
    return digest.hexdigest()
