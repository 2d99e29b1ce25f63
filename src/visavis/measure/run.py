"""Asks what a plan says. Thin: order, price, grading and keeping are decided elsewhere.

Every key ends as one trial, once, or stays in the plan for the next session. What a candidate
does to us is a trial; an exception is a mistake of ours, and ends the run after all that came has
been stored.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from os import cpu_count
from typing import Literal, NamedTuple

from visavis.benchmarks.base import Benchmark
from visavis.core.candidate import Candidate, Unknown
from visavis.core.case import Case
from visavis.core.client import Client
from visavis.core.errors import OptionError, VisavisError
from visavis.core.fence import Fence
from visavis.core.outcome import Failure, Grade, Outcome, Reply
from visavis.core.prompt import Prompt
from visavis.core.trial import Trial, TrialKey, Watcher
from visavis.measure.budget import Budget, Till
from visavis.measure.keep import Keeper
from visavis.measure.plan import Asked, Plan, Price, Turn
from visavis.measure.replies import Kept, Replies, content, identity
from visavis.measure.store import RunStore

GRACE_S = 2.0
"""How long a stopped run waits for replies in flight before it gives them up."""

GREETINGS = 2
"""Cases that a candidate may turn away at the start before it is taken to be out of reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A candidate that can be asked now."""

    candidate: Candidate
    client: Client
    at_once: int
    """Requests in flight, at most."""
    price: Price | Unknown
    """Unknown where nobody is billed, or nobody here knows: no budget can guard that."""
    engine: str = ""
    """Name and version of a local engine: another engine gives other replies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a run works with."""

    ready: tuple[Ready, ...]
    asked: tuple[Asked, ...]
    store: RunStore
    replies: Replies | None
    """None where no earlier reply may be reused: when speed is measured."""
    budget: Budget
    fence: Fence
    watcher: Watcher


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
        session.check_budget()
        means.watcher.started(plan.totals)
        for trial in means.store.trials():
            if (trial.key.candidate, trial.key.benchmark) in plan.totals:
                means.watcher.finished(trial)
        await session.work()
    finally:
        session.close()
    return session.ended()


class _Answer(NamedTuple):
    """What came of asking, or what had come before."""

    outcome: Outcome
    usd: float | None
    asked_at: str
    reused: bool


class _Session:
    """The state of one call of `run`."""

    def __init__(self, plan: Plan, means: Means, stop: asyncio.Event) -> None:
        self._plan = plan
        self._means = means
        self._stop = stop
        self._cases = {
            (one.benchmark.name, case.id): (one.benchmark, case)
            for one in means.asked
            for case in one.cases
        }
        self._ready = {ready.candidate.name: ready for ready in means.ready}
        self._identities = {r.candidate.name: identity(r.candidate, r.engine) for r in means.ready}
        self._prices = {
            r.candidate.name: r.price for r in means.ready if not isinstance(r.price, Unknown)
        }
        self._till = Till(means.budget, self._prices, plan.left())
        self._keeper = Keeper(means.store, means.replies, broken=self._give_up)
        self._graders = ThreadPoolExecutor(max_workers=cpu_count(), thread_name_prefix="grade")
        self._lanes: asyncio.Task[None] | None = None
        self._met: set[str] = set()
        self._answering: dict[str, str] = {}
        self._told_spent = False
        self._trials = 0

    def check_budget(self) -> None:
        """Raise when the budget is too small for the first request that costs money."""
        replies = self._means.replies
        for key in self._plan.left() if self._plan.greets else ():
            if key.candidate in self._prices:
                benchmark, case = self._cases[key.benchmark, key.case]
                prompt = benchmark.ask(case)
                if replies is None or replies.get(self._content(key, prompt)) is None:
                    self._till.check(key, prompt)
                    return

    async def work(self) -> None:
        """All lanes, until they end or are stopped."""
        self._lanes = asyncio.create_task(self._all_lanes())
        stopped = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({self._lanes, stopped}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({self._lanes}, timeout=GRACE_S)
        finally:
            stopped.cancel()
            self._lanes.cancel()
            await asyncio.gather(self._lanes, stopped, return_exceptions=True)
        if not self._lanes.cancelled() and (error := self._lanes.exception()) is not None:
            raise _first(error)

    def close(self) -> None:
        """Store what came; nothing of this session runs afterwards."""
        self._graders.shutdown(cancel_futures=True)
        self._keeper.close()

    def ended(self) -> Ended:
        left = sum(1 for _ in self._plan.left()) - self._trials
        how: Literal["finished", "stopped", "budget spent"] = "finished"
        if left:
            how = "stopped" if self._stop.is_set() else "budget spent"
        return Ended(
            how=how, trials=self._trials, left=left, spent_usd=self._means.budget.spent_usd
        )

    def _give_up(self) -> None:
        if self._lanes is not None:
            self._lanes.cancel()

    async def _all_lanes(self) -> None:
        async with asyncio.TaskGroup() as group:
            for lane in self._plan.lanes:
                group.create_task(self._lane(lane))

    async def _lane(self, lane: tuple[Turn, ...]) -> None:
        for turn in lane:
            if self._stop.is_set():
                return
            await self._turn(self._ready[turn.candidate], turn)

    async def _turn(self, ready: Ready, turn: Turn) -> None:
        keys = iter(turn.keys)
        async with asyncio.TaskGroup() as group:
            with self._till.worker(turn.candidate):
                if self._plan.greets and turn.candidate not in self._met:
                    await self._greet(ready, keys)
                for _ in range(1, min(ready.at_once, len(turn.keys))):
                    group.create_task(self._worker(ready, keys))
                await self._ask_all(ready, keys)

    async def _greet(self, ready: Ready, keys: Iterator[TrialKey]) -> None:
        """Ask one by one until the candidate has answered, so that nothing is stored of one whose
        server is down or whose model id is wrong."""
        turned_away: list[Trial] = []
        name = ready.candidate.name
        for key in keys:
            trial = await self._trial(ready, key)
            if trial is None or trial.reused:
                self._keep(trial)
            elif _is_turned_away(trial.outcome):
                turned_away.append(trial)
            else:
                self._keep(trial)
                self._met.add(name)
                break
            if self._stop.is_set() or len(turned_away) == GREETINGS:
                break
        if turned_away and name not in self._met:
            raise _out_of_reach(name, turned_away[-1].outcome)
        for trial in turned_away:
            self._keep(trial)

    async def _worker(self, ready: Ready, keys: Iterator[TrialKey]) -> None:
        with self._till.worker(ready.candidate.name):
            await self._ask_all(ready, keys)

    async def _ask_all(self, ready: Ready, keys: Iterator[TrialKey]) -> None:
        for key in keys:
            if self._stop.is_set():
                return
            self._keep(await self._trial(ready, key))

    async def _trial(self, ready: Ready, key: TrialKey) -> Trial | None:
        """One key's trial; None when there is no money or no time left for it."""
        benchmark, case = self._cases[key.benchmark, key.case]
        prompt = benchmark.ask(case)
        replies, known_as = self._means.replies, self._content(key, prompt)
        answer = None if replies is None else _kept(replies.get(known_as))
        if answer is not None:
            self._till.release(key)
            await asyncio.sleep(0)  # a run of kept replies must not hold the loop
        else:
            answer = await self._ask(ready, key, prompt)
            if answer is None:
                return None
            if replies is not None and isinstance(answer.outcome, Reply):
                replies.add(known_as, answer.outcome, answer.usd, answer.asked_at)
        return Trial(
            key=key,
            outcome=answer.outcome,
            grade=await self._grade(benchmark, case, answer.outcome),
            usd=answer.usd,
            reused=answer.reused,
            asked_at=answer.asked_at,
        )

    def _content(self, key: TrialKey, prompt: Prompt) -> bytes:
        return content(self._identities[key.candidate], prompt, key.repeat)

    async def _ask(self, ready: Ready, key: TrialKey, prompt: Prompt) -> _Answer | None:
        if not await self._till.pay(key, prompt):
            self._tell_spent()
            await asyncio.sleep(0)
            return None
        outcome: Outcome | None = None
        asked_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        try:
            if not self._stop.is_set():
                outcome = await ready.client.send(prompt)
        finally:
            bill = self._till.settle(key, outcome)
            if bill.doubtful_usd:
                self._means.store.charge(key.candidate, bill.doubtful_usd, _doubt(outcome))
        if outcome is None:
            return None
        self._look_at_model(key.candidate, outcome)
        return _Answer(outcome, bill.usd, asked_at, reused=False)

    async def _grade(self, benchmark: Benchmark, case: Case, outcome: Outcome) -> Grade | None:
        if isinstance(outcome, Failure):
            return None
        if not benchmark.runs_programs:
            return benchmark.grade(case, outcome.text, self._means.fence)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._graders, benchmark.grade, case, outcome.text, self._means.fence
        )

    def _keep(self, trial: Trial | None) -> None:
        if trial is not None:
            self._trials += 1
            self._keeper.keep(trial)
            self._means.watcher.finished(trial)

    def _look_at_model(self, candidate: str, outcome: Outcome) -> None:
        if isinstance(outcome, Failure) or outcome.model is None:
            return
        before = self._answering.setdefault(candidate, outcome.model)
        if before != outcome.model:
            self._answering[candidate] = outcome.model
            self._means.watcher.note(
                f"{candidate!r} is now answered by {outcome.model!r}, until now by {before!r}"
            )

    def _tell_spent(self) -> None:
        if not self._told_spent:
            self._told_spent = True
            budget = self._means.budget
            self._means.watcher.note(
                f"the budget is spent: {budget.spent_usd:.4f} of {budget.limit_usd:g} USD; "
                f"{', '.join(map(repr, self._prices))} will be asked no further case"
            )


def _kept(known: Kept | None) -> _Answer | None:
    return None if known is None else _Answer(known.reply, known.usd, known.asked_at, reused=True)


def _doubt(outcome: Outcome | None) -> str:
    if outcome is None:
        return "given up in flight"
    return outcome.kind if isinstance(outcome, Failure) else "reply without a token count"


def _is_turned_away(outcome: Outcome) -> bool:
    return isinstance(outcome, Failure) and outcome.kind in {"rejected", "unreachable", "crashed"}


def _out_of_reach(name: str, outcome: Outcome) -> VisavisError:
    match outcome:
        case Failure(kind="rejected", detail=detail):
            return OptionError(
                f"{name!r} turned the first cases away: {detail}; check model id, key and address"
            )
        case Failure(kind="crashed", detail=detail):
            return VisavisError(f"the engine of {name!r} crashed: {detail}; check its file")
        case Failure(detail=detail):
            return VisavisError(f"{name!r} cannot be reached: {detail}; check that it is running")
        case Reply():
            raise AssertionError("a reply is no refusal")


def _first(error: BaseException) -> BaseException:
    """The first mistake in a group of groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
