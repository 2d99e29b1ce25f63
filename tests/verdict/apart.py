"""Judgements written down gap by gap, in units of what matters."""

from collections.abc import Mapping
from math import exp, log1p

from visavis.stats.estimate import Estimate, Z
from visavis.verdict.choice import Choice, choose
from visavis.verdict.compare import Gap, Judgement, MeasureRow
from visavis.verdict.decide import Alike, Because, Prefer, Undecided, Verdict
from visavis.verdict.must import Met, Must
from visavis.verdict.policy import DEFAULT, MEASURES, Policy, Weight
from visavis.verdict.worlds import WORLDS

NOISE = 3 * 0.5 / WORLDS**0.5
"""Three standard errors of a share of so many worlds."""
SURE = 1e-6


def gap(a: str, b: str, measure: str, units: float, error: float) -> Gap:
    """So many gaps that matter in favour of `a`, with a standard error in the same unit."""
    kind = MEASURES[measure]
    sign = 1 if kind.higher_is_better else -1
    if kind.scale == "difference":
        step = DEFAULT.matters[measure]
        low, value, high = (sign * step * (units + k * Z * error) for k in (-1, 0, 1))
    else:
        step = log1p(DEFAULT.matters[measure])
        low, value, high = (exp(sign * step * (units + k * Z * error)) for k in (-1, 0, 1))
    low, high = min(low, high), max(low, high)
    by = Estimate(value=value, low=low, high=high, n=99, method="")
    verdict: Verdict = Undecided(by=by, cases_needed=None, because=Because.TOO_WIDE)
    if abs(units) > Z * error:
        verdict = Prefer(winner=a if units > 0 else b, by=by)
    elif abs(units) + Z * error < 1:
        verdict = Alike(within=DEFAULT.matters[measure], by=by)
    return Gap(a=a, b=b, scale=kind.scale, p_value=0.5, p_holm=0.5, verdict=verdict)


def row(measure: str, benchmark: str, gaps: list[Gap]) -> MeasureRow:
    kind = MEASURES[measure]
    return MeasureRow(
        measure=measure,
        benchmark=benchmark,
        higher_is_better=kind.higher_is_better,
        matters=DEFAULT.matters[measure],
        cells=(),
        gaps=tuple(gaps),
    )


def judged(*rows: MeasureRow, names: str = "ab") -> Judgement:
    return Judgement(candidates=tuple(names), rows=rows, policy="default", family=1)


def two(units: Mapping[str, float], error: float = SURE) -> Judgement:
    """Candidates a and b, apart on each `measure.benchmark` by so many gaps that matter."""
    rows = []
    for name, apart in units.items():
        measure, _, benchmark = name.partition(".")
        rows.append(row(measure, benchmark, [gap("a", "b", measure, apart, error)]))
    return judged(*rows)


def choice(
    judgement: Judgement,
    policy: Policy = DEFAULT,
    musts: Mapping[str, Mapping[Must, Met]] | None = None,
) -> Choice:
    return choose(judgement, policy, musts or {name: {} for name in judgement.candidates})


def acceptability(found: Choice) -> dict[str, float | None]:
    return {one.candidate: one.acceptability for one in found.standings}


def weighing(**weights: Weight) -> Policy:
    named = {name.replace("__", "."): weight for name, weight in weights.items()}
    return Policy(name="mine", matters=DEFAULT.matters, weights=named)
