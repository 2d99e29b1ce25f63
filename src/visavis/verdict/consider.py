"""A choice from all that is known of the candidates, with all that would change it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf, isfinite
from types import MappingProxyType

from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.choice import Because, Choice, LimitFlip, choose
from visavis.verdict.compare import Judgement
from visavis.verdict.flips import Bill, centre_of, price_flips
from visavis.verdict.must import LOCAL, Met, Must, Subject, Value
from visavis.verdict.policy import Policy

Values = Mapping[str, tuple[Value, ...]]
"""What is known of each candidate, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a choice takes into account beside the judgement."""

    subjects: Mapping[Subject, Values] = field(default_factory=lambda: MappingProxyType({}))
    """All on which a limit may be set."""
    bills: Mapping[str, Bill] = field(default_factory=lambda: MappingProxyType({}))
    """Of candidates whose output has a price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A run under every policy that has a name, and what it takes to judge it under any other."""

    judgement: Judgement
    known: Known
    taken: tuple[Choice, ...]
    """That of the policy under which it is shown first."""


def consider(judgement: Judgement, policy: Policy, known: Known) -> Choice:
    """What the policy makes of a judgement that was made under it."""
    found = choose(judgement, policy, _musts(judgement, policy, known))
    found = replace(found, few=_too_few(judgement, policy, known))
    limits = tuple(_limit_flips(found, judgement, known))
    if found.worlds is None or not found.worlds.criteria or not found.leads:
        return replace(found, limits=limits)
    centre = centre_of(found.worlds, found.best.candidate)
    prices = tuple(price_flips(centre, judgement, known.bills)) if centre else ()
    return replace(found, limits=limits, prices=prices)


def _musts(judgement: Judgement, policy: Policy, known: Known) -> dict[str, dict[Must, Met]]:
    return {
        name: {
            one: one.met_by_all(known.subjects.get(one.subject, {}).get(name, ()))
            for one in policy.must
        }
        for name in judgement.candidates
    }


def _too_few(judgement: Judgement, policy: Policy, known: Known) -> dict[str, dict[Must, TooFew]]:
    """Where a share of requests is asked of, and too few were sent to tell."""
    few: dict[str, dict[Must, TooFew]] = {}
    for name in judgement.candidates:
        for one in policy.must:
            for value in known.subjects.get(one.subject, {}).get(name, ()):
                if one.share is not None and isinstance(value, TooFew) and value.groups:
                    few.setdefault(name, {})[one] = value
    return few


def _limit_flips(now: Choice, judgement: Judgement, known: Known) -> Iterator[LimitFlip]:
    """Of each limit the nearest such place, below and above."""
    for one in now.policy.must:
        if one.measure == LOCAL:
            continue
        places = _places(one, known.subjects.get(one.subject, {}))
        # Between two places nothing changes, so that one limit speaks for all that lie there.
        limits = [-inf, *places] if one.at_most else [*places, inf]
        at = bisect_right(places, one.limit) if one.at_most else bisect_left(places, one.limit)
        above = [(places[i], limits[i + 1]) for i in range(at, len(places))]
        below = [(places[i], limits[i]) for i in reversed(range(at))]
        for steps in (below, above):
            for place, limit in steps:
                then = _with(now, one, limit, judgement, known)
                if _decided(then) != _decided(now):
                    yield LimitFlip(
                        must=one,
                        at=place,
                        above=steps is above,
                        best=None if then.because == Because.NONE else then.best.candidate,
                        chosen=then.chosen,
                        because=then.because,
                    )
                    break


def _places(one: Must, values: Values) -> list[float]:
    """The limits at which what some candidate meets changes: the ends of what is known of it."""
    ends: set[float] = set()
    for known in values.values():
        lows = [value.low if isinstance(value, Estimate) else value for value in known]
        highs = [value.high if isinstance(value, Estimate) else value for value in known]
        for side in (lows, highs):
            figures = [float(end) for end in side if isinstance(end, int | float)]
            if figures:
                ends.add((max if one.at_most else min)(figures))
    return sorted(filter(isfinite, ends))


def _with(now: Choice, one: Must, limit: float, judgement: Judgement, known: Known) -> Choice:
    musts = tuple(replace(each, limit=limit) if each == one else each for each in now.policy.must)
    policy = replace(now.policy, must=musts)
    return choose(judgement, policy, _musts(judgement, policy, known))


def _decided(choice: Choice) -> tuple[object, ...]:
    """What a reader would do: two ways to the same are no change."""
    return choice.chosen, choice.because == Because.NONE
