"""Does a run that stops when it is decided prefer wrongly, and how many cases does it save?

Run by `make bench`; prints five Markdown tables, simulated with a seed. Where there is no
difference, it looks as often as it can, after every case; where cases are saved, as often as the
command does.
"""

from collections.abc import Callable, Iterator
from itertools import product
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benches.coverage import FAMILIES, Family, observed
from visavis.stats.estimate import ALPHA, Z
from visavis.stats.power import FIRST_LOOK, GROWTH
from visavis.stats.sequential import BETS, Look, look
from visavis.verdict.compare import STOPPED_BY, judge
from visavis.verdict.decide import Prefer
from visavis.verdict.looks import Looks, Pool
from visavis.verdict.policy import DEFAULT

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]

POOLS = {"MMLU": 14_042, "GSM8K": 1_319}
MATTERS = DEFAULT.matters["score"]
DIFFER = (0.05, 0.20, 0.50)


def drawn(runs: int, cases: int, gap: float, differ: float, seed: int = 7) -> Floats:
    """Gaps of 1, -1 and 0, case by case: a run a row, cases like those of an endless benchmark."""
    rng = np.random.default_rng(seed)
    shares = [(differ + gap) / 2, (differ - gap) / 2, 1 - differ]
    return rng.choice([1.0, -1.0, 0.0], size=(runs, cases), p=shares)


def shuffled(runs: int, cases: int, gap: float, differ: float, seed: int = 7) -> Floats:
    """The same of one benchmark that has exactly this gap, in random order."""
    rng = np.random.default_rng(seed)
    up, down = round(cases * (differ + gap) / 2), round(cases * (differ - gap) / 2)
    benchmark = np.repeat([1.0, -1.0, 0.0], [up, down, cases - up - down])
    return np.array([rng.permutation(benchmark) for _ in range(runs)])


def counted(gaps: Floats) -> Floats:
    """After each case: solved by the first alone, by the second alone, by both or neither."""
    return np.array([np.cumsum(gaps == kind, axis=1) for kind in (1, -1, 0)], dtype=float)


def looked(seen: Floats, matters: float, part: float) -> Look:
    """What is decided after each case of each run."""
    alike, prefer = look(seen.reshape(3, -1), matters, part)
    return Look(alike.reshape(seen.shape[1:]), prefer.reshape(seen.shape[1:]))


# Wrong preferences, where there is no difference.


def ever(gaps: Floats) -> Bools:
    """In which runs a lone gap is preferred at some time, if being alike does not end them."""
    return np.asarray(looked(counted(gaps), 1e-9, 1.0).prefer.any(axis=1))


def stopped(gaps: Floats, places: Counts | None = None) -> tuple[Counts, Bools]:
    """After how many cases each run is decided (or has no more), and whether by a preference.

    It looks after each case, or where told.
    """
    at = np.arange(1, gaps.shape[1] + 1) if places is None else places
    alike, prefer = looked(counted(gaps)[:, :, at - 1], MATTERS, STOPPED_BY)
    ends = alike | prefer
    last = np.where(ends.any(axis=1), ends.argmax(axis=1), len(at) - 1)
    return at[last], prefer[np.arange(len(gaps)), last]


def rounds(cases: int) -> Counts:
    """After how many cases the command looks."""
    n, places = 0, []
    while n < cases:
        n = min(cases, n + max(FIRST_LOOK, n // GROWTH))
        places.append(n)
    return np.array(places)


def peeked(gaps: Floats) -> Bools:
    """In which runs McNemar's test for a fixed number is below 5 % at some look after 10 cases."""
    up, down, _ = counted(gaps)
    clear = np.abs(up - down) > Z * np.sqrt(up + down)
    return np.asarray((clear & (up + down >= 10)).any(axis=1))


def wrong_preference_share(family: Family, runs: int, seed: int = 7) -> float:
    """Share of whole runs that prefer somebody for something, stopped as the command stops them.

    Prices, tokens and speeds are judged at the end, in the same family of tests.
    """
    rng, wrong = np.random.default_rng(seed), 0
    names = list(family.candidates)
    for _ in range(runs):
        seen = observed(family, rng)
        pools = {f"benchmark {i}": Pool(n, 1) for i, (n, _) in enumerate(family.scores)}
        looks, asked = Looks(pools, names, DEFAULT), 0
        while asked < max(n for n, _ in family.scores) and (open_ := looks.open()):
            for one in seen:
                due = one.measure == "score" and asked <= int(one.unit_id) < asked + FIRST_LOOK
                if due and (one.candidate, one.benchmark) in open_:
                    looks.scored(one)
            asked += FIRST_LOOK
        there = [one for one in seen if one.benchmark == "speed" or int(one.unit_id) < asked]
        judgement = judge(there, [], names, DEFAULT, dict.fromkeys(pools, 1))
        verdicts = [gap.verdict for row in judgement.rows for gap in row.gaps]
        wrong += any(isinstance(verdict, Prefer) for verdict in verdicts)
    return wrong / runs


# Stopping times of other methods, for gaps of 1, -1 and 0: capital against a gap, after each case.

Capital = Callable[[Floats, float], Floats]


def ours(gaps: Floats, gap: float) -> Floats:
    up, down, none = counted(gaps)
    mean = (1 + gap) / 2
    made = [
        rises * np.log1p(bet * (1 / m - 1))
        + falls * np.log1p(-bet)
        + none * np.log1p(bet * (0.5 / m - 1))
        for bet in BETS
        for m, rises, falls in ((mean, up, down), (1 - mean, down, up))
    ]
    return np.asarray(np.logaddexp.reduce(made) - log(len(made)))


def hedged(gaps: Floats, gap: float) -> Floats:
    """Hedged capital with predictable plug-in bets (Waudby-Smith and Ramdas, 2024, theorem 3)."""
    values, mean = (1 + gaps) / 2, (1 + gap) / 2
    bets = _tuned(values)
    up = np.log1p(np.minimum(bets, 0.5 / mean) * (values - mean))
    down = np.log1p(-np.minimum(bets, 0.5 / (1 - mean)) * (values - mean))
    return np.asarray(np.maximum(np.cumsum(up, axis=1), np.cumsum(down, axis=1)) - log(2))


def bernstein(gaps: Floats, gap: float) -> Floats:
    """Predictable plug-in empirical Bernstein (the same, theorem 2), as capital."""
    values, mean = (1 + gaps) / 2, (1 + gap) / 2
    bets = np.minimum(_tuned(values), 0.5)
    before = _before((0.5 + np.cumsum(values, axis=1)) / np.arange(2, values.shape[1] + 2), 0.5)
    paid = np.cumsum(4 * (values - before) ** 2 * (-np.log1p(-bets) - bets) / 4, axis=1)
    return np.asarray(abs(np.cumsum(bets * (values - mean), axis=1)) - paid - log(2))


def without_replacement(gaps: Floats, gap: float) -> Floats:
    """Our bets against what is left of the pool, were its gap `gap`."""
    values, n = (1 + gaps) / 2, gaps.shape[1]
    drawn_before = np.cumsum(values, axis=1) - values
    left = (n * (1 + gap) / 2 - drawn_before) / (n - np.arange(n))
    impossible = np.maximum.accumulate((left < -1e-9) | (left > 1 + 1e-9), axis=1)
    left = np.clip(left, 1e-6, 1 - 1e-6)
    made = [
        np.cumsum(np.log1p(bet * (value / m - 1)), axis=1)
        for bet in BETS
        for m, value in ((left, values), (1 - left, 1 - values))
    ]
    return np.where(impossible, np.inf, np.logaddexp.reduce(made) - log(len(made)))


METHODS: dict[str, Capital] = {
    "ours": ours,
    "hedged capital": hedged,
    "empirical Bernstein": bernstein,
    "without replacement": without_replacement,
}


def _tuned(values: Floats) -> Floats:
    """Bets by the variance so far, and the time."""
    i = np.arange(1, values.shape[1] + 1)
    means = (0.5 + np.cumsum(values, axis=1)) / (i + 1)
    spread = _before((0.25 + np.cumsum((values - means) ** 2, axis=1)) / (i + 1), 0.25)
    return np.asarray(np.sqrt(2 * log(2 / ALPHA) / (spread * i * np.log1p(i))))


def _before(running: Floats, first: float) -> Floats:
    """What was known before each case."""
    return np.concatenate([np.full((len(running), 1), first), running[:, :-1]], axis=1)


def ended(gaps: Floats, capital: Capital) -> tuple[Counts, Bools]:
    """After how many cases a lone gap is decided by such a method, and whether by a preference."""
    so_far = np.cumsum(gaps, axis=1) / np.arange(1, gaps.shape[1] + 1)
    refuted = [capital(gaps, gap) >= -log(ALPHA) for gap in (-MATTERS, 0.0, MATTERS)]
    alike = refuted[0] & refuted[2] & (abs(so_far) < MATTERS)
    ends = refuted[1] | alike
    last = np.where(ends.any(axis=1), ends.argmax(axis=1), gaps.shape[1] - 1)
    return last + 1, (refuted[1] & ~alike)[np.arange(len(gaps)), last]


# Tables.


class Saving(NamedTuple):
    """What stopping saves on one benchmark."""

    median: int
    nine_in_ten: int
    right: float
    """Share of runs that prefer the better one."""
    decided: float
    """Share of runs that end before the cases do."""


def saving(cases: int, gap: float, differ: float, runs: int) -> Saving:
    gaps = drawn(runs, cases, gap, differ)
    n, preferred = stopped(gaps, rounds(cases))
    ahead = np.array([row[:end].sum() > 0 for row, end in zip(gaps, n, strict=True)])
    return Saving(
        median=int(np.median(n)),
        nine_in_ten=int(np.quantile(n, 0.9)),
        right=float((preferred & ahead).mean()),
        decided=float((n < cases).mean()),
    )


def _null_rows() -> Iterator[str]:
    for (pool, cases), made in (
        (("MMLU, endless", POOLS["MMLU"]), drawn),
        (("GSM8K, endless", POOLS["GSM8K"]), drawn),
        (("GSM8K, of exactly no gap", POOLS["GSM8K"]), shuffled),
    ):
        for differ in DIFFER:
            batches = (made(50, cases, 0.0, differ, seed) for seed in range(20))
            shares = [
                (peeked(gaps).mean(), ever(gaps).mean(), stopped(gaps)[1].mean())
                for gaps in batches
            ]
            figures = " | ".join(f"{share:.1%}" for share in np.mean(shares, axis=0))
            yield f"{pool} | {differ:.0%} | {figures}"


def main() -> None:
    print(
        "| no difference, looked at after every case | they differ on | McNemar below 5 % at some "
        "look | ours, preferred at some look | ours, stopped when decided |"
    )
    print("| --- | --- | --- | --- | --- |")
    for row in _null_rows():
        print(f"| {row} |", flush=True)

    print("\n| no candidate is better, whole runs | someone is preferred |")
    print("| --- | --- |")
    for family in FAMILIES:
        print(f"| {family.name} | {wrong_preference_share(family, 200):.1%} |", flush=True)

    print(
        "\n| benchmark | gap | they differ on | cases, median | of all | in 9 of 10 runs | ", end=""
    )
    print("ended before all were asked | better one preferred |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for (pool, cases), gap, more in product(POOLS.items(), (0.0, 0.05, 0.1, 0.2), (0.05, 0.1, 0.2)):
        found = saving(cases, gap, gap + more, 100 if cases > 5000 else 500)
        print(
            f"| {pool} | {gap:.0%} | {gap + more:.0%} | {found.median:,} | "
            f"{found.median / cases:.1%} | {found.nine_in_ten:,} | {found.decided:.0%} | "
            f"{found.right:.0%} |",
            flush=True,
        )

    print(f"\n| gap | they differ on | {' | '.join(METHODS)} |")
    print("| --- | --- | --- | --- | --- | --- |")
    for gap, more in product((0.0, 0.05, 0.1, 0.2), (0.05, 0.15, 0.3)):
        gaps = shuffled(300, POOLS["GSM8K"], gap, gap + more)
        medians = (int(np.median(ended(gaps, method)[0])) for method in METHODS.values())
        print(f"| {gap:.0%} | {gap + more:.0%} | {' | '.join(map(str, medians))} |", flush=True)

    print(f"\n| two equal candidates, 164 cases, they differ on | {' | '.join(METHODS)} |")
    print("| --- | --- | --- | --- | --- |")
    for differ in (0.1, 0.3, 0.5):
        gaps = drawn(1000, 164, 0.0, differ)
        wrong = (f"{ended(gaps, method)[1].mean():.1%}" for method in METHODS.values())
        print(f"| {differ:.0%} | preferred one in {' | '.join(wrong)} |", flush=True)


if __name__ == "__main__":
    main()
