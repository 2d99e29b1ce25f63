"""Do the intervals hold the truth as often as they say, and are preferences rarely false?

Run by `make bench`; prints two Markdown tables. Yes/no scores are enumerated, so their figures
are exact; the others are simulated, with a seed. Truths: shares of 0.02 to 0.98, 20 to 1,000
cases, pairs that agree as if independent (correlation 0) to nearly always (0.75).

The worst cells come from counts being whole. A share of 0.02 of 50 cases is missed whenever 3 or
more are solved (in 7.8 % of runs), since the interval for 3 begins at 0.0206. Where two
candidates hardly ever differ (both at 0.98, 20 cases), most runs show no difference at all, and
the interval for that always holds the truth: too often, which is the safe side.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import product
from math import sqrt
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from visavis.core.observation import Axis, Observation
from visavis.scoring.pass_at_k import pass_all_k
from visavis.stats.estimate import ALPHA, Estimate, TooFew
from visavis.stats.paired import PairedTest, score_gap, tango
from visavis.stats.proportion import share, wilson
from visavis.stats.ratio import Cost, geometric_ratio, per_solved, per_solved_ratio
from visavis.stats.repeats import chance, spread
from visavis.verdict.compare import judge
from visavis.verdict.decide import Prefer
from visavis.verdict.policy import DEFAULT

T = TypeVar("T")

Floats = NDArray[np.float64]
Outcome = Estimate | PairedTest | TooFew

SHARES = tuple(percent / 100 for percent in range(2, 99))
PAIRED_SHARES = (0.02, 0.10, 0.30, 0.50, 0.70, 0.90, 0.98)
CORRELATIONS = (0.0, 0.25, 0.5, 0.75)
CASES = (20, 30, 50, 100, 164, 300, 500, 1000)


class Cell(NamedTuple):
    """One truth, and how often the interval held it."""

    truth: str
    n: int
    held: float


# Exact: every count that may come up, weighed by its chance.


def single_cells(cases: Iterable[int] = CASES) -> Iterator[Cell]:
    """Wilson's interval for one candidate's yes/no score."""
    for n, p in product(cases, SHARES):
        solved = np.arange(n + 1)
        held = [low <= p <= high for low, high in (_wilson(k, n) for k in range(n + 1))]
        chance = _chance([solved, n - solved], [p, 1 - p])
        yield Cell(f"share {p}", n, float(chance[held].sum()))


def paired_cells(cases: Iterable[int] = CASES) -> Iterator[Cell]:
    """Tango's interval for the gap of two candidates' yes/no scores on the same cases."""
    for n, a, b, correlation in product(cases, PAIRED_SHARES, PAIRED_SHARES, CORRELATIONS):
        both = a * b + correlation * sqrt(a * (1 - a) * b * (1 - b))
        only_a, only_b = a - both, b - both
        if a >= b and min(only_a, only_b, 1 - both - only_a - only_b) > 1e-9:  # b > a mirrors it
            truth = f"shares {a} and {b}, correlation {correlation}"
            yield Cell(truth, n, _tango_held(n, only_a, only_b))


def _tango_held(n: int, only_a: float, only_b: float) -> float:
    counts_a, counts_b = np.meshgrid(_likely(n, only_a), _likely(n, only_b))
    possible = counts_a + counts_b <= n
    for_a, for_b = counts_a[possible], counts_b[possible]
    chance = _chance([for_a, for_b, n - for_a - for_b], [only_a, only_b, 1 - only_a - only_b])
    held = 0.0
    for k, m, weight in zip(for_a.tolist(), for_b.tolist(), chance.tolist(), strict=True):
        if weight > 1e-9:
            low, high = _tango(k, m, n)
            held += weight * (low <= only_a - only_b <= high)
    return held


def false_preferences(n: int, differing: float) -> float:
    """Chance of a p-value below 0.05 when each candidate is as likely to be alone in solving.

    `differing` is the share of cases that only one of them solves: at most a half when they
    answer independently, less when easy cases are easy for both. A lone test, so the largest
    chance of a false preference that yes/no scores allow before the correction.
    """
    either = np.arange(n + 1)
    chance = _chance([either, n - either], [differing, 1 - differing])
    tables = zip(either.tolist(), chance.tolist(), strict=True)
    return float(sum(weight * _rejected(m) for m, weight in tables if weight > 1e-9))


@cache
def _rejected(differing: int) -> float:
    """Chance of a p-value below 0.05, given the number of cases that only one solved."""
    for_a = np.arange(differing + 1)
    chance = _chance([for_a, differing - for_a], [0.5, 0.5])
    tests = (
        score_gap([[(1.0, 0.0)]] * k + [[(0.0, 1.0)]] * (differing - k)) for k in for_a.tolist()
    )
    below = [isinstance(test, PairedTest) and test.p_value < ALPHA for test in tests]
    return float(chance[below].sum())


def _likely(n: int, p: float) -> NDArray[np.int64]:
    """Counts of `n` that come up at all: the mean and six deviations either way."""
    reach = 6 * sqrt(n * p * (1 - p)) + 6
    return np.arange(max(0, int(n * p - reach)), min(n, int(n * p + reach)) + 1)


def _chance(counts: Sequence[NDArray[np.int64]], shares: Sequence[float]) -> Floats:
    """Multinomial probability of each row of counts."""
    total = np.sum(counts, axis=0)
    terms = [xlogy(k, p) - gammaln(k + 1) for k, p in zip(counts, shares, strict=True)]
    return np.asarray(np.exp(gammaln(total + 1) + np.sum(terms, axis=0)))


_wilson = cache(wilson)
_tango = cache(tango)


# Simulated: repeats, groups, prices, speeds.

Draw = Callable[[np.random.Generator], Outcome]


def held_share(draw: Draw, truth: float, runs: int, seed: int = 7) -> float:
    """Share of the intervals drawn that hold the truth; a draw too few for one is not counted."""
    rng = np.random.default_rng(seed)
    held = []
    for _ in range(runs):
        outcome = draw(rng)
        if not isinstance(outcome, TooFew):
            estimate = outcome.gap if isinstance(outcome, PairedTest) else outcome
            held.append(estimate.low <= truth <= estimate.high)
    return sum(held) / len(held)


def repeated(n: int, p: float, rng: np.random.Generator) -> Outcome:
    """Score of cases asked three times each, some easy by themselves and some hard."""
    ease = rng.beta(p, 1 - p, n)
    return share(_apart(rng.binomial(3, ease) / 3))


def repeated_gap(n: int, p: float, rng: np.random.Generator) -> Outcome:
    ease = rng.beta(p, 1 - p, n)
    return score_gap(_apart(_pairs(rng.binomial(3, ease) / 3, rng.binomial(3, ease) / 3)))


def these_cases(n: int, p: float, rng: np.random.Generator) -> Outcome:
    """Score of five tries on these very cases, less what they have: luck alone is allowed for."""
    ease = rng.beta(p, 1 - p, n)
    tried = spread([[(tries,)] for tries in (rng.random((n, 5)) < ease[:, None]).tolist()])
    here = TooFew(groups=0, needed=1) if tried is None else tried.here
    if isinstance(here, TooFew):
        return here
    truth = float(ease.mean())
    return replace(here, low=here.low - truth, high=here.high - truth)


def all_of_three(n: int, p: float, rng: np.random.Generator) -> Outcome:
    """pass^3 from five tries of each case."""
    rights = rng.binomial(5, rng.beta(p, 1 - p, n))
    return chance(_apart(pass_all_k(5, right, 3) for right in rights.tolist()))


def grouped(n: int, p: float, rng: np.random.Generator) -> Outcome:
    """Score of cases in groups of four, correlated within a group by 0.2."""
    ease = rng.beta(4 * p, 4 * (1 - p), n // 4)
    return share((rng.random((n // 4, 4)) < ease[:, None]).astype(float).tolist())


def grouped_gap(n: int, p: float, rng: np.random.Generator) -> Outcome:
    """Gap where each candidate has groups that suit it and groups that do not."""
    a, b = (
        rng.random((n // 4, 4)) < rng.beta(4 * p, 4 * (1 - p), n // 4)[:, None] for _ in range(2)
    )
    return score_gap([_pairs(x, y) for x, y in zip(a, b, strict=True)])


def price(n: int, p: float, rng: np.random.Generator) -> Outcome:
    return per_solved(_apart(_costs(rng, n, p, 1.0)))


def price_ratio(n: int, p: float, rng: np.random.Generator) -> Outcome:
    """Candidate `a` costs twice as much a case; half the cases are easy or hard for both."""
    both, same = rng.random(n), rng.random(n) < 0.5
    a, b = (
        [
            Cost(c.usd, float(u < p) if s else c.solved)
            for c, u, s in zip(costs, both, same, strict=True)
        ]
        for costs in (_costs(rng, n, p, 2.0), _costs(rng, n, p, 1.0))
    )
    return per_solved_ratio(_apart(list(zip(a, b, strict=True))))


def speed_ratio(n: int, spread: float, rng: np.random.Generator) -> Outcome:
    """Candidates take turns in each block, while the machine gets slower and faster."""
    machine = rng.lognormal(0.0, 0.3, n)
    a, b = (machine * rng.lognormal(0.0, spread, n) for _ in range(2))
    return geometric_ratio(_apart(_pairs(2 * a, b)))


def _costs(rng: np.random.Generator, n: int, p: float, usd: float) -> list[Cost]:
    paid, solved = usd * rng.gamma(4.0, 0.25, n), rng.random(n) < p
    return [Cost(*row) for row in _pairs(paid, solved)]


def _pairs(a: Iterable[float], b: Iterable[float]) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in zip(a, b, strict=True)]


def _apart(values: Iterable[T]) -> list[list[T]]:
    return [[value] for value in values]


class Simulation(NamedTuple):
    """A way to draw an interval, at several truths, numbers of units and shares solved."""

    name: str
    draw: Callable[[int, float, np.random.Generator], Outcome]
    truth: Callable[[float], float]
    cases: tuple[int, ...] = (20, 40, 164, 500)
    levels: tuple[float, ...] = (0.1, 0.3, 0.5, 0.7, 0.9, 0.97)


SIMULATIONS = (
    Simulation("score, 3 repeats a case", repeated, lambda p: p),
    Simulation("score gap, 3 repeats a case", repeated_gap, lambda _: 0.0),
    Simulation("score of these very cases, 5 tries", these_cases, lambda _: 0.0),
    Simulation("pass^3 of 5 tries", all_of_three, lambda p: p * (p + 1) * (p + 2) / 6),
    Simulation("score, groups of 4", grouped, lambda p: p),
    Simulation("score gap, groups of 4", grouped_gap, lambda _: 0.0),
    Simulation("price per solved case", price, lambda p: 1 / p),
    Simulation("ratio of two such prices", price_ratio, lambda _: 2.0),
    Simulation("ratio of speeds, blocks", speed_ratio, lambda _: 2.0, (4, 8, 16), (0.02, 0.1, 0.4)),
)


def simulated_cells(simulation: Simulation, runs: int) -> Iterator[Cell]:
    for n, level in product(simulation.cases, simulation.levels):
        draw = partial(simulation.draw, n, level)
        yield Cell(f"level {level}", n, held_share(draw, simulation.truth(level), runs))


# Simulated: a family of measures on which nobody is better.


class Family(NamedTuple):
    """Measures of a comparison in which the candidates do not differ."""

    name: str
    candidates: str
    """One letter each."""
    scores: tuple[tuple[int, float], ...]
    """Number of cases and share solved, a benchmark each."""
    agreement: float
    """Share of cases that are easy or hard for all."""
    blocks: int = 0
    """Blocks in which speed was measured."""
    priced: bool = False


FAMILIES = (
    Family("two scores, price, two speeds", "ab", ((40, 0.7), (164, 0.5)), 0.5, 8, True),
    Family("the same, near the ceiling", "ab", ((40, 0.95), (164, 0.97)), 0.3, 8, True),
    Family(
        "five scores of 20 to 100 cases",
        "ab",
        ((20, 0.2), (30, 0.35), (40, 0.5), (60, 0.65), (100, 0.8)),
        0.3,
    ),
    Family(
        "three candidates, two scores, price, two speeds",
        "abc",
        ((40, 0.7), (100, 0.5)),
        0.5,
        8,
        True,
    ),
    Family("five candidates, two scores", "abcde", ((40, 0.7), (100, 0.5)), 0.5),
)


def observed(family: Family, rng: np.random.Generator) -> list[Observation]:
    """One run of a family."""
    seen: list[Observation] = []

    def see(candidate: str, axis: Axis, measure: str, where: str, values: Floats) -> None:
        seen.extend(
            Observation(
                candidate=candidate,
                axis=axis,
                measure=measure,
                benchmark=where,
                unit_id=str(unit),
                group=str(unit),
                value=value,
            )
            for unit, value in enumerate(values.tolist())
        )

    for number, (n, p) in enumerate(family.scores):
        common, shared = rng.random(n) < p, rng.random(n) < family.agreement
        length = rng.gamma(4.0, 0.25, n)
        for name in family.candidates:
            solved = np.where(shared, common, rng.random(n) < p).astype(float)
            see(name, "quality", "score", f"benchmark {number}", solved)
            if family.priced and number == 0:
                usd = length * rng.gamma(9.0, 1 / 9, n)
                see(name, "price", "usd", f"benchmark {number}", usd)
    machine = rng.lognormal(0.0, 0.3, family.blocks)
    for name, measure in product(family.candidates, ("first_token_s", "output_tokens_per_s")):
        see(name, "speed", measure, "speed", machine * rng.lognormal(0.0, 0.2, family.blocks))
    return seen


def false_preference_share(family: Family, runs: int, seed: int = 7) -> float:
    """Share of runs in which somebody is preferred for something, wrongly."""
    rng = np.random.default_rng(seed)
    wrong = 0
    for _ in range(runs):
        judgement = judge(observed(family, rng), [], list(family.candidates), DEFAULT)
        verdicts = [gap.verdict for row in judgement.rows for gap in row.gaps]
        wrong += any(isinstance(verdict, Prefer) for verdict in verdicts)
    return wrong / runs


def summary(cells: Sequence[Cell]) -> str:
    """Mean, lowest and highest of some cells, as the end of a table's row."""
    low, high = min(cells, key=lambda c: c.held), max(cells, key=lambda c: c.held)
    average = sum(cell.held for cell in cells) / len(cells)
    return (
        f"{len(cells)} | {average:.1%} | {low.held:.1%} | n {low.n}, {low.truth} | "
        f"{high.held:.1%} | n {high.n}, {high.truth}"
    )


def main() -> None:
    print("| 95 % interval | n | truths | mean | lowest | where | highest | where |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, exact in (
        ("score, Wilson, exact", single_cells),
        ("score gap, Tango, exact", paired_cells),
    ):
        cells = list(exact())
        print(f"| {name} | 20 to 1,000 | {summary(cells)} |")
        for n in CASES:
            print(f"| | {n} | {summary([cell for cell in cells if cell.n == n])} |")
    for simulation in SIMULATIONS:
        cells = list(simulated_cells(simulation, runs=1000))
        span = f"{simulation.cases[0]} to {simulation.cases[-1]}"
        print(f"| {simulation.name}, simulated | {span} | {summary(cells)} |", flush=True)

    print("\n| no candidate is better | someone is preferred |")
    print("| --- | --- |")
    worst, n, differing = max(
        (false_preferences(n, percent / 100), n, percent / 100)
        for n, percent in product((20, 30, 50, 100, 164), range(2, 51))
    )
    print(f"| one score, exact, worst case: {n} cases, {differing:.0%} differ | {worst:.2%} |")
    for family in FAMILIES:
        share_wrong = false_preference_share(family, runs=2000)
        print(f"| {family.name}, 2,000 runs | {share_wrong:.2%} |", flush=True)


if __name__ == "__main__":
    main()
