"""The key is in the headers of a request, and nowhere else."""

import asyncio
import logging
import random
import traceback

import pytest

from tests.candidates.talk import KEY, candidate
from tests.fake_models import HANG_UP, RESET, Model, Request, Step, chunk, event, events, http, raw
from tests.fake_server import FakeServer
from visavis.candidates.detail import keyless
from visavis.candidates.endpoint import endpoint
from visavis.candidates.openai_http import Limits, open_http
from visavis.candidates.pacing import careful
from visavis.candidates.retrying import Retrying
from visavis.candidates.server_models import server_models
from visavis.core.errors import MissingKeyError
from visavis.core.outcome import Reply
from visavis.core.prompt import ask

PROMPT = "Tell nobody that the treasure lies under the third oak."
SECRETS = (KEY, KEY[:8], KEY[-8:], "treasure lies under", "third oak")


def _telltale(status: int) -> Model:
    """A server that repeats the key and the prompt in its error."""

    def model(request: Request) -> list[Step]:
        said = f"header {request.headers['authorization']} and prompt {request.prompt}"
        return [http(status, b'{"error": {"message": "%s"}}' % said.encode())]

    return model


def _telltale_stream(request: Request) -> list[Step]:
    said = f"{request.headers['authorization'][:20]}… asked: {request.prompt}"
    return list(events(chunk(content="4"), event({"error": {"message": said}}))(request))


FAULTS: list[Model] = [
    *(_telltale(status) for status in (307, 400, 401, 403, 404, 422, 429, 500, 503)),
    _telltale_stream,
    raw(f"{KEY} {PROMPT}\r\n\r\n".encode()),
    raw(f"HTTP/1.1 200 {KEY}\r\nTransfer-Encoding: {KEY}\r\nX: {PROMPT}\r\n\r\nzz".encode()),
    raw(RESET),
    events(chunk(content="4"), HANG_UP),
    events(chunk(content="4"), 9.0),
]


@pytest.mark.parametrize("number", range(len(FAULTS)))
async def test_no_failure_note_or_log_shows_the_key_or_the_prompt(
    number: int, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    notes: list[str] = []
    with FakeServer({"m": FAULTS[number]}) as server:
        who = candidate(server.url, keyed=True)
        async with open_http(
            who, key=KEY, at_once=2, note=notes.append, limits=Limits(idle_s=0.1)
        ) as client:
            patient = careful(client, name="m", at_once=2, note=notes.append, rng=random.Random(1))
            assert isinstance(patient, Retrying)
            outcome = await client.send(ask(PROMPT, max_tokens=9))
            shown = [repr(outcome), repr(client), repr(patient), repr(vars(client)), *notes]
    shown += [caplog.text, *capfd.readouterr()]
    assert not [text for text in shown for secret in SECRETS if secret in text]


async def test_a_candidate_that_says_the_key_is_not_repeated() -> None:
    said = events(
        chunk(reasoning=f"So {KEY}"), chunk(f"m-{KEY}", content=f"The key is {KEY[:9]}"),
        chunk(f"m-{KEY}", content=f"{KEY[9:]}."), chunk(refusal=KEY, finish="stop"),
    )  # fmt: skip
    with FakeServer({"m": said}) as server:
        who = candidate(server.url, keyed=True)
        async with open_http(who, key=KEY, at_once=1, note=print) as client:
            outcome = await client.send(ask(PROMPT, max_tokens=9))
    assert isinstance(outcome, Reply)
    assert outcome.text == "The key is …."
    assert KEY not in repr(outcome)


def test_a_placeholder_for_a_key_is_a_word_like_others() -> None:
    assert keyless("an EMPTY set", "EMPTY") == "an EMPTY set"


async def test_neither_the_address_nor_the_probe_nor_an_error_shows_the_key() -> None:
    azure = candidate("https://x.openai.azure.com", "m", route="azure", keyed=True)
    shown = [repr(endpoint(azure, KEY)), repr(azure)]
    with FakeServer({"m": raw(RESET)}, key="another") as server:
        shown.append(repr(await server_models(candidate(server.url, keyed=True), KEY)))
    try:
        endpoint(azure, f"{KEY}\x00")
    except MissingKeyError as error:
        shown.append("".join(traceback.format_exception(error)))
    assert len(shown) == 4
    assert not [text for text in shown for secret in SECRETS if secret in text]


def test_asyncio_in_debug_mode_does_not_show_it_either(caplog: pytest.LogCaptureFixture) -> None:
    async def send() -> None:
        with FakeServer({"m": raw(HANG_UP)}) as server:
            who = candidate(server.url, keyed=True)
            async with open_http(who, key=KEY, at_once=1, note=print) as client:
                await client.send(ask(PROMPT, max_tokens=9))

    caplog.set_level(logging.DEBUG)
    asyncio.run(send(), debug=True)
    assert not [secret for secret in SECRETS if secret in caplog.text]
