"""Figures of a benchmark beyond its score: by reader, by subject, averaged over subjects."""

from collections.abc import Callable, Iterator, Sequence
from math import fsum, sqrt

from visavis.benchmarks.base import Benchmark, Figure, Graded
from visavis.stats.estimate import Estimate, TooFew, Z
from visavis.stats.proportion import share

Value = Callable[[Graded], float]

STRICT, FLEXIBLE = "strict", "flexible"
"""Marks of two readers: one insists on the format asked for, one does not."""
LOST_TO_FORMAT = "lost to format"


def figures_of(benchmark: Benchmark, graded: Sequence[Graded]) -> tuple[Figure, ...]:
    """All figures of one candidate's scored trials: the marks' means, then the benchmark's own."""
    if not graded:
        return ()
    own = tuple(benchmark.figures(graded))
    named = {figure.name for figure in own if not figure.by}
    return (*(mark for mark in marks(graded) if mark.name not in named), *own)


def score(graded: Graded) -> float:
    return graded.score.value


def mean_share(name: str, graded: Sequence[Graded], value: Value = score, by: str = "") -> Figure:
    """Mean of values from 0 to 1, with the interval that every score of the program has."""
    groups: dict[str, list[float]] = {}
    for one in graded:
        groups.setdefault(one.case.group, []).append(value(one))
    return Figure(name=name, value=share(list(groups.values())), by=by)


def marks(graded: Sequence[Graded]) -> Iterator[Figure]:
    """The mean of each mark that every reply has; and what a strict reader costs."""
    names = [
        name for name in graded[0].score.marks if all(name in one.score.marks for one in graded)
    ]
    for name in names:
        yield mean_share(name, graded, _mark(name))
    if {STRICT, FLEXIBLE} <= set(names):
        yield mean_share(LOST_TO_FORMAT, graded, _lost)


def _mark(name: str) -> Value:
    return lambda one: one.score.marks[name]


def _lost(one: Graded) -> float:
    """Right for the lenient reader alone. Where the strict one alone is right, nothing was lost."""
    return max(0.0, one.score.marks[FLEXIBLE] - one.score.marks[STRICT])


def divided(
    graded: Sequence[Graded], by: str, of: Callable[[Graded], str] | None = None
) -> Iterator[Figure]:
    """The score within each part: by default the parts that the case's field `by` names."""
    for name, part in sorted(parts(graded, by, of).items()):
        yield mean_share(name, part, by=by)


def parts(
    graded: Sequence[Graded], by: str, of: Callable[[Graded], str] | None = None
) -> dict[str, list[Graded]]:
    """Trials by what `of` says of them, or by the case's field `by`."""
    found: dict[str, list[Graded]] = {}
    for one in graded:
        found.setdefault(of(one) if of else one.case.fields[by], []).append(one)
    return found


def macro(graded: Sequence[Graded], by: str) -> Figure:
    """Mean of the parts' means, each part counting alike.

    Its interval is that of a stratified sample: the parts are the ones there are, the cases within
    each could have been others (Cochran, Sampling Techniques, 1977, 5.3). A part with one case
    shows no spread, so then there is too little for an interval.
    """
    strata = [[score(one) for one in part] for part in parts(graded, by).values()]
    name, n = f"mean of {by}s", len(graded)
    if min(map(len, strata)) < 2:
        few = min(map(len, strata))
        return Figure(name=name, value=TooFew(groups=few, needed=2))
    means = [fsum(part) / len(part) for part in strata]
    value = fsum(means) / len(means)
    variances = [
        fsum((v - mean) ** 2 for v in part) / (len(part) - 1) / len(part)
        for part, mean in zip(strata, means, strict=True)
    ]
    reach = Z * sqrt(fsum(variances)) / len(strata)
    if reach == 0.0:
        return Figure(name=name, value=TooFew(groups=len(strata), needed=len(strata) + 1))
    estimate = Estimate(
        value=value,
        low=max(0.0, value - reach),
        high=min(1.0, value + reach),
        n=n,
        method=f"stratified, {len(strata)} {by}s",
    )
    return Figure(name=name, value=estimate)
