"""What follows from what: against textbook logic, and against worlds of single individuals."""

from functools import cache, reduce
from itertools import combinations_with_replacement, product
from operator import and_, or_

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


# --- Every model at once ----------------------------------------------------------------------
# With four terms there are 16 types of individual and 65,536 models: each says which types somebody
# is of. A set of models is one long integer; a conclusion follows when no bit is left where the
# premises hold and it does not.


@cache
def inhabited(kind: int, terms: int) -> int:
    """The models in which somebody is of type `kind`: those whose number has bit `kind` set."""
    run = 1 << kind
    bits, width = ((1 << run) - 1) << run, 2 * run
    while width < 1 << (1 << terms):
        bits |= bits << width
        width *= 2
    return bits


@cache
def models(statement: Statement, terms: int) -> int:
    quantity, subject, predicate = statement
    inside = quantity in ("some", "no")
    meant = [
        inhabited(kind, terms)
        for kind in range(1 << terms)
        if kind >> subject & 1 and bool(kind >> predicate & 1) == inside
    ]
    somebody = reduce(or_, meant, 0)
    every = (1 << (1 << (1 << terms))) - 1
    return somebody if quantity in ("some", "some not") else every ^ somebody


@pytest.mark.parametrize("kind", list(TERMS))
def test_every_form_agrees_with_all_models(kind: Kind) -> None:
    terms, found = TERMS[kind], forms(kind)
    undecided = set(found.open)
    populated = [models(Statement("some", term, term), terms) for term in range(terms)]
    for form in (*found.follows, *found.open):
        premises = [models(premise, terms) for premise in form.premises]
        worlds = reduce(and_, premises + populated)
        true = models(form.conclusion, terms)
        assert bool(worlds & ~true) == (form in undecided), form
        assert worlds & true, form


def test_existence_is_part_of_the_proof() -> None:
    # Barbari: all S are M, all M are P, so some S are P; only where there is an S.
    barbari = Form((Statement("all", 0, 2), Statement("all", 2, 1)), Statement("some", 0, 1))
    assert follows(barbari, 3)
