"""What a comparison and a speed run share: a judged folder that can be shown in every form."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

from visavis.api.around import check_writable
from visavis.core.errors import OptionError, VisavisError
from visavis.measure.disk import write_whole
from visavis.options import Format, Language


class Shown(ABC):
    """A run, judged under a policy. Reads its folder alone: no network, no model."""

    def __init__(self, folder: Path, *, policy: str = "default", lang: Language = "en") -> None:
        self.folder = folder
        self.lang = lang
        self._policy = policy

    @property
    def policy(self) -> str:
        """By which it is judged: a name, or a file."""
        return self._policy

    @property
    @abstractmethod
    def verdict(self) -> str:
        """The verdict in one sentence."""

    @abstractmethod
    def markdown(self) -> str:
        """The report as GitHub's Markdown."""

    def article(self) -> str:
        """As Markdown that can be published as it is, where there is an article in it."""
        raise OptionError(f"run {self.folder.name!r} is no comparison; an article needs one")

    @abstractmethod
    def html(self) -> str:
        """One page with everything in it; it loads nothing from anywhere."""

    @abstractmethod
    def json(self) -> bytes:
        """The report as data, as its published schema says."""

    @abstractmethod
    def _print(self, file: Any, columns: int | None) -> None:
        """Write the report as plain text; as wide as the terminal where `columns` is None."""

    def table(self, columns: int = 120) -> str:
        """Tables, verdicts and facts as plain text."""
        text = StringIO()
        self._print(text, columns)
        return text.getvalue()

    def show(self, file: Any = None) -> None:
        """Print the report, as wide as the terminal."""
        self._print(file or sys.stdout, None)

    def rendered(self, form: Format) -> bytes:
        """In one of the forms of `visavis show`, UTF-8."""
        match form:
            case "terminal":
                return self.table().encode()
            case "markdown":
                return self.markdown().encode()
            case "article":
                return self.article().encode()
            case "json":
                return self.json()
            case "html":
                return self.html().encode()

    def save(self, form: Format, file: Path) -> Path:
        """Write one of the forms of `visavis show`; the file is there whole or not at all."""
        if form == "html":
            return self.save_html(file)
        if form == "json":
            return self.save_json(file)
        return save(file, self.rendered(form))

    def save_html(self, file: str | Path) -> Path:
        """Write the page; the file is there whole or not at all."""
        return save(Path(file), self.html().encode())

    def save_json(self, file: str | Path) -> Path:
        return save(Path(file), self.json())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.folder.name!r}: {self.verdict}>"


def save(file: Path, content: bytes | Iterable[bytes]) -> Path:
    """Write a file whole or not at all, into a folder that is there."""
    check_writable(file)
    try:
        write_whole(file, content)
    except OSError as error:
        raise VisavisError(
            f"{str(file)!r} cannot be written: {error.strerror}; name another place"
        ) from error
    return file
