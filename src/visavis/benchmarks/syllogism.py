"""Categorical statements, and what follows from them: proven by trying every model.

With k terms an individual is of one of 2^k types (it is or is not a Zork, a York, a Spork), and
a model is the set of types that somebody is of: 256 models for three terms, 65,536 for four.
No statement here can tell apart two models with the same inhabited types, so trying them all
is a proof. They are tried all at once: a set of models is one long integer with a bit for each
model, and a conclusion follows when no bit is left where the premises hold and it does not.

Existence is stated: every term has at least one individual. A prompt must say so.
"""

from dataclasses import dataclass
from functools import cache, reduce
from itertools import product
from operator import and_, or_
from typing import Literal, NamedTuple

Quantity = Literal["all", "no", "some", "some not"]
QUANTITIES: tuple[Quantity, ...] = ("all", "no", "some", "some not")

Kind = Literal["two", "chain", "distractor"]
"""Two premises; a chain of three; or two that matter and one that does not."""

TERMS: dict[Kind, int] = {"two": 3, "chain": 4, "distractor": 4}


class Statement(NamedTuple):
    """`quantity` of `subject` are `predicate`; terms are numbers."""

    quantity: Quantity
    subject: int
    predicate: int


class Form(NamedTuple):
    """A syllogism without its words. No two forms differ by a renaming of terms alone."""

    premises: tuple[Statement, ...]
    conclusion: Statement


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms of one kind whose answer is yes, and all whose answer is no."""

    follows: tuple[Form, ...]
    open: tuple[Form, ...]
    """The premises allow the conclusion and its contrary. Forms whose conclusion the premises
    contradict are left out: they are easier, and nothing like them has the answer yes."""


def follows(form: Form, terms: int) -> bool:
    """Whether the conclusion holds in every model of the premises."""
    return not _possible(form.premises, terms) & ~_models(form.conclusion, terms)


def is_open(form: Form, terms: int) -> bool:
    """Whether some models of the premises satisfy the conclusion and some do not."""
    return not follows(form, terms) and bool(
        _possible(form.premises, terms) & _models(form.conclusion, terms)
    )


@cache
def forms(kind: Kind) -> Forms:
    """All forms about term 0 and term 1, in a fixed order. Term 2 stands between the two."""
    drawn = [
        Form(premises, Statement(quantity, 0, 1))
        for premises in _premises(kind)
        for quantity in QUANTITIES
    ]
    terms = TERMS[kind]
    return Forms(
        follows=tuple(form for form in drawn if follows(form, terms)),
        open=tuple(form for form in drawn if is_open(form, terms)),
    )


def _premises(kind: Kind) -> list[tuple[Statement, ...]]:
    if kind == "two":
        return list(product(_between(0, 2), _between(2, 1)))
    if kind == "chain":
        return list(product(_between(0, 2), _between(2, 3), _between(3, 1)))
    return [  # term 3 hangs on one of the others, and leads nowhere
        premises
        for beside in range(3)
        for premises in product(_between(0, 2), _between(2, 1), _between(beside, 3))
    ]


def _between(a: int, b: int) -> list[Statement]:
    return [Statement(q, s, p) for q in QUANTITIES for s, p in ((a, b), (b, a))]


def _possible(premises: tuple[Statement, ...], terms: int) -> int:
    """The models in which the premises hold and every term has an individual."""
    return reduce(and_, (_models(premise, terms) for premise in premises), _populated(terms))


@cache
def _models(statement: Statement, terms: int) -> int:
    quantity, subject, predicate = statement
    inside = quantity in ("some", "no")  # speaks of subjects inside the predicate, or outside it
    meant = [
        _inhabited(kind, terms)
        for kind in range(1 << terms)
        if kind >> subject & 1 and bool(kind >> predicate & 1) == inside
    ]
    somebody = reduce(or_, meant, 0)
    return somebody if quantity in ("some", "some not") else _every(terms) ^ somebody


@cache
def _populated(terms: int) -> int:
    """The models in which every term has an individual."""
    return reduce(and_, (_models(Statement("some", term, term), terms) for term in range(terms)))


@cache
def _inhabited(kind: int, terms: int) -> int:
    """The models in which somebody is of type `kind`: those whose number has bit `kind` set."""
    run = 1 << kind
    bits, width = ((1 << run) - 1) << run, 2 * run
    while width < 1 << (1 << terms):
        bits |= bits << width
        width *= 2
    return bits


def _every(terms: int) -> int:
    return (1 << (1 << (1 << terms))) - 1
