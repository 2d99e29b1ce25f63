"""Sums of money in several steps, exact to the cent at each of them.

Easy: two things bought; in all, or the change. Medium: a discount on one of them, then the change,
or the bill shared. Hard: a whole order, whose discount depends on what it comes to, with delivery,
a voucher, and people who share it.
"""

from typing import NamedTuple

from visavis.benchmarks.generated.answers import AMOUNT
from visavis.benchmarks.generated.dice import Dice
from visavis.benchmarks.generated.family import Family, Level, Puzzle, offered
from visavis.benchmarks.generated.writing import (
    NAMES,
    Noun,
    Said,
    both,
    counted,
    euros,
    fill,
    joined,
    listed,
    noun,
)

GOODS = (
    *(noun("notebook", "cahier"), noun("pencil", "crayon"), noun("cushion", "coussin")),
    *(noun("lamp", "lampe"), noun("plant", "plante"), noun("candle", "bougie")),
    noun("bottle", "bouteille"),
    noun("cake", "gâteau", ("cakes", "gâteaux")),
    noun("hat", "chapeau", ("hats", "chapeaux")),
    noun("game", "jeu", ("games", "jeux")),
    noun("brush", "pinceau", ("brushes", "pinceaux")),
    noun("knife", "couteau", ("knives", "couteaux")),
    noun("newspaper", "journal", ("newspapers", "journaux")),
    noun("box", "boîte", ("boxes", "boîtes")),
)
PERCENTS = (5, 10, 15, 20, 25, 30, 40)
NOTES = (500, 1000, 2000, 5000, 10_000, 20_000)
"""Banknotes, in cents."""

AT_A_PRICE = both("{things} at {price} each", "{things} à {price} pièce")
BUYS = both("{who} buys {things}.", "{who} achète {things}.")
REDUCED = both(
    "There is a discount of {percent}% on the {things}.",
    "Il y a une remise de {percent}\u00a0% sur les {things}.",
)
IN_ALL = both("How much is that in all?", "Combien cela fait-il en tout ?")
CHANGE = both(
    "{who} pays with {paid}. How much change is due?",
    "{who} paie avec {paid}. Quelle somme faut-il lui rendre ?",
)
SHARED = both(
    "{people} people share the bill equally. How much does each of them pay?",
    "{people} personnes partagent la note à parts égales. Combien chacune paie-t-elle ?",
)
ORDERED = both(
    "{who} orders {things}. If the goods come to {least} or more, {percent}% is taken off their"
    " price; otherwise nothing is. Delivery then adds {delivery}, and a voucher takes off"
    " {voucher}.",
    "{who} commande {things}. Si les articles coûtent en tout {least} ou plus, leur prix est réduit"
    " de {percent}\u00a0% ; sinon, il ne l'est pas. La livraison ajoute ensuite {delivery}, et un"
    " bon d'achat retire {voucher}.",
)


class Bought(NamedTuple):
    """So many of a thing, at a price each, in cents."""

    pieces: int
    thing: Noun
    price: int

    @property
    def cents(self) -> int:
        return self.pieces * self.price

    @property
    def said(self) -> Said:
        return fill(AT_A_PRICE, things=counted(self.pieces, self.thing), price=euros(self.price))


class Sum(NamedTuple):
    """A story that ends in a question, and what it comes to, in cents."""

    kind: str
    story: tuple[Said, ...]
    cents: int


def draw(dice: Dice, level: Level) -> list[Puzzle]:
    drawing = {"easy": _bought, "medium": _reduced, "hard": _ordered}[level]
    drawn: Sum | None = None
    while drawn is None:
        drawn = drawing(dice, dice.pick(NAMES))
    key = f"{drawn.cents / 100:.2f}"
    return [Puzzle(said=joined(drawn.story, " "), key=key, kind=drawn.kind)]


def _bought(dice: Dice, who: str) -> Sum:
    goods = _goods(dice, 2)
    total = sum(one.cents for one in goods)
    story = fill(BUYS, who=who, things=listed([one.said for one in goods]))
    if dice.roll() < 0.5:
        return Sum("in all", (story, IN_ALL), total)
    return _change(who, total, story)


def _reduced(dice: Dice, who: str) -> Sum | None:
    goods = _goods(dice, 2)
    percent = dice.pick(PERCENTS)
    off, rest = divmod(goods[0].cents * percent, 100)
    total = sum(one.cents for one in goods) - off
    story = (
        fill(BUYS, who=who, things=listed([one.said for one in goods])),
        fill(REDUCED, percent=percent, things=goods[0].thing.many),
    )
    if rest:
        return None
    return _change(who, total, *story) if dice.roll() < 0.5 else _shared(dice, total, *story)


def _ordered(dice: Dice, who: str) -> Sum | None:
    goods = _goods(dice, 3)
    total = sum(one.cents for one in goods)
    least = max(1000, total // 1000 * 1000 + 1000 * dice.between(-1, 2))
    percent = dice.pick(PERCENTS)
    off, rest = divmod(total * percent, 100) if total >= least else (0, 0)
    delivery, voucher = 10 * dice.between(25, 95), 50 * dice.between(4, 20)
    story = fill(
        ORDERED,
        who=who,
        things=listed([one.said for one in goods]),
        least=euros(least),
        percent=percent,
        delivery=euros(delivery),
        voucher=euros(voucher),
    )
    due = total - off + delivery - voucher
    return _shared(dice, due, story) if not rest and due > 0 else None


def _goods(dice: Dice, count: int) -> list[Bought]:
    return [
        Bought(dice.between(2, 9), thing, 5 * dice.between(11, 190))
        for thing in dice.some(GOODS, count)
    ]


def _change(who: str, total: int, *story: Said) -> Sum:
    paid = next(note for note in NOTES if note > total)
    return Sum("change", (*story, fill(CHANGE, who=who, paid=euros(paid))), paid - total)


def _shared(dice: Dice, total: int, *story: Said) -> Sum | None:
    people = dice.between(2, 6)
    if total % people:
        return None
    return Sum("shared", (*story, fill(SHARED, people=people)), total // people)


MONEY = offered(
    Family(name="money", about="sums of money in several steps", draw=draw, answer=AMOUNT)
)
