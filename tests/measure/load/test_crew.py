"""A load that several processes put on together is the load that one would have put on."""

import asyncio
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.fake_models import RESET, raw, say
from tests.fake_server import FakeServer
from tests.measure.load.things import charges, hands, how, means, served, told
from tests.measure.things import PerToken
from visavis.candidates.prices import Price
from visavis.candidates.sight import sight_of
from visavis.core.errors import VisavisError
from visavis.core.outcome import Failure
from visavis.core.tariff import Rates
from visavis.measure.load.arrivals import Arrival, AtOnce, Rate, Shape, Trace, poisson
from visavis.measure.load.block import Block
from visavis.measure.load.crew import Tally
from visavis.measure.load.drive import drive, warm_up
from visavis.measure.load.means import How, Means
from visavis.measure.load.prompts import Prompts

BRISK = say("word " * 8, pieces=8, first_s=0.02, gap_s=0.002)


def by_two(**quota: float) -> How:
    return replace(how(**quota), processes=2)  # type: ignore[arg-type]  # seconds or requests


async def driven(
    shape: Shape, using: Means | None = None, **quota: float
) -> tuple[Block, FakeServer]:
    with FakeServer({"m": BRISK}, key="k3y") as server:
        async with hands(server.url, "m", key="k3y") as (hand,):
            hand.alone_s = 0.2
            made = await drive(hand, shape, 0, by_two(**quota), using or means())
    assert made is not None
    return made, server


async def test_a_closed_loop_is_dealt_out_and_its_quota_holds_for_all_together() -> None:
    using = means()
    made, server = await driven(AtOnce(streams=5), using, requests=40)
    assert 40 <= len(made.counted) <= 41  # two may ask for the last at one instant
    assert len(made.requests) == len(made.counted) + 5 == len(server.requests)
    assert made.most_in_flight == 5
    starts = sorted(request.timing.due for request in made.requests if not request.counted)
    assert starts[-1] - starts[0] == pytest.approx(0.2 * 4 / 5, abs=1e-6)
    assert made.counted_from == pytest.approx(starts[-1], abs=1e-6)
    assert max(timing.due for timing in made.counted) <= made.until
    prompts = Counter(request.prompt for request in server.requests)
    assert set(prompts.values()) == {1}
    assert told(using).sent == len(told(using).timings) == len(made.requests)


async def test_one_stream_needs_one_process_and_a_block_lasts_its_seconds() -> None:
    made, _ = await driven(AtOnce(streams=1), seconds=0.3)
    assert made.until - made.counted_from >= 0.3
    assert made.most_in_flight == 1


async def test_the_users_of_an_open_loop_come_when_they_would_have_come() -> None:
    made, _ = await driven(Rate(per_s=40.0, poisson=True), seconds=0.6)
    due = sorted(request.timing.due - made.began for request in made.requests)
    whole = poisson(40.0, Random(how().seed))
    assert due == pytest.approx([next(whole).due_s for _ in due], abs=1e-6)
    assert made.open_loop
    assert made.until - made.counted_from >= 0.6 - 1e-6


async def test_of_a_trace_nothing_is_sent_twice_and_nothing_left_out() -> None:
    trace = Trace(file="t", arrivals=tuple(Arrival(n / 50) for n in range(15)))
    made, server = await driven(trace)
    assert len(made.counted) == 15 == len(server.requests)


async def test_prompts_of_all_processes_begin_alike_where_they_are_to() -> None:
    prompts = Prompts(Random(1), shared_tokens=30)
    one, two = (prompts.twin(Random(n)).prompt(80, 8).messages[-1].content for n in (2, 3))
    shared = round(30 / 1.05)
    assert one.split()[:shared] == two.split()[:shared]
    assert one.split()[shared : shared + 8] != two.split()[shared : shared + 8]


async def test_failures_are_told_with_the_rest() -> None:
    torn = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", RESET)
    with FakeServer({"m": torn}) as server:
        async with hands(server.url, "m") as (hand,):
            made = await drive(hand, AtOnce(streams=2), 0, by_two(requests=2), means())
    assert made is not None
    assert all(isinstance(timing.outcome, Failure) for timing in made.counted)
    assert len(made.counted) >= 2


def priced() -> Price:
    rates = Rates(above=0, input_usd=100.0, output_usd=1000.0, cached_usd=100.0)
    sight = sight_of(served("http://127.0.0.1:1/v1", "m"))
    return Price(rates=(rates,), batch=None, source="a test", as_of="2026-11-22", sight=sight)


async def test_together_they_spend_no_more_than_the_budget() -> None:
    using = means(budget_usd=0.2)
    with FakeServer({"m": BRISK}) as server:
        async with hands(server.url, "m", price=priced()) as (hand,):
            assert await warm_up(hand, by_two(requests=2), using) is not None
            spent = using.purse.spent_usd
            made = await drive(hand, AtOnce(streams=2), 0, by_two(requests=5_000), using)
    assert made is None
    assert using.purse.empty
    assert spent < using.purse.spent_usd <= 0.2
    (charge,) = (usd for _, usd, because in charges(using) if "broken off" in because)
    assert charge == pytest.approx(using.purse.spent_usd - spent)


async def test_told_to_stop_they_end_soon_and_what_they_cost_is_kept() -> None:
    using = means(budget_usd=1e6)
    with FakeServer({"m": BRISK}) as server:
        async with hands(server.url, "m", price=priced()) as (hand,):
            load = drive(hand, AtOnce(streams=4), 0, by_two(seconds=600), using)
            running = asyncio.create_task(load)
            while len(server.requests) < 10:
                await asyncio.sleep(0.02)
            using.stop.set()
            began = time.monotonic()
            assert await asyncio.wait_for(running, 60) is None
    assert time.monotonic() - began < 30
    assert sum(usd for _, usd, _ in charges(using)) > 0


async def test_a_process_that_is_lost_ends_the_run_with_what_to_do() -> None:
    with FakeServer({"m": BRISK}) as server:
        async with hands(server.url, "m", price=PerToken(0.001)) as (hand,):  # is not known there
            with pytest.raises(VisavisError, match="--processes 1"):
                await drive(hand, AtOnce(streams=2), 0, by_two(requests=2), means())


async def test_a_mistake_that_one_of_them_meets_is_told_as_it_is() -> None:
    with FakeServer({"m": BRISK}) as server:
        async with hands(server.url, "m") as (hand,):
            wire = await hand.wire()
            wire.way = replace(wire.way, candidate=replace(hand.candidate, base_url=None))
            with pytest.raises(VisavisError, match="has no address"):
                await drive(hand, AtOnce(streams=2), 0, by_two(requests=2), means())


def test_what_one_process_counts_all_see(tmp_path: Path) -> None:
    file = tmp_path / "tally"
    Tally.lay(file, 2)
    one, two = Tally(file, 0, 2), Tally(file, 1, 2)
    one.count()
    two.count()
    two.count()
    assert (one.counted, two.counted) == (3, 3)
