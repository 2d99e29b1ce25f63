"""Reads the letter of a multiple-choice answer: "Answer: (B)", "**B**", "\\boxed{C}", "C. 12".

The last letter that is *stated* counts; else a line that is nothing but a letter, or an option
with its text. Where nothing of the kind is said, or several options are named alike, there is no
letter to read: a guess would turn an unparsed reply into a wrong or a lucky one.
"""

import re
from collections.abc import Sequence

from visavis.scoring.stated import statements

_FOREIGN = str.maketrans("ＡＢＣＤＥＦＧＨＩＪأبجدঅবডঢ", "ABCDEFGHIJABCDABCD")
"""Full-width letters, and those by which Arabic and Bengali name four options."""

_DECORATION = re.compile(r"\\(?:text|textbf|mathrm|mathbf|boxed)|[*_$`{}\\]")
_CALLED = r"(?:(?:option|choice|choix|lettre|letter|réponse)\s+)?"
_FIRST = re.compile(rf"(?i:{_CALLED})[\"'“«(\[]*\s*([A-Za-z])(?![\w'’-])\s*([)\].:,;。．\"'”’»]?)")
"""A letter at the beginning of a statement, and what follows it."""
_SECOND = re.compile(r"(?:and|or|et|ou|und|oder|/|&|,)?\s*[(\[]?[A-Z](?![\w'’-])", re.IGNORECASE)
"""A further letter behind the first: "A or B" answers nothing."""
_ALONE = re.compile(rf"(?i:{_CALLED})[(\[]?\s*([A-Z])\s*[)\].:]?")
_OPTION = re.compile(r"[(\[]?([A-Z])\s?[)\].:]\s+\S")
"""An option with its text, "C. 12"; "A cat" is none."""


def stated_letter(text: str, letters: Sequence[str] = "ABCD") -> str | None:
    """The one of `letters` that the reply gives as its answer; None when it gives none."""
    for said in reversed(statements(text)):
        if letter := _leading(said, letters):
            return letter
    lines = [_bare(line) for line in text.splitlines() if line.strip()]
    alone = [match[1] for line in lines if (match := _ALONE.fullmatch(line))]
    alone = [letter for letter in alone if letter in letters]
    if alone:
        return alone[-1]
    if len(lines) == 1 and len(lines[0]) == 1 and lines[0].upper() in letters:
        return lines[0].upper()
    options = {match[1] for line in lines if (match := _OPTION.match(line))} & set(letters)
    return options.pop() if len(options) == 1 else None


def _leading(said: str, letters: Sequence[str]) -> str | None:
    """The letter with which a statement begins; "a dog" and "A dog" begin with none."""
    plain = _bare(said)
    match = _FIRST.match(plain)
    if match is None or match[1].upper() not in letters:
        return None
    rest = plain[match.end() :].strip()
    if _SECOND.match(rest):
        return None
    closed = match[2] or not rest or plain[0] in "\"'“«(["
    named = plain.lower().startswith(("option", "choice", "choix", "lettre", "letter"))
    follows = match[1].isupper() and re.match(r"because|since|as\b|car\b|[-–—=,;(]", rest)
    return match[1].upper() if closed or named or follows else None


def _bare(line: str) -> str:
    """The line without what makes it bold or a formula."""
    return _DECORATION.sub("", line.translate(_FOREIGN)).strip()
