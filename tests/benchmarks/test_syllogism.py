"""What follows from what: against textbook logic, and against worlds of single individuals."""

from itertools import combinations_with_replacement, product

import pytest

from visavis.benchmarks.syllogism import (
    QUANTITIES,
    TERMS,
    Form,
    Kind,
    Statement,
    follows,
    forms,
    is_open,
)

# The 24 valid moods with existential import, by quantity of the conclusion (A 1, E 4, I 7, O 12).
TEXTBOOK = {"all": 1, "no": 4, "some": 7, "some not": 12}


def test_two_premises_give_the_24_valid_syllogisms_of_the_textbook() -> None:
    valid = [form.conclusion.quantity for form in forms("two").follows]
    assert {quantity: valid.count(quantity) for quantity in QUANTITIES} == TEXTBOOK


@pytest.mark.parametrize("kind", list(TERMS))
def test_a_form_is_asked_once_and_has_one_answer(kind: Kind) -> None:
    found = forms(kind)
    assert len({*found.follows, *found.open}) == len(found.follows) + len(found.open)
    assert all(is_open(form, TERMS[kind]) for form in found.open)


def holds(statement: Statement, world: tuple[int, ...]) -> bool:
    """In a world of individuals, each of which is the set of terms that it falls under."""
    subjects = [one for one in world if one >> statement.subject & 1]
    inside = [bool(one >> statement.predicate & 1) for one in subjects]
    return {
        "all": all(inside),
        "no": not any(inside),
        "some": any(inside),
        "some not": not all(inside),
    }[statement.quantity]


# Three individuals for the three terms, two for the premises, one against the conclusion: a
# counter-example needs no more of them.
WORLDS = [
    world
    for size in range(1, 7)
    for world in combinations_with_replacement(range(1, 8), size)
    if all(any(one >> term & 1 for one in world) for term in range(3))
]


def test_every_form_of_two_premises_agrees_with_all_worlds_of_six_individuals() -> None:
    statements = [
        Statement(q, *pair) for q in QUANTITIES for pair in ((0, 2), (2, 0), (2, 1), (1, 2))
    ]
    true_in = {
        s: {i for i, world in enumerate(WORLDS) if holds(s, world)}
        for s in [*statements, *(Statement(q, 0, 1) for q in QUANTITIES)]
    }
    for first, second, q in product(statements[:], statements, QUANTITIES):
        conclusion = Statement(q, 0, 1)
        both = true_in[first] & true_in[second]
        form = Form((first, second), conclusion)
        assert follows(form, 3) == (both <= true_in[conclusion]), form
        assert is_open(form, 3) == bool(both - true_in[conclusion] and both & true_in[conclusion])


def test_existence_is_part_of_the_proof() -> None:
    # Barbari: all S are M, all M are P, so some S are P; only where there is an S.
    barbari = Form((Statement("all", 0, 2), Statement("all", 2, 1)), Statement("some", 0, 1))
    assert follows(barbari, 3)
