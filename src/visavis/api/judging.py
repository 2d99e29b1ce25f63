"""Asks a run's judges what is left to ask them, after its candidates have replied."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from visavis.api.doors import opened
from visavis.api.facts import facts_of
from visavis.api.judged import in_candidates_order, with_rubrics
from visavis.api.request import Request
from visavis.api.screen import Screen
from visavis.candidates.llama_settings import SLOT_TOKENS
from visavis.core.fence import NoFence
from visavis.core.outcome import Reply
from visavis.core.rubric import RUBRICS
from visavis.core.trial import Trial, TrialKey
from visavis.measure.asking import Means, Ready
from visavis.measure.budget import Budget
from visavis.measure.judging.asking import VERDICT_TOKENS, Stored, asked_of_judges
from visavis.measure.judging.store import JudgementStore
from visavis.measure.plan import Asked, Forecast, forecast, plan, size, units
from visavis.measure.replies import Replies
from visavis.measure.run import Ended, run
from visavis.measure.store import RunStore, StoredCase

_BYTES_A_TOKEN = 2
"""Of a judge's prompt, at the worst: code and other scripts than ours take fewer than English."""


async def hold(judges: Request, folder: Path, screen: Screen, stop: asyncio.Event) -> Ended:
    """Ask the judges what is left of the run in `folder`, until all is judged, `stop` is set or
    their budget is spent."""
    against = judges.options.against
    asked = to_judge(folder, against)
    async with AsyncExitStack() as held:
        doors = [
            await held.enter_async_context(
                opened(judges, judge, screen.note, slot_tokens=_slot_tokens(asked))
            )
            for judge in judges.candidates
        ]
        store = held.enter_context(JudgementStore(folder))
        for name in store.seat([door.candidate for door in doors], against):
            screen.note(f"{name!r} is another judge than before; it judges all anew")
        replies = Replies(judges.around.home / "replies.sqlite", screen.note)
        held.callback(replies.close)
        held.enter_context(screen.asking())
        means = Means(
            ready=tuple(
                Ready(
                    candidate=door.candidate,
                    client=door.careful,
                    at_once=judges.at_once(door.candidate),
                    price=judges.prices[door.candidate.name],
                    engine=door.engine,
                )
                for door in doors
            ),
            asked=(asked,),
            store=store,
            replies=replies,
            budget=Budget(judges.options.budget, spent_usd=store.spent_usd()),
            fence=NoFence(),
            watcher=screen,
        )
        left = plan((asked,), [door.candidate for door in doors], done=store.done())
        return await run(left, means, stop)


def to_judge(folder: Path, against: str) -> Asked:
    """All that a judge of this run is asked."""
    with RunStore.open(folder) as store:
        known, trials = facts_of(store), tuple(store.trials())
    cases = with_rubrics(known)
    own = [trial for trial in trials if trial.key[1:3] in cases]
    return asked_of_judges(in_candidates_order(known, own), cases, against)


def _slot_tokens(asked: Asked) -> int:
    """What a local judge holds of its longest prompt and its answer."""
    longest = max((size(asked.benchmark.ask(case)).text_tokens for case in asked.cases), default=0)
    return max(SLOT_TOKENS, longest // _BYTES_A_TOKEN + VERDICT_TOKENS)


def foreseen(request: Request) -> tuple[Forecast, ...]:
    """What each judge is to be asked once all candidates have replied, and at what price.

    A reply of as many letters as it may have tokens stands for each: as text it is the quarter
    that a reply is expected to take up, and at the worst every letter is a token.
    """
    judges, stored = request.judges, _stored(request.asked)
    if judges is None:
        return ()
    trials = [*_as_if_replied(request, stored)]
    asked = (asked_of_judges(trials, stored, judges.options.against),)
    left = [*plan(asked, judges.candidates).left()]
    return forecast(left, asked, judges.prices)


def _stored(asked: Sequence[Asked]) -> Stored:
    return {
        (one.benchmark.name, case.id): StoredCase(case, one.benchmark.ask(case))
        for one in asked
        for case in one.cases
        if RUBRICS in case.fields
    }


def _as_if_replied(request: Request, stored: Stored) -> list[Trial]:
    texts = {of: "x" * known.prompt.settings.max_tokens for of, known in stored.items()}
    return [
        Trial(
            key=TrialKey(candidate.name, *unit),
            outcome=Reply(text=texts[unit.benchmark, unit.case]),
            grade=None,
            usd=None,
        )
        for candidate in request.candidates
        for unit in units(request.asked)
        if (unit.benchmark, unit.case) in texts
    ]
