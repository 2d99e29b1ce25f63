"""Orders by putting one person after another, and turning back where a clue is broken."""

import re
from collections.abc import Iterator

from tests.benchmarks.generated.second.words import NAME, body, listed

PLACES = {
    "en": ["first", "second", "third", "fourth", "fifth", "sixth"],
    "fr": ["première", "deuxième", "troisième", "quatrième", "cinquième", "sixième"],
}
SAYS = {
    "en": {
        "before": rf"({NAME}) arrives before ({NAME})\.",
        "after": rf"({NAME}) arrives after ({NAME})\.",
        "just": rf"({NAME}) arrives just before ({NAME})\.",
        "not": rf"({NAME}) does not arrive in (\w+) place\.",
        "between": rf"Exactly one person arrives between ({NAME}) and ({NAME})\.",
    },
    "fr": {
        "before": rf"({NAME}) arrive avant ({NAME})\.",
        "after": rf"({NAME}) arrive après ({NAME})\.",
        "just": rf"({NAME}) arrive juste avant ({NAME})\.",
        "not": rf"({NAME}) n'arrive pas à la (\w+) place\.",
        "between": rf"Une seule personne arrive entre ({NAME}) et ({NAME})\.",
    },
}
OPENING = {"en": r"(.+) run a race\. .*", "fr": r"(.+) font une course\. .*"}
ASKED = {"en": r"Who arrives in (\w+) place\?", "fr": r"Qui arrive à la (\w+) place \?"}

Clue = tuple[str, str, str]


def read(question: str, language: str) -> tuple[list[str], list[Clue], int]:
    first, *lines, last = body(question)
    people, asked = re.fullmatch(OPENING[language], first), re.fullmatch(ASKED[language], last)
    assert people, first
    assert asked, last
    clues = [_clue(line, language) for line in lines]
    return listed(people[1]), clues, PLACES[language].index(asked[1])


def _clue(line: str, language: str) -> Clue:
    for says, pattern in SAYS[language].items():
        if found := re.fullmatch(pattern, line):
            second = str(PLACES[language].index(found[2])) if says == "not" else found[2]
            return says, found[1], second
    raise AssertionError(line)


def orders(
    people: list[str], clues: list[Clue], so_far: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    if len(so_far) == len(people):
        yield so_far
        return
    for person in people:
        further = (*so_far, person)
        if person not in so_far and not any(_broken(clue, further) for clue in clues):
            yield from orders(people, clues, further)


def _broken(clue: Clue, order: tuple[str, ...]) -> bool:
    says, a, b = clue
    at = {person: place for place, person in enumerate(order)}
    if says == "not":
        return at.get(a) == int(b)
    if says == "after":
        a, b = b, a
    if a not in at:
        return b in at and says in ("before", "after", "just")
    if b not in at:
        return says == "just" and len(order) - at[a] > 1
    return {"just": at[b] - at[a] != 1, "between": abs(at[b] - at[a]) != 2}.get(says, at[b] < at[a])


def proven(question: str, language: str) -> str:
    people, clues, asked = read(question, language)
    (order,) = orders(people, clues)
    return order[asked]
