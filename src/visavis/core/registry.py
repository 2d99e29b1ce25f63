"""Things of one kind, by name; an unknown name is answered with the nearest ones."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Generic, TypeVar

from visavis.core.errors import UnknownNameError

T = TypeVar("T")

LONGEST = 80
"""Characters of an unknown name that are repeated."""


class Registry(Generic[T]):
    """Things of one kind, by name, in the order in which they were added."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._known: dict[str, T] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def add(self, name: str, thing: T) -> T:
        if name in self._known:
            raise ValueError(f"{self._kind} {name!r} is registered twice")
        self._known[name] = thing
        return thing

    def get(self, name: str) -> T:
        if name in self._known:
            return self._known[name]
        raise unknown(self._kind, name, self._known)


def unknown(kind: str, name: str, known: Iterable[str]) -> UnknownNameError:
    """The error for a name that is not among `known`."""
    names = list(known)
    near = get_close_matches(name, names, n=3) or sorted(names)
    shown = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
    return UnknownNameError(f"no {kind} is called {shown!r}; try {', '.join(near)}")
