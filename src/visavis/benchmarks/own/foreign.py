"""What turning another program's file into cases yields, and what several of those need."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from visavis.benchmarks.located import Located, Place, Wrong


@dataclass(slots=True)
class Brought:
    """Cases as our own files write them, and what could not be brought along."""

    file: str
    cases: list[dict[str, Any]] = field(default_factory=list)
    shared: dict[str, Any] = field(default_factory=dict)
    """What all cases have in common: `system`, `max_tokens`, `vars`, `repeats`."""
    lost: list[Wrong] = field(default_factory=list)

    def lose(self, said: str, found: Located, place: Place) -> None:
        self.lost.append(Wrong(found.line(place), said))


def any_of(texts: Sequence[str], *, starts: bool = False) -> str:
    """A pattern for replies that hold, or begin with, one of some texts."""
    one = "|".join(map(re.escape, texts))
    return rf"\A\s*(?:{one})" if starts else f"(?:{one})"


def slug(text: str) -> str:
    """A text as an id."""
    return re.sub(r"\W+", "-", text.casefold()).strip("-")[:60]


def named_apart(cases: Iterable[dict[str, Any]]) -> None:
    """Give each case an id of its own: `a`, `a-2`."""
    used: set[str] = set()
    for case in cases:
        name, number = str(case["id"]), 1
        while (made := name if number == 1 else f"{name}-{number}") in used:
            number += 1
        used.add(made)
        case["id"] = made
