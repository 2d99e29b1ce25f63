"""Syllogisms over invented words, as in `logic@1`, at three difficulties.

Easy: two premises. Medium: a chain of three, or two and one that leads nowhere. Hard: four or five
that matter, or three among two that do not. Each puzzle whose answer is yes comes with a twin whose
answer is no: the same quantities, of premises and conclusion alike, but some premises turned round.
So neither counting words nor judging by the mood of the sentences tells them apart; only who is
said of whom does. A form may come again in other words.
"""

from itertools import pairwise, product

from visavis.benchmarks import logic
from visavis.benchmarks.generated.answers import YES_NO
from visavis.benchmarks.generated.dice import Dice
from visavis.benchmarks.generated.family import LEVELS, Family, Level, Puzzle, offered
from visavis.benchmarks.generated.writing import said
from visavis.benchmarks.syllogism import QUANTITIES, Form, Quantity, Statement, follows, is_open

SHAPES: dict[Level, tuple[tuple[int, int], ...]] = {
    "easy": ((2, 0),),
    "medium": ((3, 0), (2, 1)),
    "hard": ((4, 1), (3, 2), (5, 0)),
}
"""Premises on the way from the conclusion's subject to its predicate, and premises beside it."""

WEIGHTED: tuple[Quantity, ...] = ("all", "all", "all", "no", "some", "some not")
"""Most of what follows needs an "all"; so it is drawn more often."""


def draw(dice: Dice, level: Level) -> list[Puzzle]:
    """A puzzle whose answer is yes and its twin, in any order."""
    way, beside = dice.pick(SHAPES[level])
    terms = way + 1 + beside
    pair: tuple[Form, Form] | None = None
    while pair is None:
        pair = _twins(dice, _drawn(dice, way, beside), terms)
    return dice.shuffled(
        _worded(dice, form, terms, key, f"{way} and {beside}" if beside else str(way))
        for form, key in zip(pair, ("yes", "no"), strict=True)
    )


def _drawn(dice: Dice, way: int, beside: int) -> Form:
    """Any form: terms 0 and 1 are the conclusion's, the next ones between, the last ones beside."""
    path = [0, *range(2, way + 1), 1]
    hung = ((dice.between(0, term - 1), term) for term in range(way + 1, way + 1 + beside))
    links = [*pairwise(path), *hung]
    premises = tuple(Statement(dice.pick(WEIGHTED), *dice.shuffled(link)) for link in links)
    return Form(premises, Statement(dice.pick(QUANTITIES), 0, 1))


def _twins(dice: Dice, form: Form, terms: int) -> tuple[Form, Form] | None:
    """The form, if its conclusion follows, and the same with premises turned so that it does not;
    None where there is no such pair."""
    if not follows(form, terms):
        return None
    for turns in dice.shuffled(product((False, True), repeat=len(form.premises))):
        premises = tuple(
            Statement(premise.quantity, premise.predicate, premise.subject) if turn else premise
            for premise, turn in zip(form.premises, turns, strict=True)
        )
        other = form._replace(premises=premises)
        if is_open(other, terms):
            return form, other
    return None


def _worded(dice: Dice, form: Form, terms: int, key: str, kind: str) -> Puzzle:
    mixed = form._replace(premises=tuple(dice.shuffled(form.premises)))
    words = logic.new_words(terms, set(logic.ARTICLE_WORDS), dice.roll)
    puzzle = logic.Puzzle(kind, mixed, words)
    return Puzzle(said=said(lambda language: logic.told(puzzle, language)), key=key, kind=kind)


LOGIC = offered(
    Family(
        name="logic",
        about="syllogisms over invented words",
        draw=draw,
        answer=YES_NO,
        chance=dict.fromkeys(LEVELS, 0.5),
    )
)
