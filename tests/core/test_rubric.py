"""Rubrics travel with their case as text."""

from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as some

from visavis.core.case import Case
from visavis.core.rubric import RUBRICS, Rubric, rubrics_of, written

RUBRIC = some.builds(
    Rubric,
    name=some.text(min_size=1),
    kind=some.sampled_from(["rubric", "pairwise"]),
    text=some.text(min_size=1),
    lowest=some.integers(0, 1),
    highest=some.integers(2, 100),
    pass_mark=some.none() | some.floats(0, 100),
    weight=some.floats(0.1, 10),
    reference=some.none() | some.text(),
)


def case(**fields: str) -> Case:
    return Case(id="a", group="a", question="?", target="", fields=MappingProxyType(fields))


@given(some.lists(RUBRIC))
def test_a_case_gives_back_the_rubrics_that_were_written_into_it(rubrics: list[Rubric]) -> None:
    assert rubrics_of(case(**{RUBRICS: written(rubrics)})) == tuple(rubrics)


def test_most_cases_have_no_rubric() -> None:
    assert rubrics_of(case()) == ()
