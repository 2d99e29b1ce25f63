"""A benchmark whose mark depends on how a reply came sees all of it, each time anew."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.measure.things import Adder, PerToken, candidate, means, ready, sums
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Reply, Score
from visavis.measure.plan import Asked, plan
from visavis.measure.replies import Replies
from visavis.measure.run import run


def by_price(case: Case, reply: Reply, usd: float | None, fence: Fence) -> Grade:
    cheap = usd is not None and usd < 0.01
    return Score(value=float(cheap), because=f"{usd} USD for {reply.text}", read=reply.text)


def priced(*, asks_anew: bool, runs_programs: bool = False) -> Asked:
    asked = sums(3, runs_programs=runs_programs)
    return replace(
        asked, benchmark=replace(asked.benchmark, grade_reply=by_price, asks_anew=asks_anew)
    )


@pytest.mark.parametrize("runs_programs", [False, True])
async def test_a_reply_is_graded_with_its_price(tmp_path: Path, runs_programs: bool) -> None:
    asked = [priced(asks_anew=False, runs_programs=runs_programs)]
    using = means(tmp_path, [ready("a", Adder(), price=PerToken())], asked)
    await run(plan(asked, [candidate("a")]), using, asyncio.Event())
    (first, *_) = using.store.trials()
    assert first.grade == Score(value=1.0, because="0.007 USD for 1", read="1")
    using.store.close()


@pytest.mark.parametrize("asks_anew", [False, True])
async def test_a_reply_that_is_timed_is_asked_for_anew(tmp_path: Path, asks_anew: bool) -> None:
    asked, client = [priced(asks_anew=asks_anew)], Adder()
    for attempt in ("one", "two"):
        replies = Replies(tmp_path / "replies.sqlite", print)
        who = ready("a", client, price=PerToken(), kind="hosted")
        using = means(tmp_path / attempt, [who], asked, replies=replies)
        await run(plan(asked, [candidate("a", "hosted")]), using, asyncio.Event())
        replies.close()
        using.store.close()
    assert len(client.asked) == (6 if asks_anew else 3)
