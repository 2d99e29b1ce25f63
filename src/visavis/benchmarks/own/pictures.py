"""Reads the picture files that cases name: beside the case file or below it, and nowhere else."""

from pathlib import Path
from typing import Literal

from visavis.core.prompt import Image

LARGEST_BYTES = 20 << 20
"""Of one picture: the most that any provider of the catalog takes."""
MOST_BYTES = 1 << 30
"""Of all pictures of a run: they are held in memory."""

MediaType = Literal["image/png", "image/jpeg", "image/webp", "image/gif"]
_BEGINNINGS: tuple[tuple[bytes, MediaType], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


class PictureError(ValueError):
    """A picture that cannot be taken; the text says why."""


class Album:
    """The pictures of the case files of one folder, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._known: dict[Path, Image] = {}
        self._bytes = 0

    def picture(self, name: str) -> Image:
        """The picture of that name, as seen from the folder."""
        path = self._within(name)
        if path not in self._known:
            self._known[path] = self._read(path, name)
        return self._known[path]

    def _within(self, name: str) -> Path:
        try:
            path = (self._folder / name).resolve()
        except (OSError, ValueError, RuntimeError) as error:
            raise PictureError(f"{name!r} is no path") from error
        if not path.is_relative_to(self._folder):
            raise PictureError(f"{name!r} leads out of the folder of the cases; copy it there")
        return path

    def _read(self, path: Path, name: str) -> Image:
        try:
            if not path.is_file():
                raise PictureError(f"there is no picture {name!r} beside the cases")
            size = path.stat().st_size
            if size > LARGEST_BYTES:
                raise PictureError(f"{name!r} is larger than {LARGEST_BYTES >> 20} MiB")
            self._bytes += size
            if self._bytes > MOST_BYTES:
                raise PictureError(f"with {name!r} all pictures exceed {MOST_BYTES >> 20} MiB")
            data = path.read_bytes()
        except OSError as error:
            raise PictureError(f"{name!r} cannot be read: {error.strerror}") from error
        kind = media_type(data)
        if kind is None:
            raise PictureError(f"{name!r} is no PNG, JPEG, WebP or GIF file")
        return Image(media_type=kind, data=data)


def media_type(data: bytes) -> MediaType | None:
    """What a file is by its first bytes, whatever its name says."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _BEGINNINGS if data.startswith(start)), None)
