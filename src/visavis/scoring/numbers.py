"""Reads numbers in what a model wrote, in the writing of many languages.

English, French, Swiss and Indian separators, the digits of any script, Chinese and Japanese
myriads, fractions, powers of ten, percent, currency, LaTeX. A writing that means two things
("1,234", "5 million", "50 %") has two readings, the likelier first: the key tells which is meant.

All take time linear in the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose

from visavis.scoring.stated import statements


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written, and what it may mean, the likelier first."""

    written: str
    readings: tuple[float, ...]

    def equals(self, value: float) -> bool:
        """Whether it can be read as `value`, but for the last of a float's bits."""
        return any(isclose(reading, value, rel_tol=1e-12) for reading in self.readings)


def numbers(text: str) -> Iterator[Number]:
    """Every number of the text, in order."""
    for match in _NUMBER.finditer(_plain(text)):
        yield Number(match[0].strip(), _readings(match))


def last_number(text: str) -> Number | None:
    """The last number of the text: "1,234.5", "1 234,5", "१२", "−3e4", "3/4", ".5"."""
    return [None, *numbers(text)][-1]


def stated_number(text: str) -> Number | None:
    """The number that a reply states as its answer, else its last one.

    Of "Answer: 3 + 15 = 18 eggs (6 a day)" it is the first number behind the last "=".
    """
    for said in reversed(statements(text)):
        number = next(numbers(said.rpartition("=")[2]), None)
        if number is not None:
            return number
    return last_number(text)


_SCALE = {
    "thousand": 1e3,
    "mille": 1e3,
    "million": 1e6,
    "millions": 1e6,
    "billion": 1e9,
    "milliard": 1e9,
    "milliards": 1e9,
    "trillion": 1e12,
    "lakh": 1e5,
    "lakhs": 1e5,
    "crore": 1e7,
    "crores": 1e7,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "萬": 1e4,
    "亿": 1e8,
    "億": 1e8,
}
_WORDS = "|".join(word for word in _SCALE if word.isascii())

_NUMBER = re.compile(
    r"""
    (?<![A-Za-z\u00c0-\u024f_\d])            # not within a word: "x2"; scripts without spaces may
    (?P<chain>(?<=\d/))?                     # within a date: "5/12/2024"
    (?P<sign>(?:(?<![)\]}%])[-+–](?=[\d.$€£¥₹]))?[$€£¥₹]?\ ?(?:(?<=[$€£¥₹])[-–])?)
    (?:(?P<whole>\d{1,6})\ (?=\d{1,6}/\d))?  # "1 1/2"
    (?P<body>
        \d{1,3}(?:,\d{3}){1,12}(?:\.\d+)?(?!\d)                                # 1,234.5
      | \d{1,2}(?:,\d{2}){1,12},\d{3}(?:\.\d+)?(?!\d)                          # 1,23,456
      | \d{1,3}(?:\.\d{3}){1,12}(?:,\d+)?(?!\d)                                # 1.234,5
      | \d{1,3}(?P<gap>[\ \u00a0\u202f\u2009'’])\d{3}(?:(?P=gap)\d{3}){0,12}(?!\d)(?:[.,]\d+)?
      | \d+(?:[.,]\d+)?
      | (?<![\d.])\.\d+
    )
    (?:(?P<exponent>[eE][-+]?\d{1,3}\b)
      |\ ?(?:×|\\times|\\cdot|·|\*|x)\ ?10\ ?(?:\^|\*\*)\ ?\{?(?P<power>[-–+]?\d{1,3})\}?)?
    (?(chain)|(?:\ ?/\ ?(?P<below>\d+(?:\.\d+)?)(?!\d|\.\d|\ ?/\ ?\d))?)
    (?:[\ \u00a0\u202f]?(?P<scale>[百千万萬亿億]|(?:"""
    + _WORDS
    + r""")\b)(?P<rest>\d{1,4}(?!\d))?)?
    (?P<percent>[\ \u00a0\u202f]?(?:%|per\ ?cent\b|pour\ cent\b))?
    """,
    re.VERBOSE,
)

_VULGAR = {
    ord(sign): f" {unicodedata.normalize('NFKC', sign).replace('⁄', '/')}"
    for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SIGNS = str.maketrans("−－﹣，．％＄￥／⁄٬٫", "---,.%$¥//,.", "\u200b\u2060\ufeff")
_LATEX = re.compile(
    r"\{,\}|\\!|\\[,;: ]|\\([$%])|\\[dt]?frac ?\{([^{}]{1,40})\} ?\{([^{}]{1,40})\}"
)
_FOREIGN = re.compile(r"(?![0-9])\d")
_TEN_TO = re.compile("(?<=10)[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")


def _plain(text: str) -> str:
    """The text with one writing for what has several."""
    text = text.translate(_SIGNS).translate(_VULGAR)
    text = _FOREIGN.sub(lambda digit: str(int(digit[0])), text)
    if "\\" in text or "{,}" in text:
        text = _LATEX.sub(_of_latex, text)
    return _TEN_TO.sub(lambda power: f"^{power[0].translate(_SUPERSCRIPTS)}", text)


def _of_latex(match: re.Match[str]) -> str:
    if match[2]:
        return f" {match[2]}/{match[3]}"
    return {"{,}": ",", "\\!": ""}.get(match[0], match[1] or "\u2009")


def _readings(match: re.Match[str]) -> tuple[float, ...]:
    values = [value * _factor(match) for value in _body(match)]
    if match["scale"]:
        rest = float(match["rest"] or 0)
        values = [value * _SCALE[match["scale"]] + rest for value in values] + values
    if match["percent"]:
        values += [value / 100 for value in values]
    sign = -1 if "-" in match["sign"] or "–" in match["sign"] else 1
    return tuple(dict.fromkeys(sign * value for value in values))


def _factor(match: re.Match[str]) -> float:
    """What the power of ten behind a number makes of it."""
    if match["exponent"]:
        return float(f"1{match['exponent']}")
    return float(f"1e{match['power'].replace('–', '-')}") if match["power"] else 1.0


def _body(match: re.Match[str]) -> tuple[float, ...]:
    values = _unsigned(match["body"])
    below = float(match["below"] or 1)
    if below:
        values = tuple(value / below for value in values)
    return tuple(float(match["whole"] or 0) + value for value in values)


def _unsigned(written: str) -> tuple[float, ...]:
    plain = re.sub(r"[ \u00a0\u202f\u2009'’]", "", written)
    points, commas = plain.count("."), plain.count(",")
    if points and commas:
        return (_float(plain, max(".,", key=plain.rfind)),)
    if points + commas > 1:
        return (_float(plain, ""),)
    mark = "." if points else ","
    if plain == written and re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", plain):
        both = _float(plain, mark), _float(plain, "")
        return both if points else both[::-1]
    return (_float(plain, mark),)


def _float(plain: str, decimal: str) -> float:
    """`plain` as a number, where `decimal` is its decimal mark and any other is only grouping."""
    marks = {ord(mark): "." if mark == decimal else None for mark in ".,"}
    return float(plain.translate(marks))
