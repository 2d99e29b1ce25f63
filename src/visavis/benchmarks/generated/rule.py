"""Following a rule against intuition: in this game, red means go.

Easy: the rule holds. Medium: it holds under a condition, and half of the time that is not met.
Hard: it is switched on and off by what is heard. For each puzzle whose answer is yes there is one
of the same kind whose answer is no. Who answers as usual is always wrong where it is easy, and no
better than chance where it is not; there, so is who always answers the contrary.
"""

from collections.abc import Callable
from datetime import timedelta

from visavis.benchmarks.generated.answers import YES_NO
from visavis.benchmarks.generated.dice import Dice
from visavis.benchmarks.generated.family import LEVELS, Family, Level, Puzzle, offered
from visavis.benchmarks.generated.schedule import any_day
from visavis.benchmarks.generated.writing import NAMES, Said, both, day, fill, joined, said
from visavis.benchmarks.logic import new_words

LAWS = {
    "light": both(
        "red means go and green means stop",
        "le rouge veut dire « avancez » et le vert veut dire « arrêtez-vous »",
    ),
    "size": both(
        'the word "bigger" means smaller and the word "smaller" means bigger',
        "« plus grand » veut dire plus petit et « plus petit » veut dire plus grand",
    ),
    "alphabet": both(
        "the alphabet runs backwards, from Z to A", "l'alphabet va à l'envers, de Z à A"
    ),
    "tomorrow": both(
        'the word "tomorrow" means yesterday and the word "yesterday" means tomorrow',
        "« demain » veut dire hier et « hier » veut dire demain",
    ),
    "truth": both(
        "every question is answered with the contrary of the truth",
        "on répond à toute question le contraire de la vérité",
    ),
}
"""What holds in the game: each turns a yes into a no."""

ALWAYS = both("In this game, {law}.", "Dans ce jeu, {law}.")
SOMETIMES = both(
    "In this game, {law}, but only {when}; otherwise everything is as usual.",
    "Dans ce jeu, {law}, mais seulement {when} ; sinon, tout est comme d'habitude.",
)
SWITCHED = both("while that rule is on", "tant que cette règle est en vigueur")
SWITCHES = both(
    "At the start the rule is {state}. A bell switches it over: on if it was off, off if it was on."
    " A drum switches it on, a whistle switches it off, whatever it was. One hears, in this order:"
    " {sounds}.",
    "Au début, elle {state}. Une cloche inverse son état : en vigueur si elle ne l'était pas, hors"
    " de vigueur si elle l'était. Un tambour la met en vigueur et un sifflet hors de vigueur, quel"
    " que soit son état. On entend, dans cet ordre : {sounds}.",
)
STATES = {True: both("on", "est en vigueur"), False: both("off", "n'est pas en vigueur")}
SOUNDS = {
    "bell": both("bell", "cloche"),
    "drum": both("drum", "tambour"),
    "whistle": both("whistle", "sifflet"),
}

Asked = Callable[[Dice, bool], Said]
"""A question, to which the usual answer is yes or is no, as told."""


def draw(dice: Dice, level: Level) -> list[Puzzle]:
    """A yes and a no about the same law, in any order."""
    kind = dice.pick(list(LAWS))
    return [_puzzle(dice, level, kind, key) for key in dice.shuffled(("yes", "no"))]


def _puzzle(dice: Dice, level: Level, kind: str, key: str) -> Puzzle:
    game, holds = {"easy": _always, "medium": _sometimes, "hard": _switched}[level](dice)
    question = QUESTIONS[kind](dice, (key == "yes") != holds)
    return Puzzle(said=joined([fill(game, law=LAWS[kind]), question]), key=key, kind=kind)


# --- Whether the rule holds ---------------------------------------------------------------------


def _always(dice: Dice) -> tuple[Said, bool]:
    return ALWAYS, True


def _sometimes(dice: Dice) -> tuple[Said, bool]:
    holds = dice.roll() < 0.5
    when, now = dice.pick((_lamp, _round, _clock))(dice, holds)
    return joined([_only(when), now], " "), holds


def _only(when: Said) -> Said:
    """With the place for the law left open."""
    return said(lambda language: SOMETIMES[language].replace("{when}", when[language]))


def _lamp(dice: Dice, holds: bool) -> tuple[Said, Said]:
    now = both("The lamp is on.", "La lampe est allumée.")
    if not holds:
        now = both("The lamp is off.", "La lampe est éteinte.")
    return both("while the lamp is on", "quand la lampe est allumée"), now


def _round(dice: Dice, holds: bool) -> tuple[Said, Said]:
    number = 2 * dice.between(1, 20) - holds
    now = fill(both("This is round {number}.", "C'est la manche {number}."), number=number)
    return both("in odd-numbered rounds", "dans les manches de numéro impair"), now


def _clock(dice: Dice, holds: bool) -> tuple[Said, Said]:
    hour = dice.between(7, 11) if holds else dice.between(13, 22)
    now = both("It is now {hour}:{minute}.", "Il est maintenant {hour}\u00a0h\u00a0{minute}.")
    minute = f"{dice.between(10, 59)}"
    return both("before noon", "avant midi"), fill(now, hour=hour, minute=minute)


def _switched(dice: Dice) -> tuple[Said, bool]:
    start = dice.roll() < 0.5
    heard = [dice.pick(("bell", "bell", "drum", "whistle")) for _ in range(dice.between(4, 7))]
    holds = start
    for sound in heard:
        holds = {"bell": not holds, "drum": True, "whistle": False}[sound]
    sounds = joined([SOUNDS[sound] for sound in heard], ", ")
    story = fill(SWITCHES, state=STATES[start], sounds=sounds)
    return joined([_only(SWITCHED), story], " "), holds


# --- What is asked ------------------------------------------------------------------------------


def _light(dice: Dice, usual: bool) -> Said:
    go = dice.roll() < 0.5
    colour = both("green", "vert") if go == usual else both("red", "rouge")
    asked = both(
        "On {when}, {who} sees a {colour} light. Should {who} go?",
        "Le {when}, {who} voit un feu {colour}. Faut-il que {who} avance ?",
    )
    if not go:
        asked = both(
            "On {when}, {who} sees a {colour} light. Should {who} stop?",
            "Le {when}, {who} voit un feu {colour}. Faut-il que {who} s'arrête ?",
        )
    return fill(asked, who=dice.pick(NAMES), colour=colour, when=day(any_day(dice)))


def _size(dice: Dice, usual: bool) -> Said:
    low = dice.between(1_000, 8_999)
    high = low + dice.between(1, 999)
    bigger = dice.roll() < 0.5
    a, b = (high, low) if bigger == usual else (low, high)
    asked = both("Is {a} bigger than {b}?", "{a} est-il plus grand que {b} ?")
    if not bigger:
        asked = both("Is {a} smaller than {b}?", "{a} est-il plus petit que {b} ?")
    return fill(asked, a=a, b=b)


def _alphabet(dice: Dice, usual: bool) -> Said:
    first, second = sorted(new_words(2, set(), dice.roll))
    before = dice.roll() < 0.5
    a, b = (first, second) if before == usual else (second, first)
    asked = both(
        "Does the word {a} come before the word {b} in alphabetical order?",
        "Le mot {a} vient-il avant le mot {b} dans l'ordre alphabétique ?",
    )
    if not before:
        asked = both(
            "Does the word {a} come after the word {b} in alphabetical order?",
            "Le mot {a} vient-il après le mot {b} dans l'ordre alphabétique ?",
        )
    return fill(asked, a=a, b=b)


def _tomorrow(dice: Dice, usual: bool) -> Said:
    today = any_day(dice)
    tomorrow = dice.roll() < 0.5
    other = today + timedelta(days=1 if tomorrow == usual else -1)
    asked = both(
        "Today is {today}. Is tomorrow {other}?",
        "Aujourd'hui, c'est le {today}. Est-ce que demain, c'est le {other} ?",
    )
    if not tomorrow:
        asked = both(
            "Today is {today}. Was yesterday {other}?",
            "Aujourd'hui, c'est le {today}. Est-ce qu'hier, c'était le {other} ?",
        )
    return fill(asked, today=day(today), other=day(other))


def _truth(dice: Dice, usual: bool) -> Said:
    even = dice.roll() < 0.5
    number = 2 * dice.between(500_000, 4_999_999) + (even != usual)
    asked = both("Is {number} an even number?", "{number} est-il un nombre pair ?")
    if not even:
        asked = both("Is {number} an odd number?", "{number} est-il un nombre impair ?")
    return fill(asked, number=number)


QUESTIONS: dict[str, Asked] = {
    "light": _light,
    "size": _size,
    "alphabet": _alphabet,
    "tomorrow": _tomorrow,
    "truth": _truth,
}

RULE = offered(
    Family(
        name="rule",
        about="rules that go against intuition",
        draw=draw,
        answer=YES_NO,
        chance=dict.fromkeys(LEVELS, 0.5),
    )
)
