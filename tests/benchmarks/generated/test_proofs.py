"""Every answer of every family, proven a second time from the words alone, in both languages."""

from itertools import islice
from random import Random

import pytest

from tests.benchmarks.generated.second import PROVEN, grid, ordering
from visavis.benchmarks.generated.families import FAMILIES, LEVELS, Level
from visavis.core.case import Case

RNG = Random("seeds of today")
SEEDS = [RNG.randrange(2**40) for _ in range(20)]


def cases(name: str, level: Level, seed: int, count: int) -> list[Case]:
    return list(islice(FAMILIES.get(name).cases(level, seed), count))


def check(drawn: list[Case], name: str) -> None:
    for case in drawn:
        key = PROVEN[name](case.question, case.fields["language"])
        assert key == case.target, case.question


def test_every_family_has_a_second_proof() -> None:
    assert set(PROVEN) == set(FAMILIES)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", list(FAMILIES))
def test_a_second_proof_gives_every_answer(name: str, level: Level) -> None:
    check(cases(name, level, 7, 60), name)


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", list(FAMILIES))
def test_a_second_proof_gives_1000_answers_at_random_seeds(name: str, level: Level) -> None:
    seen: set[str] = set()
    for seed in SEEDS:
        drawn = cases(name, level, seed, 100)
        check(drawn, name)
        words = {case.question for case in drawn}
        assert len(words) == 100
        assert not words & seen, "two seeds have a question in common"
        seen |= words
    assert len(seen) == 2000


@pytest.mark.parametrize("level", LEVELS)
def test_no_clue_of_a_grid_can_be_spared(level: Level) -> None:
    for case in cases("grid", level, 3, 8):
        puzzle = grid.read(case.question, case.fields["language"])
        assert grid.spare(puzzle) == []


@pytest.mark.parametrize("level", LEVELS)
def test_no_clue_of_an_order_can_be_spared(level: Level) -> None:
    for case in cases("ordering", level, 3, 20):
        people, clues, _ = ordering.read(case.question, case.fields["language"])
        for clue in clues:
            others = [one for one in clues if one != clue]
            assert len(list(ordering.orders(people, others))) > 1
