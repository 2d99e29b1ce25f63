"""The first measures of speed: time to first token and output tokens per second.

One request at a time on the whole machine, in blocks A B B A so that a drift falls on all alike;
one warm-up each, not counted; every block a prompt of its own that begins with a nonce, since a
server that has seen a prefix before answers sooner; a fixed longest reply. Asked through bare
clients: a retry would hide what is measured.
"""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import replace
from secrets import token_hex

from visavis.benchmarks.base import Benchmark, LoadOptions
from visavis.core.candidate import Candidate, Unknown
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Unscored
from visavis.core.prompt import Prompt, ask
from visavis.core.tell import tell
from visavis.core.trial import TrialKey
from visavis.measure.asking import Means, Ready
from visavis.measure.budget import Till
from visavis.measure.plan import Asked, Plan, turns, units
from visavis.measure.run import Ended, run
from visavis.measure.stopping import until_stopped
from visavis.measure.store import StoredCase

SPEED = "speed"
"""Name of the benchmark under which speed trials are stored."""

OUTPUT_TOKENS = 64
"""The longest reply: long enough for a rate, short enough for a slow machine."""

_THINGS = (
    "a river",
    "a bridge",
    "a market",
    "a winter",
    "a harbour",
    "a garden",
    "a train",
    "a mill",
)
_WARM_UP = "warm-up"


def speed_asked(blocks: int, known: Iterable[StoredCase] = ()) -> Asked:
    """The prompts of `blocks` blocks, of like length, never sent before.

    Those of a run that is gone on with come from its store: `known`.
    """
    cases = {f"block {n + 1}": n for n in range(blocks)}
    before = {stored.case.id: stored.case for stored in known}
    return Asked(
        benchmark=_BENCHMARK,
        cases=tuple(before.get(case_id) or _case(case_id, n) for case_id, n in cases.items()),
    )


def speed_plan(
    asked: Asked, candidates: tuple[Candidate, ...], done: Collection[TrialKey] = ()
) -> Plan:
    """One lane of turns of one request each: A B, B A, A B …"""
    names = [candidate.name for candidate in candidates]
    lane = turns(([unit] for unit in units([asked])), names, done)
    return Plan(
        lanes=(lane,) if lane else (),
        totals={(name, SPEED): len(asked.cases) for name in names},
        greets=False,
    )


async def measure_speed(plan: Plan, means: Means, stop: asyncio.Event) -> Ended:
    """Ask what `speed_plan` says, after a warm-up of every candidate that has a turn in it."""
    unhurried = tuple(replace(ready, at_once=1) for ready in means.ready)
    turn_takers = {key.candidate for key in plan.left()}
    to_warm = [ready for ready in unhurried if ready.candidate.name in turn_takers]
    if not stop.is_set():
        await until_stopped(asyncio.create_task(_warm_up(to_warm, means)), stop)
    return await run(plan, replace(means, ready=unhurried, replies=None), stop)


async def _warm_up(to_warm: Iterable[Ready], means: Means) -> None:
    prompt = _ask(_case(_WARM_UP, 0))
    for ready in to_warm:
        name = ready.candidate.name
        key = TrialKey(name, SPEED, _WARM_UP, 0)
        prices = {} if isinstance(ready.price, Unknown) else {name: ready.price}
        till = Till(means.budget, prices, [key])
        with till.worker(name):
            if await till.pay(key, prompt):
                bill = till.settle(key, await ready.client.send(prompt))
                cost_usd = bill.usd or bill.doubtful_usd
                if cost_usd:
                    means.store.charge(name, cost_usd, _WARM_UP)


def _case(case_id: str, number: int) -> Case:
    thing = _THINGS[number % len(_THINGS)]
    question = (
        f"{token_hex(8)} is the number of this request; do not mention it. "
        f"Describe {thing} in at least two hundred words, without a heading and without a list."
    )
    return Case(id=case_id, group=case_id, question=question, target="")


def _ask(case: Case) -> Prompt:
    return ask(case.question, max_tokens=OUTPUT_TOKENS)


def _load(_: LoadOptions) -> tuple[Case, ...]:
    return speed_asked(len(_THINGS)).cases


def _grade(_case: Case, _text: str, _fence: Fence) -> Unscored:
    return Unscored(because=tell("asked for speed, not for its answer"))


_BENCHMARK = Benchmark(
    name=SPEED,
    protocol="speed@1",
    version=1,
    chance=None,
    source="made by visavis: descriptions of things, each behind a nonce",
    load=_load,
    ask=_ask,
    grade=_grade,
)
