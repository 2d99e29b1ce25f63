"""Reads an answer in what a model wrote: yes or no, a JSON value.

A reader returns None when there is no answer to read; then the reply is *unparsed*. All run in
time linear in the reply, whatever it says.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

_MEANING: dict[str, Literal["yes", "no"]] = {"yes": "yes", "oui": "yes", "no": "no", "non": "no"}

_YES_NO_LINE = re.compile(
    r"[^\w\n]*(?:(?:so |donc )?(?:the |la )?(?:final )?(?:answer|réponse)(?: finale)?"
    r"(?: is| est)?[^\w\n]*)?(yes|oui|no|non)[^\w\n]*",
    re.IGNORECASE,
)
"""A line that is the answer: "No.", "**Answer: yes**", "La réponse est non."."""

_YES_NO_SAID = re.compile(
    r"(?<![\w-])(?<!\bor )(?<!\bou )(yes|oui|no|non)(?=[ \u00a0]?(?:[.,;:!?*_)\"'»\]]|$))",
    re.IGNORECASE | re.MULTILINE,
)
"""An answer in passing: "No, because …". A "no" before a noun ("no Zorks are …") is none, and
neither is the end of "yes or no"."""

_YES_FIRST = re.compile(r"[^\w\n]*(yes|oui)\b(?! or\b| ou\b)", re.IGNORECASE)

_FENCED = re.compile(r"^[ \t]*```[^\n`]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)

_STARTS_TRIED = 200
"""Places in a reply at which a JSON value is looked for."""


def yes_no(text: str) -> Literal["yes", "no"] | None:
    """The last yes or no, in English or French; a line of its own goes before one in passing."""
    for line in reversed(text.splitlines()):
        if alone := _YES_NO_LINE.fullmatch(line.strip()):
            return _MEANING[alone[1].lower()]
    said = _YES_NO_SAID.findall(text)
    if said:
        return _MEANING[said[-1].lower()]
    return "yes" if _YES_FIRST.match(text) else None


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON value that was found; None is a value too."""

    value: Any


def json_value(text: str) -> Json | None:
    """The reply if it is JSON, else its last fenced block that is, else its longest {…} or […]."""
    for block in (text, *reversed(_FENCED.findall(text))):
        value, end = _decoded(block.strip())
        if end == len(block.strip()) > 0:
            return Json(value)
    starts = [match.start() for match in re.finditer(r"[{\[]", text)][:_STARTS_TRIED]
    value, length = max(
        (_decoded(text[start:]) for start in starts), key=lambda found: found[1], default=(None, 0)
    )
    return Json(value) if length else None


def _decoded(text: str) -> tuple[Any, int]:
    """The JSON value at the beginning of `text`, and its length there: 0 when there is none."""
    try:
        return _DECODER.raw_decode(text)
    except (ValueError, RecursionError):  # not JSON, a number of absurd length, or too deep
        return None, 0


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
