"""A recording gives back what was recorded, and says which line is wrong."""

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.candidates.recorded import RecordedClient
from visavis.core.errors import DataError
from visavis.core.outcome import Failure, Reply, Usage
from visavis.core.prompt import Prompt, ask

PROMPT = ask("2 + 2?", max_tokens=9)


def _client(folder: Path, *lines: object) -> RecordedClient:
    path = folder / "replies.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return RecordedClient(path)


async def test_a_prompt_is_found_by_its_text_its_digest_or_its_messages(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"2 + 2?").hexdigest()
    messages = [{"role": "user", "content": "2 + 2?"}]
    for key in ({"prompt": "2 + 2?"}, {"sha256": digest.upper()}, {"messages": messages}):
        assert await _client(tmp_path, {**key, "text": "4"}).send(PROMPT) == Reply(text="4")


async def test_messages_go_before_the_prompt_alone(tmp_path: Path) -> None:
    messages = [{"role": "system", "content": "Shout."}, {"role": "user", "content": "2 + 2?"}]
    client = _client(
        tmp_path, {"prompt": "2 + 2?", "text": "4"}, {"messages": messages, "text": "FOUR"}
    )
    assert await client.send(PROMPT) == Reply(text="4")
    loud = ask("2 + 2?", max_tokens=9, system="Shout.")
    assert await client.send(loud) == Reply(text="FOUR")


async def test_all_that_is_known_of_a_reply_comes_back(tmp_path: Path) -> None:
    line = {
        "prompt": "2 + 2?",
        "text": "4 an",
        "finish": "length",
        "usage": {"input_tokens": 9, "output_tokens": 2, "reasoning_tokens": 1},
        "reasoning": "2 and 2",
        "refusal": None,
        "model": "gpt-4o-2024-08-06",
        "asked_in": "2024",
    }
    assert await _client(tmp_path, line).send(PROMPT) == Reply(
        text="4 an",
        finish="length",
        usage=Usage(input_tokens=9, output_tokens=2, reasoning_tokens=1),
        reasoning="2 and 2",
        model="gpt-4o-2024-08-06",
    )


async def test_a_prompt_that_was_never_asked_is_missing(tmp_path: Path) -> None:
    client = _client(tmp_path, {"prompt": "2 + 2?", "text": "4"})
    outcome = await client.send(ask("2 + 3?", max_tokens=9))
    assert isinstance(outcome, Failure)
    assert outcome.kind == "missing"
    assert "2 + 3" not in outcome.detail
    nobody = await client.send(Prompt(messages=(), settings=PROMPT.settings))
    assert isinstance(nobody, Failure)


async def test_a_packed_recording_with_a_mark_and_empty_lines_is_read(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl.gz"
    path.write_bytes(gzip.compress(b'\xef\xbb\xbf\n{"prompt": "2 + 2?", "text": "4"}\r\n\r\n'))
    assert await RecordedClient(path).send(PROMPT) == Reply(text="4")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{oops", "line 2 is not a reply"),
        ("7", "line 2 is not a reply"),
        ('{"prompt": "b"}', "line 2 is not a reply.*text"),
        ('{"prompt": "b", "text": "x", "finish": "never"}', "line 2 is not a reply.*finish"),
        ('{"prompt": "b", "text": "x", "usage": {}}', "line 2 is not a reply"),
        ('{"text": "x"}', "line 2 does not say what was asked"),
        ('{"prompt": "a", "text": "x"}', "line 2 answers a prompt that an earlier line"),
        ("[" * 100_000, "line 2 is not a reply"),
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text('{"prompt": "a", "text": "y"}\n' + line + "\n")
    with pytest.raises(DataError, match=f"'replies.jsonl', {said}"):
        RecordedClient(path)


def test_a_reply_recorded_twice_alike_is_fine(tmp_path: Path) -> None:
    line = {"prompt": "2 + 2?", "text": "4"}
    _client(tmp_path, line, line)


def test_a_recording_that_cannot_be_read_is_a_data_error(tmp_path: Path) -> None:
    whole = gzip.compress(b'{"prompt": "a", "text": "y"}\n' * 99)
    contents = {
        "empty.jsonl": b"",
        "plain.gz": b'{"prompt": "a", "text": "y"}',
        "cut.gz": whole[: len(whole) // 2],
        "torn.gz": whole[:12] + b"\xff\xff\xff" + whole[15:],
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match=name):
            RecordedClient(tmp_path / name)
    with pytest.raises(DataError, match="No such file"):
        RecordedClient(tmp_path / "none.jsonl")


@given(content=st.binary(max_size=60))
def test_any_file_is_a_recording_or_a_data_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "replies.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError):
        RecordedClient(path)


async def test_a_case_goes_before_the_words_in_which_it_is_asked(tmp_path: Path) -> None:
    client = _client(
        tmp_path,
        {"case": "sums@log/1", "text": "four"},
        {"case": "sums@log/2", "text": "IV", "logprobs": [-1.0, -2.0]},
        {"prompt": "2 + 2?", "text": "4"},
    )
    for case, text in (("sums@log/1", "four"), ("sums@log/2", "IV"), ("sums@log/3", "4")):
        reply = await client.send(replace(PROMPT, case=case))
        assert isinstance(reply, Reply)
        assert reply.text == text
