"""Replies of another day, replayed: `recorded:/path/replies.jsonl`, or `.jsonl.gz`.

One JSON object a line, which says what was asked in one of four ways, and what came:

    {"prompt": "2 + 2?", "text": "4"}
    {"case": "gsm8k@zeroeval/17", "text": "4"}
    {"sha256": "a1b2…", "text": "4", "finish": "length"}
    {"messages": [{"role": "user", "content": "2 + 2?"}], "text": "4",
     "usage": {"input_tokens": 9, "output_tokens": 1}, "model": "gpt-4o-2024-08-06"}

`prompt` is the text of the last user message, exactly; `sha256` is the hexadecimal digest of its
UTF-8; `messages` are all messages, the system's included, and are looked for before it. `case` is
a protocol and one of its cases, as `visavis import` writes it; it goes before all others, since
two cases may be asked in the same words. `text` is the reply. Beside `finish` (`stop`, `length`,
`content_filter`, `tool_calls`, `unknown`) and `usage` (with `cached_tokens` and `reasoning_tokens`
where known), `reasoning`, `refusal`, `model` and `logprobs` are read; further fields and empty
lines are not. A recording says nothing about speed.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from visavis.core.errors import DataError
from visavis.core.outcome import Failure, Finish, Outcome, Reply, Usage
from visavis.core.prompt import Message, Prompt
from visavis.core.tell import tell

_BOM = b"\xef\xbb\xbf"


class _Line(msgspec.Struct):
    text: str
    case: str | None = None
    prompt: str | None = None
    sha256: str | None = None
    messages: tuple[Message, ...] | None = None
    finish: Finish = "stop"
    usage: Usage | None = None
    reasoning: str | None = None
    refusal: str | None = None
    model: str | None = None
    logprobs: tuple[float, ...] | None = None

    def keys(self) -> Iterator[str]:
        """The case or the digests under which this reply is found; no digest has a slash."""
        if self.case:
            yield self.case
        if self.messages is not None:
            yield _digest_of_all(self.messages)
        if self.sha256 is not None:
            yield self.sha256.lower()
        if self.prompt is not None:
            yield _digest(self.prompt)

    def reply(self) -> Reply:
        return Reply(
            text=self.text,
            finish=self.finish,
            usage=self.usage,
            reasoning=self.reasoning,
            refusal=self.refusal,
            model=self.model,
            logprobs=self.logprobs,
        )


class RecordedClient:
    """Gives the recorded reply to a prompt; a prompt that was never asked is a `Failure`."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._replies = _read(path)

    async def send(self, prompt: Prompt) -> Outcome:
        asked = [message.content for message in prompt.messages if message.role == "user"]
        reply = self._replies.get(prompt.case) if prompt.case else None
        if reply is None:
            reply = self._replies.get(_digest_of_all(prompt.messages))
        if reply is None and asked:
            reply = self._replies.get(_digest(asked[-1]))
        if reply is None:
            return Failure(
                kind="missing", detail=tell("no reply to this prompt in {name!r}", name=self._name)
            )
        return reply


def _read(path: Path) -> dict[str, Reply]:
    """The replies of a recording by the digest of what was asked."""
    decode = msgspec.json.Decoder(_Line).decode
    replies: dict[str, Reply] = {}
    for number, raw in _lines(path):
        where = f"recording {path.name!r}, line {number}"
        try:
            line = decode(raw)
        except (ValueError, RecursionError) as error:
            raise DataError(f"{where} is not a reply: {error}") from error
        keys, reply = list(line.keys()), line.reply()
        if not keys:
            raise DataError(f"{where} does not say what was asked; add a field 'prompt'")
        if any(replies.setdefault(key, reply) != reply for key in keys):
            raise DataError(f"{where} answers a prompt that an earlier line answers otherwise")
    if not replies:
        raise DataError(f"recording {path.name!r} holds no reply; check the file")
    return replies


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Lines that hold something, with their numbers from 1."""
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, start=1):
                text = line.removeprefix(_BOM).strip()
                if text:
                    yield number, text
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"recording {path.name!r} is cut short or no gzip file: {error}") from error
    except OSError as error:
        why = error.strerror or str(error)
        raise DataError(f"recording {path.name!r} cannot be read: {why}") from error


def _opened(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _digest_of_all(messages: tuple[Message, ...]) -> str:
    return hashlib.sha256(msgspec.json.encode(messages)).hexdigest()
