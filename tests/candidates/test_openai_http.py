"""What is sent to a server, and what is spared it that it does not take."""

import asyncio
import json
from collections.abc import Iterable

import pytest

from tests.candidates.talk import candidate, talk
from tests.fake_models import (
    Model,
    Request,
    Step,
    http,
    say,
    turn_down,
)
from tests.fake_server import FakeServer
from visavis.candidates.openai_http import open_http
from visavis.core.errors import MissingKeyError, OptionError
from visavis.core.outcome import Reply
from visavis.core.prompt import Message, Prompt, Settings, ask


async def test_the_request_says_what_the_prompt_says_and_nothing_else() -> None:
    prompt = Prompt(
        messages=(Message(role="system", content="Be brief."), Message(role="user", content="é?")),
        settings=Settings(max_tokens=7, temperature=0.5, top_p=0.9, seed=3, stop=("\n",)),
    )
    sent = (await talk(say("ok"), [prompt])).requests[0].body
    assert sent == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "é?"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 7,
        "temperature": 0.5,
        "top_p": 0.9,
        "seed": 3,
        "stop": ["\n"],
    }


async def test_temperature_zero_is_sent_and_what_was_not_asked_is_not() -> None:
    sent = (await talk(say("ok"))).requests[0].body
    assert sent["temperature"] == 0
    assert not {"seed", "top_p", "stop", "max_completion_tokens"} & sent.keys()


async def test_one_connection_serves_many_requests() -> None:
    with FakeServer({"m": say("ok")}) as server:
        async with open_http(candidate(server.url), key=None, at_once=4, note=print) as client:
            for number in range(5):
                assert isinstance(await client.send(ask(f"{number}?", max_tokens=9)), Reply)
        assert server.connections == 1


async def test_no_more_requests_are_in_flight_than_allowed_and_the_wait_is_our_lateness() -> None:
    with FakeServer({"m": say("ok", first_s=0.05)}) as server:
        async with open_http(candidate(server.url), key=None, at_once=2, note=print) as client:
            prompts = [ask(f"{n}?", max_tokens=9) for n in range(4)]
            outcomes = await asyncio.gather(*map(client.send, prompts))
        assert server.connections == 2
    late = sorted(o.stamps.late_s for o in outcomes if o.stamps)
    assert late[0] < 0.05 <= late[2]


async def test_azure_is_asked_by_deployment_path_with_its_own_header() -> None:
    with FakeServer({"my-mini": say("ok")}, key="azure-key") as server:
        resource = server.url.removesuffix("/v1")
        for base in (resource, f"{resource}/openai/v1"):
            azure = candidate(base, "my-mini", route="azure")
            async with open_http(azure, key="azure-key", at_once=1, note=print) as client:
                assert isinstance(await client.send(ask("?", max_tokens=9)), Reply)
        by_path, undated = server.requests
    assert by_path.target == ("/openai/deployments/my-mini/chat/completions?api-version=2024-10-21")
    assert undated.target == "/openai/v1/chat/completions"
    assert by_path.headers["api-key"] == "azure-key"
    assert "authorization" not in by_path.headers


def _picky(field: str, message: str, *, param: str | None = None, status: int = 400) -> Model:
    """A model that refuses a field of the request in these words."""

    def model(request: Request) -> Iterable[Step]:
        if field in request.body:
            error = {"error": {"message": message, "param": param, "code": None}}
            return [http(status, json.dumps(error).encode())]
        return say("ok")(request)

    return model


@pytest.mark.parametrize(
    ("field", "message", "param", "status"),
    [
        (
            "max_tokens",
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            "max_tokens",
            400,
        ),
        (
            "temperature",
            "Unsupported value: 'temperature' does not support 0 with this model.",
            "temperature",
            400,
        ),
        ("stream_options", "Unrecognized request argument supplied: stream_options", None, 400),
        ("seed", "body.seed: Extra inputs are not permitted", None, 422),
        ("top_p", "unknown field top_p", None, 400),
    ],
)
async def test_a_field_that_a_server_refuses_is_spared_from_then_on_and_told_once(
    field: str, message: str, param: str | None, status: int
) -> None:
    settings = Settings(max_tokens=9, seed=1, top_p=0.5)
    prompts = [
        Prompt(messages=(Message(role="user", content=f"{n}?"),), settings=settings)
        for n in range(3)
    ]
    told = await talk(_picky(field, message, param=param, status=status), prompts)
    assert all(isinstance(outcome, Reply) for outcome in told.outcomes)
    assert [len(outcome.retries) for outcome in told.outcomes] == [1, 0, 0]
    assert len(told.requests) == 4
    (note,) = told.notes
    assert repr(field) in note
    if field == "max_tokens":
        assert told.requests[-1].body["max_completion_tokens"] == 9


async def test_many_requests_that_meet_a_refusal_at_once_are_told_of_once() -> None:
    notes: list[str] = []
    picky = _picky("seed", "seed is not supported")
    with FakeServer({"m": picky}) as server:
        async with open_http(
            candidate(server.url), key=None, at_once=16, note=notes.append
        ) as client:
            prompts = [
                Prompt(
                    messages=(Message(role="user", content=f"{n}?"),),
                    settings=Settings(max_tokens=9, seed=1),
                )
                for n in range(16)
            ]
            outcomes = await asyncio.gather(*map(client.send, prompts))
    assert all(isinstance(outcome, Reply) for outcome in outcomes)
    assert len(notes) == 1


@pytest.mark.parametrize(
    "message",
    [
        "max_tokens is too large: 999999. This model supports at most 16384 completion tokens",
        "temperature must be between 0 and 2",
        "this model's context length is 4096 tokens",
    ],
)
async def test_a_value_out_of_range_is_a_failure_and_not_another_question(message: str) -> None:
    told = await talk(turn_down(400, message))
    assert told.failure.kind == "rejected"
    assert told.failure.again_after_s is None
    assert len(told.requests) == 1


async def test_a_server_that_refuses_the_same_field_for_ever_is_asked_no_more() -> None:
    told = await talk(turn_down(400, "temperature is not supported"))
    assert told.failure.kind == "rejected"
    assert len(told.requests) == 2


async def test_a_key_that_is_missing_or_cannot_be_sent_is_refused_before_anything_is_sent() -> None:
    keyed = candidate("http://127.0.0.1:9/v1", keyed=True)
    for key, said in ((None, "set HTTP_API_KEY"), ("", "set HTTP_API_KEY"), ("a\nb", "copy it")):
        with pytest.raises(MissingKeyError, match=said) as wrong:
            async with open_http(keyed, key=key, at_once=1, note=print):
                pass
        assert "a\nb" not in str(wrong.value)


async def test_a_line_end_on_a_key_is_left_off() -> None:
    with FakeServer({"m": say("ok")}, key="secret") as server:
        keyed = candidate(server.url, keyed=True)
        async with open_http(keyed, key="secret\n", at_once=1, note=print) as client:
            assert isinstance(await client.send(ask("?", max_tokens=9)), Reply)


@pytest.mark.parametrize("url", [None, "http:///v1", f"http://{'x' * 80}.test/v1"])
async def test_a_candidate_without_an_address_is_an_option_error(url: str | None) -> None:
    with pytest.raises(OptionError, match="address"):
        async with open_http(candidate(url), key=None, at_once=1, note=print):
            pass


async def test_a_key_on_an_open_wire_is_warned_of() -> None:
    notes: list[str] = []
    for url in ("http://models.test/v1", "https://models.test/v1", "http://localhost:9/v1"):
        async with open_http(candidate(url), key="secret", at_once=1, note=notes.append):
            pass
    (note,) = notes
    assert "unencrypted" in note
    assert "secret" not in note
