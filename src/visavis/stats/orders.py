"""Is the published order of something special to whoever never should have seen it?

Two views. `likelihood`: how much likelier the published order of a text is than others of the same
text, with a permutation test that is exact where the published order is as good as drawn at
random: any of the orders might then have been the published one. `sensitivity`: what becomes of the
answer to a question when its options are moved on, place by place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import NamedTuple, TypeVar

import numpy as np

from visavis.stats.estimate import Estimate, TooFew, mean
from visavis.stats.paired import PairedTest, score_gap
from visavis.stats.proportion import share

T = TypeVar("T")

RUNS = 9_999
"""Random relabellings; a p-value of 0.05 then errs by some 0.002."""


class Weighed(NamedTuple):
    """One text in several orders."""

    group: str
    logprobs: tuple[float, ...]
    """Natural logarithms; the published order's is the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """The published orders of some texts against others of the same."""

    advantage: Estimate | TooFew
    """Log-probability of the published order less the mean of the others', in nats a text."""
    p_value: float
    """Two-sided, for no order being special."""
    likeliest: Estimate | TooFew
    """Share of texts of which the published order is the likeliest."""
    chance: float
    """What that share is on average where no order is special."""


def likelihood(texts: Sequence[Weighed], rng: np.random.Generator) -> Likelihood:
    """What the orders of at least one text come to; each has an order beside the published one."""
    firsts = [_first_by_chance(text.logprobs) for text in texts]
    return Likelihood(
        advantage=mean(_grouped((text.group, _advantages(text)[0]) for text in texts)),
        p_value=_relabelled([_advantages(text) for text in texts], rng),
        likeliest=share(_grouped(zip((text.group for text in texts), firsts, strict=True))),
        chance=fsum(1 / len(text.logprobs) for text in texts) / len(texts),
    )


def control(texts: Iterable[Weighed]) -> list[Weighed]:
    """One of our own orders in the place of the published one, which is left out."""
    return [text._replace(logprobs=text.logprobs[1:]) for text in texts if len(text.logprobs) > 2]


def _advantages(text: Weighed) -> list[float]:
    """Of each order, were it the published one: its log-probability less the others' mean."""
    count = len(text.logprobs)
    centre = fsum(text.logprobs) / count
    return [(one - centre) * count / (count - 1) for one in text.logprobs]


def _first_by_chance(logprobs: Sequence[float]) -> float:
    """1 where the first is the largest; where it shares that place, its part."""
    best = [at for at, one in enumerate(logprobs) if one == max(logprobs)]
    return 1 / len(best) if 0 in best else 0.0


def _relabelled(texts: Sequence[Sequence[float]], rng: np.random.Generator) -> float:
    """How often orders picked at random as the published ones are as special as these."""
    seen = fsum(text[0] for text in texts)
    drawn = np.zeros(RUNS)
    for text in texts:
        drawn += np.asarray(text)[rng.integers(len(text), size=RUNS)]
    grain = 1e-9 * max(1.0, abs(seen))  # sums of the same numbers in another order
    above = int((drawn >= seen - grain).sum())
    below = int((drawn <= seen + grain).sum())
    return min(1.0, 2 * (1 + min(above, below)) / (1 + RUNS))


class Answered(NamedTuple):
    """One question in as many orders as it has options; in the published order first, then with
    the options moved on by one place, by two …"""

    group: str
    key: int
    """Place of the right option in the published order."""
    picked: tuple[int | None, ...]
    """Place of the option picked, order by order; None where none could be read."""

    @property
    def places(self) -> int:
        return len(self.picked)

    def key_at(self, turn: int) -> int:
        """Place of the right option when all were moved on so often."""
        return (self.key + turn) % self.places

    def score(self, turn: int) -> float:
        return float(self.picked[turn] == self.key_at(turn))

    def others(self, *but: int) -> float:
        """Mean score in all orders but these."""
        turns = [turn for turn in range(self.places) if turn not in but]
        return fsum(map(self.score, turns)) / len(turns)

    @property
    def options(self) -> list[int | None]:
        """The option picked in each order, by its place in the published one."""
        return [
            None if at is None else (at - turn) % self.places for turn, at in enumerate(self.picked)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """What the order of options does to answers."""

    published: Estimate | TooFew
    """Score in the published order."""
    others: Estimate | TooFew
    """Mean score in our orders."""
    gap: PairedTest | TooFew
    """Published less ours, question by question."""
    control: PairedTest | TooFew
    """The same of one of our orders less the rest of ours: nobody can know it."""
    by_place: tuple[Estimate | TooFew, ...]
    """Score where the key stands first, second …"""
    by_content: Estimate | TooFew
    """Share of questions in which the same option was picked in every order."""
    by_letter: Estimate | TooFew
    """Share in which the same place was picked in every order, whatever stood there."""


def sensitivity(questions: Sequence[Answered]) -> Sensitivity:
    """What the orders of at least one question come to."""
    groups = [question.group for question in questions]
    several = [question for question in questions if question.places > 2]
    return Sensitivity(
        published=share(_grouped((q.group, q.score(0)) for q in questions)),
        others=share(_grouped((q.group, q.others(0)) for q in questions)),
        gap=score_gap(_grouped((q.group, (q.score(0), q.others(0))) for q in questions)),
        control=score_gap(_grouped((q.group, (q.score(1), q.others(0, 1))) for q in several)),
        by_place=tuple(
            share(_grouped((q.group, _score_at(q, place)) for q in questions if place < q.places))
            for place in range(max(question.places for question in questions))
        ),
        by_content=share(_grouped(zip(groups, map(_by_content, questions), strict=True))),
        by_letter=share(_grouped(zip(groups, map(_by_letter, questions), strict=True))),
    )


def _score_at(question: Answered, place: int) -> float:
    """The score in the order in which the key stands at that place."""
    return question.score((place - question.key) % question.places)


def _by_content(question: Answered) -> float:
    return float(_all_the_same(question.options))


def _by_letter(question: Answered) -> float:
    return float(_all_the_same(question.picked))


def _all_the_same(picked: Sequence[int | None]) -> bool:
    return None not in picked and all(one == other for one, other in pairwise(picked))


def _grouped(values: Iterable[tuple[str, T]]) -> list[list[T]]:
    """Values by group, in the order in which groups are first met."""
    groups: dict[str, list[T]] = {}
    for group, value in values:
        groups.setdefault(group, []).append(value)
    return list(groups.values())
