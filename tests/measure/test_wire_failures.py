"""The wire: every end of a request that is no reply is told of its kind, once."""

import socket
import ssl

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
    raw,
    say,
    stall,
    turn_down,
)
from tests.fake_server import FakeServer
from tests.measure.test_wire_layers import client_context, server_context
from tests.measure.wire_things import PROMPT, SHORT, failure, in_order, timed
from visavis.candidates.openai_http import Limits
from visavis.core.prompt import ask
from visavis.measure.wire.client import open_wire


@pytest.fixture(params=["http", "https"])
def contexts(request: pytest.FixtureRequest) -> tuple[ssl.SSLContext | None, ssl.SSLContext | None]:
    """The server's, and ours."""
    return (None, None) if request.param == "http" else (server_context(), client_context())


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
