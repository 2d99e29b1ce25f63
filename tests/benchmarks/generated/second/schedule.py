"""Dates by arithmetic: days added, calendars of months, business days as numpy counts them."""

import calendar
import re
from datetime import date, timedelta

import numpy as np

from tests.benchmarks.generated.second.words import body

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
}
NTH = {"en": "first second third fourth", "fr": "premier deuxième troisième quatrième"}
DAY = r"(\w+ \w+ \w+ \d{4})"

ASKED = {
    "en": {
        "days": rf"A parcel is sent on {DAY} and arrives (\d+) days later\. .*",
        "weeks": rf"A course takes place every (\d+) weeks, for the first time on {DAY}\. On which "
        r"date is session number (\d+)\?",
        "working": rf"A job begins on {DAY} and takes (\d+) working days, .*",
        "month": rf"A club meets on the (\w+) (\w+) of every month\. .* after {DAY}\?",
        "jobs": rf"Work is done .* not on {DAY}, {DAY} and {DAY}\. A first job begins on {DAY} and "
        r"takes (\d+) working days, .* takes (\d+) working days\. .* on the first (\w+) after .*",
        "shifts": r"\w+ works (\d+) days in a row, then has (\d+) days off, .* begins on "
        rf"{DAY}\. .* Sundays, on which date is number (\d+)\?",
    },
    "fr": {
        "days": rf"Un colis part le {DAY} et arrive (\d+) jours plus tard\. .*",
        "weeks": rf"Un cours a lieu toutes les (\d+) semaines, pour la première fois le {DAY}\. À "
        r"quelle date a lieu la séance numéro (\d+) \?",
        "working": rf"Un chantier commence le {DAY} et dure (\d+) jours de travail, .*",
        "month": rf"Un club se réunit le (\w+) (\w+) de chaque mois\. .* après le {DAY} \?",
        "jobs": rf"On travaille .* sauf le {DAY}, le {DAY} et le {DAY}\. Un premier chantier "
        rf"commence le {DAY} et dure (\d+) jours .* dure (\d+) jours de travail\. L'inspection a "
        r"lieu le premier (\w+) après .*",
        "shifts": r"\w+ travaille (\d+) jours de suite, puis a (\d+) jours de repos, .* commence "
        rf"le {DAY}\. .* dimanches, à quelle date tombe le numéro (\d+) \?",
    },
}


def day(written: str, language: str) -> date:
    weekday, nth, month, year = written.split()
    if language == "fr":
        assert (nth == "1er") == (nth.removesuffix("er") == "1"), written
    number = MONTHS[language].split().index(month) + 1
    made = date(int(year), number, int(nth.removesuffix("er")))
    assert WEEKDAYS[language].split()[made.weekday()] == weekday, written
    return made


def proven(question: str, language: str) -> str:
    (text,) = body(question)
    for kind, pattern in ASKED[language].items():
        if found := re.fullmatch(pattern, text):
            return _answer(kind, list(found.groups()), language).isoformat()
    raise AssertionError(text)


def _answer(kind: str, said: list[str], language: str) -> date:
    weekdays = WEEKDAYS[language].split()
    if kind == "days":
        return day(said[0], language) + timedelta(days=int(said[1]))
    if kind == "weeks":
        return day(said[1], language) + timedelta(weeks=int(said[0]) * (int(said[2]) - 1))
    if kind == "working":
        return _business(day(said[0], language), int(said[1]), [])
    if kind == "month":
        nth, weekday = NTH[language].split().index(said[0]), weekdays.index(said[1])
        return _next_in_months(nth, weekday, day(said[2], language))
    if kind == "jobs":
        off = [day(one, language) for one in said[:3]]
        end = _business(day(said[3], language), int(said[4]) + int(said[5]), off)
        ahead = (weekdays.index(said[6]) - end.weekday() - 1) % 7 + 1
        return end + timedelta(days=ahead)
    work, rest, number = int(said[0]), int(said[1]), int(said[3])
    start = day(said[2], language)
    sundays = (start + timedelta(days=(6 - start.weekday()) % 7 + 7 * week) for week in range(500))
    free = [one for one in sundays if (one - start).days % (work + rest) >= work]
    return free[number - 1]


def _business(start: date, days: int, off: list[date]) -> date:
    end = np.busday_offset(start, days - 1, roll="raise", holidays=off)
    assert np.busday_count(start, end, holidays=off) == days - 1
    made = end.astype(date)
    assert isinstance(made, date)
    return made


def _next_in_months(nth: int, weekday: int, after: date) -> date:
    year, month = after.year, after.month
    while True:
        weeks = calendar.monthcalendar(year, month)
        meeting = date(year, month, [week[weekday] for week in weeks if week[weekday]][nth])
        if meeting > after:
            return meeting
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
