"""In how many worlds each candidate is best, against what can be reckoned by hand."""

from itertools import combinations
from math import log, log1p
from statistics import NormalDist

import numpy as np
import pytest

from tests.verdict.apart import (
    NOISE,
    SURE,
    acceptability,
    choice,
    gap,
    judged,
    row,
    two,
    weighing,
)
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.paired import PairedTest, score_gap
from visavis.verdict.compare import Gap
from visavis.verdict.decide import Because, Undecided
from visavis.verdict.flips import ENOUGH
from visavis.verdict.must import Met, Must, must
from visavis.verdict.policy import DEFAULT, Weight
from visavis.verdict.worlds import draw, worlds


@pytest.mark.parametrize(("for_a", "for_b"), [(1.0, 1.0), (2.0, 1.0), (1.0, 3.0)])
def test_with_two_measures_known_for_sure_the_share_is_a_piece_of_a_line(
    for_a: float, for_b: float
) -> None:
    found = choice(two({"score.x": for_a, "first_token_s.speed": -for_b}))
    assert acceptability(found)["a"] == pytest.approx(for_a / (for_a + for_b), abs=NOISE)


def test_with_three_measures_the_share_is_a_piece_of_a_triangle() -> None:
    # a wins where w1 > w2 + w3 on the simplex: the quarter of the triangle beyond w1 = 1/2.
    found = choice(two({"score.x": 1, "score.y": -1, "output_tokens_per_s.speed": -1}))
    assert acceptability(found)["a"] == pytest.approx(0.25, abs=NOISE)


@pytest.mark.parametrize("units", [-1.0, 0.0, 0.5, 2.0])
def test_with_one_measure_the_share_is_that_of_a_normal_error(units: float) -> None:
    found = choice(two({"score.x": units}, error=1.0))
    assert acceptability(found)["a"] == pytest.approx(NormalDist().cdf(units), abs=NOISE)


def test_a_ratio_counts_by_its_logarithm_and_less_time_is_better() -> None:
    fast = gap("a", "b", "first_token_s", 3.0, SURE)
    assert isinstance(fast.verdict.by, Estimate)
    assert log(fast.verdict.by.value) == pytest.approx(-3 * log1p(0.10))
    found = choice(judged(row("first_token_s", "speed", [fast])))
    assert found.chosen == "a"
    (flip,) = found.flips
    assert flip.by == pytest.approx(1.1**3)


def test_in_the_worlds_drawn_each_pair_is_apart_with_its_own_paired_error() -> None:
    errors = {("a", "b"): 0.2, ("a", "c"): 1.0, ("b", "c"): 0.9}
    gaps = [gap(x, y, "score", 0.0, error) for (x, y), error in errors.items()]
    drawn = worlds(judged(row("score", "x", gaps), names="abc"), "abc", DEFAULT)
    for (x, y), error in errors.items():
        apart = drawn.gaps[:, 0, "abc".index(x)] - drawn.gaps[:, 0, "abc".index(y)]
        assert np.std(apart) == pytest.approx(error, rel=0.05)
        assert np.mean(apart) == pytest.approx(0.0, abs=0.05)


def test_three_candidates_share_the_worlds_as_an_independent_draw_says() -> None:
    level = {"a": 0.3, "b": 0.0, "c": -0.2}
    gaps = [gap(x, y, "score", level[x] - level[y], 2**0.5) for x, y in combinations("abc", 2)]
    found = choice(judged(row("score", "x", gaps), names="abc"))
    rng = np.random.default_rng(1)
    own = rng.normal([level[name] for name in "abc"], 1.0, size=(200_000, 3)).argmax(axis=1)
    for index, name in enumerate("abc"):
        assert acceptability(found)[name] == pytest.approx(np.mean(own == index), abs=2 * NOISE)


@pytest.mark.parametrize("ends", [((1, 3), (1, 2)), ((0, 1), (2, 4)), ((2, 2), (0, 5))])
def test_with_ranges_of_two_weights_the_share_is_a_piece_of_a_rectangle(
    ends: tuple[tuple[float, float], tuple[float, float]],
) -> None:
    steps = (np.arange(1000) + 0.5) / 1000
    x, y = (low + (high - low) * steps for low, high in ends)
    expected = np.mean(2.0 * x[:, None] > 3.0 * y[None, :])
    policy = weighing(score=Weight(*ends[0]), first_token_s=Weight(*ends[1]))
    found = choice(two({"score.x": 2.0, "first_token_s.speed": -3.0}), policy)
    assert acceptability(found)["a"] == pytest.approx(expected, abs=NOISE)


def test_errors_and_weights_are_drawn_together_as_an_integral_says() -> None:
    weights = (np.arange(2000) + 0.5) / 2000
    middle = weights * 1.0 - (1 - weights) * 0.6
    spread = np.hypot(weights * 1.5, (1 - weights) * 1.5)
    expected = np.mean([NormalDist().cdf(x) for x in middle / spread])
    found = choice(two({"score.x": 1.0, "first_token_s.speed": -0.6}, error=1.5))
    assert acceptability(found)["a"] == pytest.approx(expected, abs=NOISE)


def test_who_is_left_shares_the_worlds_as_if_the_others_had_never_been_there() -> None:
    level = {"a": 0.4, "b": 0.0, "c": 0.9}
    gaps = [gap(x, y, "score", level[x] - level[y], 0.7) for x, y in combinations("abc", 2)]
    without = choice(judged(row("score", "x", gaps[:1])))
    found = choice(
        judged(row("score", "x", gaps), names="abc"), DEFAULT, met(a="met", b="met", c="missed")
    )
    assert acceptability(found) == {**acceptability(without), "c": None}


def test_the_level_share_a_world() -> None:
    found = choice(two({"score.x": 0.0}, error=0.0))
    assert acceptability(found) == {"a": 0.5, "b": 0.5}
    one, other = found.standings
    assert one.central == other.central == {"score.x": 1.0}


def test_those_that_answer_alike_are_level_whoever_else_is_there() -> None:
    apart = {("a", "b"): (0.0, 0.0), ("a", "c"): (0.5, 0.8), ("b", "c"): (0.5, 0.8)}
    gaps = [gap(x, y, "score", units, error) for (x, y), (units, error) in apart.items()]
    found = acceptability(choice(judged(row("score", "x", gaps), names="abc")))
    assert found["a"] == found["b"] == pytest.approx((1 - (found["c"] or 0)) / 2)


def test_numbers_are_those_of_the_published_generator() -> None:
    # The first outputs of genrand_res53 for init_genrand(5489), by the authors' own program.
    first = np.random.RandomState(5489).random_sample(3)
    assert first == pytest.approx([0.8147236863931789, 0.9057919370756192, 0.1269868162935061])
    assert (draw(7, 2, 5).shares == np.random.RandomState(7).random_sample(5)).all()


def test_a_criterion_has_the_same_worlds_whatever_else_counts() -> None:
    judgement = two({"score.x": 0.3, "first_token_s.speed": -0.2}, error=1.0)
    alone = worlds(judgement, "ab", weighing(score=Weight(1, 1)))
    both = worlds(judgement, "ab", DEFAULT)
    assert (alone.gaps[:, 0] == both.gaps[:, 0]).all()


def test_measures_of_the_same_cases_err_as_one_and_those_of_others_apart() -> None:
    nothing = {"score.x": 0.0, "usd_per_solved_case.x": 0.0, "score.y": 0.0}
    drawn = worlds(two(nothing, error=1.0), "ab", DEFAULT)
    score, price, other = drawn.gaps[:, :, 0].T
    assert score == pytest.approx(price)
    assert abs(np.corrcoef(score, other)[0, 1]) < 0.04


def test_of_one_case_no_world_is_near_certain() -> None:
    lone = score_gap([[(1.0, 0.0)]])
    assert isinstance(lone, PairedTest)
    undecided = Undecided(by=lone.gap, cases_needed=None, because=Because.TOO_WIDE)
    one = Gap(
        a="a", b="b", scale="difference", p_value=1.0, p_holm=1.0, verdict=undecided, error=0.4
    )
    found = choice(judged(row("score", "x", [one])))
    assert 0.6 < (acceptability(found)["a"] or 0) < 0.8
    assert found.worlds is not None
    assert found.worlds.centre[0] == pytest.approx([10, -10])  # 100 points, as seen


def test_said_shares_come_true_as_often_as_said() -> None:
    """Truths drawn at random, measured with error: of those called 80 %, 80 % are so."""
    rng = np.random.default_rng(7)
    said, true = [], []
    for truth in rng.uniform(-6, 6, size=1500):
        judgement = two({"score.x": float(truth + rng.normal())}, error=1.0)
        drawn = worlds(judgement, "ab", DEFAULT, count=400)
        said.append(float(np.mean(drawn.utilities[:, 0] > drawn.utilities[:, 1])))
        true.append(truth > 0)
    shares, came = np.array(said), np.array(true)
    for low, high in ((0.05, 0.35), (0.35, 0.65), (0.65, 0.95)):
        inside = (low <= shares) & (shares < high)
        assert np.mean(came[inside]) == pytest.approx(np.mean(shares[inside]), abs=0.1)


@pytest.mark.slow
def test_shares_come_true_for_three_candidates_two_measures_and_unknown_weights() -> None:
    """And of those that are chosen, 95 of 100 are best in truth."""
    rng = np.random.default_rng(11)
    said, true, chosen = [], [], []
    for _ in range(3000):
        truth = rng.uniform(-4, 4, size=(2, 3))
        seen = truth + rng.normal(scale=0.7, size=(2, 3))
        rows = [
            row(
                measure,
                "xy"[k],
                [
                    gap(a, b, measure, seen[k, i] - seen[k, j], 0.7 * 2**0.5)
                    for (i, a), (j, b) in combinations(enumerate("abc"), 2)
                ],
            )
            for k, measure in enumerate(("score", "first_token_s"))
        ]
        drawn = worlds(judged(*rows, names="abc"), "abc", DEFAULT, count=500)
        share = rng.random()
        best = int((share * truth[0] + (1 - share) * truth[1]).argmax())
        shares = drawn.won.mean(axis=0)
        said += shares.tolist()
        true += [i == best for i in range(3)]
        if shares.max() >= ENOUGH:
            chosen.append(shares.argmax() == best)
    shares, came = np.array(said), np.array(true)
    for low in np.arange(0.05, 0.95, 0.1):
        inside = (low <= shares) & (shares < low + 0.1)
        error = 0.5 / np.sqrt(inside.sum())
        assert np.mean(came[inside]) == pytest.approx(np.mean(shares[inside]), abs=3 * error)
    assert np.mean(chosen) > ENOUGH


def test_the_same_measurements_give_the_same_shares_anywhere() -> None:
    judgement = two({"score.x": 0.3, "score.y": -0.2}, error=1.0)
    assert acceptability(choice(judgement)) == acceptability(choice(judgement))


def test_named_weights_leave_the_rest_out() -> None:
    found = choice(two({"score.x": 1, "first_token_s.speed": -9}), weighing(score=Weight(1, 2)))
    assert found.chosen == "a"
    assert found.worlds is not None
    assert found.worlds.criteria == ("score.x",)


def test_what_a_measure_is_given_is_shared_by_its_benchmarks() -> None:
    judgement = two({"score.x": 1, "score.y": 1, "score.z": 1, "first_token_s.speed": -1})
    policy = weighing(score=Weight(2, 2), score__z=Weight(1, 1), first_token_s=Weight(1, 1))
    found = choice(judgement, policy)
    assert found.worlds is not None
    assert found.worlds.weights[0] == pytest.approx([0.25, 0.25, 0.25, 0.25])


def test_what_is_weighed_and_was_not_measured_is_said() -> None:
    short = Gap(
        a="a",
        b="b",
        scale="ratio",
        p_value=None,
        p_holm=None,
        verdict=Undecided(
            by=TooFew(groups=1, needed=2), cases_needed=None, because=Because.TOO_FEW
        ),
    )
    judgement = judged(
        row("score", "x", [gap("a", "b", "score", 5, 1)]), row("first_token_s", "speed", [short])
    )
    policy = weighing(
        score=Weight(1, 1), first_token_s=Weight(1, 1), usd_per_solved_case=Weight(0, 1)
    )
    found = choice(judgement, policy)
    assert found.worlds is not None
    assert found.worlds.unknown == ("first_token_s.speed", "usd_per_solved_case")
    nothing = choice(judgement, weighing(first_token_s=Weight(1, 1)))
    assert (nothing.chosen, nothing.because) == (None, "nothing that it weighs tells anyone apart")
    assert acceptability(nothing) == {"a": None, "b": None}
    assert [one.central for one in nothing.standings] == [None, None]
    assert nothing.worlds is not None
    assert nothing.worlds.unknown == ("first_token_s.speed",)


@pytest.mark.parametrize(
    ("price", "missing", "because"),
    [
        (Weight(1, 1), 1 / 3, "it is best in nearly all worlds"),
        (Weight(0, 4), 0.5, "half of what it weighs was not measured"),
        (Weight(3, 6), 4.5 / 6.5, "half of what it weighs was not measured"),
    ],
)
def test_nothing_is_chosen_by_the_lesser_part_of_what_counts(
    price: Weight, missing: float, because: str
) -> None:
    policy = weighing(score=Weight(1, 1), score__x=Weight(1, 1), usd_per_solved_case=price)
    found = choice(two({"score.x": 9, "score.y": 9}), policy)
    assert found.worlds is not None
    assert found.worlds.missing == pytest.approx(missing)
    assert found.because == because
    assert (found.chosen is None) == (missing >= 0.5)
    assert found.conditions == ()


LIMIT = must("score >= 0.5")


def met(**said: Met) -> dict[str, dict[Must, Met]]:
    return {name: {LIMIT: one} for name, one in said.items()}


def test_who_misses_what_must_hold_is_out_before_anything_is_weighed() -> None:
    found = choice(two({"score.x": 5}), DEFAULT, met(a="missed", b="met"))
    assert (found.chosen, found.because) == ("b", "only one is left")
    assert [one.out for one in found.standings] == [True, False]
    assert acceptability(found) == {"a": None, "b": 1.0}


def test_who_may_miss_it_is_not_out_and_not_chosen() -> None:
    found = choice(two({"score.x": 5}), DEFAULT, met(a="may be missed", b="met"))
    assert (found.chosen, found.because) == (None, "it may miss what must hold")
    assert acceptability(found)["a"] == 1.0


def test_none_is_chosen_where_all_miss_it() -> None:
    found = choice(two({"score.x": 5}), DEFAULT, met(a="missed", b="missed"))
    assert (found.chosen, found.because) == (None, "none meets what must hold")


def test_it_takes_nearly_all_worlds_to_choose() -> None:
    found = choice(two({"score.x": 1.0}, error=1.0))
    assert (acceptability(found)["a"] or 0) < ENOUGH
    assert (found.chosen, found.because) == (None, "no one is best in nearly all worlds")


def test_nothing_is_recommended_on_a_difference_that_was_not_shown() -> None:
    judgement = two({"score.x": 0.2}, error=0.1)
    (only,) = judgement.rows
    (old,) = only.gaps
    undecided = Undecided(by=old.verdict.by, cases_needed=None, because=Because.CORRECTED)
    hidden = Gap(a="a", b="b", scale=old.scale, p_value=0.03, p_holm=0.2, verdict=undecided)
    found = choice(judged(row("score", "x", [hidden])))
    assert (acceptability(found)["a"] or 0) > ENOUGH
    assert (found.chosen, found.because) == (None, "no difference was shown")


def test_the_dominated_are_marked() -> None:
    found = choice(two({"score.x": 5, "score.y": 0.0}, error=0.2))
    assert [one.dominated_by for one in found.standings] == [(), ("a",)]
    mixed = choice(two({"score.x": 5, "score.y": -5}, error=0.2))
    assert [one.dominated_by for one in mixed.standings] == [(), ()]


def test_central_weights_say_for_whom_each_is_the_choice() -> None:
    found = choice(two({"score.x": 2, "first_token_s.speed": -2}))
    for_a, for_b = (one.central for one in found.standings)
    assert for_a is not None
    assert for_b is not None
    assert for_a["score.x"] == pytest.approx(0.75, abs=0.02)
    assert for_b["first_token_s.speed"] == pytest.approx(0.75, abs=0.02)
    never = choice(two({"score.x": 5, "score.y": 5}))
    assert never.standings[1].central is None


def test_at_the_break_even_point_the_two_are_level() -> None:
    policy = weighing(score=Weight(1, 1), first_token_s=Weight(2, 2))
    lead = {"score.x": 4.0, "first_token_s.speed": -1.0}  # 4 less 2: two units of score ahead
    (score, *rest) = choice(two(lead), policy).flips
    assert (score.criterion, score.against, score.scale) == ("score.x", "b", "difference")
    assert score.by == pytest.approx(2.0 * 0.05)
    level = two({**lead, "score.x": 4.0 - score.by / 0.05})
    drawn = worlds(level, "ab", policy)
    assert (drawn.weights.mean(axis=0) @ drawn.centre)[0] == pytest.approx(0.0, abs=1e-9)
    (time,) = rest
    assert time.by == pytest.approx(1.1**1.0)


def test_a_score_cannot_fall_by_more_than_all_of_it() -> None:
    found = choice(two({"score.x": 1.0, "first_token_s.speed": 40.0}))
    assert [flip.criterion for flip in found.flips] == ["first_token_s.speed"]


def test_a_gap_named_the_other_way_round_is_the_same() -> None:
    turned = judged(row("score", "x", [gap("b", "a", "score", -2.0, SURE)]))
    assert choice(turned).chosen == "a"


def test_a_turn_that_nobody_could_live_to_see_is_not_named() -> None:
    policy = weighing(score=Weight(1, 1), first_token_s=Weight(1e-4, 1e-4))
    found = choice(two({"score.x": 15.0, "first_token_s.speed": 1.0}), policy)
    assert [flip.criterion for flip in found.flips] == ["score.x"]
