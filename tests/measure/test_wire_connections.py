"""The wire: connections are used again, opened ahead, and given up when unfit."""

import asyncio
import ssl
from collections.abc import Iterator

import pytest

from tests.fake_models import (
    HANG_UP,
    Model,
    Request,
    Step,
    chunk,
    events,
    http,
    in_turn,
    raw,
    say,
    stall,
)
from tests.measure.test_wire_layers import client_context, server_context
from tests.measure.wire_things import END, PROMPT, reply, said_all, wired
from visavis.candidates.openai_http import Limits
from visavis.core.prompt import ask
from visavis.measure.wire.client import undisturbed


@pytest.fixture(params=["http", "https"])
def contexts(request: pytest.FixtureRequest) -> tuple[ssl.SSLContext | None, ssl.SSLContext | None]:
    """The server's, and ours."""
    return (None, None) if request.param == "http" else (server_context(), client_context())


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
        await said_all(server)
        assert reply(await wire.send(PROMPT)).text == "hi"
    assert server.connections == 2


async def test_a_spare_connection_that_the_server_closed_is_not_used() -> None:
    async with wired(in_turn(raw(http(200, b"{}"), HANG_UP), say("hi"))) as (wire, server):
        await wire.send(PROMPT)
        await said_all(server)
        await asyncio.sleep(0.05)  # the end itself follows the last word
        assert reply(await wire.send(PROMPT)).text == "hi"
    assert server.connections == 2


async def test_without_keep_alive_each_request_has_its_connection() -> None:
    async with wired(say("hi"), limits=Limits(keep_alive=False)) as (wire, server):
        for _ in range(2):
            assert (await wire.send(PROMPT)).connect_begun is not None
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
