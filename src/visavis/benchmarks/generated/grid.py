"""Grid puzzles: who has the cat? Each of a few people has one thing of each kind, no two alike.

Easy: three people, each with a pet and a drink. Medium: four. Hard: four, who also live in a row of
houses. The clues leave one solution of all there are, no clue can be spared, and none says outright
what is asked.
"""

from collections.abc import Iterator
from functools import cache, reduce
from itertools import combinations, pairwise, permutations, product
from operator import or_
from typing import Literal, NamedTuple

from visavis.benchmarks.generated.answers import NAME
from visavis.benchmarks.generated.clues import enough
from visavis.benchmarks.generated.dice import Dice
from visavis.benchmarks.generated.family import Family, Level, Puzzle, offered
from visavis.benchmarks.generated.writing import (
    NAMES,
    Language,
    Said,
    both,
    de,
    listed,
    said,
    sentence,
)

PETS = (
    *(both("cat", "chat"), both("dog", "chien"), both("rabbit", "lapin"), both("ferret", "furet")),
    *(both("parrot", "perroquet"), both("canary", "canari"), both("pony", "poney")),
)
DRINKS = (
    *(both("tea", "thé"), both("coffee", "café"), both("milk", "lait"), both("cider", "cidre")),
    *(both("cocoa", "cacao"), both("wine", "vin")),
)
HOUSES = tuple(both(str(n), str(n)) for n in range(1, 5))

NAME_OF, PET, DRINK, HOUSE = -1, 0, 1, 2
KINDS = ("pet", "drink", "house")

SHAPE: dict[Level, tuple[int, int]] = {"easy": (3, 2), "medium": (4, 2), "hard": (4, 3)}
"""How many people, and how many kinds of thing."""


class Mark(NamedTuple):
    """What somebody is known by: a name, or a thing of some kind."""

    kind: int
    thing: int


class Clue(NamedTuple):
    """Two marks are, or are not, one person's; or two people are neighbours, `a` to the left."""

    says: Literal["is", "is not", "next"]
    a: Mark
    b: Mark


World = tuple[tuple[int, ...], ...]
"""Of each kind, the thing of each person."""

LATE = {"is": 1.0, "is not": 2.5, "next": 1.5}
TOLD_LATE = 4.0
"""Of clues that give a thing to a name outright: the duller, the later."""

PREDICATE: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("has the {}", "does not have the {}"),
        ("drinks {}", "does not drink {}"),
        ("lives in house {}", "does not live in house {}"),
    ),
    "fr": (
        ("a le {}", "n'a pas le {}"),
        ("boit du {}", "ne boit pas de {}"),
        ("habite la maison {}", "n'habite pas la maison {}"),
    ),
}


def draw(dice: Dice, level: Level) -> list[Puzzle]:
    """A puzzle for each place that the answer may have in the list of names."""
    people, _ = SHAPE[level]
    return [_puzzle(dice, level, place) for place in dice.shuffled(range(people))]


def _puzzle(dice: Dice, level: Level, place: int) -> Puzzle:
    people, kinds = SHAPE[level]
    world = dice.pick(_worlds(people, kinds))
    clues = enough(dice, _true(world), lambda clue: _where(clue, people, kinds), _late)
    told = {(clue.a.thing, clue.b) for clue in clues if _tells(clue)}
    hidden = [
        [mark for mark in marks if (person, mark) not in told]
        for person, marks in enumerate(_marks(world))
    ]
    person = dice.pick([person for person, marks in enumerate(hidden) if marks])
    asked = dice.pick(hidden[person])
    names = dice.some(NAMES, people)
    named = list(names)  # by person; they are listed so that the answer is in its place
    named[person], named[place] = named[place], named[person]
    things = (tuple(dice.some(PETS, people)), tuple(dice.some(DRINKS, people)), HOUSES)[:kinds]
    return Puzzle(
        said=said(lambda language: _Telling(named, things, language).puzzle(names, clues, asked)),
        key=names[place],
        kind=KINDS[asked.kind],
        options=tuple(names),
    )


def _tells(clue: Clue) -> bool:
    """Whether a clue gives a thing to a name outright."""
    return clue.says == "is" and clue.a.kind == NAME_OF


def _late(clue: Clue) -> float:
    return TOLD_LATE if _tells(clue) else LATE[clue.says]


class _Telling(NamedTuple):
    """The words for one puzzle in one language."""

    named: list[str]
    things: tuple[tuple[Said, ...], ...]
    language: Language

    def puzzle(self, names: list[str], clues: list[Clue], asked: Mark) -> str:
        english = self.language == "en"
        question = f"Who {self.has(asked)}?" if english else f"Qui {self.has(asked)} ?"
        lines = [f"- {sentence(self.clue(clue))}." for clue in clues]
        return "\n".join([self.opening(names), *lines, question])

    def opening(self, names: list[str]) -> str:
        pets, drinks = (", ".join(thing[self.language] for thing in of) for of in self.things[:2])
        people = listed(names)[self.language]
        if self.language == "en":
            houses = " They live in houses 1 to 4, one in each, in a row from left to right."
            opening = (
                f"{people} each have one pet ({pets}) and one drink ({drinks}). No two of them have"
                " the same pet or the same drink."
            )
        else:
            houses = (
                " Elles habitent les maisons 1 à 4, une par maison, alignées de gauche à droite."
            )
            opening = (
                f"Voici {len(names)} personnes : {people}. Chacune a un animal ({pets}) et une"
                f" boisson ({drinks}). Deux d'entre elles n'ont jamais le même animal ni la même"
                " boisson."
            )
        return opening + houses * (len(self.things) > HOUSE)

    def clue(self, clue: Clue) -> str:
        subject = self.who(clue.a)
        if clue.says != "next":
            return f"{subject} {self.has(clue.b, clue.says == 'is')}"
        if self.language == "en":
            return f"{subject} lives just to the left of {self.who(clue.b)}"
        return f"{subject} habite juste à gauche {de(self.who(clue.b))}"

    def who(self, mark: Mark) -> str:
        if mark.kind == NAME_OF:
            return self.named[mark.thing]
        person = "the person who" if self.language == "en" else "la personne qui"
        return f"{person} {self.has(mark)}"

    def has(self, mark: Mark, truly: bool = True) -> str:
        yes, no = PREDICATE[self.language][mark.kind]
        return (yes if truly else no).format(self.things[mark.kind][mark.thing][self.language])


# --- Worlds and what holds in them --------------------------------------------------------------


@cache
def _worlds(people: int, kinds: int) -> tuple[World, ...]:
    return tuple(product(permutations(range(people)), repeat=kinds))


def _marks(world: World) -> list[list[Mark]]:
    """What each person has."""
    return [[Mark(kind, thing) for kind, thing in enumerate(of)] for of in zip(*world, strict=True)]


def _true(world: World) -> Iterator[Clue]:
    """All that can be said of a world."""
    whose = {Mark(NAME_OF, person): person for person in range(len(world[0]))}
    whose |= {mark: person for person, marks in enumerate(_marks(world)) for mark in marks}
    for a, b in combinations(whose, 2):
        if a.kind != b.kind:
            yield Clue("is" if whose[a] == whose[b] else "is not", a, b)
    if len(world) > HOUSE:
        marks = [mark for mark in whose if mark.kind != HOUSE]
        for a, b in product(marks, repeat=2):
            if world[HOUSE][whose[b]] - world[HOUSE][whose[a]] == 1:
                yield Clue("next", a, b)


@cache
def _where(clue: Clue, people: int, kinds: int) -> int:
    """The worlds in which a clue holds."""
    if clue.says == "next":
        sides = pairwise(Mark(HOUSE, number) for number in range(people))
        return reduce(
            or_,
            (
                _joined(clue.a, left, people, kinds) & _joined(clue.b, right, people, kinds)
                for left, right in sides
            ),
        )
    joined = _joined(clue.a, clue.b, people, kinds)
    return joined if clue.says == "is" else ~joined & (1 << len(_worlds(people, kinds))) - 1


@cache
def _joined(a: Mark, b: Mark, people: int, kinds: int) -> int:
    """The worlds in which both marks are one person's."""
    persons = range(people)
    return reduce(or_, (_has(p, a, people, kinds) & _has(p, b, people, kinds) for p in persons))


@cache
def _has(person: int, mark: Mark, people: int, kinds: int) -> int:
    """The worlds in which a mark is this person's."""
    return sum(
        1 << number
        for number, world in enumerate(_worlds(people, kinds))
        if (person if mark.kind == NAME_OF else world[mark.kind][person]) == mark.thing
    )


GRID = offered(
    Family(
        name="grid",
        about="grid puzzles with one solution",
        draw=draw,
        answer=NAME,
        chance={level: 1 / people for level, (people, _) in SHAPE.items()},
    )
)
