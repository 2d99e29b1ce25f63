"""A server's words, made fit to be shown: one short line without the key and without the prompt."""

import re
from typing import Final

from visavis.core.prompt import Prompt

LONGEST: Final = 200
"""Characters of a detail."""

_READ: Final = 2_000
"""Characters of a message that are looked at: an error page can be long."""
_SHARED_WORDS: Final = 4
"""So many words in a row, shared with the prompt, are taken for a piece of it."""
_KEY_PIECE: Final = 6
"""So many characters in a row, shared with the key, are taken for a piece of it: servers like to
show a key's beginning and end."""
_SECRET: Final = 16
"""Characters of the shortest key that is a secret: `EMPTY` or `ollama` are words like others."""
_HIDDEN: Final = "…"

_TAG = re.compile(r"<[^>]*>")
_UNFIT = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+"
)
"""Blanks, control characters, and marks that turn or hide text in a terminal."""
_WORD = re.compile(r"\w+")
_HIDDEN_RUN = re.compile(rf"{_HIDDEN}(?:\W+{_HIDDEN})+")


def one_line(message: str, *, key: str | None = None, prompt: Prompt | None = None) -> str:
    """`message` as a `Failure` may carry it."""
    line = _TAG.sub(" ", message[:_READ])
    line = _UNFIT.sub(" ", line).strip()
    if key is not None:
        line = _without_key(line, key)
    if prompt is not None:
        line = _without_prompt(line, " ".join(message.content for message in prompt.messages))
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def keyless(text: str, key: str) -> str:
    """A candidate's own words without the key: a server that knows it may have it say it."""
    return text if len(key) < _SECRET else text.replace(key, _HIDDEN)


def _without_key(line: str, key: str) -> str:
    """The line without any word that holds a piece of the key."""
    size = min(_KEY_PIECE, len(key))
    pieces = {key[at : at + size] for at in range(len(key) - size + 1)}

    def shown(word: str) -> str:
        windows = (word[at : at + size] for at in range(len(word) - size + 1))
        return _HIDDEN if any(window in pieces for window in windows) else word

    return " ".join(map(shown, line.replace(key, _HIDDEN).split(" ")))


def _without_prompt(line: str, asked: str) -> str:
    """The line without runs of words that the prompt holds, too; a short prompt counts whole."""
    words = _WORD.findall(asked)
    found = list(_WORD.finditer(line))
    run = min(_SHARED_WORDS, len(words))
    haystack = f" {' '.join(words)} "
    hidden: set[int] = set()
    for at in range(len(found) - run + 1 if run else 0):
        if f" {' '.join(match[0] for match in found[at : at + run])} " in haystack:
            hidden.update(range(at, at + run))
    for at in sorted(hidden, reverse=True):
        line = line[: found[at].start()] + _HIDDEN + line[found[at].end() :]
    return _HIDDEN_RUN.sub(_HIDDEN, line)
