"""The claim files that a run was given, kept in its folder."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from visavis.measure.disk import write_whole
from visavis.verdict.claims_file import read

FOLDER = "claims"
"""In a run's folder, what it was given to hold its figures against."""


def taken(files: Sequence[str]) -> dict[str, bytes]:
    """Claim files as they are now, by the names under which a run keeps them."""
    return {
        f"{number}{Path(file).suffix}": Path(file).read_bytes()
        for number, file in enumerate(files, 1)
    }


def keep(files: Mapping[str, bytes], folder: Path) -> None:
    """Writes claim files into a run's folder, so that they are shown with it from then on."""
    for name, content in files.items():
        (folder / FOLDER).mkdir(exist_ok=True)
        write_whole(folder / FOLDER / name, content)


def kept(folder: Path) -> list[Path]:
    """The claim files that a run was given, in that order. Its folder may be anybody's: a link out
    of it, or a pipe, is none of them."""
    found = (folder / FOLDER).glob("[0-9]*")
    files = [file for file in found if file.is_file() and not file.is_symlink()]
    return sorted(files, key=lambda file: (len(file.stem), file.name))


def of_all(folders: Iterable[Path]) -> dict[str, bytes]:
    """The claim files of several runs, each once, by the names under which one run keeps them."""
    files = [file for folder in folders for file in kept(folder)]
    for file in files:
        read(file)  # refused where it is none
    content = {file.read_bytes(): file.suffix for file in files}
    return {f"{number}{suffix}": text for number, (text, suffix) in enumerate(content.items(), 1)}
