"""What the second proofs share: numbers, names and lists in two languages."""

import re
from fractions import Fraction

NAME = r"[A-Z][a-z]+"
NUMBER = r"\d[\d.,\u202f]*\d|\d"


def value(written: str, language: str) -> Fraction:
    """ "1,234.5" and "1 234,5" are one number."""
    if language == "en":
        return Fraction(written.replace(",", ""))
    return Fraction(written.replace("\u202f", "").replace(",", "."))


def listed(text: str) -> list[str]:
    return re.split(r", | and | et ", text)


def body(question: str) -> list[str]:
    """The lines without the last one, which says how to answer."""
    return question.split("\n")[:-1]


def decimal(exact: Fraction) -> str:
    """With as many decimals as it takes."""
    assert (exact * 1000).denominator == 1
    whole, rest = divmod(exact * 1000, 1000)
    return f"{whole}.{int(rest):03}".rstrip("0").rstrip(".")
