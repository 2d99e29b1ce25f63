"""Units by their powers of ten and of sixty, in fractions of the metre, gram, litre and second."""

import re
from fractions import Fraction

from tests.benchmarks.generated.second.words import NUMBER, body, decimal, value

PREFIX = {"milli": -3, "centi": -2, "kilo": 3}
WHOLE = {"seconds": 1, "minutes": 60, "hours": 60**2, "days": 24 * 60**2, "tonnes": 10**6}
WHOLE |= {"secondes": 1, "heures": 60**2, "jours": 24 * 60**2}
WHOLE |= {"cubic metres": 1000, "mètres cubes": 1000}
UNIT = r"(cubic metres|mètres cubes|[a-zè]+)"
NUM = f"({NUMBER})"

ASKED = {
    "en": {
        "one": f"\\w+ measures {NUM} {UNIT}\\. How many {UNIT} is that\\?",
        "sum": f"How many {UNIT} are {NUM} {UNIT} and {NUM} {UNIT} together\\?",
        "share": f"\\w+ divides {NUM} {UNIT} into {NUM} equal parts\\. How many {UNIT} is each\\?",
        "speed": f".*steady {NUM} kilometres per hour.*cover in {NUM} seconds\\?",
        "tank": f"A tank of {NUM} cubic metres holds {NUM} litres .* adds {NUM} centilitres per .*",
        "tray": f".* of {NUM} centimetres by {NUM} millimetres inside, .* of {NUM} millimetres.*",
        "paint": f".*covers {NUM} square metres.* of {NUM} centimetres by {NUM} centimetres"
        f" {NUM} coats.*",
        "ride": f".* for {NUM} minutes at {NUM} kilometres .* for {NUM} seconds at {NUM} metres .*",
    },
    "fr": {
        "one": f"\\w+ mesure {NUM} {UNIT}\\. Combien (?:de |d'){UNIT} cela fait-il \\?",
        "sum": f"Combien (?:de |d'){UNIT} font {NUM} {UNIT} et {NUM} {UNIT} réunis \\?",
        "share": f"\\w+ divise {NUM} {UNIT} en {NUM} parts égales\\. Combien (?:de |d'){UNIT} .*",
        "speed": f".*constante de {NUM} kilomètres par heure.*parcourt-il en {NUM} secondes \\?",
        "tank": f"Une cuve de {NUM} mètres cubes contient {NUM} litres .* ajoute {NUM} centil.*",
        "tray": f".* de {NUM} centimètres sur {NUM} millimètres à .* de {NUM} millimètres.*",
        "paint": f".*couvre {NUM} mètres carrés.* passe {NUM} couches .* de {NUM} centimètres sur"
        f" {NUM} centimètres\\..*",
        "ride": f".* pendant {NUM} minutes à {NUM} kilom.* pendant {NUM} secondes à {NUM} mètres.*",
    },
}


def size(unit: str) -> Fraction:
    if unit in WHOLE:
        return Fraction(WHOLE[unit])
    for prefix, power in PREFIX.items():
        if unit.startswith(prefix):
            return Fraction(10) ** power
    assert unit in ("metres", "mètres", "grams", "grammes", "litres"), unit
    return Fraction(1)


def proven(question: str, language: str) -> str:
    (text,) = body(question)
    found = {kind: re.fullmatch(pattern, text) for kind, pattern in ASKED[language].items()}
    ((kind, match),) = [(kind, match) for kind, match in found.items() if match]
    return decimal(_answer(kind, match.groups(), language))


def _answer(kind: str, parts: tuple[str, ...], language: str) -> Fraction:
    if kind == "one":
        return value(parts[0], language) * size(parts[1]) / size(parts[2])
    if kind == "sum":
        small, amount, large, more, again = parts
        assert small == again
        return (value(amount, language) * size(large) + value(more, language) * size(small)) / size(
            small
        )
    if kind == "share":
        amount, large, number, small = parts
        return value(amount, language) * size(large) / value(number, language) / size(small)
    numbers = [value(part, language) for part in parts]
    if kind == "speed":
        return numbers[0] / Fraction("3.6") * numbers[1]
    if kind == "tank":
        cubic, litres, centilitres = numbers
        per_minute = centilitres / 100 * 60
        return (cubic * 1000 - litres) / per_minute
    if kind == "tray":
        decimetres = numbers[0] / 10, numbers[1] / 100, numbers[2] / 100
        return decimetres[0] * decimetres[1] * decimetres[2] * 100
    if kind == "paint":
        cover, *others = numbers  # the coats are told first in French
        length, height, coats = sorted(others, reverse=True)
        return length / 100 * (height / 100) * coats / cover * 1000
    minutes, kmh, seconds, ms = numbers
    return minutes / 60 * kmh + seconds * ms / 1000
