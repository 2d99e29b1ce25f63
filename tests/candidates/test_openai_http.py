"""What a server does on the wire, and what a client makes of it."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest

from tests.candidates.talk import candidate, talk
from tests.fake_models import (
    DONE,
    RESET,
    Model,
    Request,
    Step,
    chunk,
    event,
    events,
    http,
    say,
    turn_down,
)
from tests.fake_server import FakeServer
from visavis.candidates.openai_http import Limits, open_http
from visavis.core.errors import MissingKeyError, OptionError
from visavis.core.outcome import Reply, Usage
from visavis.core.prompt import Message, Prompt, Settings, ask

END = chunk(finish="stop") + DONE


# --- what is sent -------------------------------------------------------------------------------


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


# --- what a server does not take ----------------------------------------------------------------


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


# --- good answers, told in many ways ------------------------------------------------------------


async def test_text_usage_and_model_come_from_the_stream() -> None:
    counted = {
        "prompt_tokens": 20,
        "completion_tokens": 12,
        "prompt_tokens_details": {"cached_tokens": 16, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 5},
    }
    reply = (
        await talk(
            events(
                chunk("m-2026", role="assistant", content=""),
                chunk("m-2026", content="4"),
                chunk("m-2026", content="2", finish="stop"),
                event({"choices": [], "usage": counted}),
                DONE,
            )
        )
    ).reply
    assert (reply.text, reply.finish, reply.model) == ("42", "stop", "m-2026")
    assert reply.usage == Usage(
        input_tokens=20, output_tokens=12, cached_tokens=16, reasoning_tokens=5
    )


@pytest.mark.parametrize(("said", "kept"), [("fp_1", "fp_1"), ("", None), (7, None), (None, None)])
async def test_the_mark_of_the_system_behind_a_model_is_kept(
    said: object, kept: str | None
) -> None:
    marked = event({"choices": [], "system_fingerprint": said})
    reply = (await talk(events(chunk(content="4"), marked, END))).reply
    assert (reply.text, reply.fingerprint) == ("4", kept)


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_reasoning_is_kept_apart_and_starts_no_clock(field: str) -> None:
    thinking = chunk(**{field: "let me see "}), 0.05, chunk(**{field: "…"}), 0.05
    reply = (await talk(events(*thinking, chunk(content="4"), END))).reply
    assert (reply.text, reply.reasoning) == ("4", "let me see …")
    assert reply.stamps is not None
    assert reply.stamps.first_token_s is not None
    assert reply.stamps.first_token_s >= 0.09


async def test_a_refusal_is_kept_apart_from_the_text() -> None:
    reply = (await talk(events(chunk(refusal="I can"), chunk(refusal="not."), END))).reply
    assert (reply.text, reply.refusal) == ("", "I cannot.")


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("length", "length"),
        ("content_filter", "content_filter"),
        ("tool_calls", "tool_calls"),
        ("function_call", "tool_calls"),
        ("end_of_world", "unknown"),
    ],
)
async def test_the_reason_of_the_end_is_told(reason: str, finish: str) -> None:
    call = [{"index": 0, "function": {"name": "f", "arguments": "{}"}}]
    reply = (
        await talk(events(chunk(content=None, tool_calls=call), chunk(finish=reason), DONE))
    ).reply
    assert (reply.text, reply.finish) == ("", finish)


async def test_an_answer_survives_what_is_missing_at_its_end() -> None:
    no_done = events(chunk(content="4", finish="stop"))
    no_reason = events(chunk(content="4"), DONE)
    no_blank_line = events(chunk(content="4"), chunk(finish="stop").rstrip())
    broken_after_its_end = events(chunk(content="4", finish="stop"), 0.02, RESET)
    for model in (no_done, no_reason, no_blank_line, broken_after_its_end):
        assert (await talk(model)).reply.text == "4"


async def test_a_response_left_open_after_done_costs_a_moment_and_not_a_timeout() -> None:
    told = await talk(events(chunk(content="4"), END, 30.0))
    assert told.reply.text == "4"
    assert told.reply.stamps is not None
    assert told.reply.stamps.total_s < 10.0


async def test_what_comes_after_done_is_read_past_and_not_taken() -> None:
    late = events(chunk(content="4"), END, 0.02, chunk(content="5"))
    told = await talk(late, ["2 + 2?", "again?"])
    assert [outcome.text for outcome in told.outcomes if isinstance(outcome, Reply)] == ["4", "4"]


async def test_connections_that_shall_not_last_do_not() -> None:
    with FakeServer({"m": say("ok")}) as server:
        limits = Limits(keep_alive=False)
        who = candidate(server.url)
        async with open_http(who, key=None, at_once=1, note=print, limits=limits) as client:
            for _ in range(3):
                assert isinstance(await client.send(ask("?", max_tokens=9)), Reply)
        assert server.connections == 3


async def test_comments_blank_lines_crlf_and_other_fields_pass_unseen() -> None:
    noisy = b": keep-alive\r\n\r\nevent: x\r\nid: 7\r\nretry: 9\r\n"
    reply = (
        await talk(
            events(
                noisy + chunk(content="4").replace(b"\n", b"\r\n"),
                b": ping\n\n\n\n",
                event({"choices": []}),
                event({"choices": [], "prompt_filter_results": [{"index": 0}]}),
                event({"choices": None}),
                chunk(content=None, finish=None),
                END.replace(b"data: ", b"data:"),
            )
        )
    ).reply
    assert reply.text == "4"


async def test_an_event_of_several_data_lines_is_one_payload() -> None:
    lines = b'data: {"choices": [{"delta":\ndata: {"content": "4"}, "finish_reason": "stop"}]}\n\n'
    assert (await talk(events(lines))).reply.text == "4"


async def test_a_whole_answer_to_a_streamed_question_is_read() -> None:
    def whole(_: Request) -> Iterator[Step]:
        message = {"role": "assistant", "content": "4", "reasoning_content": "2 and 2"}
        usage = {"prompt_tokens": 3, "completion_tokens": 1}
        body = {"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}
        yield http(200, b"\n " + json.dumps(body, indent=2).encode())

    reply = (await talk(whole)).reply
    assert (reply.text, reply.reasoning) == ("4", "2 and 2")
    assert reply.usage == Usage(input_tokens=3, output_tokens=1)


async def test_a_character_cut_anywhere_is_whole_again() -> None:
    said = chunk(content="zażółć 🦉 gęślą") + END
    cuts = [said[at : at + 1] for at in range(len(said))]
    assert (await talk(events(*cuts))).reply.text == "zażółć 🦉 gęślą"


@pytest.mark.parametrize(
    "counted",
    [
        None,
        {},
        "many",
        {"prompt_tokens": None, "completion_tokens": 3},
        {"prompt_tokens": -1, "completion_tokens": 3},
        {"prompt_tokens": 2, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 9}},
    ],
)
async def test_a_count_that_cannot_be_one_is_no_count_and_costs_no_reply(counted: object) -> None:
    reply = (
        await talk(events(chunk(content="4"), event({"choices": [], "usage": counted}), END))
    ).reply
    assert (reply.text, reply.usage) == ("4", None)


# --- stamps -------------------------------------------------------------------------------------


async def test_stamps_agree_with_what_the_server_truly_sent() -> None:
    told = await talk(say("abcdef", pieces=6, first_s=0.1, gap_s=0.03), ["warm", "2 + 2?"])
    outcome, request = told.outcomes[1], told.requests[1]
    stamps = outcome.stamps
    assert stamps is not None
    assert stamps.first is not None
    assert stamps.last is not None
    assert stamps.due <= stamps.sent <= request.received
    assert 0 <= stamps.first - request.sent[0] < 0.25
    assert 0 <= stamps.last - request.sent[5] < 0.25
    assert stamps.last <= stamps.done
    assert all(a >= 0.1 for a in [request.sent[0] - request.received])
    assert all(b - a >= 0.029 for a, b in pairwise(request.sent[:6]))


async def test_an_answer_without_text_has_no_first_token() -> None:
    stamps = (await talk(events(chunk(content=""), END))).reply.stamps
    assert stamps is not None
    assert stamps.first is stamps.last is None


# --- mistakes at the door -----------------------------------------------------------------------


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
