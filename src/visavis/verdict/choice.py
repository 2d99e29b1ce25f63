"""What to choose: in how many worlds each is best, for whom, and what would change that.

Stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen, Salminen, 1998; Lahdelma,
Salminen, 2001): the truth as far as it was measured and the weights as far as they are known are
drawn together, and a candidate's acceptability is its share of the worlds in which it is best. Its
central weights, the mean of those worlds', say for whom it is the choice.

Two things keep chance out of a choice. It takes 95 of 100 worlds; and against every other
candidate at least one measure that counts has to have shown a difference. And one thing keeps out
choices by the lesser part: what was measured has to be more than half of what the policy weighs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from visavis.stats.estimate import TooFew
from visavis.verdict.compare import Judgement, MeasureRow
from visavis.verdict.flips import (
    ENOUGH,
    BreakEven,
    Condition,
    PriceFlip,
    WeightFlip,
    centre_of,
    conditions,
    turns,
    weight_flips,
)
from visavis.verdict.must import OPEN, Met, Must
from visavis.verdict.policy import Policy
from visavis.verdict.shown import dominates, is_shown
from visavis.verdict.worlds import Worlds, criterion, worlds

HALF: Final = 0.5
"""Part of what a policy weighs from which on nothing is chosen without it."""


class Because(StrEnum):
    """Why a choice is what it is: a closed set, so that each can be translated."""

    ALONE = "only one is left"
    BEST = "it is best in nearly all worlds"
    NONE = "none meets what must hold"
    ALL_THE_SAME = "nothing that it weighs tells anyone apart"
    HALF_UNMEASURED = "half of what it weighs was not measured"
    SELDOM_BEST = "no one is best in nearly all worlds"
    MAY_MISS = "it may miss what must hold"
    NOT_SHOWN = "no difference was shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One candidate under a policy."""

    candidate: str
    musts: Mapping[Must, Met]
    acceptability: float | None
    """Share of worlds in which it is best; None for one that misses what must hold, and where
    there was nothing to weigh."""
    central: Mapping[str, float] | None
    """Weights by criterion for which it is best; None where it never is."""
    dominated_by: tuple[str, ...]
    """Shown better on something, and on all else shown better or alike."""

    @property
    def out(self) -> bool:
        return "missed" in self.musts.values()

    @property
    def doubtful(self) -> bool:
        """Whether it may miss what must hold."""
        return not OPEN.isdisjoint(self.musts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitFlip:
    """The limit of what must hold beyond which the choice is another, since somebody falls out,
    comes in or is in doubt."""

    must: Must
    at: float
    above: bool
    """Whether the choice is another above that limit, or below."""
    best: str | None
    """None where nobody is left."""
    chosen: str | None
    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a policy makes of a judgement."""

    policy: Policy
    standings: tuple[Standing, ...]
    chosen: str | None
    """None where nothing can be recommended."""
    because: Because
    worlds: Worlds | None
    """None where fewer than two are left to be weighed."""
    flips: tuple[BreakEven, ...] = ()
    """Of the one that is best most often, as are the next two."""
    weights: tuple[WeightFlip, ...] = ()
    prices: tuple[PriceFlip, ...] = ()
    limits: tuple[LimitFlip, ...] = ()
    conditions: tuple[Condition, ...] = ()
    """For whom each is the choice that is not the choice for all."""
    few: Mapping[str, Mapping[Must, TooFew]] = field(default_factory=lambda: MappingProxyType({}))
    """What must hold and too few requests tell of, by candidate."""

    @property
    def best(self) -> Standing:
        """The one that is best most often."""
        return max(self.standings, key=lambda one: one.acceptability or 0.0)

    @property
    def unknown(self) -> tuple[Must, ...]:
        """What must hold and is known of none that is left, where that keeps all from choice."""
        left = [one.musts for one in self.standings if not one.out]
        if self.because != Because.MAY_MISS:
            return ()
        return tuple(m for m in self.policy.must if all(of[m] == "not known" for of in left))

    @property
    def missed(self) -> tuple[Must, ...]:
        """What must hold and anyone was left out for."""
        return tuple(
            m for m in self.policy.must if any(one.musts[m] == "missed" for one in self.standings)
        )

    @property
    def leads(self) -> bool:
        """Whether enough was measured for anyone to be called ahead."""
        return self.because not in (Because.NONE, Because.HALF_UNMEASURED) and not self.unknown


def choose(judgement: Judgement, policy: Policy, musts: Mapping[str, Mapping[Must, Met]]) -> Choice:
    """Must-haves first, then worlds; `musts` says of each candidate what it meets."""
    left = [name for name, met in musts.items() if "missed" not in met.values()]
    drawn = worlds(judgement, left, policy) if len(left) > 1 else None
    shares = _shares(drawn) if drawn is not None else dict.fromkeys(left, 1.0)
    counted = _counted(judgement, drawn)
    standings = tuple(
        Standing(
            candidate=name,
            musts=musts[name],
            acceptability=shares.get(name),
            central=_central(drawn, name),
            dominated_by=tuple(o for o in left if name in left and dominates(o, name, counted)),
        )
        for name in judgement.candidates
    )
    missing = drawn.missing if drawn is not None else 0.0
    chosen, because = _chosen(standings, left, counted, missing)
    found = Choice(policy=policy, standings=standings, chosen=chosen, because=because, worlds=drawn)
    return found if drawn is None or not shares else _told(found, drawn, judgement)


def _told(choice: Choice, drawn: Worlds, judgement: Judgement) -> Choice:
    """With what would change it."""
    centre = centre_of(drawn, choice.best.candidate) if choice.leads else None
    doubtful = {one.candidate for one in choice.standings if one.doubtful}
    return replace(
        choice,
        flips=tuple(turns(centre, judgement)) if centre else (),
        weights=tuple(weight_flips(centre, judgement)) if centre else (),
        conditions=tuple(
            one
            for one in conditions(drawn, judgement)
            if one.candidate not in doubtful and drawn.missing < HALF
        ),
    )


def _shares(drawn: Worlds) -> dict[str, float]:
    if not drawn.criteria:
        return {}
    return dict(zip(drawn.candidates, drawn.won.mean(axis=0).tolist(), strict=True))


def _central(drawn: Worlds | None, name: str) -> dict[str, float] | None:
    if drawn is None or not drawn.criteria or name not in drawn.candidates:
        return None
    won = drawn.won[:, drawn.candidates.index(name)]
    if not won.any():
        return None
    central = won @ drawn.weights / won.sum()
    return dict(zip(drawn.criteria, central.tolist(), strict=True))


def _counted(judgement: Judgement, drawn: Worlds | None) -> list[MeasureRow]:
    """The rows that weigh."""
    weighs = () if drawn is None else drawn.criteria
    return [row for row in judgement.rows if criterion(row) in weighs]


def _chosen(
    standings: Sequence[Standing],
    left: Sequence[str],
    rows: Sequence[MeasureRow],
    missing: float,
) -> tuple[str | None, Because]:
    if not left:
        return None, Because.NONE
    if len(left) > 1 and not rows:
        return None, Because.ALL_THE_SAME
    best = max(standings, key=lambda one: one.acceptability or 0.0)
    if best.doubtful:
        return None, Because.MAY_MISS
    if len(left) == 1:
        return best.candidate, Because.ALONE
    if missing >= HALF:
        return None, Because.HALF_UNMEASURED
    if (best.acceptability or 0.0) < ENOUGH:
        return None, Because.SELDOM_BEST
    others = [name for name in left if name != best.candidate]
    if not all(is_shown(best.candidate, other, rows) for other in others):
        return None, Because.NOT_SHOWN
    return best.candidate, Because.BEST
