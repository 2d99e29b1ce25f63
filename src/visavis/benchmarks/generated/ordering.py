"""Ordering: in which order do some people arrive, from clues about pairs of them?

Easy: four people, and who comes before whom. Medium: five, with clues that run both ways, and some
about places. Hard: six, with gaps. The clues leave one order of all there are, and no clue can be
spared.
"""

from collections.abc import Iterator
from functools import cache
from itertools import permutations
from typing import NamedTuple

from visavis.benchmarks.generated.answers import NAME
from visavis.benchmarks.generated.clues import enough
from visavis.benchmarks.generated.dice import Dice
from visavis.benchmarks.generated.family import Family, Level, Puzzle, offered
from visavis.benchmarks.generated.writing import NAMES, both, fill, joined, listed

PEOPLE: dict[Level, int] = {"easy": 4, "medium": 5, "hard": 6}

LATE: dict[Level, dict[str, float]] = {
    "easy": {"before": 1.0},
    "medium": {"before": 1.0, "after": 1.0, "just before": 2.0, "not at": 1.5},
    "hard": {"before": 2.5, "after": 2.5, "just before": 4.0, "not at": 1.5, "between": 1.0},
}
"""The kinds of clue of each level, and how long each waits for its turn."""

WORDING = {
    "before": both("{a} arrives before {b}.", "{a} arrive avant {b}."),
    "after": both("{a} arrives after {b}.", "{a} arrive après {b}."),
    "just before": both("{a} arrives just before {b}.", "{a} arrive juste avant {b}."),
    "not at": both("{a} does not arrive in {place} place.", "{a} n'arrive pas à la {place} place."),
    "between": both(
        "Exactly one person arrives between {a} and {b}.",
        "Une seule personne arrive entre {a} et {b}.",
    ),
}
PLACES = (
    *(both("first", "première"), both("second", "deuxième"), both("third", "troisième")),
    *(both("fourth", "quatrième"), both("fifth", "cinquième"), both("sixth", "sixième")),
)
OPENING = both(
    "{people} run a race. No two of them arrive at the same time.",
    "{people} font une course. Il n'y a pas d'ex aequo.",
)
QUESTION = both("Who arrives in {place} place?", "Qui arrive à la {place} place ?")

Order = tuple[int, ...]
"""Who arrives at each place."""


class Clue(NamedTuple):
    """What is said of `a`, and of `b`: another person, or a place."""

    says: str
    a: int
    b: int


def draw(dice: Dice, level: Level) -> list[Puzzle]:
    """A puzzle for each place that the answer may have in the list of names."""
    return [_puzzle(dice, level, listed_at) for listed_at in dice.shuffled(range(PEOPLE[level]))]


def _puzzle(dice: Dice, level: Level, who: int) -> Puzzle:
    people, late = PEOPLE[level], LATE[level]
    asked = dice.between(0, people - 1)
    others = dice.shuffled(other for other in range(people) if other != who)
    order = (*others[:asked], who, *others[asked:])
    clues = enough(
        dice,
        (clue for clue in _true(order) if clue.says in late),
        lambda clue: _where(clue, people),
        lambda clue: late[clue.says],
    )
    names = dice.some(NAMES, people)

    lines = [
        fill(OPENING, people=listed(names)),
        *(
            fill(WORDING[clue.says], a=names[clue.a], b=names[clue.b], place=PLACES[clue.b])
            for clue in clues
        ),
        fill(QUESTION, place=PLACES[asked]),
    ]
    return Puzzle(said=joined(lines), key=names[who], kind=f"of {people}", options=tuple(names))


def _true(order: Order) -> Iterator[Clue]:
    """All that can be said of an order."""
    for place, a in enumerate(order):
        for other, b in enumerate(order):
            if other > place:
                yield Clue("before", a, b)
                yield Clue("after", b, a)
            if other == place + 1:
                yield Clue("just before", a, b)
            if other == place + 2:
                yield Clue("between", min(a, b), max(a, b))
            if other != place:
                yield Clue("not at", a, other)


@cache
def _where(clue: Clue, people: int) -> int:
    """The orders in which a clue holds."""
    orders = enumerate(permutations(range(people)))
    return sum(1 << number for number, order in orders if _holds(clue, order))


def _holds(clue: Clue, order: Order) -> bool:
    at = order.index(clue.a)
    if clue.says == "not at":
        return at != clue.b
    gap = order.index(clue.b) - at
    return {
        "before": gap > 0,
        "after": gap < 0,
        "just before": gap == 1,
        "between": abs(gap) == 2,
    }[clue.says]


ORDERING = offered(
    Family(
        name="ordering",
        about="orders of arrival with one solution",
        draw=draw,
        answer=NAME,
        chance={level: 1 / people for level, people in PEOPLE.items()},
    )
)
