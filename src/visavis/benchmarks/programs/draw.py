"""Inputs drawn from a seed, so that no program can know by heart what it will be given.

Of `random.Random` only `random()` is used: the one sequence that Python promises to keep. The same
seed draws the same inputs on any machine.
"""

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final, TypeVar

T = TypeVar("T")

_SYLLABLES: Final = (
    "b d f g k l m n p r s t v z br dr fl gr kr pl st tr",
    "a e i o u",
    "b d f g k l m n p r s t v z",
    "a e i o u",
    "b d f g k l m n p r s t",
)


class Draw:
    """One stream of drawn things; `of` names what it is for."""

    def __init__(self, *of: object) -> None:
        self._rng = Random("visavis " + " ".join(map(str, of)))
        self._words: set[str] = set()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self._rng.random() * (high - low + 1))

    def one_of(self, things: Sequence[T]) -> T:
        return things[self.whole(0, len(things) - 1)]

    def shuffled(self, things: Iterable[T]) -> list[T]:
        return sorted(things, key=lambda _: self._rng.random())

    def word(self) -> str:
        """An invented word of five or six letters, which this stream never gave before."""
        while True:
            word = "".join(self.one_of(part.split()) for part in _SYLLABLES)
            if word not in self._words:
                self._words.add(word)
                return word

    def words(self, count: int) -> list[str]:
        return [self.word() for _ in range(count)]

    def numbers(self, count: int, low: int, high: int) -> list[int]:
        """Whole numbers from `low` to `high`, no two alike, in no order."""
        drawn: set[int] = set()
        while len(drawn) < count:
            drawn.add(self.whole(low, high))
        return self.shuffled(sorted(drawn))
