"""Load on real servers: what is due is sent, counted is what came under the load, none is lost."""

import asyncio
import os
import signal
import time
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from tests.fake_models import RESET, Request, Step, in_turn, raw, say, turn_down
from tests.fake_server import FakeServer
from tests.measure.load.things import charges, hands, how, means, told
from tests.measure.things import PerToken
from visavis.core.errors import VisavisError
from visavis.core.outcome import Failure, Reply
from visavis.measure.calibrate import take_log, truth_server
from visavis.measure.load.arrivals import Arrival, AtOnce, Rate, Shape, Trace
from visavis.measure.load.block import WARM_UP, Block
from visavis.measure.load.drive import drive, warm_up
from visavis.measure.timings import Timing
from visavis.stats.quantile import at

BRISK = say("word " * 8, pieces=8, first_s=0.02, gap_s=0.002)


async def driven(
    model: object, shape: AtOnce | Rate | Trace, **quota: float
) -> tuple[Block, FakeServer]:
    with FakeServer({"m": model}) as server:  # type: ignore[dict-item]  # any model
        async with hands(server.url, "m") as (hand,):
            hand.alone_s = 0.05
            made = await drive(hand, shape, 0, how(**quota), means())  # type: ignore[arg-type]
    assert made is not None
    return made, server


# --- closed loop --------------------------------------------------------------------------------


async def test_a_closed_loop_has_so_many_in_flight_and_counts_after_the_first_of_each() -> None:
    made, server = await driven(BRISK, AtOnce(streams=4), requests=20)
    assert len(made.counted) == 20
    assert len(made.requests) == 24 == len(server.requests)
    assert made.most_in_flight == 4
    assert not made.open_loop
    starts = sorted(request.timing.due for request in made.requests if not request.counted)
    assert starts[-1] - starts[0] == pytest.approx(0.05 * 3 / 4, abs=1e-6)
    assert made.counted_from == pytest.approx(starts[-1], abs=1e-6)


async def test_a_stream_is_due_when_its_last_reply_ended() -> None:
    made, _ = await driven(BRISK, AtOnce(streams=1), requests=5)
    assert all(b.due == a.end for a, b in pairwise(made.counted))
    assert made.until == made.counted[-1].end
    assert len(made.counted) == len(made.requests)  # one stream needs no putting on


async def test_a_block_lasts_its_seconds_and_has_a_counted_request_of_each_stream() -> None:
    made, _ = await driven(BRISK, AtOnce(streams=2), seconds=0.4)
    assert made.until - made.counted_from >= 0.4
    assert max(timing.due for timing in made.counted) < made.until
    slow, _ = await driven(say("a b", pieces=2, first_s=0.2), AtOnce(streams=3), seconds=0.01)
    assert len(slow.counted) >= 3


async def test_a_server_that_turns_down_is_counted_and_not_hammered() -> None:
    started = time.perf_counter()
    made, server = await driven(turn_down(429, "slow down"), AtOnce(streams=2), requests=2)
    assert time.perf_counter() - started > 0.9
    assert len(server.requests) == 4
    assert [type(timing.outcome) for timing in made.counted] == [Failure, Failure]
    assert made.replies == ()


async def test_resets_in_the_middle_are_failures_among_replies() -> None:
    broken = in_turn(BRISK)
    torn = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", RESET)

    def every_third(request: Request) -> object:
        return (torn if request.number % 3 == 2 else broken)(request)

    made, server = await driven(every_third, AtOnce(streams=3), requests=6)
    failed = [t for t in made.counted if isinstance(t.outcome, Failure)]
    assert len(made.requests) == len(server.requests)
    assert 0 < len(failed) < 6
    assert len(made.replies) + len(failed) == 6


# --- open loop ----------------------------------------------------------------------------------


async def test_requests_are_sent_when_due_whatever_became_of_the_others() -> None:
    slow = say("word " * 2, pieces=2, first_s=0.3)
    made, _ = await driven(slow, Rate(per_s=50.0), seconds=0.3)
    due = sorted(request.timing.due for request in made.requests)
    assert all(b - a == pytest.approx(0.02, abs=1e-6) for a, b in pairwise(due))
    assert len(made.counted) == 15
    assert made.most_in_flight > 10
    assert made.open_loop
    assert made.until - made.counted_from == pytest.approx(0.3, abs=0.021)


async def test_both_candidates_get_the_same_times_and_another_block_others() -> None:
    shape = Rate(per_s=60.0, poisson=True)
    with FakeServer({"a": BRISK, "b": BRISK}) as server:
        async with hands(server.url, "a", "b") as both:
            made = [
                await drive(hand, shape, number, how(seconds=0.2, seed=5), means())
                for hand, number in zip((*both, both[0]), (0, 0, 1), strict=True)
            ]
    blocks = [block for block in made if block is not None]
    due = [sorted(round(r.timing.due - b.began, 6) for r in b.requests) for b in blocks]
    assert due[0] == due[1] != due[2]


async def test_a_trace_is_replayed_with_its_lengths() -> None:
    shape = Trace(file="t", arrivals=(Arrival(0.0, 60, 5), Arrival(0.1), Arrival(0.15, 400, 2)))
    made, server = await driven(BRISK, shape, seconds=0.01)
    assert len(made.counted) == len(made.requests) == 3
    due = [timing.due - made.began for timing in made.counted]
    assert sorted(due) == pytest.approx([0.0, 0.1, 0.15], abs=1e-6)
    assert [r.body["max_tokens"] for r in server.requests] == [5, 8, 2]
    words = [len(r.prompt.split()) for r in server.requests]
    assert words[1] < words[0] < words[2]


async def test_far_too_many_in_flight_end_the_block_with_a_word() -> None:
    with FakeServer({"m": say("a", first_s=0.3)}) as server:
        async with hands(server.url, "m") as (hand,):
            notes: list[str] = []
            using = replace(means(), note=notes.append)
            few = replace(how(seconds=5.0), most_in_flight=5)
            made = await drive(hand, Rate(per_s=200.0), 0, few, using)
    assert made is not None
    assert made.most_in_flight == 5
    assert "no more are sent" in notes[0]


async def test_a_server_that_stops_for_three_seconds_shows_as_it_did_to_its_users() -> None:
    """The truth server is stopped by the system, 3 s in the middle: it accepts, and says nothing.

    Of a closed loop's one stream it costs one request, which is how it hides from most tools.
    """
    with truth_server() as (url, pid):
        async with hands(url, "truth-50-5") as (hand,):
            hand.alone_s = 0.1
            using = means()

            async def stopped(shape: Shape, seconds: float, after_s: float) -> Block:
                job = asyncio.create_task(drive(hand, shape, 0, how(seconds=seconds), using))
                await asyncio.sleep(after_s)
                os.kill(pid, signal.SIGSTOP)
                await asyncio.sleep(3.0)
                os.kill(pid, signal.SIGCONT)
                made = await job
                assert made is not None
                return made

            opened = await stopped(Rate(per_s=20.0), 8.0, 2.5)
            closed = await stopped(AtOnce(streams=1), 5.0, 1.0)
            log = await asyncio.to_thread(take_log, url)
    left = {f"#{truth.number}": truth.before[0] for truth in log}
    true = sorted(left[_text(timing).split()[0]] - timing.due for timing in opened.counted)
    said = sorted(opened.amounts("first_token_s"))
    assert len(said) == len(true) == len(opened.counted) > 150  # all have been answered
    for share in (0.5, 0.75, 0.9, 0.95, 0.99):
        assert at(said, share) == pytest.approx(at(true, share), rel=0.1, abs=0.02)
    assert at(said, 0.9) > 1.5  # 3 of 8 seconds: of ten users nearly four waited
    assert at(sorted(closed.amounts("first_token_s")), 0.9) < 1.0 < at(said, 0.8)


def _text(timing: Timing) -> str:
    assert isinstance(timing.outcome, Reply)
    return timing.outcome.text


# --- warm-up, money, stops ----------------------------------------------------------------------


async def test_a_warm_up_learns_how_the_server_counts_and_ends_when_times_agree() -> None:
    def counting(request: Request) -> object:
        prompt = 7 + 2 * len(request.prompt.split())
        return _counted(request, prompt)

    with FakeServer({"m": counting}) as server:  # type: ignore[dict-item]  # any model
        async with hands(server.url, "m") as (hand,):
            using = means()
            made = await warm_up(hand, how(), using)
            assert made is not None
            assert made.load == WARM_UP
            assert not made.counted
            assert 3 <= len(made.requests) <= 7
            assert hand.alone_s > 0
            assert hand.prompts.known
            words = len(hand.prompts.prompt(107, 5).messages[0].content.split())
    assert words == 50
    assert told(using).begun == [("m", WARM_UP, 0)]


def _counted(request: Request, prompt: int) -> list[Step]:
    from tests.fake_models import DONE, chunk, stream, tokens

    parts = [chunk(content="word "), chunk(finish="length"), tokens("m", 1, prompt=prompt), DONE]
    return list(stream(0.01, *parts))


async def test_fields_that_are_turned_down_are_left_out_before_anything_counts() -> None:
    def picky(request: Request) -> object:
        for name in ("ignore_eos", "temperature"):
            if name in request.body:
                return turn_down(400, f"Unrecognized request argument supplied: {name}")(request)
        return BRISK(request)

    with FakeServer({"m": picky}) as server:  # type: ignore[dict-item]  # any model
        async with hands(server.url, "m") as (hand,):
            made = await warm_up(hand, how(), means())
            assert made is not None
            assert (await hand.wire()).spared == {"ignore_eos", "temperature"}


async def test_a_candidate_that_does_not_answer_alone_ends_the_run_with_its_reason() -> None:
    with FakeServer({"m": turn_down(400, "model is sleeping")}) as server:
        async with hands(server.url, "m") as (hand,):
            with pytest.raises(VisavisError, match=r"did not answer one request alone.*sleeping"):
                await warm_up(hand, how(), means())


async def test_a_field_refused_for_ever_is_not_asked_for_ever() -> None:
    refuse = turn_down(400, "unsupported parameter 'temperature'")
    with FakeServer({"m": refuse}) as server:
        async with hands(server.url, "m") as (hand,):
            with pytest.raises(VisavisError, match="temperature"):
                await warm_up(hand, how(), means())
        assert len(server.requests) < 10


async def test_nothing_is_sent_beyond_the_budget_and_what_was_is_kept_in_the_books() -> None:
    with FakeServer({"m": BRISK}) as server:
        async with hands(server.url, "m", price=PerToken(0.001)) as (hand,):
            using = means(budget_usd=2.0)
            assert await drive(hand, AtOnce(streams=2), 0, how(requests=500), using) is None
    assert using.purse.empty
    assert 0 < using.purse.spent_usd <= 2.0
    kept = sum(usd for _, usd, _ in charges(using))
    assert kept == pytest.approx(using.purse.spent_usd)
    assert len(server.requests) < 500


async def test_no_money_for_the_warm_up_is_no_warm_up() -> None:
    with FakeServer({"m": BRISK}) as server:
        async with hands(server.url, "m", price=PerToken(1.0)) as (hand,):
            using = means(budget_usd=0.5)
            assert await warm_up(hand, how(), using) is None
            assert await drive(hand, Rate(per_s=50), 0, how(seconds=0.2), using) is None
    assert not server.requests
    assert charges(using) == []


async def test_a_reply_without_a_count_is_charged_at_its_worst() -> None:
    silent = say("word", usage=False)
    with FakeServer({"m": silent}) as server:
        async with hands(server.url, "m", price=PerToken(0.0001)) as (hand,):
            using = means()
            made = await drive(hand, AtOnce(streams=1), 0, how(requests=1), using)
    assert made is not None
    assert made.requests[0].usd is None
    assert charges(using)[0][1] == pytest.approx(using.purse.spent_usd)
    assert using.purse.spent_usd > 0


async def test_a_stopped_block_is_no_block() -> None:
    with FakeServer({"m": say("a b", pieces=2, first_s=3.0)}) as server:
        async with hands(server.url, "m", price=PerToken(0.0001)) as (hand,):
            using = means()
            asyncio.get_running_loop().call_later(0.1, using.stop.set)
            job = drive(hand, AtOnce(streams=2), 0, how(requests=5), using)
            assert await asyncio.wait_for(job, 8) is None
    assert {because for _, _, because in charges(using)} == {"no price came back"}


def test_random_is_seeded_by_run_and_block() -> None:
    assert Random(1_000).random() != Random(1_001).random()
