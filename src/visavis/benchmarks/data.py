"""Upstream files of a benchmark: the user's own folder first, then what was fetched before.

A benchmark's files are read in the formats in which their authors published them. `--data DIR`
holds one folder a benchmark (`DIR/gsm8k/test.jsonl`), or is that folder itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from visavis.benchmarks.base import LoadOptions
from visavis.core.errors import DataError
from visavis.pinned.fetch import fetch, is_there
from visavis.pinned.file import PinnedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """Where one benchmark's files come from."""

    name: str
    """Of its folder: `gsm8k`."""
    title: str
    licence: str
    home: str
    """Where its authors published it: `github.com/openai/grade-school-math`."""
    pinned: Mapping[str, PinnedFile] = field(default_factory=lambda: MappingProxyType({}))
    """Files that can be fetched, by their path in the folder."""

    @property
    def source(self) -> str:
        """In one line, for the report."""
        return f"{self.home}; {self.licence}"

    def find(self, path: str, options: LoadOptions) -> Path:
        """The file, or folder, at `path` among these files."""
        here = self.look(path, options)
        if here is not None:
            return here
        file = self.pinned.get(path)
        if file is None:
            raise DataError(
                f"{self.title} needs {path!r}, from {self.home} ({self.licence}), which cannot be "
                f"fetched; put it in {str(self._kept(options) / path)!r}, or name a folder that "
                f"has {self.name + '/' + path!r} by --data"
            )
        folder = self._kept(options) / Path(path).parent
        if not is_there(file, folder):
            options.note(f"fetching {self.title} from {self.home}, licence {file.licence}")
        return fetch(
            file,
            folder,
            progress=options.progress,
            note=options.note,
            sources=options.sources,
        )

    def look(self, path: str, options: LoadOptions) -> Path | None:
        """The file where it is here already, without fetching."""
        places = [self._kept(options)] if path not in self.pinned else []
        if options.data is not None:
            places = [options.data / self.name, options.data, *places]
        return next((place / path for place in places if (place / path).exists()), None)

    def _kept(self, options: LoadOptions) -> Path:
        return options.home / "data" / self.name
