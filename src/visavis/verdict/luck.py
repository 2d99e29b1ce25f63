"""What repeats tell of a run: how far its scores, and its gaps, rest on luck of the draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from visavis.stats.repeats import Spread, spread
from visavis.verdict.tries import Seen, Tries


@dataclass(frozen=True, slots=True, kw_only=True)
class Luck:
    """One benchmark whose cases were tried several times."""

    benchmark: str
    one: Mapping[str, Spread]
    """By candidate."""
    two: Mapping[tuple[str, str], Spread]
    """By pair, of the gap `a - b` over the cases that both were scored on."""


def luck_of(seen: Seen, candidates: Sequence[str]) -> tuple[Luck, ...]:
    """By benchmark; those whose cases were tried once are left out."""
    scores: dict[str, dict[str, Tries]] = {}
    for (benchmark, measure, candidate), tries in seen.tries.items():
        if measure == "score":
            scores.setdefault(benchmark, {})[candidate] = tries
    found = (
        _luck(benchmark, of, seen.groups[benchmark], candidates)
        for benchmark, of in scores.items()
        if any(tries.repeated for tries in of.values())
    )
    return tuple(one for one in found if one.one)


def _luck(
    benchmark: str, of: Mapping[str, Tries], groups: Mapping[str, str], candidates: Sequence[str]
) -> Luck:
    scored = [name for name in candidates if name in of]
    one = {name: _spread([of[name]], groups) for name in scored}
    two = {(a, b): _spread([of[a], of[b]], groups) for a, b in combinations(scored, 2)}
    return Luck(
        benchmark=benchmark,
        one={name: known for name, known in one.items() if known is not None},
        two={pair: known for pair, known in two.items() if known is not None},
    )


def _spread(sides: Sequence[Tries], groups: Mapping[str, str]) -> Spread | None:
    """Over the cases on which all sides have a score."""
    grouped: dict[str, list[tuple[Sequence[float], ...]]] = {}
    for case in sides[0]:
        if all(case in side for side in sides):
            grouped.setdefault(groups[case], []).append(tuple(side[case] for side in sides))
    return spread(list(grouped.values()))
