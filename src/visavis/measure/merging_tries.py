"""Which trial of several runs is which try of the whole. Pure.

A trial that two runs have is one trial where it is the same reply: taken from one run into the
other, or read from one recording. Otherwise its case was tried once more, and the later run's tries
of that case, by all its candidates, become further tries. So votes and judgements on one try of two
candidates stay with that try. Nothing is dropped unless the user prefers one run's word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from visavis.core.trial import TrialKey
from visavis.measure.merging import OfCase
from visavis.options.runs import Prefer


class Tried(NamedTuple):
    """A trial as far as it decides which it is."""

    key: TrialKey
    sign: str
    """The same only of one and the same reply."""


@dataclass(kw_only=True)
class Renumbered:
    """One run's trials in the whole."""

    keys: dict[TrialKey, TrialKey] = field(default_factory=dict)
    """The key in the whole of each trial that this run brings."""
    same: dict[TrialKey, TrialKey] = field(default_factory=dict)
    """Of each whose reply is there already."""
    passed_over: set[TrialKey] = field(default_factory=set)
    """Those left out for another run's."""

    @property
    def further(self) -> int:
        """How many became further tries of their case."""
        return sum(key != became for key, became in self.keys.items())

    def now(self, key: TrialKey) -> TrialKey | None:
        """What a trial of this run is in the whole; None where it is not there."""
        return self.keys.get(key) or self.same.get(key)


@dataclass
class _There:
    """What the runs before hold."""

    keys: set[TrialKey] = field(default_factory=set)
    by_sign: dict[tuple[str, ...], list[TrialKey]] = field(default_factory=dict)
    """Two tries of a case may have been asked in one moment, and so have one sign."""
    tries: dict[OfCase, int] = field(default_factory=dict)

    def add(self, trial: Tried, became: TrialKey) -> None:
        self.keys.add(became)
        self.by_sign.setdefault(_sign(trial), []).append(became)
        case = became.benchmark, became.case
        self.tries[case] = max(self.tries.get(case, 0), became.repeat + 1)


def renumbered(parts: Iterable[Iterable[Tried]], prefer: Prefer) -> list[Renumbered]:
    """In the order given: of what two have, the earlier one's is preferred."""
    there, found = _There(), []
    for part in parts:
        one, fresh = _known(part, there, prefer)
        taken = {trial.key[1:3] for trial in fresh if trial.key in there.keys}
        after = {case: there.tries[case] for case in taken}
        for trial in fresh:
            key = trial.key
            one.keys[key] = key._replace(repeat=key.repeat + after.get(key[1:3], 0))
        for trial in fresh:
            there.add(trial, one.keys[trial.key])
        found.append(one)
    return found


def _known(part: Iterable[Tried], there: _There, prefer: Prefer) -> tuple[Renumbered, list[Tried]]:
    """What is there already, or is passed over; and what is left of the run."""
    one, fresh = Renumbered(), []
    left = {sign: iter(keys) for sign, keys in there.by_sign.items()}
    for trial in part:
        known = next(left.get(_sign(trial), iter(())), None)
        if known is not None:
            one.same[trial.key] = known
        elif prefer != "all" and trial.key in there.keys:
            one.passed_over.add(trial.key)
        else:
            fresh.append(trial)
    return one, fresh


def _sign(trial: Tried) -> tuple[str, ...]:
    return (*trial.key[:3], trial.sign)


def most_tries(parts: Iterable[Renumbered]) -> Mapping[str, int]:
    """Of the cases of each benchmark, at most."""
    most: dict[str, int] = {}
    for part in parts:
        for key in part.keys.values():
            most[key.benchmark] = max(most.get(key.benchmark, 0), key.repeat + 1)
    return most
