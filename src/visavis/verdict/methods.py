"""Observations on a sheet a measure, and how each measure is estimated and compared."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import fsum
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar, cast

from visavis.core.observation import Observation
from visavis.stats import sequential
from visavis.stats.estimate import Estimate, Groups, TooFew
from visavis.stats.paired import PairedTest, score_gap, shared
from visavis.stats.proportion import share
from visavis.stats.ratio import (
    Cost,
    amount_mean,
    geometric_mean,
    geometric_ratio,
    per_solved,
    per_solved_ratio,
    total_ratio,
)
from visavis.stats.unpaired import group_count, mean_ratio, share_gap
from visavis.verdict.tries import Seen, Tries, evenly, sorted_out

T = TypeVar("T")
V = TypeVar("V")

PRICE = "usd_per_solved_case"
NOT_MEASURED = TooFew(groups=0, needed=1)


class Method(NamedTuple, Generic[T]):
    """How one candidate is estimated, and how two are compared, from amounts by group."""

    one: Callable[[Sequence[Sequence[T]]], Estimate | TooFew]
    two: Callable[[Sequence[Sequence[tuple[T, T]]]], PairedTest | TooFew]


_SPEED = Method(one=geometric_mean, two=geometric_ratio)


def _never_met(found: T | TooFew, groups: Sequence[Sequence[object]]) -> T | TooFew:
    """Goodput may be 0 in all blocks: that was measured, and shows no spread."""
    never = found == TooFew(groups=0, needed=1) and len(groups) > 1
    return TooFew(groups=len(groups), needed=len(groups) + 1) if never else found


METHODS: Mapping[str, Method[float]] = {
    "score": Method(one=share, two=score_gap),
    "output_tokens": Method(one=amount_mean, two=total_ratio),
    "first_token_s": _SPEED,
    "output_tokens_per_s": _SPEED,
    "characters_per_s": _SPEED,
    "words_per_s": _SPEED,
    "throughput_tokens_per_s": _SPEED,
    "goodput_per_s": Method(
        one=lambda groups: _never_met(amount_mean(groups), groups),
        two=lambda groups: _never_met(total_ratio(groups), groups),
    ),
}
"""Of every measure that is observed as such."""

_PRICE = Method(one=per_solved, two=per_solved_ratio)
"""Of the price of a solved case, which is made of two measures: `usd` and `score`."""

Drawn = Mapping[str, int]
"""Benchmarks asked until decided, in a random order; with how many cases, at most, were drawn as
one. Nobody knew beforehand when they would stop, so their methods hold at any time."""

FIXED: Drawn = MappingProxyType({})
"""No benchmark: the number of cases was fixed before the first was asked."""


class RowKey(NamedTuple):
    """Which row of a judgement."""

    benchmark: str
    measure: str


Pairs = Callable[[str, str], Mapping[str, tuple[T, T]]]
"""What two candidates got, side by side, by unit id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[T]):
    """One measure on one benchmark: what each candidate got in each unit."""

    method: Method[T]
    groups: Mapping[str, str]
    """Group by unit id; empty where each unit stands for itself."""
    units: Mapping[str, Mapping[str, T]]
    """Amount by candidate, then by unit id."""
    even: Pairs[T] | None = None
    """Of as many tries on either side; None where each was tried once, or nobody knew how often."""

    def one(self, candidate: str) -> Estimate | TooFew:
        """What is known of one candidate."""
        units = self.units.get(candidate)
        if not units:
            return NOT_MEASURED
        found = self.method.one(self._grouped(units))
        return _with_mean(found, list(units.values())) if isinstance(found, TooFew) else found

    def two(self, a: str, b: str) -> PairedTest | TooFew | None:
        """The gap over the units that both have; None where either has none at all."""
        if not (self.units.get(a) and self.units.get(b)):
            return None
        pairs = self.even(a, b) if self.even else shared(self.units[a], self.units[b])
        return self.method.two(self._grouped(pairs)) if pairs else NOT_MEASURED

    def unpaired(self, a: str, b: str, *, is_share: bool) -> PairedTest | TooFew | None:
        """The gap where units are not the same, whatever they are called."""
        if not (self.units.get(a) and self.units.get(b)):
            return None
        for_a, for_b = self._grouped(self.units[a]), self._grouped(self.units[b])
        if is_share:
            return share_gap(cast(Groups, for_a), cast(Groups, for_b))
        sizes = group_count(for_a), group_count(for_b)
        return mean_ratio(self.method.one(for_a), self.method.one(for_b), sizes)

    def _grouped(self, units: Mapping[str, V]) -> list[list[V]]:
        if not self.groups:
            return [[amount] for amount in units.values()]
        groups: dict[str, list[V]] = {}
        for unit_id, amount in units.items():
            groups.setdefault(self.groups[unit_id], []).append(amount)
        return list(groups.values())


def scored(together: int | None) -> Method[float]:
    """The method for scores; `together` is the largest draw, None where the number was fixed."""
    if together is None:
        return METHODS["score"]
    return Method(
        one=partial(sequential.share, together=together),
        two=partial(sequential.score_gap, together=together),
    )


def _lasting(method: Method[T]) -> Method[T]:
    """The method for a ratio that nobody knew beforehand when to look at."""
    return Method(
        one=lambda groups: sequential.amount(method.one(groups)),
        two=lambda groups: sequential.ratio(method.two(groups)),
    )


Sheets = dict[RowKey, Sheet[float] | Sheet[Cost]]
Amounts = Mapping[str, Mapping[str, float]]
"""By candidate, then by unit id."""


def _with_mean(few: TooFew, amounts: Sequence[object]) -> TooFew:
    """With the mean of several groups that are all alike: it can be shown, without an interval."""
    known = [amount for amount in amounts if isinstance(amount, float)]
    if few.groups < 2 or not known:
        return few
    return replace(few, mean=fsum(known) / len(known), n=len(known))


def tabulate(observations: Iterable[Observation], drawn: Drawn = FIXED) -> Sheets:
    """A sheet for each measure that is judged, on each benchmark on which it was observed."""
    return sheets_of(sorted_out(observations, drawn), drawn)


def sheets_of(seen: Seen, drawn: Drawn = FIXED) -> Sheets:
    """The same of what is sorted already. Several values of one unit are averaged."""
    means: dict[RowKey, dict[str, Mapping[str, float]]] = {}
    for (benchmark, measure, candidate), of_one in seen.tries.items():
        means.setdefault(RowKey(benchmark, measure), {})[candidate] = of_one.means()
    groups = {name: _together(group_of) for name, group_of in seen.groups.items()}
    sheets: Sheets = {}
    for key, amounts in means.items():
        group_of, together = groups[key.benchmark], drawn.get(key.benchmark)
        tries = {name: seen.tries[*key, name] for name in amounts}
        repeated = together is None and any(of.repeated for of in tries.values())
        if key.measure in METHODS:
            sheets[key] = Sheet(
                method=_method(key.measure, together),
                groups=group_of,
                units=amounts,
                even=_even(tries) if repeated else None,
            )
        if key.measure == "usd":
            graded = RowKey(key.benchmark, "score")
            scores = means.get(graded, {})
            costs = _costs(amounts, scores)
            if any(costs.values()):
                solved = {name: seen.tries[*graded, name] for name in scores}
                sheets[RowKey(key.benchmark, PRICE)] = Sheet(
                    method=_PRICE if together is None else _lasting(_PRICE),
                    groups=group_of,
                    units=costs,
                    even=_even_costs(_even(tries), _even(solved)) if repeated else None,
                )
    return sheets


def _together(group_of: Mapping[str, str]) -> Mapping[str, str]:
    """The groups; none where each holds one unit, as most do."""
    return group_of if len(set(group_of.values())) < len(group_of) else {}


def _method(measure: str, together: int | None) -> Method[float]:
    if measure == "score":
        return scored(together)
    return METHODS[measure] if together is None else _lasting(METHODS[measure])


def _even(tries: Mapping[str, Tries]) -> Pairs[float]:
    return lambda a, b: evenly(tries[a], tries[b])


def _even_costs(usd: Pairs[float], score: Pairs[float]) -> Pairs[Cost]:
    def even(a: str, b: str) -> Mapping[str, tuple[Cost, Cost]]:
        return {
            unit_id: (Cost(usd=paid[0], solved=solved[0]), Cost(usd=paid[1], solved=solved[1]))
            for unit_id, (paid, solved) in shared(usd(a, b), score(a, b)).items()
        }

    return even


def _costs(usd: Amounts, score: Amounts) -> dict[str, dict[str, Cost]]:
    """What each candidate paid and solved; none for a free one, which has no price to compare."""
    return {
        candidate: {
            unit_id: Cost(usd=paid, solved=solved)
            for unit_id, (paid, solved) in shared(units, score.get(candidate, {})).items()
        }
        for candidate, units in usd.items()
        if fsum(units.values()) > 0
    }
