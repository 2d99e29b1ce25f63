"""Chance that falls alike on any machine.

Of `random.Random(text)` only `random()` is used: the one sequence that Python promises to keep.
"""

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws that depend on a text alone."""

    def __init__(self, seed: str) -> None:
        self.roll = Random(seed).random
        """A number from 0 up to 1, without 1."""

    def between(self, low: int, high: int) -> int:
        """A whole number; both ends may come."""
        return low + int(self.roll() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        return things[self.between(0, len(things) - 1)]

    def shuffled(self, things: Iterable[T]) -> list[T]:
        return sorted(things, key=lambda _: self.roll())

    def some(self, things: Iterable[T], count: int) -> list[T]:
        """So many different ones, in any order."""
        return self.shuffled(things)[:count]
