"""Finds the whole program in what a model replied, or in a file that somebody saved of it."""

import re
from typing import Final

from visavis.scoring.solution import is_python

CHARACTERS_READ: Final = 400_000
_BLOCK: Final = re.compile(
    r"^[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)[^\n]*\n(.*?)(?:^[ \t]*\1[`~]*[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
_WRAPPER: Final = re.compile(
    r"^[ \t]*(?:`{3,}|~{3,})[ \t]*(?:markdown|md)[ \t]*\n", re.MULTILINE | re.IGNORECASE
)
"""Small models put their whole answer into a block of Markdown, with the program's block in it."""
_PYTHON: Final = frozenset(("", "python", "py", "python3"))


def program_text(reply: str) -> str | None:
    """The longest fenced block of Python, or else all of it where that is Python.

    None where there is neither: prose. A block that is no valid Python (cut off in the middle,
    say) is given where there is no valid one: it is the program that was written.
    """
    text = _WRAPPER.sub("", reply[:CHARACTERS_READ].replace("\r\n", "\n"))
    blocks: list[str] = [body for _, kind, body in _BLOCK.findall(text) if kind.lower() in _PYTHON]
    if not blocks:
        return text if text.strip() and is_python(text) else None
    valid = [body for body in blocks if is_python(body)]
    return max(valid or blocks, key=len)
