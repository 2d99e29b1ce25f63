"""Every key ends as one trial, once, whatever happens."""

import asyncio
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from tests.measure.things import (
    Adder,
    PerToken,
    add,
    candidate,
    means,
    ready,
    seen,
    store,
    sums,
)
from visavis.core.case import Case
from visavis.core.errors import OptionError, StoreError, VisavisError
from visavis.core.fence import Fence
from visavis.core.outcome import Failure, Grade, Outcome, Reply, Score
from visavis.core.prompt import Prompt
from visavis.measure.asking import Means
from visavis.measure.plan import Plan, plan
from visavis.measure.replies import Replies
from visavis.measure.run import Ended, run


def number(prompt: Prompt) -> int:
    return int(prompt.messages[-1].content.split()[0])


async def go(what: Plan, with_what: Means, stop: asyncio.Event | None = None) -> Ended:
    return await asyncio.wait_for(run(what, with_what, stop or asyncio.Event()), 30)


async def test_every_key_becomes_one_graded_trial_and_the_watcher_is_told_of_each(
    tmp_path: Path,
) -> None:
    asked = [sums(30), sums(10, "more")]
    what = plan([replace(one, repeats=2) for one in asked], [candidate("a"), candidate("b")])
    client = Adder(0.001)
    using = means(tmp_path, [ready("a", client), ready("b", Adder(), at_once=1)], asked)
    ended = await go(what, using)
    assert ended == Ended(how="finished", trials=160, left=0, spent_usd=0.0)
    trials = list(using.store.trials())
    assert Counter(t.key for t in trials) == Counter(what.left())
    assert all(isinstance(t.grade, Score) and t.grade.value == 1.0 for t in trials)
    assert Counter(t.key for t in seen(using).trials) == Counter(t.key for t in trials)
    assert seen(using).totals == what.totals
    assert client.most_in_flight == 4
    using.store.close()


async def test_local_candidates_never_compute_at_the_same_time(tmp_path: Path) -> None:
    busy: Counter[str] = Counter()
    together: set[tuple[str, ...]] = set()

    class Engine:
        def __init__(self, name: str) -> None:
            self.name = name

        async def send(self, prompt: Prompt) -> Outcome:
            busy[self.name] += 1
            together.add(tuple(name for name in busy if busy[name]))
            await asyncio.sleep(0.0005)
            busy[self.name] -= 1
            return Reply(text=add(prompt))

    asked = [sums(40)]
    who = [ready(name, Engine(name), kind="local") for name in "ab"]
    using = means(tmp_path, who, asked)
    await go(plan(asked, [r.candidate for r in who]), using)
    assert together == {("a",), ("b",)}
    using.store.close()


async def test_a_failure_is_a_trial_without_a_grade(tmp_path: Path) -> None:
    def shaky(prompt: Prompt) -> str | Outcome:
        if number(prompt) % 3 == 1:
            return Failure(kind="timed out", detail="300 s of silence")
        return add(prompt)

    asked = [sums(30)]
    using = means(tmp_path, [ready("a", Adder(answer=shaky))], asked)
    await go(plan(asked, [candidate("a")]), using)
    failed = [t for t in using.store.trials() if isinstance(t.outcome, Failure)]
    assert len(failed) == 10
    assert all(t.grade is None and t.usd is None for t in failed)
    using.store.close()


async def test_a_stopped_run_keeps_what_came_and_goes_on_with_the_rest(tmp_path: Path) -> None:
    stop = asyncio.Event()

    def stopping(prompt: Prompt) -> str:
        if number(prompt) == 20:
            stop.set()
        return add(prompt)

    asked = [sums(50)]
    who = [candidate("a"), candidate("b")]
    slow, fast = Adder(0.002, stopping), Adder()
    using = means(tmp_path, [ready("a", slow), ready("b", fast)], asked)
    what = plan(asked, who)
    ended = await go(what, using, stop)
    assert ended.how == "stopped"
    assert ended.trials + ended.left == 100
    using.store.close()

    using = means(tmp_path, [ready("a", slow), ready("b", fast)], asked)
    done = using.store.done()
    assert len(done) == ended.trials
    rest = await go(plan(asked, who, done=done), using)
    assert (rest.how, rest.trials) == ("finished", ended.left)
    assert using.store.done() == set(what.left())
    assert len(seen(using).trials) == 100
    using.store.close()


async def test_a_reply_that_never_comes_is_given_up_when_the_run_is_stopped(
    tmp_path: Path,
) -> None:
    stop = asyncio.Event()

    class Stalling(Adder):
        async def send(self, prompt: Prompt) -> Outcome:
            if number(prompt) == 3:
                stop.set()
                await asyncio.sleep(3600)
            return await super().send(prompt)

    asked = [sums(10)]
    using = means(tmp_path, [ready("a", Stalling(), at_once=2, price=PerToken())], asked)
    ended = await go(plan(asked, [candidate("a")]), using, stop)
    assert ended.how == "stopped"
    assert {key.case for key in using.store.done()} >= {"c00000", "c00001", "c00002"}
    assert "c00003" not in {key.case for key in using.store.done()}
    # what was given up in flight may be billed all the same
    assert using.store.spent_usd() == pytest.approx(ended.spent_usd)
    assert ended.spent_usd == pytest.approx(0.007 * ended.trials + 0.035)
    using.store.close()


async def test_a_mistake_of_ours_ends_the_run_after_what_came_was_stored(tmp_path: Path) -> None:
    def wrong(prompt: Prompt) -> str:
        if number(prompt) == 20:
            raise ZeroDivisionError("ours")
        return add(prompt)

    asked = [sums(40)]
    who = [ready("a", Adder(answer=wrong), at_once=1), ready("b", Adder())]
    using = means(tmp_path, who, asked)
    with pytest.raises(ZeroDivisionError, match="ours"):
        await go(plan(asked, [candidate("a"), candidate("b")]), using)
    assert len([k for k in using.store.done() if k.candidate == "a"]) == 20
    using.store.close()


async def test_a_cancelled_run_stores_what_came(tmp_path: Path) -> None:
    asked = [sums(1000)]
    using = means(tmp_path, [ready("a", Adder(0.001))], asked)
    running = asyncio.create_task(run(plan(asked, [candidate("a")]), using, asyncio.Event()))
    while not seen(using).trials:
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert using.store.done() == {t.key for t in seen(using).trials} != set()
    using.store.close()


async def test_a_run_whose_store_breaks_ends_with_the_stores_error(tmp_path: Path) -> None:
    asked = [sums(1000)]
    using = means(tmp_path, [ready("a", Adder(0.001))], asked)
    store(using)._db.execute("DROP TABLE trials")
    with pytest.raises(StoreError, match="no such table"):
        await go(plan(asked, [candidate("a")]), using)
    assert len(seen(using).trials) < 100
    store(using)._db.close()


@pytest.mark.parametrize(
    ("failure", "error", "says"),
    [
        (Failure(kind="rejected", detail="no model 'm'"), OptionError, "check its model id"),
        (Failure(kind="unreachable", detail="refused"), VisavisError, "out of reach"),
        (Failure(kind="crashed", detail="signal 9"), VisavisError, "crashed"),
    ],
)
async def test_a_candidate_that_turns_the_first_cases_away_ends_the_run_and_stores_nothing(
    tmp_path: Path, failure: Failure, error: type[VisavisError], says: str
) -> None:
    asked = [sums(20)]
    client = Adder(answer=lambda _: failure)
    using = means(tmp_path, [ready("a", client)], asked)
    with pytest.raises(error, match=says):
        await go(plan(asked, [candidate("a")]), using)
    assert len(client.asked) == 2
    assert using.store.done() == set()
    using.store.close()


async def test_one_case_turned_away_at_the_start_is_a_trial_like_any_other(tmp_path: Path) -> None:
    def picky(prompt: Prompt) -> str | Outcome:
        return Failure(kind="rejected", detail="-") if number(prompt) == 0 else add(prompt)

    asked = [sums(20)]
    using = means(tmp_path, [ready("a", Adder(answer=picky))], asked)
    assert (await go(plan(asked, [candidate("a")]), using)).trials == 20
    using.store.close()


async def test_replies_paid_for_in_one_run_are_reused_in_another_and_say_so(
    tmp_path: Path,
) -> None:
    asked = [sums(25)]
    notes: list[str] = []
    trials = []
    for folder in ("one", "two"):
        client = Adder()
        replies = Replies(tmp_path / "replies.sqlite", notes.append)
        who = [ready("a", client, kind="hosted", price=PerToken())]
        using = means(tmp_path / folder, who, asked, replies=replies)
        ended = await go(plan(asked, [candidate("a")]), using)
        replies.close()
        trials.append(sorted(using.store.trials(), key=lambda t: t.key))
        using.store.close()
        assert len(client.asked) == (25 if folder == "one" else 0)
        assert ended.spent_usd == pytest.approx(0.175 if folder == "one" else 0.0)
    fresh, reused = trials
    assert not any(t.reused for t in fresh)
    assert all(t.reused for t in reused)
    for before, after in zip(fresh, reused, strict=True):
        assert replace(after, reused=False) == before


@pytest.mark.parametrize("kind", ["scripted", "recorded"])
async def test_what_a_script_or_a_recording_said_in_another_run_is_never_reused(
    tmp_path: Path, kind: Literal["scripted", "recorded"]
) -> None:
    asked, client = [sums(5)], Adder()
    for folder in ("one", "two"):
        replies = Replies(tmp_path / "replies.sqlite", print)
        using = means(tmp_path / folder, [ready("a", client, kind=kind)], asked, replies=replies)
        await go(plan(asked, [candidate("a")]), using)
        assert not any(trial.reused for trial in using.store.trials())
        replies.close()
        using.store.close()
    assert len(client.asked) == 10


async def test_a_failure_is_asked_again_in_another_run(tmp_path: Path) -> None:
    asked = [sums(5)]
    for folder in ("one", "two"):
        client = Adder(answer=lambda _: Failure(kind="timed out", detail="-"))
        replies = Replies(tmp_path / "replies.sqlite", print)
        who = [ready("a", client, kind="hosted")]
        using = means(tmp_path / folder, who, asked, replies=replies)
        await go(plan(asked, [candidate("a")]), using)
        replies.close()
        using.store.close()
        assert len(client.asked) == 5


async def test_programs_are_graded_in_threads_and_the_loop_goes_on(tmp_path: Path) -> None:
    at_once = threading.Barrier(2, timeout=10)

    def slow_grade(case: Case, text: str, fence: Fence) -> Grade:
        at_once.wait()  # passes only when two gradings run at the same time
        return Score(value=1.0, because="ran")

    plain = sums(8, runs_programs=True)
    asked = [replace(plain, benchmark=replace(plain.benchmark, grade=slow_grade))]
    using = means(tmp_path, [ready("a", Adder()), ready("b", Adder())], asked)
    await go(plan(asked, [candidate("a"), candidate("b")]), using)
    assert len(using.store.done()) == 16
    using.store.close()


async def test_a_change_of_the_answering_model_is_told_once(tmp_path: Path) -> None:
    def drifting(prompt: Prompt) -> Reply:
        return Reply(text=add(prompt), model="m-1" if number(prompt) < 10 else "m-2")

    asked = [sums(20)]
    using = means(tmp_path, [ready("a", Adder(answer=drifting), at_once=1)], asked)
    await go(plan(asked, [candidate("a")]), using)
    assert seen(using).notes == ["'a' is now answered by 'm-2', until now by 'm-1'"]
    using.store.close()


async def test_a_long_run_moves_its_log_into_the_file_as_it_goes(tmp_path: Path) -> None:
    asked = [sums(1500)]
    replies = Replies(tmp_path / "replies.sqlite", print)
    who = [ready("a", Adder(), at_once=64, kind="hosted")]
    using = means(tmp_path / "run", who, asked, replies=replies)
    await go(plan(asked, [candidate("a")]), using)
    assert (tmp_path / "run" / "trials.sqlite").stat().st_size > 200_000
    assert (tmp_path / "replies.sqlite").stat().st_size > 100_000
    using.store.close()
    replies.close()
