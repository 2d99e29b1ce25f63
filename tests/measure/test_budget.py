"""Money: never more than allowed at any instant, and spent on pairs."""

import asyncio
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.measure.things import Adder, PerToken, candidate, means, ready, seen, sums
from visavis.core.errors import OptionError
from visavis.core.outcome import Failure, FailureKind, Reply
from visavis.core.prompt import Prompt
from visavis.core.trial import TrialKey
from visavis.measure.budget import Budget, Till
from visavis.measure.plan import Unit, plan, units
from visavis.measure.run import run


async def ask_all(
    budget: Budget, till: Till, keys: list[TrialKey], at_once: int, rng: random.Random
) -> list[TrialKey]:
    """One candidate's workers; the keys that were paid for."""
    paid: list[TrialKey] = []
    coming = iter(keys)
    prompt = sums(1).benchmark.ask(sums(1).cases[0])

    async def work() -> None:
        with till.worker(keys[0].candidate):
            for key in coming:
                if not await till.pay(key, prompt):
                    continue
                paid.append(key)
                assert budget.spent_usd + budget.held_usd <= budget.limit_usd + 1e-9
                await asyncio.sleep(rng.choice((0, 0, 0.0001)))
                if rng.random() < 0.1:
                    till.settle(key, Failure(kind="timed out", detail="stalled"))
                else:
                    till.settle(key, await Adder().send(prompt))

    await asyncio.gather(*(work() for _ in range(at_once)))
    return paid


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.0, 1.0),
    st.lists(st.integers(1, 6), min_size=1, max_size=3),
    st.integers(1, 30),
    st.integers(0, 1000),
)
def test_the_limit_holds_at_every_instant_and_what_is_bought_are_pairs(
    limit_usd: float, at_once: list[int], cases: int, seed: int
) -> None:
    async def session() -> None:
        rng = random.Random(seed)
        names = [f"m{n}" for n in range(len(at_once))]
        order = list(units([sums(cases)]))
        keys = {name: [TrialKey(name, *unit) for unit in order] for name in names}
        budget = Budget(limit_usd)
        prices = {name: PerToken() for name in names}
        till = Till(budget, prices, [key for of in keys.values() for key in of])
        paid = await asyncio.gather(
            *(
                ask_all(budget, till, keys[n], many, rng)
                for n, many in zip(names, at_once, strict=True)
            )
        )
        bought = [{key[1:] for key in of} for of in paid]
        assert all(one == bought[0] for one in bought)
        assert budget.spent_usd <= limit_usd + 1e-9
        assert budget.held_usd == 0.0
        assert budget.exhausted == (len(bought[0]) < cases)

    asyncio.run(asyncio.wait_for(session(), 20))


async def test_a_worker_waits_while_money_in_flight_may_come_back() -> None:
    budget = Budget(1.0)
    one, two = Unit("b", "1", 0), Unit("b", "2", 0)
    with budget.worker(), budget.worker():
        assert await budget.fund(one, lambda: {"a": 0.8})
        waiting = asyncio.create_task(budget.fund(two, lambda: {"a": 0.8}))
        await asyncio.sleep(0)
        assert not waiting.done()
        budget.settle(one, "a", 0.1)
        assert await waiting
        assert (budget.spent_usd, budget.held_usd) == (0.1, 0.8)


async def test_a_worker_that_was_cancelled_while_waiting_waits_no_more() -> None:
    budget = Budget(1.0)
    one, two = Unit("b", "1", 0), Unit("b", "2", 0)
    with budget.worker(), budget.worker(), budget.worker():
        assert await budget.fund(one, lambda: {"a": 0.8})
        for _ in range(3):
            waiting = asyncio.create_task(budget.fund(two, lambda: {"a": 0.8}))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
    assert not budget.exhausted


@pytest.mark.parametrize(
    ("kind", "counted_usd"), [("rejected", 0.0), ("overloaded", 0.0), ("timed out", 0.035)]
)
async def test_a_failure_that_may_have_been_billed_counts_at_its_worst(
    kind: FailureKind, counted_usd: float
) -> None:
    budget, key = Budget(1.0), TrialKey("a", "sums", "c00000", 0)
    till = Till(budget, {"a": PerToken()}, [key])
    prompt = sums(1).benchmark.ask(sums(1).cases[0])
    with till.worker("a"):
        assert await till.pay(key, prompt)
        bill = till.settle(key, Failure(kind=kind, detail="-"))
    assert bill == (None, counted_usd)
    assert budget.spent_usd == counted_usd


async def test_a_budget_too_small_for_one_case_names_the_smallest_that_would_do(
    tmp_path: Path,
) -> None:
    asked = [sums(3)]
    clients = Adder(), Adder()
    who = [ready(n, c, price=PerToken()) for n, c in zip("ab", clients, strict=True)]
    for limit_usd, fits in ((0.069, False), (0.07, True)):
        with_little = means(tmp_path / str(limit_usd), who, asked, budget=Budget(limit_usd))
        what = plan(asked, [candidate("a"), candidate("b")])
        if fits:
            assert (await run(what, with_little, asyncio.Event())).trials > 0
        else:
            with pytest.raises(OptionError, match=r"give --budget 0\.0700 or more"):
                await run(what, with_little, asyncio.Event())
            assert not clients[0].asked
        with_little.store.close()


async def test_when_the_money_is_spent_every_priced_candidate_has_the_same_cases(
    tmp_path: Path,
) -> None:
    asked = [sums(60)]
    what = plan(asked, [candidate("fast"), candidate("slow"), candidate("free")])
    dear = PerToken()
    who = [
        ready("fast", Adder(), at_once=8, price=dear),
        ready("slow", Adder(0.002), at_once=2, price=dear),
        ready("free", Adder()),
    ]
    with_some = means(tmp_path, who, asked, budget=Budget(0.5))
    ended = await run(what, with_some, asyncio.Event())
    with_some.store.commit()
    cases = {
        name: {key.case for key in with_some.store.done() if key.candidate == name}
        for name in ("fast", "slow", "free")
    }
    assert cases["fast"] == cases["slow"]
    assert 25 < len(cases["fast"]) < 60  # 0.014 USD a pair, 0.07 at worst
    assert len(cases["free"]) == 60
    assert ended.how == "budget spent"
    assert ended.left == 2 * (60 - len(cases["fast"]))
    assert ended.spent_usd == pytest.approx(with_some.store.spent_usd())
    assert [note for note in seen(with_some).notes if "will be asked no further case" in note]
    with_some.store.close()


async def test_a_reply_without_a_token_count_is_charged_at_its_worst(tmp_path: Path) -> None:
    def silent(_: Prompt) -> Reply:
        return Reply(text="1")

    asked = [sums(2)]
    with_some = means(tmp_path, [ready("a", Adder(answer=silent), price=PerToken())], asked)
    await run(plan(asked, [candidate("a")]), with_some, asyncio.Event())
    assert [trial.usd for trial in with_some.store.trials()] == [None, None]
    assert with_some.store.spent_usd() == pytest.approx(0.07)
    with_some.store.close()
