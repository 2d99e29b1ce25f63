"""The wire: every end of a request is told of its kind, and instants are where they belong."""

import asyncio
import contextlib
import socket
import ssl
import sys
import time
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise

import pytest

from tests.candidates.talk import KEY, candidate
from tests.fake_models import (
    DONE,
    HANG_UP,
    RESET,
    Model,
    Request,
    Step,
    chunk,
    event,
    events,
    http,
    in_turn,
    raw,
    say,
    stall,
    tokens,
    turn_down,
)
from tests.fake_server import FakeServer
from tests.measure.test_wire_layers import client_context, server_context
from visavis.candidates.endpoint import endpoint
from visavis.candidates.openai_http import Limits
from visavis.core.outcome import Failure, Reply
from visavis.core.prompt import ask
from visavis.measure.timings import Timing
from visavis.measure.wire.client import Wire, open_wire, undisturbed
from visavis.measure.wire.kernel_stamps import KernelStamps

USUAL = Limits()
PROMPT = ask("2 + 2?", max_tokens=99)
END = chunk(finish="stop") + DONE
SHORT = 0.15
"""Seconds of a wait that other instants are put beside."""


@pytest.fixture(params=["http", "https"])
def contexts(request: pytest.FixtureRequest) -> tuple[ssl.SSLContext | None, ssl.SSLContext | None]:
    """The server's, and ours."""
    return (None, None) if request.param == "http" else (server_context(), client_context())


@contextlib.asynccontextmanager
async def wired(
    model: Model,
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None] = (None, None),
    limits: Limits = USUAL,
) -> AsyncIterator[tuple[Wire, FakeServer]]:
    with FakeServer({"m": model}, tls=contexts[0]) as server:
        who = candidate(server.url)
        async with open_wire(who, key=None, note=print, limits=limits, tls=contexts[1]) as wire:
            yield wire, server


async def timed(
    model: Model,
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None] = (None, None),
    limits: Limits = USUAL,
) -> Timing:
    """What one request to the fake model was."""
    async with wired(model, contexts, limits) as (wire, server):
        timing = await wire.send(PROMPT)
    assert len(server.requests) == 1, "asked twice"
    return timing


def reply(timing: Timing) -> Reply:
    assert isinstance(timing.outcome, Reply), timing.outcome
    return timing.outcome


def failure(timing: Timing) -> Failure:
    assert isinstance(timing.outcome, Failure), timing.outcome
    return timing.outcome


def in_order(timing: Timing) -> bool:
    instants = (
        timing.due,
        timing.connect_begun,
        timing.connected,
        timing.secured,
        timing.sent,
        timing.first_byte,
        timing.headers,
        *(chunk.at for chunk in timing.chunks),
        timing.end,
    )
    known = [instant for instant in instants if instant is not None]
    return all(earlier <= later for earlier, later in pairwise(known))


# --- replies ------------------------------------------------------------------------------------


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
    assert timing.headers_s is not None
    assert timing.first_thought_s is not None
    assert timing.first_token_s is not None
    assert timing.headers_s + SHORT / 2 < timing.first_thought_s
    assert timing.first_thought_s + SHORT / 2 < timing.first_token_s
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
    assert timing.headers_s is not None
    assert timing.first_token_s is not None
    assert timing.first_token_s > timing.headers_s + SHORT / 2


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


# --- failures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (turn_down(400, "bad"), "rejected"),
        (turn_down(429, "slow down", headers={"Retry-After": "7"}), "overloaded"),
        (turn_down(503, "busy"), "overloaded"),
        (turn_down(500, "oops"), "server error"),
        (raw(http(204, b"")), "malformed"),
        (raw(http(308, b"", {"Location": "http://elsewhere.test/x"})), "rejected"),
        (raw(http(500, b"x" * 200_000)), "server error"),
        (raw(http(200, b"")), "malformed"),
        (raw(http(200, b"<html>hi</html>")), "malformed"),
        (raw(b"SPDY/9 hello\r\n\r\n"), "malformed"),
        (raw(RESET), "unreachable"),
        (raw(HANG_UP), "unreachable"),
        (raw(b"HTTP/1.1 200 OK\r\n", HANG_UP), "unreachable"),
        (events(DONE), "malformed"),
        (events(b"data: {oops\n\n"), "malformed"),
        (events(b'data: {"choices": [{"delta": {"content": "\xff"}}]}\n\n'), "malformed"),
        (events(chunk(content="4")), "unreachable"),
        (events(chunk(content="4"), RESET), "unreachable"),
        (events(chunk(content="4"), HANG_UP), "unreachable"),
        (events(event({"error": {"message": "fell over"}})), "server error"),
        (events(chunk(content="x" * 2_000_000)), "malformed"),
    ],
)
async def test_every_fault_is_a_failure_of_its_kind_and_asked_once(
    model: Model, kind: str, contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None]
) -> None:
    timing = await timed(model, contexts, Limits(body_bytes=1_000_000))
    assert failure(timing).kind == kind
    assert 0 < len(failure(timing).detail) <= 200
    assert in_order(timing)


async def test_how_long_to_wait_is_read_from_an_overload() -> None:
    timing = await timed(turn_down(429, "slow down", headers={"Retry-After": "7"}))
    assert failure(timing).again_after_s == 7.0


async def test_a_break_after_the_first_text_keeps_its_instants() -> None:
    timing = await timed(events(chunk(content="4"), RESET))
    assert timing.first_token_s is not None
    assert "after 1 characters" in failure(timing).detail


async def test_silence_and_endlessness_are_timed_out(
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None],
) -> None:
    silent = await timed(stall(), contexts, Limits(idle_s=SHORT))
    assert failure(silent).kind == "timed out"
    assert "silent" in failure(silent).detail
    steps: list[Step] = [chunk(content="a"), 0.02] * 500
    trickle = events(*steps)
    endless = await timed(trickle, contexts, Limits(total_s=2 * SHORT))
    assert failure(endless).kind == "timed out"
    assert "no end" in failure(endless).detail
    assert endless.first_token_s is not None


async def test_a_server_that_is_not_there_is_unreachable_and_never_sent_to() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
        async with open_wire(candidate(url), key=None, note=print) as wire:
            await wire.connect(2)
            timing = await wire.send(PROMPT)
    assert failure(timing).kind == "unreachable"
    assert timing.sent is None
    assert timing.connect_begun is not None
    assert timing.connected is None


async def test_a_name_without_an_address_is_unreachable() -> None:
    who = candidate("http://nowhere.invalid/v1")
    async with open_wire(who, key=None, note=print) as wire:
        assert failure(await wire.send(PROMPT)).kind == "unreachable"


async def test_a_server_that_never_shakes_hands_is_timed_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"https://127.0.0.1:{mute.getsockname()[1]}/v1"
        limits = Limits(connect_s=SHORT)
        async with open_wire(
            candidate(url), key=None, note=print, limits=limits, tls=client_context()
        ) as wire:
            timing = await wire.send(PROMPT)
    assert failure(timing).kind == "timed out"
    assert "no connection" in failure(timing).detail


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted() -> None:
    with FakeServer({"m": say("hi")}, tls=server_context()) as server:
        async with open_wire(candidate(server.url), key=None, note=print) as wire:
            timing = await wire.send(PROMPT)
    assert failure(timing).kind == "unreachable"
    assert "TLS" in failure(timing).detail
    assert not server.requests


async def test_plain_http_where_tls_is_spoken_is_a_failure() -> None:
    with FakeServer({"m": say("hi")}) as server:
        who = candidate(server.url.replace("http:", "https:"))
        async with open_wire(who, key=None, note=print, limits=Limits(connect_s=SHORT)) as wire:
            assert failure(await wire.send(PROMPT)).kind in ("unreachable", "timed out")


async def test_a_failure_shows_neither_key_nor_prompt() -> None:
    def telltale(request: Request) -> list[Step]:
        said = f"header {request.headers['authorization']} and prompt {request.prompt}"
        return [http(400, b'{"error": {"message": "%s"}}' % said.encode())]

    secret = "Tell nobody that the treasure lies under the third oak."
    notes: list[str] = []
    with FakeServer({"m": telltale}) as server:
        who = candidate(server.url, keyed=True)
        async with open_wire(who, key=KEY, note=notes.append) as wire:
            timing = await wire.send(ask(secret, max_tokens=9))
    shown = repr(timing) + repr(wire) + "".join(notes)
    assert KEY[:8] not in shown
    assert "treasure lies under" not in shown


# --- connections --------------------------------------------------------------------------------


async def test_connections_are_used_again_and_opened_ahead(
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None],
) -> None:
    async with wired(say("hi", pieces=2, first_s=0.01, gap_s=0.01), contexts) as (wire, server):
        await wire.connect(3)
        first = await asyncio.gather(*(wire.send(PROMPT) for _ in range(3)))
        again = await wire.send(PROMPT)
    assert server.connections == 3
    assert all(t.connect_begun is None and t.connected is None for t in (*first, again))


@pytest.mark.parametrize(
    "model",
    [
        raw(http(200, b"{}", {"Connection": "close"})),
        raw(http(200, b"{}") + b"and more"),
        events(chunk(content="4"), END, 30.0),
    ],
)
async def test_a_connection_unfit_for_more_is_not_used_again(model: Model) -> None:
    async with wired(in_turn(model, say("hi"))) as (wire, server):
        await wire.send(PROMPT)
        assert reply(await wire.send(PROMPT)).text == "hi"
    assert server.connections == 2


async def test_words_out_of_turn_make_a_connection_unfit(
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None],
) -> None:
    late = raw(http(200, b"{}"), 0.02, b"and another thing")
    async with wired(in_turn(late, say("hi")), contexts) as (wire, server):
        await wire.send(PROMPT)
        await asyncio.sleep(0.1)
        assert reply(await wire.send(PROMPT)).text == "hi"
    assert server.connections == 2


async def test_a_spare_connection_that_the_server_closed_is_not_used() -> None:
    async with wired(in_turn(raw(http(200, b"{}"), HANG_UP), say("hi"))) as (wire, server):
        await wire.send(PROMPT)
        await asyncio.sleep(0.05)
        assert reply(await wire.send(PROMPT)).text == "hi"
    assert server.connections == 2


async def test_without_keep_alive_each_request_has_its_connection() -> None:
    async with wired(say("hi"), limits=Limits(keep_alive=False)) as (wire, server):
        for _ in range(2):
            assert (await wire.send(PROMPT)).connect_s is not None
    assert server.connections == 2
    assert server.requests[0].headers["connection"] == "close"


async def test_a_long_prompt_goes_out_whole(
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext | None],
) -> None:
    text = "long " * 2_000_000
    async with wired(say("hi"), contexts) as (wire, server):
        timing = await wire.send(ask(text, max_tokens=9))
        assert reply(timing).text == "hi"
    assert server.requests[0].prompt == text
    assert timing.sent is not None
    assert timing.written is not None
    assert timing.sent < timing.written


async def test_many_streams_at_once_are_told_apart() -> None:
    def own(request: Request) -> Iterator[Step]:
        yield from say(request.prompt, pieces=5, first_s=0.02, gap_s=0.005)(request)

    async with wired(own) as (wire, _):
        with undisturbed():
            told = await asyncio.gather(
                *(wire.send(ask(f"number {n}", max_tokens=9)) for n in range(50))
            )
    assert [reply(t).text for t in told] == [f"number {n}" for n in range(50)]
    assert wire.longest_blind_s > 0.0


async def test_a_request_given_up_by_its_caller_leaves_the_wire_usable() -> None:
    async with wired(in_turn(stall(), say("hi"))) as (wire, _):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await wire.send(PROMPT)
        assert reply(await wire.send(PROMPT)).text == "hi"


# --- what is asked ------------------------------------------------------------------------------


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


# --- stamps -------------------------------------------------------------------------------------


async def test_a_stall_of_ours_is_not_charged_to_the_server() -> None:
    async with wired(events(0.05, chunk(content="a"), END)) as (wire, _):
        if wire.clock != "kernel":
            pytest.skip("the kernel stamps nothing here")
        asking = asyncio.create_task(wire.send(PROMPT))
        await asyncio.sleep(0.01)
        time.sleep(2 * SHORT)  # the stall
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
        wire = Wire(who.model, endpoint(who, None), stamps, limits=USUAL, tls=None)
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
