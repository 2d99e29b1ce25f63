"""Is the published order of something special to whoever never should have seen it?

Two views. `likelihood`: how much likelier the published order of a text is than others of the same
text. `sensitivity`: what becomes of the answer to a question when its options are moved on, place
by place. Both have one test, by permutation, which is exact where the published order is as good as
drawn at random: any of the orders might then have been the published one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from statistics import fmean
from typing import NamedTuple, TypeVar

import numpy as np

from visavis.stats.estimate import Estimate, TooFew, mean
from visavis.stats.proportion import share

T = TypeVar("T")

RUNS = 9_999
"""Random relabellings; a p-value of 0.05 then errs by some 0.002."""


class Row(NamedTuple):
    """One text or question in several orders, a number for each."""

    group: str
    values: tuple[float, ...]
    """The published order's is the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """The published order against others of the same."""

    advantage: Estimate | TooFew
    """Its value less the mean of the others'."""
    p_value: float
    """Two-sided, for no order being special."""


def special(rows: Sequence[Row], rng: np.random.Generator) -> Special | None:
    """How special the published orders are; None where there is nothing to tell it by."""
    advantages = [_advantages(row.values) for row in rows]
    if not rows:
        return None
    each = zip(rows, advantages, strict=True)
    return Special(
        advantage=mean(_grouped((row.group, of[0]) for row, of in each)),
        p_value=_relabelled(advantages, rng),
    )


def control(rows: Iterable[Row]) -> list[Row]:
    """One of our own orders in the place of the published one, which is left out."""
    return [row._replace(values=row.values[1:]) for row in rows if len(row.values) > 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """Log-probabilities of texts in the published order and in others."""

    published: Special | None
    """In nats a text."""
    control: Special | None
    """One of our own orders in the place of the published one: nobody can know it."""
    likeliest: Estimate | TooFew
    """Share of texts of which the published order is the likeliest."""
    chance: float
    """What that share is on average where no order is special."""


def likelihood(texts: Sequence[Row], rng: np.random.Generator) -> Likelihood:
    """What at least one text comes to, of which every order has a log-probability."""
    return Likelihood(
        published=special(texts, rng),
        control=special(control(texts), rng),
        likeliest=share(_grouped((text.group, _first_by_chance(text.values)) for text in texts)),
        chance=fsum(1 / len(text.values) for text in texts) / len(texts),
    )


def _advantages(values: Sequence[float]) -> list[float]:
    """Of each order, were it the published one: its value less the mean of the others'."""
    count = len(values)
    centre = fsum(values) / count
    return [(one - centre) * count / (count - 1) for one in values]


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

    @property
    def others(self) -> float:
        """Mean score in all orders but the published one."""
        return fmean(map(self.score, range(1, self.places)))

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
    gap: Special | None
    """Score in the published order less that in ours, question by question, at equal letters: of
    each score is taken what all questions score with the key at the same letter, so that a liking
    for a letter is not taken for memory."""
    control: Special | None
    """The same of one of our orders and the rest of ours: nobody can know it."""
    by_place: tuple[Estimate | TooFew, ...]
    """Score where the key stands first, second …"""
    by_content: Estimate | TooFew
    """Share of questions in which the same option was picked in every order."""
    by_letter: Estimate | TooFew
    """Share in which the same place was picked in every order, whatever stood there."""


def sensitivity(questions: Sequence[Answered], rng: np.random.Generator) -> Sensitivity:
    """What at least one question comes to, of which every order has an answer."""
    groups = [question.group for question in questions]
    at_equal_letters = _at_equal_letters(questions)
    return Sensitivity(
        published=share(_grouped((q.group, q.score(0)) for q in questions)),
        others=share(_grouped((q.group, q.others) for q in questions)),
        gap=special(at_equal_letters, rng),
        control=special(control(at_equal_letters), rng),
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


def _at_equal_letters(questions: Sequence[Answered]) -> list[Row]:
    """Scores in each order, less the mean score of all questions with the key at that place."""
    usual = {
        places: [fmean(_score_at(q, place) for q in alike) for place in range(places)]
        for places, alike in _by_places(questions).items()
    }
    return [
        Row(
            question.group,
            tuple(
                question.score(turn) - usual[question.places][question.key_at(turn)]
                for turn in range(question.places)
            ),
        )
        for question in questions
    ]


def _by_places(questions: Sequence[Answered]) -> dict[int, list[Answered]]:
    """Questions by how many options they have."""
    found: dict[int, list[Answered]] = {}
    for question in questions:
        found.setdefault(question.places, []).append(question)
    return found


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
