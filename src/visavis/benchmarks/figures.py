"""Figures of a benchmark beyond its score: by reader, by subject, averaged over subjects."""

from collections.abc import Callable, Iterator, Sequence
from math import fsum, sqrt

from visavis.benchmarks.base import Benchmark, Figure, Graded
from visavis.scoring.pass_at_k import pass_all_k, pass_at_k
from visavis.stats.estimate import Estimate, TooFew, Z
from visavis.stats.proportion import share
from visavis.stats.repeats import chance

Value = Callable[[Graded], float]

STRICT, FLEXIBLE = "strict", "flexible"
"""Marks of two readers: one insists on the format asked for, one does not."""
LOST_TO_FORMAT = "lost to format"

EVERY_K_TO, FURTHER_KS = 5, (10, 20, 50, 100)
"""The k of pass@k that are shown, beside the number of tries itself."""
TRIED_AT_LEAST = 0.95
"""Share of the cases that must have k tries left for a figure of k."""
ONE_OF_K = "at least one of k tries of a case gets the full mark"
ALL_OF_K = "all of k tries of a case get the full mark"


def figures_of(benchmark: Benchmark, graded: Sequence[Graded]) -> tuple[Figure, ...]:
    """All figures of one candidate's scored trials: the marks' means, the benchmark's own, and
    those of several tries of a case."""
    if not graded:
        return ()
    own = tuple(benchmark.figures(graded))
    named = {figure.name for figure in own if not figure.by}
    return (*(mark for mark in marks(graded) if mark.name not in named), *own, *passes(graded))


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


def passes(graded: Sequence[Graded]) -> Iterator[Figure]:
    """pass@k and pass^k, where cases were tried several times: means over the cases with k tries
    left, as unbiased in each case as the mean of its tries."""
    if len({one.case.id for one in graded}) == len(graded):
        return
    tries: dict[str, list[bool]] = {}
    for one in graded:
        tries.setdefault(one.case.id, []).append(one.score.value >= 1)
    groups = {one.case.id: one.case.group for one in graded}
    ks = _ks([len(of_case) for of_case in tries.values()])
    kinds = (("pass@", ks, pass_at_k, ONE_OF_K), ("pass^", ks[1:], pass_all_k, ALL_OF_K))
    for sign, shown, estimate, doc in kinds:
        for k in shown:
            grouped: dict[str, list[float]] = {}
            for case, rights in tries.items():
                if len(rights) >= k:
                    value = estimate(len(rights), sum(rights), k)
                    grouped.setdefault(groups[case], []).append(value)
            yield Figure(
                name=f"{sign}{k}",
                value=chance(list(grouped.values())),
                doc=doc if k == shown[0] else "",
            )


def _ks(tries: Sequence[int]) -> list[int]:
    """Of which k to speak: none where cases were tried once."""
    enough = [k for k in range(2, max(tries) + 1) if _tried(tries, k) >= TRIED_AT_LEAST]
    most = max(enough, default=0)
    return [k for k in range(1, most + 1) if k <= EVERY_K_TO or k in (*FURTHER_KS, most)]


def _tried(tries: Sequence[int], k: int) -> float:
    return sum(n >= k for n in tries) / len(tries)


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
