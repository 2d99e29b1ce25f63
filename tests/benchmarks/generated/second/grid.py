"""Grid puzzles by search: traits are given to one person after another, and wrong turns left."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.benchmarks.generated.second.words import NAME, body, listed

WHO = {
    "en": rf"(?:the person who (?:has the|drinks|lives in house) \w+|{NAME})",
    "fr": rf"(?:la personne qui (?:a le|boit du|habite la maison) \w+|{NAME})",
}
HAS = {
    "en": r"(has the|drinks|lives in house) (\w+)",
    "fr": r"(a le|boit du|habite la maison) (\w+)",
}
LACKS = {
    "en": r"does not (?:have the|drink|live in house) (\w+)",
    "fr": r"(?:n'a pas le|ne boit pas de|n'habite pas la maison) (\w+)",
}
NEXT = {
    "en": r"(.+) lives just to the left of (.+)",
    "fr": r"(.+) habite juste à gauche (?:de |d')(.+)",
}
PARTS = {
    "en": r"(.+) each have one pet \((.+)\) and one drink \((.+)\)\. No two .*",
    "fr": r"Voici \d personnes : (.+)\. Chacune a un animal \((.+)\) et une boisson \((.+)\)\. .*",
}

Grid = dict[str, str]
"""Of each trait, names and houses included, whose it is."""


class Clue(NamedTuple):
    says: str
    a: str
    b: str


class Read(NamedTuple):
    kinds: list[list[str]]
    clues: list[Clue]
    asked: str


def read(question: str, language: str) -> Read:
    first, *lines, last = body(question)
    parts = re.fullmatch(PARTS[language], first)
    assert parts, first
    kinds = [listed(part) for part in parts.groups()]
    assert len({len(kind) for kind in kinds}) == 1
    if "1 to 4" in first or "1 à 4" in first:
        kinds.append(["1", "2", "3", "4"])
    asked = re.fullmatch(rf"(?:Who|Qui) {HAS[language]} ?\?", last)
    assert asked, last
    return Read(kinds, [_clue(line.removeprefix("- "), language) for line in lines], asked[2])


def _clue(line: str, language: str) -> Clue:
    line = line.removesuffix(".")
    line = line[0].lower() + line[1:] if line.startswith(("The ", "La ")) else line
    if found := re.fullmatch(NEXT[language], line):
        return Clue("next", _who(found[1], language), _who(found[2], language))
    if found := re.fullmatch(f"({WHO[language]}) {LACKS[language]}", line):
        return Clue("is not", _who(found[1], language), found[2])
    found = re.fullmatch(f"({WHO[language]}) {HAS[language]}", line)
    assert found, line
    return Clue("is", _who(found[1], language), found[3])


def _who(text: str, language: str) -> str:
    assert re.fullmatch(WHO[language], text), text
    return text.rpartition(" ")[2]


def solutions(puzzle: Read, clues: list[Clue]) -> Iterator[Grid]:
    names, *others = puzzle.kinds

    def given(grid: Grid, kinds: list[list[str]], people: list[str]) -> Iterator[Grid]:
        if not kinds:
            yield grid
        elif not people:
            yield from given(grid, kinds[1:], names)
        else:
            for thing in kinds[0]:
                if thing not in grid:
                    further = {**grid, thing: people[0]}
                    if all(_may_hold(clue, further) for clue in clues):
                        yield from given(further, kinds, people[1:])

    yield from given({name: name for name in names}, others[::-1], names)


def _may_hold(clue: Clue, grid: Grid) -> bool:
    a, b = grid.get(clue.a), grid.get(clue.b)
    if a is None or b is None:
        return True
    if clue.says != "next":
        return (a == b) == (clue.says == "is")
    houses = {grid[house]: int(house) for house in "1234" if house in grid}
    return a not in houses or b not in houses or houses[b] - houses[a] == 1


def proven(question: str, language: str) -> str:
    puzzle = read(question, language)
    (grid,) = solutions(puzzle, puzzle.clues)
    key = grid[puzzle.asked]
    assert Clue("is", key, puzzle.asked) not in puzzle.clues, "what is asked is told"
    return key


def spare(puzzle: Read) -> list[Clue]:
    """The clues without which there is still one solution."""
    kept = [(clue, [one for one in puzzle.clues if one != clue]) for clue in puzzle.clues]
    return [clue for clue, others in kept if len(list(solutions(puzzle, others))) == 1]
