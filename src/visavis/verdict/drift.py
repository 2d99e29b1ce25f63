"""Whether a snapshot drifted from one run to a later one.

Asked of a candidate that should not have changed at all, since both runs name the same snapshot.
The signals are tests of no change whatever, small or large, and are a family of their own: while
nothing changes, drift is found in at most 5 of 100 reports. What a server says of itself (the name
of the model that answered) needs no test.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

from visavis.stats.estimate import TooFew
from visavis.stats.many import holm
from visavis.stats.paired import PairedTest, score_gap, shared
from visavis.stats.ratio import total_ratio
from visavis.stats.sameness import Tries as Texts
from visavis.stats.sameness import across_less_within, alike
from visavis.verdict.changes import Who

ALARM = 0.04
"""Below it a signal is shown. At 0.05 up to 4.9 of 100 simulated reports without a drift raised an
alarm, here at most 3.9: tests of mean marks and of ratios are approximate."""

T = TypeVar("T")


class Said(NamedTuple):
    """One try of one case, as far as drift may show in it."""

    text: str
    finish: str
    score: float | None
    tokens: float | None


Tries = Mapping[str, Sequence[Said]]
"""By case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One benchmark whose cases both runs asked in the same words."""

    benchmark: str
    old: Tries
    new: Tries
    groups: Mapping[str, str]
    """Group by case."""


class Served(NamedTuple):
    """What a server called itself in one run; empty where it said nothing."""

    models: frozenset[str]
    fingerprints: frozenset[str]
    """Of the system behind a model; several may serve at a time."""


NOTHING_SAID = Served(frozenset(), frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A candidate that both runs call by one snapshot, and what it said in them."""

    who: Who
    snapshot: str
    asked: tuple[Asking, ...]
    served: tuple[Served, Served] = (NOTHING_SAID, NOTHING_SAID)
    """Old and new."""


Sign = Literal["replies", "score", "tokens", "finish"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One test of no change at all on one benchmark."""

    benchmark: str
    sign: Sign
    tested: PairedTest | TooFew
    p_holm: float | None
    """None where there was too little to test."""

    @property
    def shown(self) -> bool:
        return self.p_holm is not None and self.p_holm < ALARM


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Whether a suspect is still the same."""

    of: Suspect
    signals: tuple[Signal, ...]
    identical: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """By benchmark: of two tries of one case, one of each run, the share that are word for word
    the same."""

    @property
    def says_so(self) -> bool:
        """The server itself says that another answers; silence says nothing."""
        old, new = self.of.served
        renamed = bool(old.models) and not new.models <= old.models
        prints = old.fingerprints, new.fingerprints
        return renamed or (all(prints) and prints[0].isdisjoint(prints[1]))

    @property
    def found(self) -> bool:
        return self.says_so or any(signal.shown for signal in self.signals)


def drifts(suspects: Sequence[Suspect]) -> tuple[Drift, ...]:
    """Of each, whether it drifted; all signals of all are one family."""
    tests = {
        (one.who, asking.benchmark, sign): tested
        for one in suspects
        for asking in one.asked
        for sign, tested in _signs(asking).items()
    }
    known = {of: test.p_value for of, test in tests.items() if isinstance(test, PairedTest)}
    p_holm = dict(zip(known, holm(list(known.values())), strict=True))
    return tuple(
        Drift(
            of=one,
            signals=tuple(
                Signal(
                    benchmark=name, sign=sign, tested=tested, p_holm=p_holm.get((who, name, sign))
                )
                for (who, name, sign), tested in tests.items()
                if who == one.who
            ),
            identical={asking.benchmark: _identical(asking) for asking in one.asked},
        )
        for one in suspects
    )


def _signs(asking: Asking) -> dict[Sign, PairedTest | TooFew]:
    """Where both runs saw the same in every case, there is nothing that could be a change."""
    tokens = _pairs(asking, lambda said: said.tokens)
    return {
        "replies": across_less_within(_grouped(asking, _texts(asking))),
        "score": _moved(asking, lambda said: said.score),
        "tokens": total_ratio(_grouped(asking, tokens)) if tokens else TooFew(groups=0, needed=2),
        "finish": _moved(asking, lambda said: float(said.finish != "stop")),
    }


def _moved(asking: Asking, amount: Callable[[Said], float | None]) -> PairedTest | TooFew:
    pairs = _pairs(asking, amount)
    if all(new == old for new, old in pairs.values()):
        return TooFew(groups=len(pairs), needed=len(pairs) + 1)
    return score_gap(_grouped(asking, pairs))


def _pairs(
    asking: Asking, amount: Callable[[Said], float | None]
) -> dict[str, tuple[float, float]]:
    """New and old mean of a case's tries, of as many on either side.

    Of two runs that say the same, one tried oftener has more, and smaller, departures, and the mean
    of a few large ones is mostly none: a test would take that for a change.
    """
    pairs = {}
    for case, sides in shared(asking.new, asking.old).items():
        new, old = ([v for said in side if (v := amount(said)) is not None] for side in sides)
        tries = min(len(new), len(old))
        if tries:
            pairs[case] = fsum(new[:tries]) / tries, fsum(old[:tries]) / tries
    return pairs


def _texts(asking: Asking) -> dict[str, Texts]:
    pairs = shared(asking.new, asking.old)
    return {
        case: ([said.text for said in new], [said.text for said in old])
        for case, (new, old) in pairs.items()
        if new and old
    }


def _identical(asking: Asking) -> float:
    shares = [alike(texts) for texts in _texts(asking).values()]
    return fsum(shares) / len(shares) if shares else 0.0


def _grouped(asking: Asking, amounts: Mapping[str, T]) -> list[list[T]]:
    groups: dict[str, list[T]] = {}
    for case, amount in amounts.items():
        groups.setdefault(asking.groups.get(case, case), []).append(amount)
    return list(groups.values())
