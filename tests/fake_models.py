"""Fake models: functions from a request to the steps of the answer, good or faulty."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal

import msgspec

RESET: Final = "reset"
HANG_UP: Final = "hang up"
Step = bytes | float | Literal["reset", "hang up"]
Model = Callable[["Request"], Iterable[Step]]


@dataclass(slots=True, kw_only=True)
class Request:
    """What the server received, and what it then truly sent."""

    number: int
    """Position in the server's log, from 0."""
    time: int
    """How often this prompt was put to this model so far, from 1."""
    target: str
    """Path and query."""
    model: str
    prompt: str
    """The last message."""
    headers: dict[str, str]
    """Names in lower case."""
    body: dict[str, Any]
    received: float
    sent: list[float] = field(default_factory=list)
    """One instant for each piece of the answer, the head and the first piece being one."""
    ended: Literal["sent", "reset", "hang up", "client gone", "open"] = "open"


# --- fake models --------------------------------------------------------------------------------


def say(
    text: str | Callable[[Request], str],
    *,
    pieces: int = 1,
    first_s: float = 0.0,
    gap_s: float = 0.0,
    usage: bool = True,
) -> Model:
    """Answers `text` in `pieces` chunks, one token each by its own count."""

    def model(request: Request) -> Iterable[Step]:
        words = text if isinstance(text, str) else text(request)
        if not request.body.get("stream"):
            return [http(200, msgspec.json.encode(_completion(request.model, words, pieces)))]
        counted = usage and bool(request.body.get("stream_options", {}).get("include_usage"))
        events = _said(request.model, words, pieces, counted)
        if not first_s and not gap_s:
            return [_whole(events)]
        return stream(first_s, *_spaced(events, gap_s))

    return model


def echo(request: Request) -> Iterable[Step]:
    """Answers the prompt itself."""
    return say(request.prompt)(request)


def turn_down(
    status: int,
    message: str = "no",
    *,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Model:
    """Answers an error as OpenAI words it."""
    body = msgspec.json.encode({"error": {"message": message, "type": "error", "code": code}})
    return lambda _: [http(status, body, headers)]


def raw(*steps: Step) -> Model:
    """Sends exactly these bytes, HTTP head included."""
    return lambda _: steps


def events(*steps: Step) -> Model:
    """Sends these pieces as the body of an event stream, whatever they hold."""
    return lambda _: stream(*steps)


def in_turn(*models: Model) -> Model:
    """Each prompt meets the first model, asked again the second …; the last one stays."""
    return lambda request: models[min(request.time, len(models)) - 1](request)


def mixed(*models: Model, seed: int = 0) -> Model:
    """Each request meets one of the models, drawn by its number: a storm that can be repeated."""
    return lambda request: random.Random(seed * 1_000_003 + request.number).choice(models)(request)


def stall(seconds: float = 3600.0) -> Model:
    """Takes the request and says nothing."""
    return raw(seconds, HANG_UP)


# --- the bytes of an answer ---------------------------------------------------------------------

_REASONS = {200: "OK", 429: "Too Many Requests", 500: "Internal Server Error"}
_STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
)
DONE = b"data: [DONE]\n\n"


def http(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A whole response."""
    more = {"Content-Type": "application/json", **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in more.items())
    head = f"HTTP/1.1 {status} {_REASONS.get(status, 'Other')}\r\n{lines}"
    return head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


def event(payload: object) -> bytes:
    """One server-sent event."""
    return b"data: " + msgspec.json.encode(payload) + b"\n\n"


def chunk(model: str = "fake", *, finish: str | None = None, **delta: object) -> bytes:
    """One `chat.completion.chunk` as an event."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return event({"object": "chat.completion.chunk", "model": model, "choices": [choice]})


def tokens(model: str, output: int, *, prompt: int = 7) -> bytes:
    """The chunk that carries the usage."""
    counted = {
        "prompt_tokens": prompt,
        "completion_tokens": output,
        "total_tokens": prompt + output,
    }
    return event({"model": model, "choices": [], "usage": counted})


def stream(*steps: Step) -> Iterator[Step]:
    """An event stream with a chunked body: the head goes out with the first piece."""
    ahead = _STREAM_HEAD
    for step in steps:
        if isinstance(step, bytes):
            yield ahead + f"{len(step):x}\r\n".encode() + step + b"\r\n"
            ahead = b""
        else:
            yield step
            if isinstance(step, str):
                return
    yield ahead + b"0\r\n\r\n"


@lru_cache(maxsize=1024)
def _said(model: str, text: str, pieces: int, usage: bool) -> tuple[bytes, ...]:
    size = max(1, -(-len(text) // pieces))
    cut = [text[at : at + size] for at in range(0, len(text), size)]
    first = chunk(model, role="assistant", content=cut[0] if cut else "")
    rest = (chunk(model, content=piece) for piece in cut[1:])
    end = [chunk(model, finish="stop")] + ([tokens(model, len(cut))] if usage else [])
    return (first, *rest, b"".join([*end, DONE]))


@lru_cache(maxsize=1024)
def _whole(pieces: tuple[bytes, ...]) -> bytes:
    return b"".join(step for step in stream(*pieces) if isinstance(step, bytes))


def _spaced(pieces: tuple[bytes, ...], gap_s: float) -> Iterator[Step]:
    yield pieces[0]
    for piece in pieces[1:]:
        yield gap_s
        yield piece


def _completion(model: str, text: str, output: int) -> dict[str, Any]:
    return {
        "object": "chat.completion",
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 7, "completion_tokens": output, "total_tokens": 7 + output},
    }


def _storm() -> Model:
    """Every fault of a bad day, and as many good answers."""
    good = say("Yes", pieces=2)
    return mixed(
        good,
        good,
        good,
        turn_down(429, "rate limit", headers={"Retry-After": "0"}),
        turn_down(503, "overloaded"),
        turn_down(500, "internal error"),
        raw(RESET),
        stall(2.0),
        events(chunk(content="Y"), RESET),
        events(chunk(content="Y"), HANG_UP),
        events(chunk(content="Y"), 2.0),
        events(b"data: {not json\n\n"),
        events(chunk(content="Y"), event({"error": {"message": "the engine fell over"}})),
        raw(http(200, b"<html>hello</html>", {"Content-Type": "text/html"})),
    )


MODELS: Mapping[str, Model] = {
    "yes": say("Yes"),
    "no": say("No"),
    "echo": echo,
    "steady": say("word " * 64, pieces=64, first_s=0.05, gap_s=0.005),
    "busy": turn_down(429, "slow down", headers={"Retry-After": "1"}),
    "fault-mix": _storm(),
}
"""What a server serves when it is given nothing else."""
