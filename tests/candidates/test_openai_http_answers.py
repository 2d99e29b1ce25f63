"""Good answers, told in many ways on the wire, and what a client makes of them."""

import json
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.candidates.talk import candidate, talk
from tests.fake_models import (
    DONE,
    RESET,
    Request,
    Step,
    chunk,
    event,
    events,
    http,
    say,
)
from tests.fake_server import FakeServer
from visavis.candidates.openai_http import Limits, open_http
from visavis.core.outcome import Reply, Usage
from visavis.core.prompt import ask

END = chunk(finish="stop") + DONE


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
