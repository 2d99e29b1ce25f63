"""A family of cases that are drawn from a seed, each answer proven by a program.

A family draws puzzles at three difficulties, each a protocol of its own (`grid@easy`,
`grid@medium`, `grid@hard`): what is easier is never put in one column with what is harder. A puzzle
is told in English and in French from one drawing, so its two cases share a group and a key, and
languages are compared in pairs.

A new seed gives new puzzles, the same seed the same on any machine (see `dice`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from statistics import fmean
from types import MappingProxyType
from typing import Literal, get_args

from visavis.benchmarks.base import BENCHMARKS, Benchmark, Figure, Graded, short_hash
from visavis.benchmarks.figures import divided, score
from visavis.benchmarks.generated.answers import Answer
from visavis.benchmarks.generated.dice import Dice
from visavis.benchmarks.generated.writing import LANGUAGES, Language, Said
from visavis.core.case import Case
from visavis.core.prompt import Prompt, ask
from visavis.core.registry import Registry
from visavis.stats.estimate import TooFew
from visavis.stats.paired import score_gap

Level = Literal["easy", "medium", "hard"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""Difficulties 1, 2 and 3."""

MOST = 1_000
"""Puzzles of one seed."""

DULL = 10_000
"""Drawings in a row that brought nothing new, after which a family has no more to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Puzzle:
    """One question in both languages, and the one right answer."""

    said: Said
    key: str
    """In a writing that belongs to no language: `yes`, `12.5`, `2026-03-04`, a name."""
    kind: str
    options: tuple[str, ...] = ()
    """Of which the key is one, where the answer is to be chosen; as they stand in the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One kind of puzzle."""

    name: str
    about: str
    """In a few words, for a list."""
    draw: Callable[[Dice, Level], Sequence[Puzzle]]
    """A few puzzles whose answers balance one another: a yes and a no, each place in a row."""
    answer: Answer
    chance: dict[Level, float | None] = field(default_factory=lambda: dict.fromkeys(LEVELS))
    """What a guesser scores; None where guessing means nothing."""

    def puzzles(self, level: Level, seed: int) -> Iterator[Puzzle]:
        """All of a seed, no two in the same words."""
        dice = Dice(f"visavis {self.name} {level} {seed}")
        return islice(self._new(dice, level), MOST)

    def _new(self, dice: Dice, level: Level) -> Iterator[Puzzle]:
        seen: set[str] = set()
        dull = 0
        while dull < DULL:
            drawn = self.draw(dice, level)
            words = {puzzle.said["en"] for puzzle in drawn}
            if len(words) < len(drawn) or words & seen:  # all or none: together they balance
                dull += 1
                continue
            dull = 0
            seen |= words
            yield from drawn

    def cases(self, level: Level, seed: int) -> Iterator[Case]:
        """Two puzzles at a time, their languages in turns: every beginning is a fair share."""
        puzzles = self.puzzles(level, seed)
        while pair := tuple(islice(puzzles, 2)):
            for order in (LANGUAGES, LANGUAGES[::-1]):
                for puzzle, language in zip(pair, order, strict=False):
                    yield self._case(puzzle, language)

    def _case(self, puzzle: Puzzle, language: Language) -> Case:
        group = f"{self.name}/{short_hash(puzzle.said['en'])[:10]}"
        fields = {"language": language, "kind": puzzle.kind}
        if puzzle.options:
            fields["options"] = ", ".join(puzzle.options)
        return Case(
            id=f"{group}-{language}",
            group=group,
            question=f"{puzzle.said[language]}\n{self.answer.asked[language]}",
            target=puzzle.key,
            fields=MappingProxyType(fields),
        )

    def ask(self, case: Case) -> Prompt:
        return ask(case.question, max_tokens=self.answer.max_tokens)


def by_language(graded: Sequence[Graded]) -> Iterable[Figure]:
    """The score in each language, and the gap between the two, puzzle by puzzle."""
    yield from divided(graded, "language")
    sides: dict[str, dict[str, list[float]]] = {}
    for one in graded:
        of = sides.setdefault(one.case.group, {"fr": [], "en": []})
        of[one.case.fields["language"]].append(score(one))
    pairs = [[(fmean(of["fr"]), fmean(of["en"]))] for of in sides.values() if all(of.values())]
    test = score_gap(pairs)
    gap = test if isinstance(test, TooFew) else test.gap
    yield Figure(name="French less English", value=gap, is_share=False, doc=GAP)


GAP = "score on the same puzzles in French less that in English, in pairs"


FAMILIES: Registry[Family] = Registry("family of cases")


def offered(family: Family) -> Family:
    """Makes a family known, and its three protocols; a bare name asks the middle one."""
    for level in ("medium", "easy", "hard"):
        BENCHMARKS.add(f"{family.name}@{level}", _benchmark(family, level))
    return FAMILIES.add(family.name, family)


def _benchmark(family: Family, level: Level) -> Benchmark:
    return Benchmark(
        name=family.name,
        protocol=f"{family.name}@{level}",
        version=1,
        chance=family.chance[level],
        source=f"{family.about}; made here from a seed, answers proven; Apache-2.0",
        load=lambda options: family.cases(level, options.seed),
        ask=family.ask,
        grade=family.answer.grade,
        figures=by_language,
        usual_count=200,
    )
