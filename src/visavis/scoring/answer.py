"""Compares what a reply states as its answer: "Answer: 42", "Réponse : le 3 mai 2026".

Working before it may hold any number of other texts, numbers and dates: only the answer counts.
"""

import math
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score
from visavis.core.tell import tell
from visavis.scoring.dates import last_date
from visavis.scoring.numbers import numbers
from visavis.scoring.stated import labelled

_LONGEST_ALONE = 200
"""Characters of a reply that is taken for the answer itself, where nothing in it is called so."""
_MARKUP = " \t*_`\"'“”«»\u00a0\u202f"
_ENDS = ".!?" + _MARKUP
"""What may end an answer and is no part of it."""


def stated_answer(text: str) -> str | None:
    """What stands behind the last "Answer:" or "Réponse :", without markup; else the whole reply
    where it is one short line; else None: no answer can be read."""
    said = labelled(text)
    if said:
        return _bare(said[-1]) or None
    alone = text.strip()
    if "\n" in alone or len(alone) > _LONGEST_ALONE:
        return None
    return _bare(alone) or None


def answer(expected: Mapping[str, Any], reply: str, fence: Fence) -> Grade:
    """The stated answer is one of the `texts`, the `number` (`within` some distance) or the
    `date`."""
    said = stated_answer(reply)
    if said is None:
        return Score(value=0.0, because=tell("states no answer"))
    if "number" in expected:
        return _number(said, expected["number"], expected.get("within", 0.0))
    if "date" in expected:
        return _date(said, date.fromisoformat(expected["date"]))
    held = any(_plain(said) == _plain(_bare(text)) for text in expected["texts"])
    because = tell("answers {said!r}, key {key!r}", said=said, key=" or ".join(expected["texts"]))
    return _score(held, because, said)


def _number(said: str, value: float, within: float) -> Grade:
    read = next(numbers(said.rpartition("=")[2]), None)
    if read is None:
        return Score(value=0.0, because=tell("answers {said!r}, which is no number", said=said))
    held = any(
        abs(reading - value) <= within or math.isclose(reading, value, rel_tol=1e-9)
        for reading in read.readings
    )
    because = tell("answers {read}, key {key}", read=read.written, key=f"{value:g}")
    return _score(held, because, read.written)


def _date(said: str, day: date) -> Grade:
    read = last_date(said)
    if read is None:
        return Score(value=0.0, because=tell("answers {said!r}, which is no date", said=said))
    because = tell("answers {read}, key {key}", read=read.written, key=day)
    return _score(read.equals(day), because, read.written)


def _score(held: bool, because: str, read: str) -> Score:
    return Score(value=float(held), because=because, read=read)


def _bare(text: str) -> str:
    return text.lstrip(_MARKUP).rstrip(_ENDS)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
