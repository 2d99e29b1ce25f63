r"""Finds the formula, number or words that a reply gives as its answer to a mathematical question.

What is read is handed on as it was written; `equal` makes sense of it.
"""

import re

from visavis.scoring.stated import LONGEST, boxed, labelled

_FORMULA = re.compile(
    r"\$\$([^$]{1,2000}?)\$\$|(?<!\\)\$([^$\n]{1,2000}?)(?<!\\)\$"
    r"|\\\((.{1,2000}?)\\\)|\\\[(.{1,2000}?)\\\]",
    re.DOTALL,
)
_SENTENCE = re.compile(r"(?<=[^\s.])\.(?=\s+[A-Z])|\.?\s*$")
_BETWEEN = re.compile(r"[\s,;]*(?:and|or|et|ou|und|oder|y|o)?\s*")
"""What stands between the members of a list."""
_AROUND = " \t\r\n*_`"


def stated_formula(text: str) -> str | None:
    """The last answer that is boxed, else stated behind "Answer:" or in a sentence, else the
    formula in which the reply ends."""
    if boxes := boxed(text):
        return boxes[-1]
    for said in reversed(labelled(text)):
        if read := formula_in(said):
            return read
    last_line = text.rstrip(_AROUND + ".!").rpartition("\n")[2]
    formulas = list(_FORMULA.finditer(last_line))
    return _inner(formulas[-1]) if formulas and formulas[-1].end() == len(last_line) else None


def formula_in(said: str) -> str | None:
    """The answer within what was said: its box, its formula or list of them, else itself."""
    if boxes := boxed(said):
        return boxes[-1]
    plain = _SENTENCE.split(said.strip(_AROUND)[:LONGEST], maxsplit=1)[0].strip(_AROUND)
    formulas = [_inner(match) for match in _FORMULA.finditer(plain)]
    if not formulas:
        return plain or None
    is_list = all(_BETWEEN.fullmatch(part) for part in _FORMULA.sub("\0", plain).split("\0")[1:-1])
    return ", ".join(formulas) if is_list else formulas[-1]


def _inner(formula: re.Match[str]) -> str:
    return "".join(formula.groups(default="")).strip()
