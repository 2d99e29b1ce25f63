"""What the tests of the wire share: one request to a fake model, with and without TLS."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from itertools import pairwise

from tests.candidates.talk import candidate
from tests.fake_models import (
    DONE,
    Model,
    chunk,
)
from tests.fake_server import FakeServer
from visavis.candidates.openai_http import Limits
from visavis.core.outcome import Failure, Reply
from visavis.core.prompt import ask
from visavis.measure.timings import Timing
from visavis.measure.wire.client import Wire, open_wire

USUAL = Limits()
PROMPT = ask("2 + 2?", max_tokens=99)
END = chunk(finish="stop") + DONE
SHORT = 0.15
"""Seconds of a wait that other instants are put beside."""


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


async def said_all(server: FakeServer) -> None:
    """Returns when the server has sent all of its first answer, however busy the machine is."""
    while server.requests[0].ended == "open":
        await asyncio.sleep(0.001)


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
