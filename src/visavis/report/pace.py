"""How long a run still takes, by what it took so far: each candidate on each benchmark for itself.

A trial is charged the time since the one before it of the same candidate. So the turns of others
on the same machine are in it, and many in flight take less each. Of what was not asked yet nobody
knows how long it takes: then what is known is the least.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final, NamedTuple

Cell = tuple[str, str]
"""A candidate on a benchmark."""

ENOUGH: Final = 20
"""Trials from which a pace is known,"""
ENOUGH_SHARE: Final = 0.25
"""or this part of them, where that is less: of the first ones, many in flight end at once."""


class Left(NamedTuple):
    """Time that a run still takes."""

    seconds: float
    is_least: bool
    """Something is left of which no pace is known."""


@dataclass(slots=True)
class _Taken:
    seconds: float = 0.0
    trials: int = 0


class Pace:
    """The pace of everyone on everything."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._last: dict[str, float] = {}
        """When each candidate's last trial ended."""
        self._taken: dict[Cell, _Taken] = {}

    def begin(self, now: float) -> None:
        """Asking begins; what is added later goes on."""
        if self._began is None:
            self._began = now

    def ended(self, cell: Cell, now: float) -> None:
        """A trial that was asked here has ended."""
        taken = self._taken.setdefault(cell, _Taken())
        taken.seconds += self._since(cell[0], now)
        taken.trials += 1
        self._last[cell[0]] = now

    def left(self, waiting: Mapping[Cell, tuple[int, int]], now: float) -> Left:
        """Until the slowest candidate is through; `waiting` are trials to come, and in all."""
        seconds: dict[str, float] = {}
        known = True
        for cell, (n, total) in waiting.items():
            if not n:
                continue
            taken = self._taken.get(cell, _Taken())
            if taken.trials < min(ENOUGH, ceil(ENOUGH_SHARE * total)):
                known = False
                continue
            each = taken.seconds / taken.trials
            overdue = (taken.seconds + self._since(cell[0], now)) / (taken.trials + 1)
            seconds[cell[0]] = seconds.get(cell[0], 0.0) + n * max(each, overdue)
        return Left(max(seconds.values(), default=0.0), is_least=not known)

    def _since(self, candidate: str, now: float) -> float:
        began = now if self._began is None else self._began
        return now - self._last.get(candidate, began)
