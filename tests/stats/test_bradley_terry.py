"""Strengths from duels: published examples, closed forms, and intervals that hold the truth."""

from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.stats.bradley_terry import Duel, strengths
from visavis.stats.estimate import Estimate, TooFew

TEAMS = ("Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore")
WINS = (
    (0, 7, 9, 7, 7, 9, 11),
    (6, 0, 7, 5, 11, 9, 9),
    (4, 6, 0, 7, 7, 8, 12),
    (6, 8, 6, 0, 6, 7, 10),
    (6, 2, 6, 7, 0, 7, 12),
    (4, 4, 5, 6, 6, 0, 6),
    (2, 4, 1, 3, 1, 7, 0),
)
"""The American League's Eastern Division in 1987: Agresti (2002), section 10.6."""

PUDDINGS = (
    (1, 2, 19, 22, 16), (1, 3, 16, 19, 12), (2, 3, 19, 19, 10), (1, 4, 18, 23, 13),
    (2, 4, 23, 19, 9), (3, 4, 19, 20, 15), (1, 5, 13, 19, 18), (2, 5, 16, 20, 12),
    (3, 5, 16, 15, 17), (4, 5, 17, 14, 16), (1, 6, 18, 21, 12), (2, 6, 22, 20, 12),
    (3, 6, 13, 18, 10), (4, 6, 14, 19, 18), (5, 6, 11, 21, 12),
)  # fmt: skip
"""Six puddings, each two with wins, losses and ties: Davidson (1970)."""


def singles(*duels: tuple[int, int, float, int]) -> list[list[Duel]]:
    """So many duels of each kind, each a group of its own."""
    return [[Duel(a, b, won)] for a, b, won, times in duels for _ in range(times)]


def fitted(groups: list[list[Duel]], players: int, *, penalty: float = 0.5) -> list[Estimate]:
    found = strengths(groups, players, penalty=penalty)
    return [one for one in found if isinstance(one, Estimate)]


def puddings() -> list[list[Duel]]:
    return [
        duel
        for i, j, won, lost, tied in PUDDINGS
        for duel in singles(
            (i - 1, j - 1, 1.0, won), (i - 1, j - 1, 0.0, lost), (i - 1, j - 1, 0.5, tied)
        )
    ]


def test_the_baseball_season_of_1987_comes_out_as_published() -> None:
    games = [(a, b, 1.0, WINS[a][b]) for a in range(7) for b in range(7)]
    found = fitted(singles(*games), 7, penalty=0)
    above_the_last = [round(one.value - found[-1].value, 2) for one in found[:-1]]
    assert above_the_last == [1.58, 1.44, 1.29, 1.25, 1.11, 0.68]


def test_puddings_with_ties_come_out_as_published() -> None:
    found = fitted(puddings(), 6, penalty=0)
    worths = [exp(one.value) for one in found]
    shares = [worth / sum(worths) for worth in worths]
    # As Davidson's table has them; he stopped after seven rounds.
    assert shares == pytest.approx([0.1388, 0.1730, 0.1617, 0.1654, 0.1587, 0.2024], abs=1e-4)
    # Standard errors against the mean of all, as the R package PlackettLuce prints them.
    errors = [(one.high - one.low) / 3.92 for one in found]
    assert errors == pytest.approx([0.122, 0.122, 0.127, 0.122, 0.127, 0.127], abs=1e-3)


def test_the_penalty_hardly_moves_what_rests_on_many_duels() -> None:
    plain, penalised = (fitted(puddings(), 6, penalty=penalty) for penalty in (0, 0.5))
    assert [one.value for one in plain] == pytest.approx([one.value for one in penalised], abs=0.01)


@pytest.mark.parametrize(("won", "lost"), [(7, 3), (1, 1), (20, 0), (0, 4), (1, 0)])
def test_two_players_have_the_odds_with_half_a_duel_added_to_each(won: int, lost: int) -> None:
    a, b = fitted(singles((0, 1, 1.0, won), (0, 1, 0.0, lost)), 2)
    assert a.value - b.value == pytest.approx(log((won + 0.5) / (lost + 0.5)), abs=1e-6)


def test_who_wins_all_has_an_interval_without_an_end_above() -> None:
    a, b = fitted(singles((0, 1, 1.0, 20)), 2)
    assert (a.high, b.low) == (inf, -inf)
    assert 0 < a.low < a.value < inf
    assert b.high == pytest.approx(-a.low)


def test_between_one_who_wins_all_and_one_who_loses_all_nothing_is_bounded() -> None:
    top, middle, bottom = fitted(singles((0, 1, 1.0, 5), (1, 2, 1.0, 5)), 3)
    assert (middle.low, middle.high) == (-inf, inf)
    assert top.low > 0 > bottom.high


def test_one_lost_duel_bounds_what_the_others_left_open() -> None:
    bounded = fitted(singles((0, 1, 1.0, 5), (1, 2, 1.0, 5), (2, 0, 1.0, 1)), 3)
    assert all(abs(end) < inf for one in bounded for end in (one.low, one.high))


def test_a_tie_bounds_strengths_as_well() -> None:
    a, _ = fitted(singles((0, 1, 1.0, 5), (0, 1, 0.5, 1)), 2)
    assert a.high < inf


@pytest.mark.parametrize(
    ("groups", "players"),
    [
        ([], 2),
        (singles((0, 1, 0.5, 9)), 2),  # ties alone
        (singles((0, 1, 1.0, 3), (0, 1, 0.0, 3)), 3),  # the third was never compared
        (singles((0, 1, 1.0, 3), (2, 3, 1.0, 3)), 4),  # nor these with those
    ],
)
def test_what_was_not_compared_has_no_strength(groups: list[list[Duel]], players: int) -> None:
    assert all(isinstance(one, TooFew) for one in strengths(groups, players))


def test_many_ties_and_one_win_still_have_an_end() -> None:
    a, b = fitted(singles((0, 1, 0.5, 400), (0, 1, 1.0, 1)), 2)
    assert -inf < a.low < 0 < a.high < inf
    assert a.value == pytest.approx(-b.value)


def test_duels_that_repeat_each_other_count_as_what_they_are_worth() -> None:
    alone = singles((0, 1, 1.0, 14), (0, 1, 0.0, 6))
    repeated = [group * 5 for group in alone]
    apart = fitted([[duel] for group in repeated for duel in group], 2)[0]
    single, together = fitted(alone, 2)[0], fitted(repeated, 2)[0]
    assert apart.high - apart.low < 0.5 * (together.high - together.low)
    assert together.high - together.low == pytest.approx(single.high - single.low, rel=0.2)
    assert together.method.endswith("20 groups")


def test_a_single_group_is_taken_duel_by_duel() -> None:
    duels = singles((0, 1, 1.0, 7), (0, 1, 0.0, 3))
    together = [[duel for group in duels for duel in group]]
    assert strengths(together, 2) == strengths(duels, 2)


ENDS = st.sampled_from((0.0, 0.5, 1.0))
PAIRS = st.sampled_from([(0, 1), (1, 2), (2, 0)])
DUELS = st.lists(st.builds(lambda pair, won: Duel(pair[0], pair[1], won), PAIRS, ENDS), max_size=15)


@settings(max_examples=25, deadline=None)
@given(duels=DUELS, sizes=st.integers(1, 4))
def test_every_outcome_has_an_interval_around_its_value_or_none(
    duels: list[Duel], sizes: int
) -> None:
    groups = [duels[start : start + sizes] for start in range(0, len(duels), sizes)]
    found = [one for one in strengths(groups, 3) if isinstance(one, Estimate)]
    assert len(found) in (0, 3)
    assert all(one.low < one.value < one.high for one in found)
    assert sum(one.value for one in found) == pytest.approx(0.0, abs=1e-6)


@settings(max_examples=12, deadline=None)
@given(duels=DUELS)
def test_it_does_not_matter_who_is_named_first(duels: list[Duel]) -> None:
    turned = [Duel(b, a, 1 - won) for a, b, won in duels]
    here, there = (fitted([[duel] for duel in some], 3) for some in (duels, turned))
    assert [one.value for one in here] == pytest.approx([one.value for one in there], abs=1e-5)


def coverage(truth: tuple[float, ...], ties: float, *, groups: int, each: int, runs: int) -> float:
    """How often intervals hold the truth.

    In groups of several, each group's duels repeat the group's first of the same pair half of
    the time, which leaves the truth as it is.
    """
    rng, held, asked = np.random.default_rng(5), 0, 0
    players = len(truth)
    pairs = [(i, j) for i in range(players) for j in range(i + 1, players)]
    centred = np.array(truth) - np.mean(truth)
    for _ in range(runs):
        number, drawn = 0, []
        for _ in range(groups):
            group: dict[tuple[int, int], list[float]] = {}
            for _ in range(each):
                a, b = pairs[number % len(pairs)]
                number += 1
                odds = np.exp((truth[a] - truth[b]) / 2)
                weights = np.array([odds, 1 / odds, ties])
                ended = (1.0, 0.0, 0.5)[rng.choice(3, p=weights / weights.sum())]
                told = group.setdefault((a, b), [])
                told.append(told[0] if told and rng.random() < 0.5 else ended)
            drawn.append([Duel(a, b, won) for (a, b), told in group.items() for won in told])
        for found, true in zip(strengths(drawn, players), centred, strict=True):
            asked += 1
            held += isinstance(found, TooFew) or found.low <= true <= found.high
    return held / asked


@pytest.mark.parametrize(
    ("truth", "ties", "groups", "each"),
    [((0.6, 0.0, -0.6), 0.7, 45, 1), ((0.5, -0.5), 0.5, 20, 4)],
)
def test_intervals_hold_the_truth(
    truth: tuple[float, ...], ties: float, groups: int, each: int
) -> None:
    held = coverage(truth, ties, groups=groups, each=each, runs=30)
    assert held >= 0.88


@pytest.mark.slow
@pytest.mark.parametrize(
    ("truth", "ties", "groups", "each"),
    [
        ((0.8, -0.8), 0.3, 20, 1),
        ((2.0, -2.0), 0.3, 20, 1),
        ((0.6, 0.0, -0.6), 0.7, 45, 1),
        ((1.0, 0.4, -0.4, -1.0), 0.2, 90, 1),
        ((0.5, -0.5), 0.5, 20, 4),
        ((0.6, 0.0, -0.6), 0.5, 30, 6),
    ],
)
def test_intervals_hold_the_truth_95_times_in_100(
    truth: tuple[float, ...], ties: float, groups: int, each: int
) -> None:
    held = coverage(truth, ties, groups=groups, each=each, runs=600)
    assert 0.93 <= held <= 0.99
