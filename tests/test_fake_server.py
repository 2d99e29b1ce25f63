"""The fake server serves what it was told to, and its log tells the truth."""

import json
import time
import urllib.error
import urllib.request
from itertools import pairwise
from typing import Any

import pytest

from tests.fake_models import echo, in_turn, say, turn_down
from tests.fake_server import FakeServer, own_process


def _ask(url: str, model: str, prompt: str, **more: object) -> Any:
    asked = {"model": model, "messages": [{"role": "user", "content": prompt}], **more}
    with urllib.request.urlopen(f"{url}/chat/completions", json.dumps(asked).encode()) as answer:
        return answer.read().decode()


def test_a_plain_request_is_answered_whole_and_logged() -> None:
    with FakeServer({"echo": echo}) as server:
        whole = json.loads(_ask(server.url, "echo", "héllo"))
        assert whole["choices"][0]["message"]["content"] == "héllo"
    assert [(r.prompt, r.ended) for r in server.requests] == [("héllo", "sent")]


def test_a_streamed_answer_comes_at_the_pace_that_was_written() -> None:
    with FakeServer({"slow": say("abcd", pieces=4, first_s=0.02, gap_s=0.01)}) as server:
        said = _ask(server.url, "slow", "?", stream=True)
        sent = server.requests[0].sent
    assert said.endswith("data: [DONE]\n\n")
    assert sent[0] - server.requests[0].received >= 0.02
    assert len(sent) == 6  # four pieces, the end with its usage, the closing chunk
    assert all(late - early >= 0.009 for early, late in pairwise(sent[:5]))


def test_a_prompt_meets_the_models_in_turn() -> None:
    with FakeServer({"m": in_turn(turn_down(429), say("at last"))}) as server:
        with pytest.raises(urllib.error.HTTPError, match="429") as refused:
            _ask(server.url, "m", "?")
        refused.value.close()
        assert "at last" in _ask(server.url, "m", "?")
        assert server.times("?") == 2


def test_a_server_in_its_own_process_hands_out_its_log_on_our_clock() -> None:
    before = time.perf_counter()
    with own_process() as server:
        assert "Yes" in _ask(server.url, "yes", "really?")
        (request,) = server.requests()
    assert request.prompt == "really?"
    assert before < request.received < request.sent[0] < time.perf_counter()
