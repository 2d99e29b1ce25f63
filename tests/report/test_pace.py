"""Time left, held against runs that are played to their end."""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from random import Random
from statistics import median

import pytest

from visavis.measure.plan import CASES_A_TURN
from visavis.report.pace import Cell, Left, Pace

Ended = tuple[float, Cell]
"""When a trial ended, and whose it was."""


def lane(name: str, cases: list[str], takes: Callable[[Cell], float], at_once: int) -> list[Ended]:
    """One candidate asked all its cases, so many in flight."""
    flying: list[Ended] = []
    ended: list[Ended] = []
    for benchmark in cases:
        now = ended[-1][0] if ended else 0.0
        if len(flying) == at_once:
            ended.append(heappop(flying))
            now = ended[-1][0]
        heappush(flying, (now + takes((name, benchmark)), (name, benchmark)))
    return [*ended, *sorted(flying)]


def turns(
    names: list[str], cases: list[str], takes: Callable[[Cell], float], at_once: int
) -> list[Ended]:
    """Candidates on one machine, in the order A B B A."""
    ended: list[Ended] = []
    blocks = [cases[n : n + CASES_A_TURN] for n in range(0, len(cases), CASES_A_TURN)]
    for number, block in enumerate(blocks):
        for name in reversed(names) if number % 2 else names:
            begins = ended[-1][0] if ended else 0.0
            ended += [(begins + at, cell) for at, cell in lane(name, block, takes, at_once)]
    return ended


def told(ended: list[Ended]) -> Iterator[tuple[float, Left]]:
    """After each trial, how long it really took from there, and what was said."""
    ended = sorted(ended)
    totals: dict[Cell, int] = {}
    for _, cell in ended:
        totals[cell] = totals.get(cell, 0) + 1
    waiting, pace = {cell: (n, n) for cell, n in totals.items()}, Pace()
    pace.begin(0.0)
    for at, cell in ended:
        pace.ended(cell, at)
        waiting[cell] = waiting[cell][0] - 1, totals[cell]
        yield ended[-1][0] - at, pace.left(waiting, at)


def with_spread(seconds: dict[str, float], seed: int) -> Callable[[Cell], float]:
    rng = Random(seed)
    return lambda cell: seconds[cell[1]] * rng.lognormvariate(0, 0.5)


def errors(ended: list[Ended]) -> Iterator[float]:
    """By how much of the truth it was wrong, wherever a time was said for all that is left; the
    last tenth aside, where a single reply decides."""
    for truth, left in told(ended):
        if left.is_least:
            assert left.seconds < 1.4 * truth
        elif truth > 0.1 * max(ended)[0]:
            yield abs(left.seconds / truth - 1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("at_once", [1, 16])
def test_of_one_candidate_it_is_right_to_a_fifth_mostly(seed: int, at_once: int) -> None:
    takes = with_spread({"logic": 1.0, "humaneval": 8.0}, seed)
    wrong = [*errors(lane("A", ["logic"] * 300 + ["humaneval"] * 450, takes, at_once))]
    assert len(wrong) > 300
    assert median(wrong) < 0.2
    assert max(wrong) < 0.8  # of twenty replies the mean is not known better


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("at_once", [1, 4])
def test_of_candidates_that_take_turns_it_is_that_of_all(seed: int, at_once: int) -> None:
    one = with_spread({"logic": 12.0}, seed)
    cases = ["logic"] * 240
    wrong = [
        *errors(turns(["A", "B"], cases, lambda c: one(c) / (4 if c[0] == "B" else 1), at_once))
    ]
    assert len(wrong) > 300
    assert median(wrong) < 0.2
    assert max(wrong) < 0.8


def test_of_what_nobody_was_asked_yet_nothing_is_guessed() -> None:
    pace = Pace()
    pace.begin(0.0)
    for n in range(20):
        pace.ended(("A", "logic"), n + 1.0)
    waiting = {("A", "logic"): (80, 100), ("A", "humaneval"): (16, 16)}
    assert pace.left(waiting, 20.0) == (80.0, True)
    assert pace.left({("A", "logic"): (0, 100), ("A", "humaneval"): (16, 16)}, 20.0) == (0.0, True)
    assert pace.left({("A", "logic"): (80, 100)}, 20.0) == (80.0, False)


def test_first_replies_are_no_pace() -> None:
    pace = Pace()
    pace.begin(0.0)
    for _ in range(16):
        pace.ended(("A", "logic"), 4.0)  # all that were in flight
    assert pace.left({("A", "logic"): (184, 200)}, 4.0) == (0.0, True)


def test_a_server_that_stands_still_makes_it_longer() -> None:
    pace = Pace()
    pace.begin(0.0)
    for n in range(20):
        pace.ended(("A", "logic"), n + 1.0)
    waiting = {("A", "logic"): (80, 100)}
    assert pace.left(waiting, 20.0).seconds == pytest.approx(80.0)
    assert pace.left(waiting, 230.0).seconds > 800


def test_the_slowest_decides() -> None:
    pace = Pace()
    pace.begin(0.0)
    for n in range(20):
        pace.ended(("A", "logic"), n + 1.0)
        pace.ended(("B", "logic"), 3.0 * (n + 1))
    waiting = {("A", "logic"): (80, 100), ("B", "logic"): (80, 100)}
    assert pace.left(waiting, 60.0).seconds == pytest.approx(240.0)
