"""A storm of every fault at once: by the server's own log, nothing is lost, nothing told twice."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.candidates.talk import candidate
from tests.fake_models import MODELS
from tests.fake_server import FakeServer
from visavis.candidates.openai_http import Limits, open_http
from visavis.candidates.pacing import Pacing
from visavis.candidates.retrying import Patience, Retrying
from visavis.core.client import Client
from visavis.core.outcome import Failure, Outcome, Reply
from visavis.core.prompt import ask

AT_ONCE = 64
IMPATIENT = Limits(idle_s=0.25, total_s=10.0)


async def _ask_all(client: Client, trials: int) -> dict[str, list[Outcome]]:
    """What came of each prompt, 64 in flight."""
    outcomes: dict[str, list[Outcome]] = {f"case {n}": [] for n in range(trials)}
    left: Iterator[str] = iter(outcomes)

    async def worker() -> None:
        for prompt in left:
            outcomes[prompt].append(await client.send(ask(prompt, max_tokens=9)))

    async with asyncio.TaskGroup() as workers:
        for _ in range(AT_ONCE):
            workers.create_task(worker())
    return outcomes


@pytest.mark.parametrize(
    ("trials", "careful"), [(2_000, False), (1_000, True)], ids=["once", "with retries"]
)
async def test_in_a_storm_each_case_ends_once_as_a_reply_or_a_counted_failure(
    trials: int, careful: bool
) -> None:
    notes: list[str] = []
    with FakeServer(MODELS) as server:
        async with open_http(
            candidate(server.url, "fault-mix"),
            key=None,
            at_once=AT_ONCE,
            note=notes.append,
            limits=IMPATIENT,
        ) as bare:
            paced = Pacing(bare, name="fault-mix", at_once=AT_ONCE, note=notes.append)
            patience = Patience(tries=3, first_wait_s=0.02, longest_wait_s=0.1)
            patient = Retrying(paced, rng=random.Random(7), patience=patience)
            outcomes = await _ask_all(patient if careful else bare, trials)
    log = server.requests

    ends = {prompt: outcome for prompt, (outcome,) in outcomes.items()}  # each exactly once
    asked = Counter(request.prompt for request in log)
    assert asked == {prompt: 1 + len(outcome.retries) for prompt, outcome in ends.items()}
    answered = {request.prompt for request in log if request.sent and request.ended == "sent"}
    replied = {prompt for prompt, outcome in ends.items() if isinstance(outcome, Reply)}
    assert replied <= answered
    assert all(outcome.text == "Yes" for outcome in ends.values() if isinstance(outcome, Reply))

    kinds = Counter(outcome.kind for outcome in ends.values() if isinstance(outcome, Failure))
    assert len(replied) + sum(kinds.values()) == trials
    assert {"server error", "unreachable", "timed out", "malformed", "overloaded"} >= set(kinds)
    assert len(kinds) >= 4
    assert len(notes) == careful
    assert len(replied) > trials * (0.2 if careful else 0.1)
