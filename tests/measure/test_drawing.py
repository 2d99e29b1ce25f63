"""The order in which cases are drawn: by the seed alone, groups as one or singly."""

from dataclasses import replace

import pytest

from tests.measure.things import sums
from visavis.core.case import Case
from visavis.measure.drawing import LARGEST_DRAW, draws, together
from visavis.measure.plan import Asked


def grouped(sizes: list[int]) -> Asked:
    cases = [
        Case(id=f"g{group}c{n}", group=f"g{group}", question="?", target="")
        for group, size in enumerate(sizes)
        for n in range(size)
    ]
    return replace(sums(1), cases=tuple(cases))


def test_every_case_is_drawn_once_and_those_of_a_small_group_side_by_side() -> None:
    asked = grouped([2] * 30 + [1] * 10)
    drawn = draws(asked, 0)
    assert sorted(case.id for draw in drawn for case in draw) == sorted(c.id for c in asked.cases)
    assert {len({case.group for case in draw}) for draw in drawn} == {1}
    assert (len(drawn), together(drawn)) == (40, 2)


def test_cases_of_a_subject_are_drawn_singly_and_mixed() -> None:
    drawn = draws(grouped([LARGEST_DRAW + 1, 40, 60]), 0)
    assert together(drawn) == 1
    assert len({draw[0].group for draw in drawn[:20]}) == 3


def test_the_order_is_that_of_the_seed_and_no_other() -> None:
    asked = sums(60)
    apart = replace(asked, cases=tuple(replace(c, group=c.id) for c in asked.cases))
    assert draws(apart, 1) == draws(apart, 1)
    assert draws(apart, 1) != draws(apart, 2)
    assert draws(apart, 1) != tuple((case,) for case in apart.cases)


def test_more_cases_do_not_change_the_order_of_the_others() -> None:
    few, many = grouped([1] * 50), grouped([1] * 80)
    known = {case.id for case in few.cases}
    among = [draw for draw in draws(many, 3) if draw[0].id in known]
    assert among == list(draws(few, 3))


@pytest.mark.parametrize("sizes", [[], [1]])
def test_a_pool_may_be_empty_or_small(sizes: list[int]) -> None:
    assert together(draws(grouped(sizes), 0)) == 1
