"""Asks what a plan says. Thin: order, price, grading and keeping are decided elsewhere.

Every key ends as one trial, once, or stays in the plan for the next session. What a candidate
does to us is a trial; an exception is a mistake of ours, and ends the run after all that came has
been stored.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from visavis.core.errors import OptionError, VisavisError
from visavis.core.outcome import Failure, Outcome
from visavis.core.trial import Trial, TrialKey
from visavis.measure.asking import Asker, Means, Ready
from visavis.measure.keep import Keeper
from visavis.measure.plan import Plan, Turn

GRACE_S = 2.0
"""How long a stopped run waits for replies in flight before it gives them up."""

GREETINGS = 2
"""Cases that a candidate may turn away at the start before it is taken to be out of reach."""


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
        session.begin()
        await session.work()
    finally:
        session.close()
    return session.ended()


async def until_stopped(job: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    """Wait for `job`; when stopped, no longer than the grace. Raises its first mistake."""
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({job, stopped}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({job}, timeout=GRACE_S)
    finally:
        stopped.cancel()
        job.cancel()
        await asyncio.gather(job, stopped, return_exceptions=True)
    if not job.cancelled() and (error := job.exception()) is not None:
        raise _first(error)


class _Session:
    """The state of one call of `run`."""

    def __init__(self, plan: Plan, means: Means, stop: asyncio.Event) -> None:
        self._plan = plan
        self._means = means
        self._stop = stop
        self._ready = {ready.candidate.name: ready for ready in means.ready}
        self._asker = Asker(means, plan.left(), stop)
        self._keeper = Keeper(means.store, means.replies, broken=self._break_off)
        self._lanes: asyncio.Task[None] | None = None
        self._met: set[str] = set()
        self._trials = 0

    def begin(self) -> None:
        if self._plan.greets:
            self._asker.check_budget(self._plan.left())
        self._means.watcher.started(self._plan.totals)
        for trial in self._means.store.trials():
            if (trial.key.candidate, trial.key.benchmark) in self._plan.totals:
                self._means.watcher.finished(trial)

    async def work(self) -> None:
        self._lanes = asyncio.create_task(self._all_lanes())
        await until_stopped(self._lanes, self._stop)

    def close(self) -> None:
        self._asker.close()
        self._keeper.close()

    def ended(self) -> Ended:
        left = sum(1 for _ in self._plan.left()) - self._trials
        how: Literal["finished", "stopped", "budget spent"] = "finished"
        if left:
            how = "stopped" if self._stop.is_set() else "budget spent"
        return Ended(
            how=how,
            trials=self._trials,
            left=left,
            spent_usd=self._means.budget.spent_usd,
        )

    def _break_off(self) -> None:
        if self._lanes is not None:
            self._lanes.cancel()

    async def _all_lanes(self) -> None:
        async with asyncio.TaskGroup() as group:
            for lane in self._plan.lanes:
                group.create_task(self._lane(lane))

    async def _lane(self, lane: tuple[Turn, ...]) -> None:
        for turn in lane:
            if not self._stop.is_set():
                await self._turn(self._ready[turn.candidate], turn)

    async def _turn(self, ready: Ready, turn: Turn) -> None:
        keys = iter(turn.keys)
        async with asyncio.TaskGroup() as group:
            with self._asker.till.worker(turn.candidate):
                if self._plan.greets and turn.candidate not in self._met:
                    await self._greet(ready, keys)
                for _ in range(1, min(ready.at_once, len(turn.keys))):
                    group.create_task(self._worker(ready, keys))
                await self._ask_all(ready, keys)

    async def _worker(self, ready: Ready, keys: Iterator[TrialKey]) -> None:
        with self._asker.till.worker(ready.candidate.name):
            await self._ask_all(ready, keys)

    async def _ask_all(self, ready: Ready, keys: Iterator[TrialKey]) -> None:
        for key in keys:
            if self._stop.is_set():
                return
            self._keep(await self._asker.trial(ready, key))

    async def _greet(self, ready: Ready, keys: Iterator[TrialKey]) -> None:
        """Ask one by one until the candidate has answered, so that nothing is stored of one whose
        server is down or whose model id is wrong."""
        turned_away: list[Trial] = []
        while len(turned_away) < GREETINGS and not self._stop.is_set():
            key = next(keys, None)
            if key is None:
                break
            trial = await self._asker.trial(ready, key)
            if trial is not None and _turned_away(trial.outcome):
                turned_away.append(trial)
                continue
            self._keep(trial)
            if trial is not None and not trial.reused:
                self._met.add(ready.candidate.name)
                break
        if ready.candidate.name in self._met:
            for trial in turned_away:
                self._keep(trial)
        elif turned_away and not self._stop.is_set():
            raise _out_of_reach(ready.candidate.name, turned_away[-1].outcome)

    def _keep(self, trial: Trial | None) -> None:
        if trial is not None:
            self._trials += 1
            self._keeper.keep(trial)
            self._means.watcher.finished(trial)


def _turned_away(outcome: Outcome) -> bool:
    return isinstance(outcome, Failure) and outcome.kind in {"rejected", "unreachable", "crashed"}


def _out_of_reach(name: str, outcome: Outcome) -> VisavisError:
    assert isinstance(outcome, Failure)
    if outcome.kind == "rejected":
        return OptionError(
            f"{name!r} turned the first cases away: {outcome.detail}; "
            "check its model id, key and address"
        )
    return VisavisError(f"{name!r} is out of reach ({outcome.kind}): {outcome.detail}")


def _first(error: BaseException) -> BaseException:
    """The first mistake in a group of groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
