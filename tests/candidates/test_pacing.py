"""As many at once as the server bears, and everybody waits when it asks for that."""

import asyncio
import random
import time
from collections.abc import Iterable

import pytest

from tests.candidates.talk import candidate
from tests.fake_models import Model, Request, Step, say, turn_down
from tests.fake_server import FakeServer
from visavis.candidates.openai_http import open_http
from visavis.candidates.pacing import Pacing, careful
from visavis.candidates.scripted import ScriptedClient
from visavis.core.client import Client
from visavis.core.outcome import Failure, Outcome, Reply
from visavis.core.prompt import Prompt, ask

BUSY = Failure(kind="overloaded", detail="busy", again_after_s=0.0)


class _Bearing:
    """A client that bears so many requests at once, and turns the others away."""

    def __init__(self, bears: int, failure: Failure = BUSY) -> None:
        self.bears = bears
        self.in_flight = 0
        self.most = 0
        self._failure = failure

    async def send(self, prompt: Prompt) -> Outcome:
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        fits = self.in_flight <= self.bears
        await asyncio.sleep(0.002)
        self.in_flight -= 1
        return Reply(text="ok") if fits else self._failure


async def _send(client: Client, count: int) -> list[Outcome]:
    return await asyncio.gather(
        *(client.send(ask(f"{number}?", max_tokens=9)) for number in range(count))
    )


async def test_as_many_as_allowed_go_at_once_while_all_goes_well() -> None:
    server, notes = _Bearing(bears=8), list[str]()
    pacing = Pacing(server, name="x", at_once=8, note=notes.append)
    outcomes = await _send(pacing, 50)
    assert all(isinstance(outcome, Reply) for outcome in outcomes)
    assert (server.most, pacing.allowed, notes) == (8, 8, [])


async def test_a_round_of_overloads_halves_what_is_allowed_and_is_told_once() -> None:
    server, notes = _Bearing(bears=0), list[str]()
    pacing = Pacing(server, name="x", at_once=16, note=notes.append)
    await _send(pacing, 16)
    assert pacing.allowed == 8
    await _send(pacing, 8)
    assert pacing.allowed == 4
    assert notes == [
        "the server of 'x' limits the rate: 8 of 16 requests at once, and more again as it allows"
    ]


async def test_what_is_allowed_comes_back_and_never_exceeds_what_was_asked_for() -> None:
    server = _Bearing(bears=0)
    pacing = Pacing(server, name="x", at_once=8, note=lambda _: None)
    await _send(pacing, 8)
    server.bears, server.most = 99, 0
    await _send(pacing, 200)
    assert pacing.allowed == server.most == 8


async def test_a_stray_overload_hardly_slows_anything() -> None:
    answers: list[Outcome] = [BUSY, *[Reply(text="ok")] * 15]
    client = ScriptedClient(lambda _: answers.pop())
    pacing = Pacing(client, name="x", at_once=16, note=lambda _: None)
    await _send(pacing, 16)
    assert pacing.allowed == 15


async def test_it_never_falls_below_one() -> None:
    pacing = Pacing(_Bearing(bears=0), name="x", at_once=2, note=lambda _: None)
    for _ in range(5):
        await _send(pacing, 2)
    assert pacing.allowed == 1


@pytest.mark.parametrize(
    "failure",
    [
        Failure(kind="server error", detail="oops"),
        Failure(kind="rejected", detail="no money"),
        Failure(kind="unreachable", detail="reset", again_after_s=0.0),
    ],
)
async def test_other_failures_slow_nothing_down(failure: Failure) -> None:
    notes: list[str] = []
    pacing = Pacing(_Bearing(bears=0, failure=failure), name="x", at_once=8, note=notes.append)
    await _send(pacing, 16)
    assert (pacing.allowed, notes) == (8, [])


async def test_while_a_server_asks_to_wait_nobody_sends_and_the_wait_is_our_lateness() -> None:
    busy_first = turn_down(429, headers={"Retry-After": "0.3"})

    def model(request: Request) -> Iterable[Step]:
        return (busy_first if request.number == 0 else say("ok"))(request)

    with FakeServer({"m": model}) as server:
        async with open_http(candidate(server.url), key=None, at_once=4, note=print) as client:
            pacing = Pacing(client, name="m", at_once=4, note=lambda _: None)
            await _send(pacing, 1)
            turned_down = server.requests[0].sent[0]
            outcomes = await _send(pacing, 2)
        assert all(request.received >= turned_down + 0.3 for request in server.requests[1:])
    assert all(o.stamps is not None and o.stamps.late_s >= 0.25 for o in outcomes)


async def test_a_cancelled_wait_leaves_no_hole() -> None:
    pacing = Pacing(_Bearing(bears=9), name="x", at_once=1, note=lambda _: None)
    tasks = [asyncio.ensure_future(_send(pacing, 1)) for _ in range(6)]
    await asyncio.sleep(0.001)
    for task in tasks[1:4]:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(isinstance(end, asyncio.CancelledError) for end in ended) == 3
    async with asyncio.timeout(1.0):
        assert len(await _send(pacing, 5)) == 5


async def test_a_wait_for_the_server_that_is_cancelled_frees_its_turn() -> None:
    wait = Failure(kind="overloaded", detail="busy", again_after_s=0.2)
    server = _Bearing(bears=0, failure=wait)
    pacing = Pacing(server, name="x", at_once=1, note=lambda _: None)
    await _send(pacing, 1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await _send(pacing, 1)
    server.bears = 1
    async with asyncio.timeout(1.0):
        (outcome,) = await _send(pacing, 1)
    assert isinstance(outcome, Reply)


async def test_a_careful_client_gets_everything_answered_by_a_server_with_a_rate_limit() -> None:
    limited = _rate_limited(per_second=200, burst=20)
    notes: list[str] = []
    with FakeServer({"m": limited}) as server:
        async with open_http(candidate(server.url), key=None, at_once=32, note=print) as client:
            careful_client = careful(
                client, name="m", at_once=32, note=notes.append, rng=random.Random(3)
            )
            outcomes = await _send(careful_client, 150)
    assert sum(isinstance(outcome, Reply) for outcome in outcomes) == 150
    assert len(notes) == 1


def _rate_limited(*, per_second: float, burst: float) -> Model:
    """Answers so many requests a second, by a bucket of `burst` tokens."""
    left, filled = burst, time.perf_counter()
    busy, fine = turn_down(429, headers={"Retry-After": "0.05"}), say("ok")

    def model(request: Request) -> list[Step]:
        nonlocal left, filled
        now = time.perf_counter()
        left, filled = min(burst, left + (now - filled) * per_second), now
        if left < 1:
            return list(busy(request))
        left -= 1
        return list(fine(request))

    return model
