"""Agreement beyond chance, and what else than quality moves a judge."""

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from visavis.stats.agreement import (
    kappa,
    near,
    position_bias,
    raw_agreement,
    verbosity_bias,
)
from visavis.stats.estimate import Estimate, TooFew

Table = list[list[int]]
COHEN: Table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
"""Cohen (1960), table 1, in counts of 200: kappa is 0.492."""


def apart(table: Table) -> list[list[tuple[int, int]]]:
    return [
        [(a, b)] for a, row in enumerate(table) for b, count in enumerate(row) for _ in range(count)
    ]


def estimated(found: Estimate | TooFew) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def test_kappa_is_that_of_cohens_own_example() -> None:
    found = estimated(kappa(apart(COHEN)))
    assert found.value == pytest.approx(0.492, abs=0.0005)
    assert found.n == 200
    assert found.low < 0.42 < 0.56 < found.high


def test_a_near_miss_counts_in_part_on_a_scale() -> None:
    weights = np.array([[(a - b) ** 2 for b in range(3)] for a in range(3)])
    oracle = cohens_kappa(np.array(COHEN), weights=weights, return_results=False)
    assert estimated(kappa(apart(COHEN), near(2))).value == pytest.approx(oracle)


def test_raw_agreement_is_a_share() -> None:
    assert estimated(raw_agreement(apart(COHEN))).value == pytest.approx(0.7)


@pytest.mark.parametrize("table", [[[20, 0], [0, 0]], [[0, 0], [0, 0]]])
def test_there_is_no_kappa_where_all_is_one_label(table: Table) -> None:
    assert isinstance(kappa(apart(table)), TooFew)


def test_groups_that_are_all_alike_show_no_spread() -> None:
    assert kappa([[(0, 1), (1, 1), (2, 2)]] * 4, near(2)) == TooFew(groups=4, needed=5)


def test_full_agreement_on_few_things_proves_little() -> None:
    few, many = (estimated(kappa(apart([[n, 0], [0, n]]))) for n in (5, 100))
    assert (few.value, few.high) == (1.0, 1.0)
    assert few.low < 0.6 < 0.95 < many.low


def test_things_that_rise_and_fall_together_are_worth_fewer() -> None:
    table = [[30, 10], [10, 30]]
    together = [pairs * 4 for pairs in apart(table)]
    lone = [[pair] for group in together for pair in group]
    wide, narrow = estimated(kappa(together)), estimated(kappa(lone))
    assert wide.value == narrow.value
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


@pytest.mark.parametrize("n", [20, 50, 200])
@pytest.mark.parametrize("truth", [0.0, 0.3, 0.6, 0.85])
@pytest.mark.parametrize("rare", [0.5, 0.2])
def test_a_95_percent_interval_of_kappa_holds_the_truth(n: int, truth: float, rare: float) -> None:
    share = np.array([1 - rare, rare])
    chances = truth * np.diag(share) + (1 - truth) * np.outer(share, share)
    rng = np.random.default_rng(7)
    held = given = 0
    for cells in rng.multinomial(n, chances.ravel(), size=400):
        found = kappa(apart(cells.reshape(2, 2).tolist()))
        if isinstance(found, Estimate):
            given += 1
            held += found.low <= truth <= found.high
    assert given > 390
    assert held / given > 0.92  # 400 trials: 0.95 less three standard errors


def test_grouped_things_keep_their_coverage() -> None:
    """Twelve sources of eight things, on some of which the two agree more than on others."""
    rng = np.random.default_rng(11)
    held, truth = 0, 2 * 0.75 - 1  # even labels: kappa is twice the agreement, less 1
    for _ in range(300):
        groups = []
        for _ in range(20):
            agree = rng.beta(3, 1)
            labels = rng.integers(0, 2, size=8).tolist()
            agreed = (rng.random(8) < agree).tolist()
            groups.append([(a, a if yes else 1 - a) for a, yes in zip(labels, agreed, strict=True)])
        found = estimated(kappa(groups))
        held += found.low <= truth <= found.high
    assert held / 300 > 0.91


def test_a_judge_that_always_names_the_first_has_all_the_position_bias_there_is() -> None:
    found = estimated(position_bias([[(1.0, 0.0)]] * 30))
    assert found.value == 1.0
    assert found.low > 0.7


def test_a_judge_that_looks_at_the_reply_alone_has_none() -> None:
    found = estimated(position_bias([[(1.0, 1.0)]] * 20 + [[(0.0, 0.0)]] * 20))
    assert found.value == 0.0
    assert found.low < 0 < found.high


def test_no_pair_shows_no_position_bias() -> None:
    assert position_bias([]) == TooFew(groups=0, needed=1)


def test_a_judge_that_rewards_length_is_found_out_whichever_reply_stood_first() -> None:
    groups = [[(1.0, 300.0)], [(0.0, -300.0)]] * 20
    found = estimated(verbosity_bias(groups))
    assert found.value == 0.5
    assert found.low > 0.3


def test_replies_of_one_length_tell_nothing_of_verbosity() -> None:
    assert verbosity_bias([[(1.0, 0.0)]] * 5) == TooFew(groups=0, needed=1)


def test_no_interval_of_kappa_goes_below_what_kappa_can_be() -> None:
    found = kappa([[("a", "a")]] * 14 + [[("a", "b")]] * 3 + [[("b", "a")]] * 3)
    assert isinstance(found, Estimate)
    assert found.low == -1
    assert found.low <= found.value <= found.high <= 1
