"""The local models of the catalog, and whether their weights are on this machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from visavis.candidates.catalog import LocalModel, catalog
from visavis.pinned.fetch import Sources, fetch, held_bytes, is_there
from visavis.pinned.file import Note, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A line of `visavis models`."""

    model: LocalModel
    file: Path
    """Where the weights lie, or will lie."""
    present: bool
    """They lie there, whole and with the hash that is pinned."""
    held_bytes: int
    """Bytes of a download that was cut off; it goes on from there."""


def folder(home: Path) -> Path:
    """Where weights are kept."""
    return home / "models"


def listed(home: Path) -> Iterator[Listed]:
    """Every local model of the catalog, in its order."""
    kept = folder(home)
    for model in catalog().locals:
        yield Listed(
            model=model,
            file=kept / model.file,
            present=is_there(model.pinned, kept),
            held_bytes=held_bytes(model.pinned, kept),
        )


def ensure(
    model: LocalModel,
    home: Path,
    *,
    progress: Progress,
    note: Note,
    sources: Sources | None = None,
) -> Path:
    """The model's weights, fetched if they are not here yet. Blocks."""
    kept = folder(home)
    if not is_there(model.pinned, kept):
        note(f"{model.title}: {model.size:,} bytes, licence {model.licence}")
    return fetch(model.pinned, kept, progress=progress, note=note, sources=sources)
