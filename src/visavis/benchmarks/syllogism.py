"""Categorical statements, and what follows from them: proven, for any number of terms.

With k terms an individual is of one of 2^k types (it is or is not a Zork, a York, a Spork).
"All" and "no" forbid types; "some" and "some not" claim that somebody of certain types exists, and
somebody may wherever no type is left forbidden: individuals do not get in each other's way. So
statements can hold together if, and only if, each claim is left a type that is lawful. A set of
types is one integer with a bit for each. A conclusion follows when its contrary cannot hold.

Existence is stated: every term has at least one individual. A prompt must say so.
"""

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal, NamedTuple

Quantity = Literal["all", "no", "some", "some not"]
QUANTITIES: tuple[Quantity, ...] = ("all", "no", "some", "some not")
CONTRARY: dict[Quantity, Quantity] = {
    "all": "some not",
    "some not": "all",
    "no": "some",
    "some": "no",
}
"""Of two such statements about the same terms, exactly one holds."""

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
    """Whether the conclusion holds in every world in which the premises do."""
    contrary = form.conclusion._replace(quantity=CONTRARY[form.conclusion.quantity])
    return not possible((*form.premises, contrary), terms)


def is_open(form: Form, terms: int) -> bool:
    """Whether the premises allow the conclusion and allow its contrary."""
    return not follows(form, terms) and possible((*form.premises, form.conclusion), terms)


def possible(statements: tuple[Statement, ...], terms: int) -> bool:
    """Whether all of the statements can hold together, where every term has an individual."""
    lawful, claims = (1 << (1 << terms)) - 1, [_types(term, terms) for term in range(terms)]
    for quantity, subject, predicate in statements:
        inside = _types(subject, terms) & _types(predicate, terms)
        outside = _types(subject, terms) & ~_types(predicate, terms)
        if quantity in ("all", "no"):
            lawful &= ~(outside if quantity == "all" else inside)
        else:
            claims.append(inside if quantity == "some" else outside)
    return all(lawful & claim for claim in claims)


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


@cache
def _types(term: int, terms: int) -> int:
    """The types of individual that fall under a term: bit `t` stands for the type `t`."""
    return sum(1 << kind for kind in range(1 << terms) if kind >> term & 1)
