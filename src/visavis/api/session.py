"""One session of a run: doors opened, cases asked, speed measured, memory read, everything kept."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from visavis.api.describe import described
from visavis.api.doors import Door, opened
from visavis.api.request import HOSTED_AT_ONCE, LOCAL_AT_ONCE, Request
from visavis.api.screen import Screen
from visavis.api.until import drawn, until_decided
from visavis.candidates.catalog import catalog
from visavis.candidates.weights import ensure
from visavis.core.candidate import Candidate
from visavis.core.fence import Fence, NoFence
from visavis.core.observation import Observation
from visavis.core.tell import tell
from visavis.core.trial import Watcher
from visavis.measure.asking import Means, Ready
from visavis.measure.budget import Budget
from visavis.measure.noted import Noted
from visavis.measure.plan import Plan, plan
from visavis.measure.probe import probe
from visavis.measure.replies import Replies
from visavis.measure.run import Ended, run
from visavis.measure.spec import RunSpec, describe
from visavis.measure.speed import SPEED, measure_speed, speed_asked, speed_plan
from visavis.measure.store import RunStore
from visavis.pinned.fetch import Sources
from visavis.scoring.fence.pool import open_fence

SPEED_BLOCKS = {"quick": 6, "standard": 16, "full": 32}


def fetch_weights(request: Request, screen: Screen) -> None:
    """All files of local models, fetched where they are not here yet. Blocks."""
    judges = request.judges.candidates if request.judges is not None else ()
    for candidate in (*request.candidates, *judges):
        local = catalog().local(candidate.system or "") if candidate.route == "gguf" else None
        if local is not None:
            with screen.downloading(local.name) as progress:
                ensure(
                    local,
                    request.around.home,
                    progress=progress,
                    note=screen.note,
                    sources=Sources.told(request.around.environ),
                )


@dataclass(frozen=True, kw_only=True)
class _Open:
    """Everything that a session holds open."""

    request: Request
    doors: Sequence[Door]
    store: RunStore
    replies: Replies | None
    fence: Fence
    watcher: Watcher
    budget: Budget

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return tuple(door.candidate for door in self.doors)


async def hold(request: Request, folder: Path, screen: Screen, stop: asyncio.Event) -> Ended:
    """Ask what is left of the run in `folder`, and measure speed and memory."""
    noted = Noted(screen)
    with ExitStack() as held:
        fence: Fence = NoFence()
        if request.runs_programs:
            fence = held.enter_context(open_fence(request.options.fence))
        candidates = [described(one, request.prices[one.name]) for one in request.candidates]
        async with AsyncExitStack() as ways:
            doors = [
                await ways.enter_async_context(opened(request, candidate, noted.note))
                for candidate in candidates
            ]
            spec = _spec(request, [door.candidate for door in doors])
            store = held.enter_context(RunStore.begin(folder, spec))
            noted.keep_in(store)
            replies = _replies(request, screen)
            if replies is not None:
                held.callback(replies.close)
            budget = Budget(request.budget_usd, spent_usd=store.spent_usd())
            held.enter_context(screen.asking())
            everything = _Open(
                request=request,
                doors=doors,
                store=store,
                replies=replies,
                fence=fence,
                watcher=noted,
                budget=budget,
            )
            ended = await _cases(everything, stop)
            if request.options.speed and ended.how == "finished":
                ended = await _speed(everything, stop)
            _memory(everything)
            return ended


def _replies(request: Request, screen: Screen) -> Replies | None:
    """Those of earlier runs; None where all is to be asked anew, and nothing kept."""
    home = request.around.home
    return Replies(home / "replies.sqlite", screen.note) if request.options.reuse else None


def _spec(request: Request, candidates: Sequence[Candidate]) -> RunSpec:
    passed = request.passed()
    options = request.options
    return RunSpec(
        candidates=tuple(candidates),
        benchmarks=tuple(describe(one) for one in request.asked),
        repeats=options.repeats,
        seed=options.seed,
        drawn=drawn(request),
        passed=passed,
        defaulted=_defaulted(request, passed),
        machine=probe(),
    )


def _defaulted(request: Request, passed: dict[str, Any]) -> dict[str, Any]:
    names = ("suite", "until", "at_once", "repeats", "seed", "budget", "policy", "fence", "speed")
    usual = {name: getattr(request.options, name) for name in names if name not in passed}
    if "at_once" in usual:
        usual["at_once"] = tell(
            "{local:d} (local), {hosted:d} (hosted)", local=LOCAL_AT_ONCE, hosted=HOSTED_AT_ONCE
        )
    return usual


def _means(now: _Open, *, careful: bool) -> Means:
    return Means(
        ready=tuple(
            Ready(
                candidate=door.candidate,
                client=door.careful if careful else door.bare,
                at_once=now.request.at_once(door.candidate),
                price=now.request.prices[door.candidate.name],
                engine=door.engine,
            )
            for door in now.doors
        ),
        asked=now.request.asked,
        store=now.store,
        replies=now.replies,
        budget=now.budget,
        fence=now.fence,
        watcher=now.watcher,
    )


async def _cases(now: _Open, stop: asyncio.Event) -> Ended:
    means = _means(now, careful=True)
    if now.request.options.until == "decided":
        return await until_decided(now.request, means, stop)
    return await run(left_of(now.request, now.store), means, stop)


def left_of(request: Request, store: RunStore | None = None) -> Plan:
    """What a run has still to ask."""
    done = store.done() if store is not None else set()
    return plan(request.asked, request.candidates, done=done)


async def _speed(now: _Open, stop: asyncio.Event) -> Ended:
    asked = speed_asked(SPEED_BLOCKS[now.request.options.suite], now.store.cases(SPEED))
    left = speed_plan(asked, timed(now.candidates), now.store.done())
    means = replace(_means(now, careful=False), asked=(asked,), replies=None)
    return await measure_speed(left, means, stop)


def timed(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Those that have a speed: a recording and a script have none."""
    return tuple(candidate for candidate in candidates if candidate.kind in ("hosted", "local"))


def _memory(now: _Open) -> None:
    """Peak memory and load time of the local engines, kept beside the trials."""
    for door in now.doors:
        if door.llama is None:
            continue
        for measure, value in door.llama.measured().items():
            now.store.add_peak(
                Observation(
                    candidate=door.candidate.name,
                    axis="memory",
                    measure=measure,
                    benchmark="engine",
                    unit_id="run",
                    group="run",
                    value=float(value),
                )
            )
