"""Schedules and dates: on which date does it end, meet, or fall?

Easy: so many days or weeks on. Medium: working days, or the third Thursday of a month. Hard: two
jobs one after the other around days off, or shifts that run across weeks. Dates are counted by
walking from day to day.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count, islice

from visavis.benchmarks.generated.answers import DATE
from visavis.benchmarks.generated.dice import Dice
from visavis.benchmarks.generated.family import Family, Level, Puzzle, offered
from visavis.benchmarks.generated.writing import (
    NAMES,
    WEEKDAYS,
    Said,
    both,
    day,
    fill,
    listed,
    said,
)

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""Between which schedules begin."""
SUNDAY = 6

DAYS_LATER = both(
    "A parcel is sent on {start} and arrives {days} days later. On which date does it arrive?",
    "Un colis part le {start} et arrive {days} jours plus tard. À quelle date arrive-t-il ?",
)
EVERY_FEW_WEEKS = both(
    "A course takes place every {weeks} weeks, for the first time on {start}. On which date is"
    " session number {number}?",
    "Un cours a lieu toutes les {weeks} semaines, pour la première fois le {start}. À quelle date a"
    " lieu la séance numéro {number} ?",
)
WORKING_DAYS = both(
    "A job begins on {start} and takes {days} working days, the first day included. Work is done"
    " from Monday to Friday. On which date does the job end?",
    "Un chantier commence le {start} et dure {days} jours de travail, premier jour compris. On"
    " travaille du lundi au vendredi. À quelle date le chantier se termine-t-il ?",
)
ONCE_A_MONTH = both(
    "A club meets on the {nth} {weekday} of every month. On which date is its first meeting after"
    " {start}?",
    "Un club se réunit le {nth} {weekday} de chaque mois. À quelle date a lieu sa première réunion"
    " après le {start} ?",
)
TWO_JOBS = both(
    "Work is done from Monday to Friday, but not on {off}. A first job begins on {start} and takes"
    " {days} working days, the first day included. A second job begins on the next working day and"
    " takes {more} working days. The work is inspected on the first {weekday} after the second job"
    " has ended. On which date is it inspected?",
    "On travaille du lundi au vendredi, sauf {off}. Un premier chantier commence le {start} et dure"
    " {days} jours de travail, premier jour compris. Un second chantier commence le jour de travail"
    " suivant et dure {more} jours de travail. L'inspection a lieu le premier {weekday} après la"
    " fin du second chantier. À quelle date a lieu l'inspection ?",
)
SHIFTS = both(
    "{who} works {work} days in a row, then has {rest} days off, and so on without a break. A run"
    " of working days begins on {start}. Of the days off from then on that are Sundays, on which"
    " date is number {number}?",
    "{who} travaille {work} jours de suite, puis a {rest} jours de repos, et ainsi de suite sans"
    " interruption. Une série de jours de travail commence le {start}. Parmi les jours de repos qui"
    " suivent et qui sont des dimanches, à quelle date tombe le numéro {number} ?",
)
NTH = (
    *(both("first", "premier"), both("second", "deuxième")),
    *(both("third", "troisième"), both("fourth", "quatrième")),
)


def draw(dice: Dice, level: Level) -> list[Puzzle]:
    kinds: dict[Level, tuple[Callable[[Dice, date], tuple[Said, date]], ...]] = {
        "easy": (_days_later, _every_few_weeks),
        "medium": (_working_days, _once_a_month),
        "hard": (_two_jobs, _shifts),
    }
    kind = dice.pick(kinds[level])
    start = any_day(dice)
    story, key = kind(dice, start)
    return [Puzzle(said=story, key=key.isoformat(), kind=kind.__name__.strip("_"))]


def any_day(dice: Dice) -> date:
    """Of a hundred years, so that hardly any comes twice."""
    return date.fromordinal(dice.between(FIRST.toordinal(), LAST.toordinal()))


def _from(start: date) -> Iterator[date]:
    """Every day from one on."""
    return (start + timedelta(days=days) for days in count())


def _nth(days: Iterator[date], number: int) -> date:
    """The first of them is number 1."""
    return next(islice(days, number - 1, None))


def _weekday(number: int) -> Said:
    return said(lambda language: WEEKDAYS[language][number])


def _days_later(dice: Dice, start: date) -> tuple[Said, date]:
    days = dice.between(8, 75)
    return fill(DAYS_LATER, start=day(start), days=days), _nth(_from(start), days + 1)


def _every_few_weeks(dice: Dice, start: date) -> tuple[Said, date]:
    weeks, number = dice.between(2, 5), dice.between(3, 9)
    sessions = islice(_from(start), 0, None, 7 * weeks)
    story = fill(EVERY_FEW_WEEKS, start=day(start), weeks=weeks, number=number)
    return story, _nth(sessions, number)


def _working(start: date, off: tuple[date, ...] = ()) -> Iterator[date]:
    return (day for day in _from(start) if day.weekday() < 5 and day not in off)


def _working_days(dice: Dice, start: date) -> tuple[Said, date]:
    start, days = next(_working(start)), dice.between(7, 35)
    return fill(WORKING_DAYS, start=day(start), days=days), _nth(_working(start), days)


def _once_a_month(dice: Dice, start: date) -> tuple[Said, date]:
    number, weekday = dice.between(0, 3), dice.between(0, 6)
    after = (day for day in _from(start + timedelta(days=1)) if day.weekday() == weekday)
    story = fill(ONCE_A_MONTH, nth=NTH[number], weekday=_weekday(weekday), start=day(start))
    return story, next(day for day in after if (day.day - 1) // 7 == number)


def _two_jobs(dice: Dice, start: date) -> tuple[Said, date]:
    start, days, more = next(_working(start)), dice.between(4, 12), dice.between(4, 12)
    off = tuple(sorted(dice.some(islice(_from(start + timedelta(days=1)), 24), 3)))
    weekday = dice.between(0, 4)
    end = _nth(_working(start, off), days + more)
    story = fill(
        TWO_JOBS,
        off=listed([fill(both("{day}", "le {day}"), day=day(one)) for one in off]),
        start=day(start),
        days=days,
        more=more,
        weekday=_weekday(weekday),
    )
    after = _from(end + timedelta(days=1))
    return story, next(day for day in after if day.weekday() == weekday)


def _shifts(dice: Dice, start: date) -> tuple[Said, date]:
    work, rest = dice.pick(((3, 2), (4, 2), (4, 3 + 2), (6, 3), (6, 2), (7, 3)))
    number = dice.between(2, 4)
    off = (day for days, day in enumerate(_from(start)) if days % (work + rest) >= work)
    story = fill(
        SHIFTS, who=dice.pick(NAMES), work=work, rest=rest, start=day(start), number=number
    )
    return story, _nth((day for day in off if day.weekday() == SUNDAY), number)


SCHEDULE = offered(Family(name="schedule", about="dates in schedules", draw=draw, answer=DATE))
