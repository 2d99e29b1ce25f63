"""What repeats tell of a run: how far its scores, and its gaps, rest on luck of the draw."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from visavis.core.observation import Observation
from visavis.stats.repeats import Spread, spread
from visavis.verdict.methods import FIXED, Drawn

Tried = dict[str, dict[str, list[float]]]
"""What each try got, by case, then by candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Luck:
    """One benchmark whose cases were tried several times."""

    benchmark: str
    one: Mapping[str, Spread]
    """By candidate."""
    two: Mapping[tuple[str, str], Spread]
    """By pair, of the gap `a - b` over the cases that both were scored on."""


def luck_of(
    observations: Iterable[Observation], candidates: Sequence[str], drawn: Drawn = FIXED
) -> tuple[Luck, ...]:
    """By benchmark; those whose cases were tried once are left out."""
    tried: dict[str, Tried] = {}
    groups: dict[tuple[str, str], str] = {}
    for o in observations:
        if o.measure == "score":
            cases = tried.setdefault(o.benchmark, {})
            cases.setdefault(o.unit_id, {}).setdefault(o.candidate, []).append(o.value)
            together = drawn.get(o.benchmark) != 1
            groups[o.benchmark, o.unit_id] = o.group if together else o.unit_id
    found = (
        _luck(benchmark, cases, {case: groups[benchmark, case] for case in cases}, candidates)
        for benchmark, cases in tried.items()
        if any(len(tries) > 1 for of in cases.values() for tries in of.values())
    )
    return tuple(one for one in found if one.one)


def _luck(
    benchmark: str, cases: Tried, groups: Mapping[str, str], candidates: Sequence[str]
) -> Luck:
    one = {name: _spread(cases, groups, (name,)) for name in candidates}
    two = {pair: _spread(cases, groups, pair) for pair in combinations(candidates, 2)}
    return Luck(
        benchmark=benchmark,
        one={name: known for name, known in one.items() if known is not None},
        two={pair: known for pair, known in two.items() if known is not None},
    )


def _spread(cases: Tried, groups: Mapping[str, str], names: Sequence[str]) -> Spread | None:
    """Over the cases on which all that are named have a score."""
    grouped: dict[str, list[tuple[Sequence[float], ...]]] = {}
    for case, tries in cases.items():
        if all(name in tries for name in names):
            grouped.setdefault(groups[case], []).append(tuple(tries[name] for name in names))
    return spread(list(grouped.values()))
