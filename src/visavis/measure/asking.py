"""One key becomes one trial: a reply kept from before, or one asked for now, then its grade."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from os import cpu_count
from typing import NamedTuple

from visavis.benchmarks.base import Benchmark
from visavis.core.candidate import Candidate, Unknown
from visavis.core.case import Case
from visavis.core.client import Client
from visavis.core.fence import Fence
from visavis.core.outcome import Failure, Grade, Outcome, Reply
from visavis.core.prompt import Prompt
from visavis.core.tell import tell
from visavis.core.trial import Trial, TrialKey, Watcher
from visavis.measure.budget import Budget, Till
from visavis.measure.plan import Asked, Price
from visavis.measure.replies import Kept, Replies, content, identity, is_lasting
from visavis.measure.trial_store import TrialStore


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
    store: TrialStore
    replies: Replies | None
    """None where no earlier reply may be reused: when speed is measured."""
    budget: Budget
    fence: Fence
    watcher: Watcher


class _Answer(NamedTuple):
    """What came of asking, now or in an earlier run."""

    outcome: Outcome
    usd: float | None
    asked_at: str
    reused: bool


class Asker:
    """Makes trials. Never stores one: that is for the run, which knows whether it counts."""

    def __init__(self, means: Means, left: Iterable[TrialKey], stop: asyncio.Event) -> None:
        self._means = means
        self._stop = stop
        self._cases = {
            (one.benchmark.name, case.id): (one.benchmark, case)
            for one in means.asked
            for case in one.cases
        }
        self._identities = {
            r.candidate.name: identity(r.candidate, r.engine)
            for r in means.ready
            if is_lasting(r.candidate)
        }
        self._prices = {
            r.candidate.name: r.price for r in means.ready if not isinstance(r.price, Unknown)
        }
        self.till = Till(means.budget, self._prices, left)
        self._graders = ThreadPoolExecutor(max_workers=cpu_count(), thread_name_prefix="grade")
        self._answering: dict[str, str] = {}
        self._told_spent = False

    def check_budget(self, left: Iterable[TrialKey]) -> None:
        """Raise when the budget is too small for the first request that costs money."""
        for key in left:
            if key.candidate in self._prices:
                prompt = self._prompt(key)
                if self._kept(key, prompt) is None:
                    self.till.check(key, prompt)
                    return

    async def trial(self, ready: Ready, key: TrialKey) -> Trial | None:
        """One key's trial; None when there is no money or no time left for it."""
        prompt = self._prompt(key)
        answer = self._kept(key, prompt)
        if answer is not None:
            self.till.release(key)
            await asyncio.sleep(0)  # a run of kept replies must not hold the loop
        else:
            answer = await self._ask(ready, key, prompt)
        if answer is None:
            return None
        return Trial(
            key=key,
            outcome=answer.outcome,
            grade=await self._grade(key, answer),
            usd=answer.usd,
            reused=answer.reused,
            asked_at=answer.asked_at,
        )

    def close(self) -> None:
        """No grader runs afterwards."""
        self._graders.shutdown(cancel_futures=True)

    def _prompt(self, key: TrialKey) -> Prompt:
        benchmark, case = self._case(key)
        return benchmark.ask(case)

    def _case(self, key: TrialKey) -> tuple[Benchmark, Case]:
        return self._cases[key.benchmark, key.case]

    def _content(self, key: TrialKey, prompt: Prompt) -> bytes | None:
        """Under what a reply to this key is kept; None where it must not be."""
        of = self._identities.get(key.candidate)
        return None if of is None else content(of, prompt, key.repeat)

    def _kept(self, key: TrialKey, prompt: Prompt) -> _Answer | None:
        asked = self._content(key, prompt)
        if self._means.replies is None or asked is None or self._case(key)[0].asks_anew:
            return None
        match self._means.replies.get(asked):
            case Kept(reply=reply, usd=usd, asked_at=asked_at):
                return _Answer(reply, usd, asked_at, reused=True)
            case None:
                return None

    async def _ask(self, ready: Ready, key: TrialKey, prompt: Prompt) -> _Answer | None:
        if not await self.till.pay(key, prompt):
            self._tell_spent()
            await asyncio.sleep(0)  # the keys after this one are refused as quickly
            return None
        outcome: Outcome | None = None
        asked_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        try:
            if self._stop.is_set():
                return None
            outcome = await ready.client.send(prompt)
        finally:
            usd = self._settle(key, outcome)
        if isinstance(outcome, Reply):
            self._look_at_model(key.candidate, outcome.model)
            asked = self._content(key, prompt)
            if self._means.replies is not None and asked is not None:
                self._means.replies.add(asked, outcome, usd, asked_at)
        return _Answer(outcome, usd, asked_at, reused=False)

    def _settle(self, key: TrialKey, outcome: Outcome | None) -> float | None:
        bill = self.till.settle(key, outcome)
        if bill.doubtful_usd:
            self._means.store.charge(key.candidate, bill.doubtful_usd, _doubt(outcome))
        return bill.usd

    async def _grade(self, key: TrialKey, answer: _Answer) -> Grade | None:
        reply = answer.outcome
        if isinstance(reply, Failure):
            return None
        benchmark, case = self._case(key)
        fence = self._means.fence
        if benchmark.grade_reply is not None:
            made = partial(benchmark.grade_reply, case, reply, answer.usd, fence)
        else:
            made = partial(benchmark.grade, case, reply.text, fence)
        if not (benchmark.runs_programs or benchmark.grades_slowly):
            return made()
        return await asyncio.get_running_loop().run_in_executor(self._graders, made)

    def _look_at_model(self, candidate: str, model: str | None) -> None:
        before = self._answering.get(candidate, model)
        if model is not None:
            self._answering[candidate] = model
        if model is not None and before != model:
            self._means.watcher.note(
                tell(
                    "{name!r} is now answered by {model!r}, until now by {before!r}",
                    name=candidate,
                    model=model,
                    before=before,
                )
            )

    def _tell_spent(self) -> None:
        if not self._told_spent:
            self._told_spent = True
            budget = self._means.budget
            self._means.watcher.note(
                tell(
                    "the budget is spent: {spent:.4f} of {limit:g} USD; {names} will be asked no "
                    "further case",
                    spent=budget.spent_usd,
                    limit=budget.limit_usd,
                    names=", ".join(map(repr, self._prices)),
                )
            )


def _doubt(outcome: Outcome | None) -> str:
    if outcome is None:
        return "given up in flight"
    return outcome.kind if isinstance(outcome, Failure) else "reply without a token count"
