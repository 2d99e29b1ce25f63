"""The longest reply: a count that cannot be at its end before the tokens are. Pure."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from visavis.core.outcome import Reply
from visavis.core.prompt import Prompt, ask

STARTS: Final = (1, 20_001)
"""Where the counts begin, a try each."""
_AT_MOST: Final = re.compile(
    r"(?:at most|up to|less than or equal to|<=|maximum (?:value )?(?:is|of)|limit (?:is|of))"
    r"\s*`?(\d[\d,]{0,15})",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(r"\d+")

ENDS: Final = 2
"""Tokens that end a reply, which some servers count and some do not."""

Ended = Literal["the model stopped", "the limit asked for", "the server's limit", "another end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """One long reply."""

    asked: int
    """Tokens that it might have had."""
    tokens: int | None
    """As the server counted; None where it does not count."""
    ended: Ended
    numbers: int
    """Of the count, in their order, before the first that is wrong."""
    turned_down: int | None = None
    """The fewest tokens that the server would not give, where it turned such a request down."""
    allowed: int | None = None
    """The most that it then said it gives."""


def prompt(start: int, max_tokens: int) -> Prompt:
    """Asks for one number a line, more lines than there can be tokens."""
    return ask(
        f"Count from {start} up to {start + max_tokens}, in digits, one number a line. Leave none "
        "out, do not abbreviate, write nothing else, and do not stop before the end.",
        max_tokens=max_tokens,
    )


def read(reply: Reply, start: int, asked: int) -> Wrote:
    """How long a reply is, and why it is no longer."""
    tokens = None if reply.usage is None else reply.usage.output_tokens
    ended: Ended = "another end"
    if reply.finish == "stop":
        ended = "the model stopped"
    elif reply.finish == "length":
        short = tokens is not None and tokens < asked - ENDS
        ended = "the server's limit" if short else "the limit asked for"
    numbers = 0
    for number in _WHOLE.findall(reply.text):
        if number != str(start + numbers):
            break
        numbers += 1
    return Wrote(asked=asked, tokens=tokens, ended=ended, numbers=numbers)


def allowed(detail: str, asked: int) -> int | None:
    """The most that a server says it gives, where it turned a request of `asked` tokens down."""
    stated = [int(found.replace(",", "")) for found in _AT_MOST.findall(detail)]
    return max((number for number in stated if 0 < number < asked), default=None)
