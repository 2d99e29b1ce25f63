"""What a run may cost at most, checked before each request.

A case is paid for all priced candidates or for none: the first candidate that comes to it sets
aside the worst price of it for every candidate that has still to be asked, so that the last
cases that money buys are pairs. What is set aside and not used comes back as replies come in.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from typing import NamedTuple

from visavis.core.errors import OptionError
from visavis.core.outcome import Failure, Outcome
from visavis.core.prompt import Prompt
from visavis.core.trial import TrialKey
from visavis.measure.plan import Price, Unit, size

_FREE_OF_CHARGE = frozenset({"rejected", "overloaded", "missing"})
"""Failures for which nobody bills; after any other, tokens may have been made and billed."""


class Budget:
    """USD that a run may cost: `spent_usd + held_usd <= limit_usd` at every instant."""

    def __init__(self, limit_usd: float, *, spent_usd: float = 0.0) -> None:
        self.limit_usd = limit_usd
        self.spent_usd = spent_usd
        self.exhausted = False
        """The next case cannot be paid for; cases already set aside still can."""
        self.held_usd = 0.0
        """Worst price of what is in flight or set aside."""
        self._held: dict[Unit, dict[str, float]] = {}
        self._queue: dict[Unit, int] = {}
        """Units asked for, in order of arrival, with how many workers ask for each."""
        self._workers = 0
        self._waiting = 0
        self._changed = asyncio.Event()

    def renew(self) -> None:
        """Before another plan: what was set aside is free, and smaller requests may fit."""
        self._held.clear()
        self.held_usd = 0.0
        self.exhausted = False

    @contextmanager
    def worker(self) -> Iterator[None]:
        """Around everyone who calls `fund`: when all of them wait, no money can come back."""
        self._workers += 1
        try:
            yield
        finally:
            self._workers -= 1
            self._wake()

    async def fund(self, unit: Unit, worst_usd: Callable[[], Mapping[str, float]]) -> bool:
        """Whether `unit` is paid for, for all candidates in `worst_usd`.

        Waits while money that others hold may come back. First come, first served: a small case
        that overtook a large one would be set aside for candidates that still wait for the large.
        """
        self._queue[unit] = self._queue.get(unit, 0) + 1
        try:
            while unit not in self._held:
                if self.exhausted:
                    return False
                if next(iter(self._queue)) == unit and self._set_aside(unit, worst_usd()):
                    self._wake()
                else:
                    await self._wait()
            return True
        finally:
            self._queue[unit] -= 1
            if not self._queue[unit]:
                del self._queue[unit]

    def _set_aside(self, unit: Unit, worst_usd: Mapping[str, float]) -> bool:
        held_usd = self.held_usd + sum(worst_usd.values())
        if self.spent_usd + held_usd > self.limit_usd:
            return False
        self._held[unit], self.held_usd = dict(worst_usd), held_usd
        return True

    def settle(self, unit: Unit, candidate: str, usd: float | None) -> float:
        """What one candidate's request is counted as: `usd`, or its worst price when not known."""
        shares = self._held.get(unit, {})
        worst_usd = shares.pop(candidate, 0.0)
        counted_usd = worst_usd if usd is None else usd
        if not shares:
            self._held.pop(unit, None)
        self.held_usd = self.held_usd - worst_usd if self._held else 0.0  # no rounding is left over
        self.spent_usd += counted_usd
        self._wake()
        return counted_usd

    async def _wait(self) -> None:
        if self._waiting + 1 >= self._workers:
            self.exhausted = True
            self._wake()
            return
        changed = self._changed
        self._waiting += 1
        try:
            await changed.wait()
        finally:
            if changed is self._changed:  # cancelled, not woken
                self._waiting -= 1

    def _wake(self) -> None:
        changed, self._changed, self._waiting = self._changed, asyncio.Event(), 0
        changed.set()


class Bill(NamedTuple):
    """What one request cost."""

    usd: float | None
    """By the price list; None when it cannot be known."""
    doubtful_usd: float
    """Counted against the budget because it may have been billed: the worst price, or 0."""


class Till:
    """Pays for the requests of priced candidates out of a budget."""

    def __init__(
        self, budget: Budget, prices: Mapping[str, Price], left: Iterable[TrialKey]
    ) -> None:
        budget.renew()
        self._budget = budget
        self._prices = prices
        self._owed: dict[Unit, list[str]] = {}
        for key in left:
            if key.candidate in prices:
                self._owed.setdefault(Unit(*key[1:]), []).append(key.candidate)

    @contextmanager
    def worker(self, candidate: str) -> Iterator[None]:
        """Around everyone who asks `candidate`."""
        if candidate in self._prices:
            with self._budget.worker():
                yield
        else:
            yield

    async def pay(self, key: TrialKey, prompt: Prompt) -> bool:
        """Whether this request may be sent."""
        if key.candidate not in self._prices:
            return True
        unit = Unit(*key[1:])
        return await self._budget.fund(unit, lambda: self._worst_usd(unit, prompt))

    def settle(self, key: TrialKey, outcome: Outcome | None) -> Bill:
        """What a request cost; None for one given up in flight."""
        price = self._prices.get(key.candidate)
        if price is None:
            return Bill(None, 0.0)
        usage = None if outcome is None else outcome.usage
        unit = Unit(*key[1:])
        if usage is not None:
            usd = price.usd(usage)
            self._budget.settle(unit, key.candidate, usd)
            return Bill(usd, 0.0)
        free = isinstance(outcome, Failure) and outcome.kind in _FREE_OF_CHARGE
        return Bill(None, self._budget.settle(unit, key.candidate, 0.0 if free else None))

    def release(self, key: TrialKey) -> None:
        """This key costs nothing after all: its reply was already paid for."""
        if key.candidate in self._prices:
            self._budget.settle(Unit(*key[1:]), key.candidate, 0.0)

    def check(self, key: TrialKey, prompt: Prompt) -> None:
        """Raise when a fresh budget cannot pay for `key`, the first to be asked for money."""
        shares = self._worst_usd(Unit(*key[1:]), prompt)
        needed_usd, limit_usd = sum(shares.values()), self._budget.limit_usd
        if self._budget.spent_usd == 0.0 and needed_usd > limit_usd:
            smallest = ceil(round(needed_usd * 10_000, 6)) / 10_000
            raise OptionError(
                f"a budget of {limit_usd:g} USD is too small to ask one case of "
                f"{', '.join(map(repr, shares))}; give --budget {smallest:.4f} or more"
            )

    def _worst_usd(self, unit: Unit, prompt: Prompt) -> dict[str, float]:
        asked = size(prompt)
        return {name: asked.worst_usd(self._prices[name]) for name in self._owed[unit]}
