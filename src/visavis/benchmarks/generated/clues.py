"""Chooses clues until one world is left: then the puzzle has one solution, and that is its proof.

A set of worlds is one long integer with a bit for each world.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import and_
from typing import TypeVar

from visavis.benchmarks.generated.dice import Dice

Clue = TypeVar("Clue")

Worlds = Callable[[Clue], int]
"""The worlds in which a clue holds."""


def enough(
    dice: Dice, true: Iterable[Clue], worlds: Worlds[Clue], late: Callable[[Clue], float]
) -> list[Clue]:
    """Clues that leave one world together, and more without any one of them; in any order.

    All that is `true` must leave one world. `late` says how far back a clue stands in the queue, on
    average: the dull ones wait.
    """
    chosen: list[Clue] = []
    left = -1
    for clue in sorted(true, key=lambda one: dice.roll() * late(one)):
        if left & worlds(clue) != left:
            left &= worlds(clue)
            chosen.append(clue)
        if _is_one(left):
            break
    return dice.shuffled(_needed(chosen, worlds))


def _needed(clues: Sequence[Clue], worlds: Worlds[Clue]) -> list[Clue]:
    """Without those that the others make superfluous."""
    kept = list(clues)
    for clue in clues:
        others = [other for other in kept if other != clue]
        if _is_one(reduce(and_, map(worlds, others), -1)):
            kept = others
    return kept


def _is_one(worlds: int) -> bool:
    return worlds > 0 and worlds & (worlds - 1) == 0
