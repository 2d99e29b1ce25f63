"""The OpenAI format: the request we send, the chunks that come, the errors of any shape.

Typed by msgspec, strictly where a reply is made from it (content, finish) and loosely where
servers differ (reasoning, usage, errors), so that an odd extra never costs a good reply.
"""

from base64 import b64encode
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from visavis.core.outcome import Finish, Usage
from visavis.core.prompt import Image, Message, Prompt
from visavis.core.tell import tell

# --- what we send -------------------------------------------------------------------------------

SPARED: Final = {
    "stream_options": tell("replies come without token counts, so without price and speed"),
    "max_tokens": tell("'max_completion_tokens' is sent instead"),
    "temperature": tell("its own default holds, so replies may vary"),
    "top_p": tell("its own default holds"),
    "seed": tell("replies may vary from run to run"),
    "ignore_eos": tell("replies end where the model ends them"),
}
"""Fields that some servers refuse and a request can spare, with what follows from that."""


class _StreamOptions(msgspec.Struct):
    include_usage: bool = True


class _Text(msgspec.Struct, tag_field="type", tag="text"):
    text: str


class _Address(msgspec.Struct):
    url: str


class _Picture(msgspec.Struct, tag_field="type", tag="image_url"):
    image_url: _Address


class _Message(msgspec.Struct):
    role: str
    content: str | tuple[_Text | _Picture, ...]


class _Request(msgspec.Struct, omit_defaults=True):
    model: str
    messages: tuple[_Message, ...] | None = None
    prompt: str | None = None
    """Raw text to go on with, in place of messages."""
    stream: bool | None = None
    stream_options: _StreamOptions | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] | None = None
    ignore_eos: bool | None = None
    """Not OpenAI's: vLLM and llama.cpp then write on to the limit, so that speeds are of replies of
    one length."""


_encode = msgspec.json.Encoder().encode
_WITH_USAGE: Final = _StreamOptions()


def encode_request(
    model: str, prompt: Prompt, spared: Collection[str], *, to_the_limit: bool = False
) -> bytes:
    """The body of a request, without the `spared` fields that this server refuses: of a chat, or
    to go on with a text. `to_the_limit` asks for a reply that is as long as allowed."""
    settings = prompt.settings
    limit, old_name = settings.max_tokens, "max_tokens" not in spared
    raw = prompt.way == "continue"
    return _encode(
        _Request(
            model=model,
            messages=None if raw else tuple(_Message(m.role, _content(m)) for m in prompt.messages),
            prompt=prompt.messages[-1].content if raw else None,
            stream=True,
            stream_options=None if "stream_options" in spared else _WITH_USAGE,
            max_tokens=limit if old_name else None,
            max_completion_tokens=None if old_name else limit,
            temperature=None if "temperature" in spared else settings.temperature,
            top_p=None if "top_p" in spared else settings.top_p,
            seed=None if "seed" in spared else settings.seed,
            stop=settings.stop or None,
            ignore_eos=True if to_the_limit and "ignore_eos" not in spared else None,
        )
    )


def _content(message: Message) -> str | tuple[_Text | _Picture, ...]:
    """The text alone, or in parts with each picture behind the first mention of its mark."""
    return tuple(_parts(message)) if message.images else message.content


def _parts(message: Message) -> Iterator[_Text | _Picture]:
    text, done = message.content, 0
    for end, image in sorted(_ends(message), key=lambda placed: placed[0]):
        if text[done:end]:
            yield _Text(text[done:end])
        done = end
        encoded = b64encode(image.data).decode("ascii")
        yield _Picture(_Address(f"data:{image.media_type};base64,{encoded}"))
    if text[done:]:
        yield _Text(text[done:])


def _ends(message: Message) -> Iterator[tuple[int, Image]]:
    """Where each picture is shown: behind its mark, or behind the whole text."""
    text = message.content
    for image in message.images:
        at = text.find(image.mark) if image.mark else -1
        yield (len(text) if at < 0 else at + len(image.mark)), image


# --- what comes ---------------------------------------------------------------------------------


class Part(msgspec.Struct, gc=False):
    """A piece of a message (`delta`), or a whole one (`message`)."""

    content: str | None = None
    refusal: str | None = None
    reasoning_content: Any = None
    """Thinking as DeepSeek, vLLM and llama.cpp name it."""
    reasoning: Any = None
    """Thinking as OpenRouter, Groq and Ollama name it."""


class Choice(msgspec.Struct, gc=False):
    delta: Part | None = None
    message: Part | None = None
    """In place of `delta` when a server answers whole though asked to stream."""
    text: str | None = None
    """Of a text that is gone on with: in place of the two."""
    finish_reason: str | None = None


class Chunk(msgspec.Struct, gc=False):
    choices: list[Choice] | None = None
    model: str | None = None
    system_fingerprint: Any = None
    """Of the system behind the model; some servers fill it with what is no text."""
    usage: msgspec.Raw = msgspec.Raw()
    """Left undecoded: some servers count anew in every chunk, and only the last one matters."""
    error: Any = None
    message: Any = None
    """With no `choices` beside it: an error as older vLLM servers write it."""


decode_chunk = msgspec.json.Decoder(Chunk).decode

_FINISHES: Final[dict[str, Finish]] = {
    "stop": "stop",
    "length": "length",
    "content_filter": "content_filter",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
}


def read_finish(reason: str | None) -> Finish:
    return _FINISHES.get(reason or "", "unknown")


class _PromptDetails(msgspec.Struct):
    cached_tokens: int | None = None


class _CompletionDetails(msgspec.Struct):
    reasoning_tokens: int | None = None


class _Counted(msgspec.Struct):
    prompt_tokens: int
    completion_tokens: int
    prompt_tokens_details: _PromptDetails | None = None
    completion_tokens_details: _CompletionDetails | None = None


def read_usage(counted: bytes | msgspec.Raw | None) -> Usage | None:
    """Tokens as counted; None when there is no count, or none that could be one."""
    if not counted:
        return None
    try:
        count = msgspec.json.decode(counted, type=_Counted)
    except ValueError:
        return None
    cached = count.prompt_tokens_details and count.prompt_tokens_details.cached_tokens
    thought = count.completion_tokens_details and count.completion_tokens_details.reasoning_tokens
    usage = Usage(
        input_tokens=count.prompt_tokens,
        output_tokens=count.completion_tokens,
        cached_tokens=cached or 0,
        reasoning_tokens=thought or 0,
    )
    in_order = (
        0 <= usage.cached_tokens <= usage.input_tokens
        and 0 <= usage.reasoning_tokens <= usage.output_tokens
    )
    return usage if in_order else None


# --- errors of any shape ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What a server said was wrong, in its own words: not yet fit to be shown."""

    message: str
    code: str = ""
    """`unsupported_parameter`, `429` …"""
    kind: str = ""
    """What the wire calls `type`: `insufficient_quota` …"""
    param: str = ""
    """The field of the request that it is about, where the server says so."""


def read_complaint(body: bytes) -> Complaint:
    """The complaint in an error's body, whatever its shape."""
    try:
        return complaint_in(msgspec.json.decode(body))
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or a pit of lists
        return Complaint(message=body.decode("utf-8", "replace") or "no reason given")


def complaint_in(value: Any) -> Complaint:
    """The complaint in decoded JSON, as OpenAI, FastAPI, Ollama, Google and others nest it."""
    match value:
        case [first, *_]:
            return complaint_in(first)
        case {"error": error} if error:
            return complaint_in(error)
        case {"detail": [{"msg": message, "loc": [*place]}, *_]}:
            return Complaint(message=f"{place}: {message}", param=str(place[-1]) if place else "")
        case {"message": message} | {"detail": message} | {"msg": message} if message:
            code, kind, param = (str(value.get(name) or "") for name in ("code", "type", "param"))
            return Complaint(message=str(message), code=code, kind=kind, param=param)
    return Complaint(message=value if isinstance(value, str) else "no reason given")
