"""Asks what a plan says. Thin: order, price, grading and keeping are decided elsewhere.

Every key ends as one trial, once, or stays in the plan for the next session. What a candidate
does to us is a trial; an exception is a mistake of ours, and ends the run after all that came has
been stored.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal

from visavis.core.trial import Trial, TrialKey
from visavis.measure.asking import Asker, Means, Ready
from visavis.measure.greeting import greeting
from visavis.measure.keep import Keeper
from visavis.measure.plan import Plan, Turn
from visavis.measure.stopping import until_stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a session of a run ended."""

    how: Literal["finished", "stopped", "budget spent"]
    trials: int
    """Trials of this session."""
    left: int
    """Keys of the plan that are still to be asked."""
    spent_usd: float
    """By the whole run so far, doubtful charges included."""


async def run(plan: Plan, means: Means, stop: asyncio.Event) -> Ended:
    """Ask all that `plan` holds, until it is done, `stop` is set, or the budget is spent.

    The watcher is told of the trials of earlier sessions first.
    """
    means.store.add_cases(means.asked)
    session = _Session(plan, means, stop)
    try:
        await session.work()
    finally:
        session.close()
    trials = session.keeper.trials
    left = sum(1 for _ in plan.left()) - trials
    how: Literal["stopped", "budget spent"] = "stopped" if stop.is_set() else "budget spent"
    spent_usd = means.budget.spent_usd
    return Ended(how=how if left else "finished", trials=trials, left=left, spent_usd=spent_usd)


class _Session:
    """The state of one call of `run`."""

    def __init__(self, plan: Plan, means: Means, stop: asyncio.Event) -> None:
        self.keeper = Keeper(means.store, means.replies, means.watcher)
        self._plan = plan
        self._ready = {ready.candidate.name: ready for ready in means.ready}
        self._stop = stop
        self._asker = Asker(means, plan.left(), stop)
        self._to_greet = set(self._ready) if plan.greets else set[str]()

    async def work(self) -> None:
        if self._plan.greets:
            self._asker.check_budget(self._plan.left())
        self.keeper.tell_of_earlier(self._plan.totals)
        lanes = asyncio.create_task(self._all_lanes())
        self.keeper.when_broken(lanes.cancel)
        await until_stopped(lanes, self._stop)

    def close(self) -> None:
        self._asker.close()
        self.keeper.close()

    async def _all_lanes(self) -> None:
        async with asyncio.TaskGroup() as group:
            for lane in self._plan.lanes:
                group.create_task(self._lane(lane))

    async def _lane(self, lane: tuple[Turn, ...]) -> None:
        for turn in lane:
            await self._turn(self._ready[turn.candidate], turn)

    async def _turn(self, ready: Ready, turn: Turn) -> None:
        keys = iter(turn.keys)
        async with asyncio.TaskGroup() as group:
            with self._asker.till.worker(turn.candidate):
                if turn.candidate in self._to_greet:
                    await self._greet(ready, keys)
                for _ in range(1, min(ready.at_once, len(turn.keys))):
                    group.create_task(self._worker(ready, keys))
                await self._ask_all(ready, keys)

    async def _greet(self, ready: Ready, keys: Iterator[TrialKey]) -> None:
        name = ready.candidate.name
        async with aclosing(self._trials(ready, keys)) as trials:
            async for trial in greeting(name, trials, self._stop):
                self.keeper.keep(trial)
                if not trial.reused:
                    self._to_greet.discard(name)

    async def _worker(self, ready: Ready, keys: Iterator[TrialKey]) -> None:
        with self._asker.till.worker(ready.candidate.name):
            await self._ask_all(ready, keys)

    async def _ask_all(self, ready: Ready, keys: Iterator[TrialKey]) -> None:
        async for trial in self._trials(ready, keys):
            self.keeper.keep(trial)

    async def _trials(self, ready: Ready, keys: Iterator[TrialKey]) -> AsyncGenerator[Trial, None]:
        for key in keys:
            if self._stop.is_set():
                return
            trial = await self._asker.trial(ready, key)
            if trial is not None:
                yield trial
