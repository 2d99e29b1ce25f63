"""Servers that tell log-probabilities of a prompt, each in its own way, and those that do not."""

import asyncio
import re
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

import msgspec
import pytest

from tests.candidates.talk import Talk, candidate, talk
from tests.fake_models import RESET, Model, Request, Step, event, events, http, raw, turn_down
from tests.fake_server import FakeServer
from visavis.candidates.likelihood.echoed import NOT_TOLD
from visavis.candidates.openai_http import open_http
from visavis.core.outcome import Failure, Reply, Usage
from visavis.core.prompt import Prompt, choose, continued


def tokens(text: str) -> list[str]:
    """Words with the blank before them."""
    return re.findall(r"\s?\S+|\s", text)


def logprob(token: str) -> float:
    """Of any token, told by its letters alone."""
    return -sum(map(ord, token)) / 1000


def expected(*choices: str) -> tuple[float, ...]:
    return tuple(sum(map(logprob, tokens(choice))) for choice in choices)


def answer(choice: dict[str, Any], read: int, written: int) -> Iterable[Step]:
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    body = {"object": "text_completion", "model": "m", "choices": [choice], "usage": usage}
    return [http(200, msgspec.json.encode(body))]


def openai(*, least: int = 0, begun: tuple[str, ...] = ()) -> Model:
    """Echoes as OpenAI and vLLM do. `least` tokens must be asked for; `begun` stands before."""

    def model(request: Request) -> Iterable[Step]:
        asked = request.body
        if asked.get("max_tokens", 16) < least:
            return turn_down(400, "max_tokens must be at least 1")(request)
        if not asked.get("echo"):
            return turn_down(400, "unknown field")(request)
        read = [*begun, *tokens(request.prompt)]
        whole = read + [" and"] * asked["max_tokens"]
        told = {
            "tokens": whole,
            "token_logprobs": [None, *map(logprob, whole[1:])],
            "text_offset": [0, *accumulate(map(len, whole[:-1]))],
        }
        text = request.prompt + " and" * asked["max_tokens"]
        return answer({"text": text, "logprobs": told}, len(read), asked["max_tokens"])

    return model


def vllm(request: Request) -> Iterable[Step]:
    """Knows `prompt_logprobs` and no echo."""
    if "prompt_logprobs" not in request.body:
        return turn_down(422, "echo is not supported")(request)
    read = ["<s>", *tokens(request.prompt)]
    ones = [{str(n): {"logprob": logprob(t), "rank": 1, "decoded_token": t}}
            for n, t in enumerate(read[1:])]  # fmt: skip
    return answer({"text": " and", "prompt_logprobs": [None, *ones]}, len(read), 1)


def llama_server(request: Request) -> Iterable[Step]:
    """Takes every field and ignores those that it does not know."""
    told = {"content": [{"token": " and", "logprob": -0.1, "top_logprobs": []}]}
    return answer({"text": " and", "logprobs": told}, 5, 1)


PROMPT = choose("Which is it? Answer:", (" A", " B", " the third"))


@pytest.mark.parametrize(
    ("model", "requests", "usage"),
    [
        (openai(), 4, Usage(input_tokens=16, output_tokens=0)),
        (openai(least=1), 5, Usage(input_tokens=16, output_tokens=3)),
        (openai(begun=("<|begin|>",)), 4, Usage(input_tokens=19, output_tokens=0)),
        (vllm, 6, Usage(input_tokens=19, output_tokens=3)),
    ],
    ids=["echo", "echo with a token", "echo with a first token", "prompt_logprobs"],
)
async def test_each_way_of_telling_is_found_and_read(
    model: Model, requests: int, usage: Usage
) -> None:
    told = await talk(model, [PROMPT])
    assert told.reply.text == " A"
    assert told.reply.logprobs == pytest.approx(expected(" A", " B", " the third"))
    assert told.reply.usage == usage
    assert len(told.requests) == requests
    assert {request.target for request in told.requests} == {"/v1/completions"}


async def test_the_way_is_found_once() -> None:
    told = await talk(vllm, [PROMPT, choose("Another? Answer:", (" A", " B"))])
    assert len(told.requests) == 3 + 3 + 2
    assert isinstance(told.outcomes[1], Reply)
    assert told.outcomes[1].logprobs == pytest.approx(expected(" A", " B"))


@pytest.mark.parametrize(
    "model",
    [
        llama_server,
        turn_down(404, "no such place"),
        turn_down(501, "not here"),
        raw(http(200, b"[]")),
        raw(http(200, b'{"choices": []}')),
        raw(http(200, b'{"choices": [{"text": "Which", "logprobs": {"tokens": 3}}]}')),
    ],
    ids=["llama.cpp", "404", "501", "a list", "no choice", "another shape"],
)
async def test_a_server_that_tells_nothing_is_named_once_and_asked_no_more(model: Model) -> None:
    told = await talk(model, [PROMPT, PROMPT])
    assert len(told.requests) == 3
    for outcome in told.outcomes:
        assert isinstance(outcome, Failure)
        assert (outcome.kind, outcome.detail) == ("rejected", NOT_TOLD)


async def test_a_trouble_is_no_answer_to_whether_it_can_tell() -> None:
    def model(request: Request) -> Iterable[Step]:
        return [RESET] if request.number == 0 else openai()(request)

    told = await talk(model, [PROMPT, PROMPT])
    first, second = told.outcomes
    assert isinstance(first, Failure)
    assert first.kind == "unreachable"
    assert isinstance(second, Reply)


async def test_a_trouble_with_one_choice_is_the_outcome() -> None:
    def model(request: Request) -> Iterable[Step]:
        busy = request.prompt.endswith(" B")
        return (turn_down(429, "slow down") if busy else openai())(request)

    assert (await talk(model, [PROMPT])).failure.kind == "overloaded"


async def test_a_key_that_is_refused_is_not_taken_for_a_lack() -> None:
    told = await talk(turn_down(401, "no"), [PROMPT])
    assert told.failure.detail == "401: the server refuses the key"
    assert len(told.requests) == 1


async def rejected(model: Model, prompt: Prompt) -> str:
    failure = (await talk(model, [prompt])).failure
    assert failure.kind == "rejected"
    return failure.detail


async def test_a_text_whose_first_token_has_no_probability_is_not_guessed() -> None:
    why = "the server tells no log-probability of some token of a choice"
    assert await rejected(openai(), choose("", ("A whole text",))) == why
    reply = (await talk(openai(begun=("<s>",)), [choose("", ("A whole text",))])).reply
    assert reply.logprobs == pytest.approx(expected("A whole text"))


async def test_tokens_that_are_parts_of_a_character_are_not_guessed() -> None:
    def halved(request: Request) -> Iterable[Step]:
        told = {"tokens": ["It is", "\ufffd", "\ufffd"], "token_logprobs": [None, -1.0, -2.0]}
        return answer({"text": request.prompt, "logprobs": told}, 3, 0)

    assert "some token of a choice" in await rejected(halved, choose("It is", ("\U0001f600",)))


async def test_nothing_to_choose_from_is_not_asked() -> None:
    assert await rejected(openai(), choose("It is", ())) == "there is nothing to choose from"


async def test_a_token_that_holds_the_end_of_the_context_counts_as_the_choices() -> None:
    """`x1` is one token of this server, where the context ends in `x`."""
    reply = (await talk(openai(), [choose("It is x", ("1", "2"))])).reply
    assert reply.logprobs == pytest.approx(expected(" x1", " x2"))


async def test_choices_are_asked_together_and_no_more_than_allowed() -> None:
    with FakeServer({"m": openai()}) as server:
        async with open_http(candidate(server.url), key=None, at_once=2, note=print) as client:
            prompts = [choose(f"Number {n}?", (" A", " B", " C")) for n in range(6)]
            outcomes = await asyncio.gather(*map(client.send, prompts))
        assert server.connections <= 2
    assert all(isinstance(outcome, Reply) for outcome in outcomes)


# --- going on with a text -----------------------------------------------------------------------


def text(words: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "text": words, "finish_reason": finish}
    return event({"object": "text_completion", "model": "m", "choices": [choice]})


async def go_on(model: Model) -> Talk:
    return await talk(model, [continued("def f():\n", max_tokens=9, stop=("\ndef",))])


async def test_a_text_is_gone_on_with_by_another_address_and_without_messages() -> None:
    told = await go_on(events(text("    return"), text(" 1\n"), text("", "stop")))
    assert told.reply.text == "    return 1\n"
    assert told.reply.finish == "stop"
    (request,) = told.requests
    assert request.target == "/v1/completions"
    assert request.body == {
        "model": "m",
        "prompt": "def f():\n",
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 9,
        "temperature": 0,
        "stop": ["\ndef"],
    }


async def test_a_text_that_comes_whole_is_read_as_well() -> None:
    body = b'{"choices": [{"text": "    return 1", "finish_reason": "length"}]}'
    reply = (await go_on(raw(http(200, body)))).reply
    assert (reply.text, reply.finish) == ("    return 1", "length")


async def test_a_server_that_cannot_go_on_with_a_text_says_so_itself() -> None:
    told = await go_on(turn_down(404, "This is a chat model"))
    assert (told.failure.kind, told.failure.detail) == ("rejected", "404: This is a chat model")
