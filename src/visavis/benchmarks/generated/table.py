"""Reading a table: who sells how much, where and when?

Easy: two cells of a row. Medium: by how much one sum exceeds another. Hard: a sum over the rows
that two conditions pick.
"""

from typing import NamedTuple

from visavis.benchmarks.generated.answers import NUMBER
from visavis.benchmarks.generated.dice import Dice
from visavis.benchmarks.generated.family import Family, Level, Puzzle, offered
from visavis.benchmarks.generated.writing import (
    MONTHS,
    NAMES,
    Language,
    Said,
    both,
    de,
    fill,
    joined,
    said,
)

SIZE: dict[Level, tuple[int, int]] = {"easy": (4, 3), "medium": (5, 4), "hard": (8, 4)}
"""Rows, and months."""
CITIES = (
    *(both("Paris", "Paris"), both("London", "Londres"), both("Lisbon", "Lisbonne")),
    *(both("Geneva", "Genève"), both("Vienna", "Vienne"), both("Brussels", "Bruxelles")),
)
HEADS = both("Name | City", "Nom | Ville")
TITLE = both("Tickets sold:", "Billets vendus :")

ROW = both(
    "How many tickets does {who} sell in {month} and {other} together?",
    "Combien de billets vend {who} en {month} et en {other} réunis ?",
)
PEOPLE = both(
    "By how many tickets do {who}'s sales exceed {whom}'s, all months together?",
    "De combien de billets les ventes {de_who} dépassent-elles celles {de_whom}, tous mois"
    " réunis ?",
)
COLUMNS = both(
    "By how many tickets do the sales of {month} exceed those of {other}, all people together?",
    "De combien de billets les ventes {de_month} dépassent-elles celles {de_other}, toutes"
    " personnes réunies ?",
)
PICKED = both(
    "How many tickets are sold in {month} by the people from {city} who sell more than {least} in"
    " {other}?",
    "Combien de billets vendent en {month} les personnes de {city} qui en vendent plus de {least}"
    " en {other} ?",
)


class Row(NamedTuple):
    """One person's sales, month by month."""

    who: str
    city: Said
    sold: tuple[int, ...]


class Question(NamedTuple):
    """What is asked of a table, and what comes out."""

    kind: str
    asked: Said
    key: int


def draw(dice: Dice, level: Level) -> list[Puzzle]:
    ask = {"easy": _in_a_row, "medium": _difference, "hard": _picked}[level]
    question: Question | None = None
    while question is None:
        rows, months = _table(dice, *SIZE[level])
        question = ask(dice, rows, months)
    text = joined([TITLE, _shown(rows, months), question.asked])
    return [Puzzle(said=text, key=str(question.key), kind=question.kind)]


def _table(dice: Dice, people: int, months: int) -> tuple[list[Row], list[Said]]:
    first = dice.between(0, 12 - months)
    cities = dice.some(CITIES, 3)
    rows = [
        Row(who, dice.pick(cities), tuple(dice.between(12, 98) for _ in range(months)))
        for who in dice.some(NAMES, people)
    ]
    return rows, [_month(number) for number in range(first, first + months)]


def _month(number: int) -> Said:
    return said(lambda language: MONTHS[language][number])


def _shown(rows: list[Row], months: list[Said]) -> Said:
    def told(language: Language) -> str:
        heads = [HEADS[language], *(month[language] for month in months)]
        rule = ["---"] * (len(months) + 2)
        cells = [[row.who, row.city[language], *map(str, row.sold)] for row in rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in (heads, rule, *cells)) + "\n"

    return said(told)


def _in_a_row(dice: Dice, rows: list[Row], months: list[Said]) -> Question:
    row = dice.pick(rows)
    a, b = sorted(dice.some(range(len(months)), 2))
    asked = fill(ROW, who=row.who, month=months[a], other=months[b])
    return Question("row", asked, row.sold[a] + row.sold[b])


def _difference(dice: Dice, rows: list[Row], months: list[Said]) -> Question | None:
    if dice.roll() < 0.5:
        a, b = dice.some(rows, 2)
        names = {"who": a.who, "whom": b.who, "de_who": de(a.who), "de_whom": de(b.who)}
        made = Question("people", fill(PEOPLE, **names), sum(a.sold) - sum(b.sold))
    else:
        first, second = dice.some(range(len(months)), 2)
        month, other = months[first], months[second]
        asked = fill(
            COLUMNS,
            month=month,
            other=other,
            de_month=de(month["fr"]),
            de_other=de(other["fr"]),
        )
        made = Question("months", asked, sum(row.sold[first] - row.sold[second] for row in rows))
    return made if made.key > 0 else None


def _picked(dice: Dice, rows: list[Row], months: list[Said]) -> Question | None:
    city, least = dice.pick(rows).city, 10 * dice.between(3, 7)
    shown, tried = dice.some(range(len(months)), 2)
    there = [row for row in rows if row.city == city]
    picked = [row for row in there if row.sold[tried] > least]
    if not 2 <= len(picked) < len(there):
        return None
    asked = fill(PICKED, month=months[shown], city=city, least=least, other=months[tried])
    return Question("picked", asked, sum(row.sold[shown] for row in picked))


TABLE = offered(Family(name="table", about="tables to be read", draw=draw, answer=NUMBER))
