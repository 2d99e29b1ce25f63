"""Judgements and policies at random, to hold the page's reckoning against the program's."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from math import exp, inf
from random import Random

from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Gap, Judgement, MeasureRow, judged_by
from visavis.verdict.consider import Choices, Known, consider
from visavis.verdict.decide import Because, Undecided
from visavis.verdict.flips import Bill
from visavis.verdict.must import AT_MOST, LOCAL, Must, Subject, Value, must
from visavis.verdict.policy import DEFAULT, MEASURES, Policy, Weight

ROWS = (
    ("score", "logic"),
    ("score", "mmlu@5-shot"),
    ("usd_per_solved_case", "logic"),
    ("usd_per_solved_case", "mmlu@5-shot"),
    ("first_token_s", "speed"),
    ("output_tokens_per_s", "speed"),
    ("output_tokens", "logic"),
)
SUBJECTS = (
    Subject("score", "logic"),
    Subject("score", "mmlu@5-shot"),
    Subject("first_token_s", share=0.95),
    Subject("usd_per_solved_case", "logic"),
    Subject("context_window_tokens"),
    Subject(LOCAL),
)


def choices_at_random(
    rng: Random, candidates: int, own: Policy, others: Sequence[Policy] = ()
) -> Choices:
    """A run under `own` and other policies, with any part of all that might be measured."""
    return chosen_among(rng, candidates, [row for row in ROWS if rng.random() > 0.15], own, others)


def chosen_among(
    rng: Random,
    candidates: int,
    measured: Sequence[tuple[str, str]],
    own: Policy,
    others: Sequence[Policy] = (),
) -> Choices:
    """The same, with these measures on these benchmarks."""
    names = tuple(f"candidate {n}" for n in range(candidates))
    rows = tuple(_row(rng, *which, names) for which in measured)
    judgement = judged_by(
        Judgement(candidates=names, rows=rows, policy="default", family=len(rows)), own
    )
    asked = (own, *others)
    known = Known(
        subjects={
            **{one.subject: {} for policy in asked for one in policy.must},
            **{one: {name: (_value(rng, one),) for name in names} for one in SUBJECTS},
        },
        bills={name: _bill(rng) for name in names if rng.random() < 0.7},
    )
    return Choices(
        judgement=judgement,
        known=known,
        taken=tuple(consider(judged_by(judgement, one), one, known) for one in asked),
    )


def policy_at_random(rng: Random, number: int) -> Policy:
    """Some weights unspecified, some of whole measures, some of one benchmark; some limits."""
    keys = [".".join(row) for row in ROWS if MEASURES[row[0]].decides]
    keys += ["score", "usd_per_solved_case", "throughput_tokens_per_s"]
    weights: dict[str, Weight] = {}
    if rng.random() < 0.8:
        for key in rng.sample(keys, rng.randint(1, 5)):
            low = round(rng.uniform(0, 3), 2) if rng.random() < 0.7 else 0.0
            weights[key] = Weight(low, round(low + rng.choice((0, 1, 3)) * rng.random(), 2))
    return replace(
        DEFAULT,
        name=f"random-{number}",
        matters={
            name: round(gap * rng.uniform(0.3, 3), 4) for name, gap in DEFAULT.matters.items()
        },
        weights=weights,
        must=tuple(_musts(rng)),
    )


def _musts(rng: Random) -> Iterator[Must]:
    for subject in rng.sample(SUBJECTS, rng.choice((0, 0, 1, 2))):
        if subject.measure == LOCAL:
            yield must(LOCAL)
            continue
        sign = "<=" if subject.measure in AT_MOST else ">="
        percent = "p95" if subject.share else ""
        name = ".".join(part for part in (subject.measure, subject.benchmark, percent) if part)
        yield must(f"{name} {sign} {round(_level(rng, subject.measure), 3)}")


def _level(rng: Random, measure: str) -> float:
    scales = {"score": 1.0, "context_window_tokens": 100_000.0, "usd_per_solved_case": 0.01}
    return rng.uniform(0.2, 0.9) * scales.get(measure, 1.0)


def _value(rng: Random, subject: Subject) -> Value:
    if rng.random() < 0.1:
        return rng.choice((None, TooFew(groups=1, needed=2)))
    if subject.measure == LOCAL:
        return float(rng.random() < 0.7)
    value = _level(rng, subject.measure) * (0.6 if subject.measure in AT_MOST else 1.4)
    if subject.measure.endswith("tokens"):
        least = float(round(value))
        if rng.random() < 0.6:
            return least
        most = rng.choice((1.02 * least, inf))  # found by asking
        return Estimate(value=least, low=least, high=most, n=1, method="")
    reach = value * rng.uniform(0.02, 0.3)
    return Estimate(value=value, low=value - reach, high=value + reach, n=99, method="")


def _bill(rng: Random) -> Bill:
    benchmarks = {benchmark for _, benchmark in ROWS}
    return Bill(
        usd_per_million_output_tokens=rng.choice((0.6, 4.0, 10.0)),
        parts={benchmark: rng.uniform(0.1, 1) for benchmark in sorted(benchmarks)},
    )


def _row(rng: Random, measure: str, benchmark: str, names: tuple[str, ...]) -> MeasureRow:
    kind = MEASURES[measure]
    step = 0.06 if kind.scale == "difference" else 0.15
    levels = {name: rng.gauss(0, 2) * step for name in names}
    if rng.random() < 0.2:  # two that are level, whose errors are one
        levels[names[-1]] = levels[names[0]]
    gaps = tuple(_gap(rng, a, b, measure, levels) for a, b in combinations(names, 2))
    return MeasureRow(
        measure=measure,
        benchmark=benchmark,
        higher_is_better=kind.higher_is_better,
        matters=DEFAULT.matters[measure],
        cells=(),
        gaps=gaps,
    )


def _gap(rng: Random, a: str, b: str, measure: str, levels: dict[str, float]) -> Gap:
    kind, middle = MEASURES[measure], levels[a] - levels[b]
    error = (0.02 if kind.scale == "difference" else 0.05) * rng.uniform(0.5, 2)
    ends = [middle - 1.96 * error, middle, middle + 1.96 * error]
    low, value, high = ends if kind.scale == "difference" else map(exp, ends)
    chance = rng.choice((0.001, 0.03, 0.2)) if abs(middle) > 1.96 * error else 0.5
    by = Estimate(value=value, low=low, high=high, n=99, method="")
    if rng.random() < 0.03:
        few = TooFew(groups=1, needed=2)
        verdict = Undecided(by=few, cases_needed=None, because=Because.TOO_FEW)
        return Gap(a=a, b=b, scale=kind.scale, p_value=None, p_holm=None, verdict=verdict)
    barred = rng.random() < 0.05
    return Gap(
        a=a,
        b=b,
        scale=kind.scale,
        p_value=chance / 3,
        p_holm=None if barred else chance,
        verdict=Undecided(
            by=by, cases_needed=None, because=Because.FAILED if barred else Because.TOO_WIDE
        ),
        error=error,
    )
