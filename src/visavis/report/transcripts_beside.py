"""The folder beside a page in which transcripts lie that are too many for it: `report.transcripts`
beside `report.html`.

Each chunk is a program of one line that hands its base64 over to the page which loaded it: from a
disk, without a server, a browser loads nothing else.
"""

import re
from pathlib import Path
from urllib.parse import quote

from visavis.measure.disk import plain_errors
from visavis.report.transcripts_packed import EMBEDDED_BYTES

SUFFIX = ".transcripts"
_OURS = re.compile(r"\d{4,}-[0-9a-f]{12}\.js")


def folder_of(page: Path) -> Path:
    """Where the transcripts of a page lie that are too many for it."""
    return page.with_name(page.stem + SUFFIX)


class Beside:
    """Takes the chunks of the page in `page`, and keeps nothing else of ours in their folder."""

    def __init__(self, page: Path, beyond_bytes: int = EMBEDDED_BYTES) -> None:
        self.beyond_bytes = beyond_bytes
        self._place = folder_of(page)
        self._put: set[str] = set()

    @property
    def folder(self) -> str:
        """As the page's address names it."""
        return quote(self._place.name)

    def put(self, name: str, text: str) -> None:
        file = self._place / f"{name}.js"
        with plain_errors(self._place):
            self._place.mkdir(exist_ok=True)
            file.write_text(f'document.currentScript.dataset.chunk="{text}";\n', encoding="ascii")
        self._put.add(file.name)

    def tidy(self) -> None:
        """Take away what an earlier page of this name left."""
        if self._place.is_dir():
            for file in self._place.iterdir():
                if _OURS.fullmatch(file.name) and file.name not in self._put:
                    file.unlink()
            if not self._put and not any(self._place.iterdir()):
                self._place.rmdir()
