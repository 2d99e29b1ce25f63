"""What repeats tell, from observations."""

from dataclasses import replace

import pytest

from tests.verdict.seen import seen
from visavis.core.observation import Observation
from visavis.verdict.compare import judge
from visavis.verdict.luck import luck_of
from visavis.verdict.methods import FIXED
from visavis.verdict.policy import DEFAULT
from visavis.verdict.tries import sorted_out


def tried(candidate: str, *tries: list[float]) -> list[Observation]:
    """Each list holds one try of every case."""
    return [o for values in tries for o in seen(candidate, values)]


RUN = tried("a", [1, 1, 0, 1], [1, 0, 0, 1]) + tried("b", [0, 1, 0, 1], [0, 0, 0, 0])


def test_luck_is_told_of_each_candidate_and_of_each_pair() -> None:
    (luck,) = luck_of(sorted_out(RUN, FIXED), ["a", "b"])
    assert luck.benchmark == "logic"
    assert {name: found.value for name, found in luck.one.items()} == {"a": 0.625, "b": 0.25}
    assert luck.two["a", "b"].value == pytest.approx(0.375)
    assert luck.two["a", "b"].within == pytest.approx(luck.one["a"].within + luck.one["b"].within)


def test_a_pair_is_made_of_the_cases_that_both_were_scored_on() -> None:
    more = [replace(o, unit_id="c" + o.unit_id, group="g") for o in tried("a", [1, 1], [1, 1])]
    (luck,) = luck_of(sorted_out(RUN + more, FIXED), ["a", "b"])
    assert (luck.one["a"].cases, luck.one["b"].cases, luck.two["a", "b"].cases) == (6, 4, 4)


def test_cases_tried_once_and_other_measures_tell_nothing() -> None:
    assert luck_of(sorted_out(seen("a", [1, 0]) + seen("b", [1, 1]), FIXED), ["a", "b"]) == ()
    assert luck_of(sorted_out(seen("a", [1, 2], measure="usd") * 2, FIXED), ["a"]) == ()


def test_cases_drawn_one_by_one_stand_for_themselves() -> None:
    together = [replace(o, group=str(int(o.unit_id) // 2)) for o in RUN]
    (apart,) = luck_of(sorted_out(together, {"logic": 1}), ["a", "b"])
    (plain,) = luck_of(sorted_out(RUN, FIXED), ["a", "b"])
    (paired,) = luck_of(sorted_out(together, FIXED), ["a", "b"])
    assert apart.one["a"].error == plain.one["a"].error != paired.one["a"].error


def test_a_judgement_carries_it() -> None:
    assert judge(iter(RUN), (), ["a", "b"], DEFAULT).luck == luck_of(
        sorted_out(RUN, FIXED), ["a", "b"]
    )
    assert judge(seen("a", [1, 0]), (), ["a"], DEFAULT).luck == ()
