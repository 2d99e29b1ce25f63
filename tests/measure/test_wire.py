"""The wire: replies are whole, their instants are where they belong, doubt is told."""

import asyncio
import socket
import ssl
import sys
import time
from collections.abc import Iterator

import pytest

from tests.candidates.talk import candidate
from tests.fake_models import (
    DONE,
    HANG_UP,
    Request,
    Step,
    chunk,
    events,
    http,
    raw,
    say,
    tokens,
    turn_down,
)
from tests.fake_server import FakeServer
from tests.measure.test_wire_layers import client_context, server_context
from tests.measure.wire_things import (
    END,
    PROMPT,
    SHORT,
    USUAL,
    failure,
    in_order,
    reply,
    timed,
    wired,
)
from visavis.candidates.endpoint import endpoint
from visavis.measure.wire.client import Way, Wire
from visavis.measure.wire.kernel_stamps import KernelStamps


@pytest.fixture(params=["http", "https"])
def contexts(request: pytest.FixtureRequest) -> tuple[ssl.SSLContext | None, ssl.SSLContext | None]:
    """The server's, and ours."""
    return (None, None) if request.param == "http" else (server_context(), client_context())


async def test_a_streamed_reply_is_whole_and_its_instants_are_in_order(
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None],
) -> None:
    timing = await timed(say("one two three", pieces=4, first_s=0.01, gap_s=0.005), contexts)
    assert reply(timing).text == "one two three"
    assert timing.tokens == len(timing.chunks) == 4
    assert sum(c.characters for c in timing.chunks) == len("one two three")
    assert in_order(timing)
    assert (timing.secured is None) is (contexts[0] is None)
    assert timing.written is not None


async def test_instants_agree_with_what_the_server_says_it_did(
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None],
) -> None:
    async with wired(say("abcd", pieces=4, first_s=0.02, gap_s=0.02), contexts) as (wire, server):
        timing = await wire.send(PROMPT)
        (request,) = server.requests
    assert timing.sent is not None
    assert timing.sent <= request.received
    assert all(said <= c.at for said, c in zip(request.sent, timing.chunks, strict=False))


async def test_the_first_token_is_the_first_text_and_thoughts_are_apart(
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None],
) -> None:
    model = events(
        chunk(role="assistant"),
        SHORT,
        chunk(reasoning="hm"),
        SHORT,
        chunk(content=""),
        chunk(content="four"),
        END,
    )
    timing = await timed(model, contexts)
    assert reply(timing).reasoning == "hm"
    assert timing.headers is not None
    assert timing.first_thought is not None
    assert timing.first is not None
    assert timing.headers + SHORT / 2 < timing.first_thought
    assert timing.first_thought + SHORT / 2 < timing.first
    assert len(timing.chunks) == 1


async def test_chunks_of_several_tokens_are_chunks_and_tokens_are_the_servers(
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None],
) -> None:
    several = (chunk(content="ab "), 0.02, chunk(content="cd ef gh "), 0.02, chunk(content="ij "))
    timing = await timed(events(*several, chunk(finish="stop"), tokens("m", 10), DONE), contexts)
    assert [c.characters for c in timing.chunks] == [3, 9, 3]
    assert timing.tokens == 10
    inter, last, first = timing.inter_token_s(), timing.last, timing.first
    assert inter is not None
    assert last is not None
    assert first is not None
    assert inter == pytest.approx((last - first) / 8)


async def test_a_character_cut_by_the_network_is_whole_and_has_the_time_of_its_end(
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None],
) -> None:
    whole = chunk(content="é")
    at = whole.index(b"\xc3") + 1 if b"\xc3" in whole else len(whole) // 2
    timing = await timed(events(whole[:at], SHORT, whole[at:], END), contexts)
    assert reply(timing).text == "é"
    assert timing.headers is not None
    assert timing.first is not None
    assert timing.first > timing.headers + SHORT / 2


async def test_every_byte_may_come_alone() -> None:
    whole = b"".join(s for s in events(chunk(content="né"), END)(_nobody()) if isinstance(s, bytes))
    timing = await timed(raw(*(step for b in whole for step in (bytes([b]), 0.0))))
    assert reply(timing).text == "né"


async def test_a_pause_in_mid_answer_is_a_gap_between_chunks(
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None],
) -> None:
    model = events(chunk(content="a"), chunk(content="b"), SHORT, chunk(content="c"), END)
    timing = await timed(model, contexts)
    assert max(timing.chunk_gaps_s) == timing.chunk_gaps_s[-1] > SHORT / 2


async def test_an_answer_that_is_not_streamed_is_one_chunk() -> None:
    whole = b'{"choices": [{"message": {"content": "four"}, "finish_reason": "stop"}]}'
    timing = await timed(raw(http(200, whole)))
    assert reply(timing).text == "four"
    assert len(timing.chunks) == 1


async def test_a_response_that_is_left_open_after_its_answer_ends_with_the_answer() -> None:
    timing = await timed(events(chunk(content="a"), END, 30.0))
    returned = time.perf_counter()
    assert reply(timing).text == "a"
    assert timing.end < returned - 0.2  # it was left alone for a quarter of a second


async def test_an_answer_that_ends_with_the_connection_is_a_reply() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    timing = await timed(raw(head + chunk(content="a") + chunk(finish="stop"), HANG_UP))
    assert reply(timing).text == "a"


async def test_a_refused_field_fails_the_request_and_is_spared_from_then_on() -> None:
    def picky(request: Request) -> Iterator[Step]:
        refuse = turn_down(400, "Unsupported parameter: 'temperature' is not supported")
        yield from (refuse if "temperature" in request.body else say("hi"))(request)

    async with wired(picky) as (wire, server):
        first, second = await wire.send(PROMPT), await wire.send(PROMPT)
    assert failure(first).kind == "rejected"
    assert first.refused == "temperature"
    assert reply(second).text == "hi"
    assert len(server.requests) == 2


async def test_due_is_the_callers_or_now() -> None:
    async with wired(say("hi")) as (wire, _):
        told = await wire.send(PROMPT, due=time.perf_counter() - 5.0)
    assert told.late_s is not None
    assert told.late_s >= 5.0
    assert told.first_token_from_due_s is not None
    assert told.first_token_s is not None
    assert told.first_token_from_due_s == pytest.approx(told.late_s + told.first_token_s)


async def test_a_stall_of_ours_is_not_charged_to_the_server() -> None:
    async with wired(events(0.05, chunk(content="a"), END)) as (wire, server):
        if wire.clock != "kernel":
            pytest.skip("the kernel stamps nothing here")
        asking = asyncio.create_task(wire.send(PROMPT))
        while not server.requests:
            await asyncio.sleep(0.001)
        while server.requests[0].ended == "open":
            time.sleep(0.001)  # the stall
        time.sleep(SHORT)
        over = time.perf_counter()
        timing = await asking
    assert timing.clock == "kernel"
    assert timing.first is not None
    assert timing.first < over - SHORT / 2
    assert wire.longest_blind_s > SHORT


async def test_what_the_kernel_merged_while_we_stalled_is_in_doubt_by_no_less() -> None:
    model = events(0.05, chunk(content="a"), 0.05, chunk(content="b"), END)
    async with wired(model) as (wire, server):
        asking = asyncio.create_task(wire.send(PROMPT))
        await asyncio.sleep(0.01)
        time.sleep(2 * SHORT)  # the stall
        timing = await asking
    (request,) = server.requests
    for at, told in zip(request.sent, timing.chunks, strict=False):
        assert told.at - told.doubt_s <= at + 0.01
        assert told.at >= at


async def test_by_the_user_space_clock_every_instant_is_in_doubt() -> None:
    with FakeServer({"m": say("abc", pieces=3, first_s=0.01, gap_s=0.01)}) as server:
        stamps = KernelStamps()
        stamps.close()
        who = candidate(server.url)
        way = Way(candidate=who, key=None, limits=USUAL, to_the_limit=False)
        wire = Wire(way, endpoint(who, None), stamps, None)
        timing = await wire.send(PROMPT)
        wire.close()
    assert reply(timing).text == "abc"
    assert timing.clock == wire.clock == "user"
    assert all(c.doubt_s > 0.0 for c in timing.chunks)
    assert in_order(timing)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux stamps")
def test_stamps_work_on_this_linux_or_say_so() -> None:
    stamps = KernelStamps()
    with socket.socket() as sock:
        assert stamps.ask(sock) is stamps.work
        stamps.close()
        assert not stamps.ask(sock)


def _nobody() -> Request:
    return Request(
        number=0, time=1, target="", model="", prompt="", headers={}, body={}, received=0
    )
