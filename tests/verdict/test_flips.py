"""What would change a choice, put to the test: with that changed, the two are level."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from math import log1p

import pytest

from tests.verdict.apart import choice, gap, judged, row, two, weighing
from visavis.verdict.choice import Choice
from visavis.verdict.compare import Judgement
from visavis.verdict.decide import Because, Undecided
from visavis.verdict.flips import Bill, PriceFlip, centre_of, price_flips
from visavis.verdict.policy import DEFAULT, Weight

TRADE = {"score.x": 4.0, "first_token_s.speed": -1.0}
EVEN = weighing(score=Weight(1, 1), first_token_s=Weight(1, 1))
PRICE = DEFAULT.matters["usd_per_solved_case"]


def hidden(judgement: Judgement) -> Judgement:
    """The same, with nothing shown."""

    def undecided(one: object) -> Undecided:
        return Undecided(by=one.by, cases_needed=None, because=Because.CORRECTED)  # type: ignore[attr-defined]  # any verdict

    rows = (
        replace(each, gaps=tuple(replace(g, verdict=undecided(g.verdict)) for g in each.gaps))
        for each in judgement.rows
    )
    return replace(judgement, rows=tuple(rows))


def lead(found: Choice) -> float:
    """Of a over b, at the centre."""
    assert found.worlds is not None
    both = found.worlds.weights.mean(axis=0) @ found.worlds.centre
    return float(both[0] - both[1])


def test_at_the_weight_that_is_named_the_two_are_level() -> None:
    score, time = choice(two(TRADE), EVEN).weights
    assert (score.criterion, score.now, score.above, score.to) == ("score.x", 0.5, False, "b")
    assert (time.criterion, time.now, time.above, time.to) == (
        "first_token_s.speed",
        0.5,
        True,
        "b",
    )
    assert [score.at, time.at] == pytest.approx([0.2, 0.8])
    level = weighing(score=Weight(0.2, 0.2), first_token_s=Weight(0.8, 0.8))
    assert lead(choice(two(TRADE), level)) == pytest.approx(0.0, abs=1e-9)


def test_a_weight_flips_only_where_a_rival_gains_by_it() -> None:
    assert choice(two({"score.x": 4.0, "first_token_s.speed": 1.0}), EVEN).weights == ()
    assert choice(two({"score.x": 4.0})).weights == ()


def test_of_several_rivals_the_first_to_draw_ahead_is_named() -> None:
    level = {"a": 4.0, "b": 0.0, "c": 0.0}
    quick = {"a": 0.0, "b": 2.0, "c": 3.0}
    rows = [
        row(
            measure,
            "x",
            [gap(p, q, measure, at[p] - at[q], 1e-6) for p, q in combinations("abc", 2)],
        )
        for measure, at in (("score", level), ("first_token_s", quick))
    ]
    score, time = choice(judged(*rows, names="abc"), EVEN).weights
    assert (score.to, time.to) == ("c", "c")
    assert [score.at, time.at] == pytest.approx([3 / 7, 4 / 7])


def test_a_flip_says_whether_the_rival_was_shown_better_on_what_then_counts() -> None:
    assert [one.shown for one in choice(two(TRADE), EVEN).weights] == [True, True]
    assert [one.shown for one in choice(hidden(two(TRADE)), EVEN).weights] == [False, False]


def test_nothing_flips_where_the_one_that_is_best_most_often_is_not_best_at_the_centre() -> None:
    policy = weighing(score=Weight(0.6, 1.0), first_token_s=Weight(0.0, 3.0))
    found = choice(two({"score.x": 1.9, "first_token_s.speed": -1.0}), policy)
    assert found.best.candidate == "b"
    assert lead(found) > 0
    assert (found.flips, found.weights) == ((), ())


def bills(**parts: float) -> dict[str, Bill]:
    return {
        name: Bill(usd_per_million_output_tokens=2.0, parts={"x": part, "y": part})
        for name, part in parts.items()
    }


def prices(units: Mapping[str, float], known: Mapping[str, Bill]) -> list[PriceFlip]:
    judgement = two(units)
    drawn = choice(judgement).worlds
    assert drawn is not None
    centre = centre_of(drawn, "a")
    return [] if centre is None else list(price_flips(centre, judgement, known))


def test_at_the_output_price_that_is_named_the_two_are_level() -> None:
    units = {"score.x": 2.0, "usd_per_solved_case.x": 1.0, "usd_per_solved_case.y": 3.0}
    dearer, cheaper = prices(units, bills(a=0.5, b=0.8))
    drawn = choice(two(units)).worlds
    assert drawn is not None
    weights = dict(zip(drawn.criteria, drawn.weights.mean(axis=0).tolist(), strict=True))
    ahead = sum(weight * units[name] for name, weight in weights.items())
    priced = (weights["usd_per_solved_case.x"] + weights["usd_per_solved_case.y"]) / log1p(PRICE)
    assert (dearer.candidate, dearer.against, dearer.now) == ("a", "b", 2.0)
    assert priced * log1p(0.5 * (dearer.at / 2.0 - 1)) == pytest.approx(ahead)
    assert (cheaper.candidate, cheaper.against) == ("b", "a")
    assert priced * log1p(0.8 * (cheaper.at / 2.0 - 1)) == pytest.approx(-ahead)


def test_no_output_price_is_named_that_would_not_do() -> None:
    units = {"score.x": 20.0, "usd_per_solved_case.x": 1.0}
    assert [one.candidate for one in prices(units, bills(a=0.5, b=0.1))] == ["a"]
    assert prices({"score.x": 2.0}, bills(a=0.5)) == []
    assert prices(units, {}) == []
    elsewhere = {"a": Bill(usd_per_million_output_tokens=1.0, parts={"z": 1.0})}
    assert prices(units, elsewhere) == []


def test_a_bill_that_is_all_output_can_fall_to_nothing() -> None:
    units = {"score.x": 1.0, "usd_per_solved_case.x": 1.0}
    (only,) = prices(units, bills(b=1.0))
    assert 0 < only.at < 2.0


def test_a_condition_holds_in_95_of_100_of_its_worlds() -> None:
    # a is best where the score has more than 3/4 of the weight: all of 25 worlds of 100, and 95 of
    # 100 of those where it has more than 74 %.
    found = choice(two({"score.x": 1.0, "first_token_s.speed": -3.0}))
    for_a, for_b = found.conditions
    assert (for_a.candidate, for_a.criterion, for_a.above) == ("a", "score.x", True)
    assert for_a.share == 0.74
    assert for_a.worlds == pytest.approx(0.26, abs=0.02)
    assert (for_b.candidate, for_b.criterion, for_b.above) == ("b", "score.x", False)
    assert for_b.share == pytest.approx(0.79, abs=0.02)


def test_a_condition_that_hardly_any_world_meets_is_none() -> None:
    found = choice(two({"score.x": 1.0, "first_token_s.speed": -300.0}))
    assert [one.candidate for one in found.conditions] == []


def test_nothing_is_recommended_under_conditions_on_a_difference_that_was_not_shown() -> None:
    judgement = two({"score.x": 1.0, "first_token_s.speed": -3.0})
    assert choice(hidden(judgement)).conditions == ()


def test_one_that_is_chosen_anyway_has_no_condition() -> None:
    assert choice(two({"score.x": 1.0, "first_token_s.speed": 3.0})).conditions == ()
