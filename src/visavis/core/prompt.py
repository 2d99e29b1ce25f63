"""What is sent to a candidate."""

from dataclasses import dataclass
from typing import Literal

Way = Literal["chat", "continue", "choose"]
"""How a candidate is asked: in a conversation; to go on with a text, without a chat template; or
to say which of several continuations it finds the likeliest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture in a message, as the bytes of its file."""

    media_type: Literal["image/png", "image/jpeg", "image/webp", "image/gif"]
    data: bytes
    mark: str = ""
    """The text in the message's content behind whose first mention it is shown, such as
    `<image 1>`; behind all of the text where it is not mentioned."""
    pixels: tuple[int, int] | None = None
    """Width and height, where somebody has looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the reply is to be drawn. Equal settings and prompt mean an equal question."""

    max_tokens: int
    """Output tokens after which a reply is cut; a cut reply is counted as truncated."""
    temperature: float = 0.0
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question in the words in which every candidate gets it."""

    messages: tuple[Message, ...]
    """For the ways without a conversation one message, whose content is the raw text."""
    settings: Settings
    way: Way = "chat"
    choices: tuple[str, ...] = ()
    """For `choose`: the continuations. The reply's text is the likeliest of them."""
    case: str = ""
    """Protocol and case, where a recording finds its reply by them; never sent."""


def ask(question: str, *, max_tokens: int, system: str | None = None) -> Prompt:
    """A single question at temperature 0, with an optional system message."""
    first = () if system is None else (Message(role="system", content=system),)
    return Prompt(
        messages=(*first, Message(role="user", content=question)),
        settings=Settings(max_tokens=max_tokens),
    )


def continued(text: str, *, max_tokens: int, stop: tuple[str, ...] = ()) -> Prompt:
    """A raw text to go on with, at temperature 0, until one of `stop` comes."""
    return Prompt(
        messages=(Message(role="user", content=text),),
        settings=Settings(max_tokens=max_tokens, stop=stop),
        way="continue",
    )


def choose(text: str, choices: tuple[str, ...]) -> Prompt:
    """A raw text, and the continuations of which the likeliest is asked for."""
    return Prompt(
        messages=(Message(role="user", content=text),),
        settings=Settings(max_tokens=0),
        way="choose",
        choices=choices,
    )
