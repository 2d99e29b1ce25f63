"""Units: from one to another, exactly.

Easy: one conversion. Medium: quantities in two units, a speed, a share. Hard: several quantities
that hang together: a tank and a tap, a tray of water, a coat of paint, a ride in two parts. Keys
are reckoned in fractions, and have at most three decimals.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from visavis.benchmarks.generated.answers import NUMBER
from visavis.benchmarks.generated.dice import Dice
from visavis.benchmarks.generated.family import Family, Level, Puzzle, offered
from visavis.benchmarks.generated.writing import NAMES, Said, both, de, fill, number, plain


class Unit(NamedTuple):
    """A unit by its plural, and what it is worth in the smallest of its kind here."""

    name: Said
    worth: int


KINDS = {
    "length": (
        Unit(both("millimetres", "millimètres"), 1),
        Unit(both("centimetres", "centimètres"), 10),
        Unit(both("metres", "mètres"), 1_000),
        Unit(both("kilometres", "kilomètres"), 1_000_000),
    ),
    "mass": (
        Unit(both("grams", "grammes"), 1),
        Unit(both("kilograms", "kilogrammes"), 1_000),
        Unit(both("tonnes", "tonnes"), 1_000_000),
    ),
    "volume": (
        Unit(both("millilitres", "millilitres"), 1),
        Unit(both("centilitres", "centilitres"), 10),
        Unit(both("litres", "litres"), 1_000),
        Unit(both("cubic metres", "mètres cubes"), 1_000_000),
    ),
    "time": (
        Unit(both("seconds", "secondes"), 1),
        Unit(both("minutes", "minutes"), 60),
        Unit(both("hours", "heures"), 3_600),
        Unit(both("days", "jours"), 86_400),
    ),
}
FARTHEST = 10_000
"""How much larger one unit may be than another that stands beside it."""

ONE = both(
    "{who} measures {amount} {large}. How many {small} is that?",
    "{who} mesure {amount} {large}. Combien {de_small} cela fait-il ?",
)
SUM = both(
    "How many {small} are {amount} {large} and {more} {small} together?",
    "Combien {de_small} font {amount} {large} et {more} {small} réunis ?",
)
SHARE = both(
    "{who} divides {amount} {large} into {parts} equal parts. How many {small} is each?",
    "{who} divise {amount} {large} en {parts} parts égales. Combien {de_small} fait chacune ?",
)
SPEED = both(
    "{who} is on a train that runs at a steady {speed} kilometres per hour. How many metres does"
    " it cover in {seconds} seconds?",
    "{who} est dans un train qui roule à une vitesse constante de {speed} kilomètres par heure."
    " Combien de mètres ce train parcourt-il en {seconds} secondes ?",
)
TANK = both(
    "A tank of {volume} cubic metres holds {already} litres of water. {who} opens a tap that adds"
    " {flow} centilitres per second. After how many minutes is the tank full?",
    "Une cuve de {volume} mètres cubes contient {already} litres d'eau. {who} ouvre un robinet qui"
    " ajoute {flow} centilitres par seconde. Au bout de combien de minutes la cuve est-elle"
    " pleine ?",
)
TRAY = both(
    "{who} has a rectangular tray of {length} centimetres by {width} millimetres inside, and pours"
    " in water to a depth of {depth} millimetres. How many centilitres of water is that?",
    "{who} a un bac rectangulaire de {length} centimètres sur {width} millimètres à l'intérieur, et"
    " y verse de l'eau jusqu'à une hauteur de {depth} millimètres. Combien de centilitres d'eau"
    " cela fait-il ?",
)
PAINT = both(
    "One litre of paint covers {cover} square metres. {who} gives a wall of {length} centimetres by"
    " {height} centimetres {coats} coats. How many millilitres of paint does that take?",
    "Un litre de peinture couvre {cover} mètres carrés. {who} passe {coats} couches sur un mur de"
    " {length} centimètres sur {height} centimètres. Combien de millilitres de peinture faut-il ?",
)
RIDE = both(
    "{who} cycles for {minutes} minutes at {speed} kilometres per hour, then for {seconds} seconds"
    " at {faster} metres per second. How many kilometres is that in all?",
    "{who} roule à vélo pendant {minutes} minutes à {speed} kilomètres par heure, puis pendant"
    " {seconds} secondes à {faster} mètres par seconde. Combien de kilomètres cela fait-il en"
    " tout ?",
)


class Sum(NamedTuple):
    """A question and what it comes to."""

    kind: str
    asked: Said
    value: Fraction


def draw(dice: Dice, level: Level) -> list[Puzzle]:
    """One whose answer is a number that can be written out, and is not too long."""
    drawings: dict[Level, tuple[Callable[[Dice], Sum], ...]] = {
        "easy": (_one,),
        "medium": (_sum, _share, _speed),
        "hard": (_tank, _tray, _paint, _ride),
    }
    while True:
        drawn = dice.pick(drawings[level])(dice)
        key = plain(drawn.value)
        if key is not None and 0 < drawn.value < 1_000_000:
            return [Puzzle(said=drawn.asked, key=key, kind=drawn.kind)]


def _amount(dice: Dice, low: int, high: int) -> Decimal:
    """A number with one or two decimals, but for idle zeros."""
    places = dice.between(1, 2)
    scaled = Decimal(dice.between(low * 10**places, high * 10**places)).scaleb(-places)
    return Decimal(plain(Fraction(scaled)) or 0)


def _units(dice: Dice) -> tuple[Unit, Unit]:
    """Two of a kind, the smaller first."""
    units = KINDS[dice.pick(list(KINDS))]
    while True:
        small, large = sorted(dice.some(units, 2), key=lambda unit: unit.worth)
        if large.worth // small.worth <= FARTHEST:
            return small, large


def _one(dice: Dice) -> Sum:
    a, b = dice.shuffled(_units(dice))
    amount = _amount(dice, 2, 600)
    asked = fill(
        ONE,
        who=dice.pick(NAMES),
        small=a.name,
        de_small=de(a.name["fr"]),
        amount=number(amount),
        large=b.name,
    )
    return Sum("one", asked, Fraction(amount) * b.worth / a.worth)


def _sum(dice: Dice) -> Sum:
    small, large = _units(dice)
    amount, more = _amount(dice, 2, 30), dice.between(5, 950)
    asked = fill(
        SUM,
        small=small.name,
        de_small=de(small.name["fr"]),
        amount=number(amount),
        large=large.name,
        more=more,
    )
    return Sum("sum", asked, Fraction(amount) * large.worth / small.worth + more)


def _share(dice: Dice) -> Sum:
    small, large = _units(dice)
    amount, parts = _amount(dice, 2, 40), dice.between(3, 16)
    asked = fill(
        SHARE,
        who=dice.pick(NAMES),
        small=small.name,
        de_small=de(small.name["fr"]),
        amount=number(amount),
        large=large.name,
        parts=parts,
    )
    return Sum("share", asked, Fraction(amount) * large.worth / small.worth / parts)


def _speed(dice: Dice) -> Sum:
    speed, seconds = 3 * dice.between(10, 100), dice.between(6, 900)
    value = Fraction(speed * 1000 * seconds, 3600)
    return Sum("speed", fill(SPEED, who=dice.pick(NAMES), speed=speed, seconds=seconds), value)


def _tank(dice: Dice) -> Sum:
    volume, already, flow = _amount(dice, 2, 9), 10 * dice.between(5, 150), 5 * dice.between(4, 40)
    litres = Fraction(volume) * 1000 - already
    asked = fill(
        TANK, who=dice.pick(NAMES), volume=number(volume), already=number(already), flow=flow
    )
    return Sum("tank", asked, litres * 100 / flow / 60)


def _tray(dice: Dice) -> Sum:
    length, width, depth = dice.between(12, 95), 5 * dice.between(20, 90), dice.between(6, 90)
    asked = fill(TRAY, who=dice.pick(NAMES), length=length, width=width, depth=depth)
    return Sum("tray", asked, Fraction(length * 10 * width * depth, 10_000))


def _paint(dice: Dice) -> Sum:
    cover, coats = dice.between(5, 14), dice.between(2, 3)
    length, height = 5 * dice.between(30, 190), 5 * dice.between(36, 80)
    asked = fill(
        PAINT, who=dice.pick(NAMES), cover=cover, length=length, height=height, coats=coats
    )
    return Sum("paint", asked, Fraction(length * height * coats * 1000, 10_000 * cover))


def _ride(dice: Dice) -> Sum:
    minutes, speed = dice.between(5, 55), dice.between(12, 28)
    seconds, faster = 10 * dice.between(6, 90), _amount(dice, 4, 9)
    asked = fill(
        RIDE,
        who=dice.pick(NAMES),
        minutes=minutes,
        speed=speed,
        seconds=seconds,
        faster=number(faster),
    )
    return Sum("ride", asked, Fraction(minutes * speed, 60) + Fraction(faster) * seconds / 1000)


UNITS = offered(Family(name="units", about="sums across units", draw=draw, answer=NUMBER))
