"""Checks of how a reply is written, whatever it says: its length and its language."""

import re
from collections.abc import Mapping
from typing import Any, Final

from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score, Unscored
from visavis.core.tell import tell
from visavis.scoring.checks import shown
from visavis.scoring.instructions.language import language_of
from visavis.scoring.instructions.sentences import sentences

WORDS_TO_TELL: Final = 3
"""Below, a language is a guess: of two words two thirds are told right, of five 96 %."""

WIDE_SPREAD: Final = frozenset(
    (
        "ar",
        "bn",
        "de",
        "en",
        "es",
        "fr",
        "hi",
        "it",
        "ja",
        "ko",
        "nl",
        "pt",
        "ru",
        "sw",
        "te",
        "th",
        "zh",
    )
)
"""Languages that models write in when they were not asked to: a reply is held against these."""


def length(expected: Mapping[str, Mapping[str, int]], reply: str, fence: Fence) -> Grade:
    """The reply has `at_least` and `at_most` so many words, characters, sentences or lines."""
    text = reply.strip()
    counts = {unit: _COUNTED[unit](text) for unit in expected}
    wrong = [
        tell("{told}, {told_bounds}", told=_told(counts[unit], unit), told_bounds=_bounds(bounds))
        for unit, bounds in expected.items()
        if not bounds.get("at_least", 0) <= counts[unit] <= bounds.get("at_most", len(reply))
    ]
    held = ", ".join(_told(count, unit) for unit, count in counts.items())
    return Score(value=float(not wrong), because="; ".join(wrong) or held, read=shown(text) or None)


def language(expected: str, reply: str, fence: Fence) -> Grade:
    """The reply is written in the language of that ISO 639-1 code."""
    words = _words(reply)
    if not words:
        return Score(value=0.0, because=tell("no word in the reply"))
    found = language_of(reply, WIDE_SPREAD | {expected})
    if words < WORDS_TO_TELL and found is not None:
        because = tell("{words:d} words are too few to tell a language by", words=words)
        return Unscored(because=because)
    return Score(
        value=float(found == expected),
        because=tell("written in {found!r}, wanted {key!r}", found=found, key=expected),
        read=shown(reply),
    )


_WORD = re.compile(r"[^\W_]+(?:['’\-.,][^\W_]+)*")
"""A run of letters and digits: "don't", "well-known" and "3.5" are one each."""


def _words(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


def _sentences(text: str) -> int:
    return sum(1 for sentence in sentences(text) if _WORD.search(sentence))


def _lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


_COUNTED: Final[Mapping[str, Any]] = {
    "words": _words,
    "characters": len,
    "sentences": _sentences,
    "lines": _lines,
}


def _told(count: int, unit: str) -> str:
    texts = {
        "words": tell("{count:,} words", count=count),
        "characters": tell("{count:,} characters", count=count),
        "sentences": tell("{count:,} sentences", count=count),
        "lines": tell("{count:,} lines", count=count),
    }
    return texts[unit]


def _bounds(bounds: Mapping[str, int]) -> str:
    least, most = bounds.get("at_least"), bounds.get("at_most")
    if least == most:
        return tell("not {count:,}", count=least)
    if least is not None and most is not None:
        return tell("at least {least:,} and at most {most:,}", least=least, most=most)
    if least is not None:
        return tell("at least {count:,}", count=least)
    return tell("at most {count:,}", count=most)
