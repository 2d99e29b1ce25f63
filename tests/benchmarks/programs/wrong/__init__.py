"""Small changes of the right programs, each of which breaks one requirement and no other."""

from collections.abc import Iterator
from typing import NamedTuple


class Mutant(NamedTuple):
    breaks: str
    """The requirement's name."""
    edits: tuple[tuple[str, str], ...]
    """What stands in the right program once, and what stands there instead."""

    def of(self, source: str) -> str:
        for old, new in self.edits:
            assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times"
            source = source.replace(old, new)
        return source


def each(breaks: str, *edits: tuple[str, str]) -> Iterator[Mutant]:
    """A mutant for each edit."""
    return (Mutant(breaks, (edit,)) for edit in edits)
