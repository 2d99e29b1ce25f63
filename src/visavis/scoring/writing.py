r"""Brings a mathematical answer into one writing, as far as that changes nothing of its meaning.

After the normalisers of Hendrycks et al. 2021 (MATH) and Lewkowycz et al. 2022 (Minerva), but for
their guesses: nothing is evaluated here, no letter is dropped that could be a variable.
"""

import re
import unicodedata
from fractions import Fraction
from typing import Final, NamedTuple

LONGEST: Final = 1_000
"""Characters beyond which nothing is an answer any more. The longest key of MATH has 159."""

_SIGNS: Final = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "×": r"\times ",
        "·": r"\cdot ",
        "÷": "/",
        "⁄": "/",
        "π": r"\pi ",
        "∞": r"\infty ",
        "°": r"^\circ ",
        "≤": r"\le ",
        "≥": r"\ge ",
        "≠": r"\ne ",
        "±": r"\pm ",
        "∪": r"\cup ",
        "∩": r"\cap ",
        "∈": r"\in ",
        "θ": r"\theta ",
        "，": ",",
        "（": "(",
        "）": ")",
        "⟨": r"\langle ",
        "⟩": r"\rangle ",
    }
    | {sign: f"^{digit}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
    | {sign: f"_{digit}" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")}
    | {
        sign: f" {unicodedata.normalize('NFKC', sign).replace('⁄', '/')}"
        for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
    }
)
_ROOT: Final = re.compile(r"√\s*(?:\{([^{}]*)\}|\(([^()]*)\)|(\w+))")
_SPACING: Final = re.compile(
    r"(?<!\\)\\(?:[!,;:]| (?=\S))|\\(?:displaystyle|q?quad)\b|\\[mb]?left(?![a-z])"
)
_RIGHT: Final = re.compile(r"\\[mb]?right(?![a-z])")
_ALIKE: Final = (
    (re.compile(r"\\[dtc]frac"), r"\\frac"),
    (re.compile(r"\\(?:mbox|textbf|textrm|textit|mathrm|mathbf|textnormal)\b"), r"\\text"),
    (re.compile(r"\\le(?:q|qslant)\b"), r"\\le "),
    (re.compile(r"\\ge(?:q|qslant)\b"), r"\\ge "),
    (re.compile(r"\\(?:l|r)?vert\b"), "|"),
    (re.compile(r"\\langle\b\s*"), "("),
    (re.compile(r"\s*\\rangle\b"), ")"),
    (re.compile(r"\{,\}"), ","),
    (re.compile(r"_\{(\d+)\}"), r"_\1"),
    (re.compile(r"_\{?\\text\s*\{\s*(\w+)\s*\}\}?"), r"_\1"),
    (re.compile(r"\^\{?\s*\\circ\s*\}?|\\degrees?\b"), " "),
    (re.compile(r"\\?\$|[€£]"), ""),
    (re.compile(r"(?<![\\A-Za-z])(pi|exp|ln|log|sin|cos|tan|cot|sec|csc)(?![A-Za-z])"), r"\\\1"),
    (re.compile(r"^\\?[A-Za-z]+\s*\\in(?![a-z])\s*"), ""),
)
_WRAPPED: Final = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"\$\$?([^$]*)\$\$?",
        r"\\\((.*)\\\)",
        r"\\\[(.*)\\\]",
        r"\*\*(.*)\*\*",
        r"`(.*)`",
        r"\\boxed\s*\{(.*)\}",
        r"\"(.*)\"",
    )
)
_APPROXIMATELY: Final = re.compile(r"(?<=\S)\s*(?:\\approx|≈)")
_COLUMN: Final = re.compile(r"\\begin\{[pbv]?matrix\}([^&]*)\\end\{[pbv]?matrix\}")


def plain(answer: str) -> str:
    """The answer in LaTeX, without its wrapping, layout, currency and degree signs."""
    text = answer.strip()
    while (inner := _unwrapped(text)) != text:
        text = inner
    text = _ROOT.sub(lambda root: rf"\sqrt{{{root[1] or root[2] or root[3]}}}", text)
    text = _RIGHT.sub("", _SPACING.sub("", text.translate(_SIGNS)))
    for pattern, replacement in _ALIKE:
        text = pattern.sub(replacement, text)
    text = _APPROXIMATELY.split(text)[0]
    return _COLUMN.sub(_as_tuple, text).strip()


def squeezed(text: str) -> str:
    """Without spaces, and without the braces that single digits do not need."""
    text = re.sub(r"\\frac\s*\{(\d)\}\s*\{(\d)\}", r"\\frac\1\2", text)
    return re.sub(r"\s+", "", re.sub(r"\\sqrt\s*\{(\d)\}", r"\\sqrt\1", text))


def words(text: str) -> str | None:
    r"""The answer's words where it is nothing else: `Evelyn`, the C of `\text{(C)}`.

    Letters that are not said to be text may be a product: `ab` is no word, `even` is one.
    """
    bare = _WORDING.sub(r" \1 ", text).strip(_POINTS)
    named = re.fullmatch(_NAMED if bare == text else rf"[A-Z]|{_NAMED}", bare)
    return spoken(text) if named and (bare != text or len(bare) > 3) else None


def spoken(text: str) -> str:
    """The answer as it is said: without case, article and full stop."""
    said = _WORDING.sub(r" \1 ", text).strip(_POINTS).casefold()
    return " ".join(re.sub(r"^(?:the|an?) (?=\w)", "", said).split())


_WORDING: Final = re.compile(r"\\text\s*\{([^{}]*)\}")
_POINTS: Final = " ().,;:!?'\""
_NAMED: Final = r"[^\W\d_]{2,}(?:[ '’-]+[^\W\d_]+)*"


class Numeral(NamedTuple):
    """Digits and the base in which they are to be read: 52 in base 8."""

    digits: str
    base: int


_NUMERAL: Final = re.compile(
    r"(-?[0-9][0-9A-Za-z]*)\s*"
    r"(?:_\s*(\w+)|\(?\s*(?:\\text\s*\{)?\s*(?:in\s+)?base[ -](\w+)\s*\}?\s*\)?)"
)
_COUNTS: Final = "two three four five six seven eight nine ten eleven twelve"
_BASES: Final = {word: base for base, word in enumerate(_COUNTS.split(), start=2)}


def numeral(text: str) -> Numeral | None:
    """`52_8` and "52 (base eight)"; None for what names no base."""
    match = _NUMERAL.fullmatch(text.strip())
    if match is None:
        return None
    named = (match[2] or match[3]).lower()
    base = _BASES.get(named) or (int(named) if re.fullmatch("[0-9]{1,2}", named) else None)
    return None if base is None else Numeral(match[1].upper(), base)


_UNIT: Final = (
    r"(?:\s*\\text\s*\{[^{}]*\}(?:\s*\^\s*\{?[23]\}?)?"
    r"|\s+(?:[A-Za-z]{2,}|[mgsh])(?:[ /.^]+(?:[A-Za-z]+|[23]))*\.?)?"
)
_WHOLE: Final = r"\d{1,3}(?:,\s?\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_EXACT: Final = re.compile(
    rf"([-+]?)\s*(?:(?P<number>{_WHOLE})"
    r"|(?:(?P<whole>\d+)\s*)?\\frac\s*(?:\{\s*(-?\d+)\s*\}\s*\{\s*(\d+)\s*\}|\s*(\d)\s*(\d))"
    r"|(?:(?P<wholes>\d+)\s+)?\(?(\d+)\s*/\s*(\d+)\)?)"
    rf"\s*(?P<percent>\\?%)?{_UNIT}\.?"
)


def exact(text: str) -> Fraction | None:
    """The value of a plain number: whole, decimal, fraction or mixed, with or without a unit."""
    match = _EXACT.fullmatch(text.strip().removeprefix("x =").removeprefix("x=").strip())
    if match is None:
        return None
    sign = -1 if match[1] == "-" else 1
    if match["number"]:
        return sign * Fraction(re.sub(r"[,\s]", "", match["number"]))
    parts = [part for part in match.group(4, 5, 6, 7, 9, 10) if part is not None]
    above, below = map(int, parts)
    whole = int(match["whole"] or match["wholes"] or 0)
    return sign * (whole + Fraction(above, below)) if below else None


def _unwrapped(text: str) -> str:
    """Without one layer of what only says where the answer begins and ends."""
    text = text.strip().removesuffix(".").rstrip()
    for wrapping in _WRAPPED:
        if match := wrapping.fullmatch(text):
            return match[1].strip()
    return text


def _as_tuple(column: re.Match[str]) -> str:
    r"""A column vector as the tuple of its coordinates: both name the same point."""
    rows = (row.strip() for row in column[1].split(r"\\"))
    return f"({', '.join(row for row in rows if row)})"
