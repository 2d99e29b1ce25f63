"""What is sent to a candidate."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


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
    settings: Settings


def ask(question: str, *, max_tokens: int, system: str | None = None) -> Prompt:
    """A single question at temperature 0, with an optional system message."""
    first = () if system is None else (Message(role="system", content=system),)
    return Prompt(
        messages=(*first, Message(role="user", content=question)),
        settings=Settings(max_tokens=max_tokens),
    )
