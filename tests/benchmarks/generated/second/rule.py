"""Rules from the words: does it hold, what would the usual answer be, and is it turned round?"""

import re
from datetime import timedelta

from tests.benchmarks.generated.second.schedule import DAY
from tests.benchmarks.generated.second.schedule import day as day_of
from tests.benchmarks.generated.second.words import NAME, body

QUESTIONS = {
    "en": {
        "light": rf"On .*, ({NAME}) sees a (green|red) light\. Should \1 (go|stop)\?",
        "size": r"Is (\d+) (bigger|smaller) than (\d+)\?",
        "alphabet": rf"Does the word ({NAME}) come (before|after) the word ({NAME}) in .*\?",
        "tomorrow": rf"Today is {DAY}\. (Is tomorrow|Was yesterday) {DAY}\?",
        "truth": r"Is (\d+) an (even|odd) number\?",
    },
    "fr": {
        "light": rf"Le .*, ({NAME}) voit un feu (vert|rouge)\. Faut-il que \1 (avance|s'arrête) \?",
        "size": r"(\d+) est-il plus (grand|petit) que (\d+) \?",
        "alphabet": rf"Le mot ({NAME}) vient-il (avant|après) le mot ({NAME}) dans .* \?",
        "tomorrow": rf"Aujourd'hui, c'est le {DAY}\. (Est-ce que demain|Est-ce qu'hier), "
        rf"c'(?:est|était) le {DAY} \?",
        "truth": r"(\d+) est-il un nombre (pair|impair) \?",
    },
}
LAWS = {
    "light": ("red means go and green", "le rouge veut dire « avancez »"),
    "size": ('"bigger" means smaller', "« plus grand » veut dire plus petit"),
    "alphabet": ("from Z to A", "de Z à A"),
    "tomorrow": ('"tomorrow" means yesterday', "« demain » veut dire hier"),
    "truth": ("contrary of the truth", "le contraire de la vérité"),
}
FIRST = ("green", "vert", "go", "avance", "bigger", "grand", "before", "avant", "even", "pair")
TOMORROW = ("Is tomorrow", "Est-ce que demain")


def proven(question: str, language: str) -> str:
    game, asked = body(question)
    for kind, pattern in QUESTIONS[language].items():
        if found := re.fullmatch(pattern, asked):
            assert LAWS[kind][language == "fr"] in game, game
            usual = _usual(kind, found.groups(), language)
            return "yes" if usual != holds(game) else "no"
    raise AssertionError(asked)


def _usual(kind: str, said: tuple[str, ...], language: str) -> bool:
    first = said[1] in FIRST
    if kind == "light":
        return first == (said[2] in FIRST)
    if kind == "size":
        return (int(said[0]) > int(said[2])) == first
    if kind == "alphabet":
        return (said[0] < said[2]) == first
    if kind == "truth":
        return (int(said[0]) % 2 == 0) == first
    today, other = day_of(said[0], language), day_of(said[2], language)
    return other == today + timedelta(days=1 if said[1] in TOMORROW else -1)


def holds(game: str) -> bool:
    """Whether the rule holds when the question is put."""
    if re.search(r"but only|mais seulement", game) is None:
        return True
    if lamp := re.search(r"The lamp is (on|off)\.|La lampe est (allumée|éteinte)\.", game):
        return lamp[0].endswith(("on.", "allumée."))
    if turn := re.search(r"(?:round|manche) (\d+)\.", game):
        return int(turn[1]) % 2 == 1
    if clock := re.search(r"now (\d+):\d\d\.|maintenant (\d+)\u00a0h\u00a0\d\d\.", game):
        return int(clock[1] or clock[2]) < 12
    start = re.search(r"(?:the rule|Au début, elle) (is on|is off|est en|n'est pas en)\b", game)
    heard = re.search(r"(?:in this order|dans cet ordre) ?: ([^.]+)\.", game)
    assert start, game
    assert heard, game
    return _switched(start[1] in ("is on", "est en"), heard[1].split(", "))


def _switched(on: bool, heard: list[str]) -> bool:
    """Only the bells after the last drum or whistle count."""
    sets = [n for n, sound in enumerate(heard) if sound not in ("bell", "cloche")]
    if sets:
        on = heard[sets[-1]] in ("drum", "tambour")
        heard = heard[sets[-1] + 1 :]
    return on != (len(heard) % 2 == 1)
