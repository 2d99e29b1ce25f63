"""What is wrong with a text that is no YAML: what its writer is to change, and on which line."""

import re
from typing import Final

from ruamel.yaml.error import MarkedYAMLError

_DASHES: Final = "–—−‐‑•"
"""What editors and word processors write for a hyphen."""
_OPENED: Final = {
    "while parsing a flow sequence": "a '[' is opened here and never closed, or a comma lacks",
    "while parsing a flow mapping": "a '{' is opened here and never closed, or a comma lacks",
}


def said_of(error: MarkedYAMLError, text: str) -> tuple[str, int]:
    """The mistake in words, and its line, counted from 1."""
    mark = error.problem_mark or error.context_mark
    number = mark.line if mark else 0
    lines = text.splitlines() or [""]
    for at in (number, number - 1):
        said = looks_like(lines[at]) if 0 <= at < len(lines) else None
        if said:
            return said, at + 1
    opened = _opened(error)
    if opened and error.context_mark:
        return opened, error.context_mark.line + 1
    line = lines[min(number, len(lines) - 1)]
    return _told(error.problem or "", line, mark.column if mark else 0), number + 1


def looks_like(line: str) -> str | None:
    """Characters that look like the ones that YAML wants."""
    blank = re.match(r"[ \t]*([^\S \t])", line)
    if blank:
        return f"is indented by U+{ord(blank[1]):04X}, which only looks like a space; write spaces"
    plain = line.lstrip()
    if plain[:1] and plain[0] in _DASHES:
        return f"begins with {plain[0]!r}, which only looks like a hyphen; write '- '"
    return None


def _opened(error: MarkedYAMLError) -> str | None:
    """What was opened, and not closed where YAML looked for it."""
    if error.context == "while scanning a quoted scalar" and "end of stream" in str(error.problem):
        return "a quote is opened here and never closed"
    return _OPENED.get(error.context or "")


_TOLD: Final = {
    "'\\t'": "a tab stands where YAML wants spaces",
    "found another document": "a second document begins ('---'); write one file for each",
    "found unknown escape character": r"in double quotes a '\' begins an escape, and this is none; "
    r"write '\\', or single quotes around the text",
    "found undefined alias": "a text that begins with '*' needs quotes; an alias is not read here",
    "found '<stream end>'": "the file ends within a '[' or a '{' that was opened and never closed",
}
"""By a part of what YAML's reader says."""


def _told(problem: str, line: str, column: int) -> str:
    for part, said in _TOLD.items():
        if part in problem:
            return said
    if "mapping values are not allowed" in problem:
        return _colon(line, column)
    if "cannot start any token" in problem:
        return f"a text that begins with {line[column : column + 1]!r} needs quotes"
    if "expected <block end>" in problem:
        return _stray(line, column)
    return f"is no YAML: {problem or 'it cannot be read'}"


def _colon(line: str, column: int) -> str:
    if re.fullmatch(r"\s*(?:- +)?[\w.-]+", line[:column]):
        return (
            "is indented deeper than the line above, which has a value already; indent both alike"
        )
    return "a ': ' stands within a plain text; put the text in quotes"


def _stray(line: str, column: int) -> str:
    before = line[:column].rstrip()
    if before[-1:] in ("'", '"'):
        return (
            f"a text goes on after its closing quote; within {before[-1]} … {before[-1]} a quote "
            + ("is written ''" if before[-1] == "'" else r"is written \"")
        )
    return "is not indented as the lines that belong together with it are"
