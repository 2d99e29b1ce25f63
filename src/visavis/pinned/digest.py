"""The SHA-256 of a file, remembered as long as the file does not change."""

import hashlib
from contextlib import suppress
from pathlib import Path

from visavis.core.errors import DataError

CHUNK = 1 << 20
"""Bytes read at once."""


def sha256_of(file: Path, *, remember: Path) -> str:
    """The SHA-256 of `file`, in hexadecimal.

    A gigabyte takes about a second, so the answer is kept in the folder `remember`, under
    the file's place, and believed while size and time of change (in nanoseconds) are the same.
    """
    try:
        known = _recall(file, remember)
        if known is not None:
            return known
        digest = hashed(file)
    except OSError as error:
        raise DataError(f"{str(file)!r} cannot be read: {error.strerror or error}") from error
    keep(file, digest, remember=remember)
    return digest


def keep(file: Path, digest: str, *, remember: Path) -> None:
    """Note down what was just reckoned. A folder that cannot be written costs time, not truth."""
    with suppress(OSError):
        remember.mkdir(parents=True, exist_ok=True)
        _marker(file, remember).write_text(f"{_state(file)} {digest}\n", encoding="ascii")


def _marker(file: Path, remember: Path) -> Path:
    place = str(file.resolve()).encode("utf-8", "surrogateescape")
    return remember / hashlib.sha256(place).hexdigest()[:32]


def _state(file: Path) -> str:
    stat = file.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def _recall(file: Path, remember: Path) -> str | None:
    state = _state(file)
    with suppress(OSError, ValueError):
        said, _, digest = _marker(file, remember).read_text("ascii").strip().rpartition(" ")
        if said == state and len(digest) == hashlib.sha256().digest_size * 2:
            return digest
    return None


def hashed(file: Path) -> str:
    """The SHA-256 of what is in `file` now."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
