"""Reads dates in what a model wrote, in English and French: "22 November 2026", "1er mai 2024".

A date in numbers alone may mean two days ("03/04/2026"): it has two readings, day first. All take
time linear in the text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = (
    ("january", "janvier", "jan", "janv"),
    ("february", "février", "fevrier", "feb", "févr", "fév"),
    ("march", "mars", "mar"),
    ("april", "avril", "apr", "avr"),
    ("may", "mai"),
    ("june", "juin", "jun"),
    ("july", "juillet", "jul", "juil"),
    ("august", "août", "aout", "aug"),
    ("september", "septembre", "sept", "sep"),
    ("october", "octobre", "oct"),
    ("november", "novembre", "nov"),
    ("december", "décembre", "decembre", "dec", "déc"),
)
_NUMBERED = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_NAMES = "|".join(sorted(_NUMBERED, key=len, reverse=True))


_GAP = r"[ \u00a0\u202f]{1,3}"
_DATE = re.compile(
    rf"""
    (?<![\d/.-])(?:
        (?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})
      | (?P<one>\d{{1,2}})(?P<sign>[-/.])(?P<two>\d{{1,2}})(?P=sign)(?P<of>\d{{4}})
    )(?![\d/-]|\.\d)
    | \b(?P<before>\d{{1,2}})(?:st|nd|rd|th|er)?{_GAP}(?:of{_GAP})?(?P<named>{_NAMES})\b\.?
      (?:,?{_GAP}(?P<after>\d{{4}})\b)?
    | \b(?P<first>{_NAMES})\b\.?{_GAP}(?P<then>\d{{1,2}})(?:st|nd|rd|th)?\b
      (?:,?{_GAP}(?P<last>\d{{4}})\b)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LEAP_YEAR = 2000
"""In which every day of any year exists."""


@dataclass(frozen=True, slots=True)
class Date:
    """A date as it was written, and what it may mean, the likelier first."""

    written: str
    readings: tuple[date, ...]
    has_year: bool = True
    """Without a year ("4 March") it is that day of any."""

    def equals(self, day: date) -> bool:
        if not self.has_year:
            return any((one.month, one.day) == (day.month, day.day) for one in self.readings)
        return day in self.readings


def dates(text: str) -> Iterator[Date]:
    """Every date of the text that is a day, in order."""
    for match in _DATE.finditer(text):
        told = tuple(_told(match))
        readings = tuple(dict.fromkeys(_days(told)))
        if readings:
            yield Date(match[0], readings, has_year=told[0][0] is not None)


def last_date(text: str) -> Date | None:
    return [None, *dates(text)][-1]


_Told = tuple[int | None, int, int]
"""Year, month and day."""


def _days(told: Iterable[_Told]) -> Iterator[date]:
    for year, month, day in told:
        try:
            yield date(_LEAP_YEAR if year is None else year, month, day)
        except ValueError:  # there is no such day
            continue


def _told(match: re.Match[str]) -> Iterator[_Told]:
    if match["year"]:
        yield int(match["year"]), int(match["month"]), int(match["day"])
    elif match["one"]:
        one, two = int(match["one"]), int(match["two"])
        yield int(match["of"]), two, one
        yield int(match["of"]), one, two
    elif match["named"]:
        yield _year(match["after"]), _NUMBERED[match["named"].lower()], int(match["before"])
    else:
        yield _year(match["last"]), _NUMBERED[match["first"].lower()], int(match["then"])


def _year(written: str | None) -> int | None:
    return None if written is None else int(written)
