"""What may go wrong on the wire: each fault is a failure of its kind and costs no other."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.candidates.talk import candidate, talk
from tests.fake_models import (
    DONE,
    HANG_UP,
    RESET,
    Model,
    Step,
    chunk,
    event,
    events,
    http,
    in_turn,
    raw,
    say,
    stall,
    turn_down,
)
from tests.fake_server import FakeServer
from visavis.candidates.openai_http import Limits, open_http
from visavis.core.outcome import Failure, Reply
from visavis.core.prompt import ask

END = chunk(finish="stop") + DONE


@pytest.mark.parametrize(
    ("model", "kind", "again"),
    [
        (turn_down(400, "bad"), "rejected", False),
        (turn_down(401, "bad key"), "rejected", False),
        (turn_down(404, "no such model"), "rejected", False),
        (turn_down(429, "slow down"), "overloaded", True),
        (turn_down(503, "busy"), "overloaded", True),
        (turn_down(429, "pay first", code="insufficient_quota"), "rejected", False),
        (turn_down(500, "oops"), "server error", False),
        (turn_down(502, "oops"), "server error", False),
        (raw(http(204, b"")), "malformed", False),
        (raw(http(308, b"", {"Location": "http://elsewhere.test/x"})), "rejected", False),
        (raw(http(200, b"")), "malformed", False),
        (raw(http(200, b"<html>hi</html>")), "malformed", False),
        (raw(http(200, b"{not json}")), "malformed", False),
        (raw(http(200, b'{"error": {"message": "no"}}')), "server error", False),
        (raw(http(200, b'{"object": "error", "message": "no"}')), "server error", False),
        (raw(b"SPDY/9 hello\r\n\r\n"), "malformed", False),
        (raw(RESET), "unreachable", True),
        (raw(HANG_UP), "unreachable", True),
        (events(DONE), "malformed", False),
        (events(b"data: {oops\n\n"), "malformed", False),
        (events(b'data: {"choices": 7}\n\n'), "malformed", False),
        (events(b'data: {"choices": [{"delta": {"content": "\xff"}}]}\n\n'), "malformed", False),
        (events(b"data: " + b"[" * 100_000 + b"\n\n"), "malformed", False),
        (events(chunk(role="assistant")), "unreachable", True),
        (events(chunk(content="4")), "unreachable", False),
        (events(chunk(content="4"), RESET), "unreachable", False),
        (events(chunk(content="4"), HANG_UP), "unreachable", False),
        (events(chunk(reasoning="hm"), HANG_UP), "unreachable", False),
        (events(event({"error": {"message": "fell over"}})), "server error", False),
        (events(chunk(content="4"), event({"error": "fell over"}), END), "server error", False),
        (events(event({"error": {"message": "busy", "code": 429}})), "overloaded", True),
    ],
)
async def test_every_fault_is_a_failure_of_its_kind(model: Model, kind: str, again: bool) -> None:
    failure = (await talk(model)).failure
    assert failure.kind == kind
    assert (failure.again_after_s is not None) is again
    assert 0 < len(failure.detail) <= 200
    assert failure.stamps is not None


async def test_a_redirect_is_not_followed_and_its_place_is_told() -> None:
    with FakeServer({"m": say("never")}) as other:
        redirect = raw(http(307, b"", {"Location": f"{other.url}/chat/completions"}))
        failure = (await talk(redirect)).failure
        assert other.requests == []
    assert "127.0.0.1" in failure.detail


async def test_a_server_that_is_not_there_is_unreachable_and_not_asked_again() -> None:
    with FakeServer() as server:
        url = server.url
    async with open_http(candidate(url), key=None, at_once=1, note=print) as client:
        failure = await client.send(ask("?", max_tokens=9))
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.again_after_s) == ("unreachable", None)


async def test_silence_and_endless_talk_time_out() -> None:
    silent = (await talk(stall(), limits=Limits(idle_s=0.1))).failure
    half = (await talk(events(chunk(content="4"), 9.0), limits=Limits(idle_s=1.0))).failure
    drip = [step for _ in range(100) for step in (chunk(content="4"), 0.02)]
    endless = (await talk(events(*drip), limits=Limits(total_s=0.2))).failure
    assert {silent.kind, half.kind, endless.kind} == {"timed out"}
    assert "silent for 0.1 s" in silent.detail
    assert "after 1 characters" in half.detail
    assert "no end within 0.2 s" in endless.detail


async def test_a_hostile_server_cannot_fill_the_memory() -> None:
    flood = [b"data: " + b"x" * 65_536] * 80
    long_line = (await talk(events(*flood))).failure
    many = [chunk(content="x" * 10_000)] * 40
    long_text = (await talk(events(*many, END), limits=Limits(body_bytes=100_000))).failure
    long_error = (await talk(raw(http(500, b"x" * 3_000_000)))).failure
    assert (long_line.kind, long_text.kind) == ("malformed", "malformed")
    assert long_error.kind == "server error"
    assert len(long_error.detail) <= 200


async def test_after_a_fault_the_next_request_goes_well() -> None:
    faults: list[Step] = [RESET, HANG_UP]
    for fault in faults:
        broken = events(chunk(content="4"), fault)
        told = await talk(in_turn(broken, say("4")), ["same?", "same?"])
        assert [type(outcome) for outcome in told.outcomes] == [Failure, Reply]


async def test_a_cancelled_request_frees_its_place() -> None:
    with FakeServer({"m": in_turn(stall(), say("ok"))}) as server:
        async with open_http(candidate(server.url), key=None, at_once=1, note=print) as client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await client.send(ask("?", max_tokens=9))
            assert isinstance(await client.send(ask("?", max_tokens=9)), Reply)


# --- any bytes at all ---------------------------------------------------------------------------


@contextmanager
def _blurting(answer: bytes) -> Iterator[str]:
    """A server that answers one connection with these bytes, whatever it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            wire, _ = door.accept()
            with wire:
                wire.recv(65_536)
                wire.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/v1"
        thread.join()


_BROKEN = st.one_of(
    st.binary(max_size=200),
    st.tuples(
        st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 429 X\r\nRetry-After: soon\r\n"]),
        st.sampled_from(
            [
                b"",
                b"Transfer-Encoding: chunked\r\n",
                b"Content-Length: 99\r\n",
                b"Content-Length: x\r\n",
                b"Content-Encoding: gzip\r\n",
                b"Content-Encoding: deflate\r\nContent-Length: 12\r\n",
            ]
        ),
        st.sampled_from([b"\r\n", b"", b"\r\n5\r\ndata:\r\n", b"\r\n-1\r\n", b"\r\nzz\r\n"]),
        st.one_of(st.binary(max_size=80), st.just(chunk(content="4")), st.just(END)),
    ).map(b"".join),
)


@settings(max_examples=120, deadline=None)
@given(answer=_BROKEN)
def test_any_bytes_end_as_a_reply_or_a_failure(answer: bytes) -> None:
    async def send() -> object:
        with _blurting(answer) as url:
            who, limits = candidate(url), Limits(total_s=5.0)
            async with open_http(who, key=None, at_once=1, note=print, limits=limits) as client:
                return await client.send(ask("?", max_tokens=9))

    assert isinstance(asyncio.run(send()), Reply | Failure)
