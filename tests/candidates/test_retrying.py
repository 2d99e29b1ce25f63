"""Only what is right to ask again is asked again, so often and no more, and it is on record."""

import random
import time
from datetime import UTC, datetime

import pytest

from tests.candidates.talk import candidate
from tests.fake_models import RESET, Model, chunk, events, in_turn, raw, say, turn_down
from tests.fake_server import FakeServer
from visavis.candidates.openai_http import open_http
from visavis.candidates.retrying import Patience, Retrying, seconds_asked
from visavis.candidates.scripted import ScriptedClient
from visavis.core.outcome import Failure, Outcome, Reply
from visavis.core.prompt import ask

QUICK = Patience(tries=3, first_wait_s=0.01)
NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


async def _ask(model: Model, patience: Patience = QUICK) -> tuple[Outcome, int]:
    """The outcome, and how often the server was asked."""
    with FakeServer({"m": model}) as server:
        async with open_http(candidate(server.url), key=None, at_once=1, note=print) as client:
            retrying = Retrying(client, rng=random.Random(1), patience=patience)
            outcome = await retrying.send(ask("2 + 2?", max_tokens=9))
        return outcome, len(server.requests)


@pytest.mark.parametrize(
    ("fault", "because"),
    [
        (turn_down(429, "slow down"), "overloaded: 429: slow down"),
        (turn_down(503, "busy"), "overloaded: 503: busy"),
        (raw(RESET), "unreachable: the connection broke"),
        (events(chunk(role="assistant"), RESET), "unreachable: the connection broke"),
    ],
)
async def test_an_overload_and_a_reset_before_any_text_are_asked_again_and_recorded(
    fault: Model, because: str
) -> None:
    outcome, asked = await _ask(in_turn(fault, say("4")))
    assert isinstance(outcome, Reply)
    assert asked == 2
    (retry,) = outcome.retries
    assert retry.because.startswith(because)
    assert retry.waited_s > 0


@pytest.mark.parametrize(
    "fault",
    [
        turn_down(400),
        turn_down(401),
        turn_down(404),
        turn_down(500),
        turn_down(429, code="insufficient_quota"),
        events(chunk(content="4"), RESET),
        events(chunk(reasoning="hm"), RESET),
        events(b"data: {oops\n\n"),
    ],
)
async def test_an_answer_about_the_candidate_is_kept(fault: Model) -> None:
    outcome, asked = await _ask(in_turn(fault, say("4")))
    assert isinstance(outcome, Failure)
    assert (asked, outcome.retries) == (1, ())


async def test_tries_are_bounded_and_the_last_failure_tells_of_all() -> None:
    outcome, asked = await _ask(turn_down(429))
    assert isinstance(outcome, Failure)
    assert outcome.kind == "overloaded"
    assert (asked, len(outcome.retries)) == (3, 2)


async def test_a_server_that_says_how_long_to_wait_is_given_that_long() -> None:
    busy = turn_down(429, headers={"Retry-After": "0.3"})
    started = time.perf_counter()
    outcome, _ = await _ask(in_turn(busy, say("4")))
    assert outcome.retries[0].waited_s >= 0.3
    assert outcome.stamps is not None
    assert 0.3 <= outcome.stamps.late_s <= time.perf_counter() - started


async def test_no_server_makes_us_wait_longer_than_we_will() -> None:
    busy = turn_down(429, headers={"Retry-After": "86400"})
    outcome, _ = await _ask(in_turn(busy, say("4")), Patience(longest_wait_s=0.05))
    assert outcome.retries[0].waited_s == 0.05


async def test_equal_generators_wait_equally_and_others_do_not() -> None:
    patience = Patience()
    waits = [
        [patience.wait_s(n, 1.0, random.Random(seed)) for n in (1, 2, 3)] for seed in (1, 1, 2)
    ]
    assert waits[0] == waits[1] != waits[2]
    assert all(1.0 <= wait <= patience.longest_wait_s for three in waits for wait in three)


async def test_a_client_without_stamps_can_be_retried() -> None:
    busy = Failure(kind="overloaded", detail="busy", again_after_s=0.0)
    answers = iter(list[Outcome]([busy, Reply(text="4")]))
    client = Retrying(ScriptedClient(lambda _: next(answers)), rng=random.Random(1), patience=QUICK)
    outcome = await client.send(ask("?", max_tokens=9))
    assert isinstance(outcome, Reply)
    assert outcome.stamps is None
    assert len(outcome.retries) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": " 0.5 "}, 0.5),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": "Sat, 21 Nov 2026 12:00:09 GMT"}, 9.0),
        ({"Retry-After": "Sat, 21 Nov 2026 12:00:09 -0000"}, 9.0),
        ({"Retry-After": "Sat, 21 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"Retry-After": "in a while"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"retry-after-ms": "1500", "Retry-After": "2"}, 1.5),
        ({"retry-after-ms": "soon", "Retry-After": "2"}, 2.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert seconds_asked(headers, now=NOW) == seconds
