"""How numbers, amounts, dates and names are written in English and in French.

Numbers and amounts as the Unicode CLDR has them: "€1,250.50", "1 250,50 €". What is asked in both
languages is the same to the last digit.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, NamedTuple

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")

Said = Mapping[Language, str]
"""The same in each language."""

NAMES = (
    *("Alma", "Boris", "Bruno", "Clara", "David", "Diego", "Emma", "Iris", "Jonas", "Karl"),
    *("Laura", "Lina", "Marta", "Nina", "Oscar", "Paula", "Ruben", "Sara", "Simon", "Victor"),
)
"""People whose names are written alike in both languages."""

WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
}


class Noun(NamedTuple):
    """A thing that is counted."""

    one: Said
    many: Said


def both(en: str, fr: str) -> Said:
    return MappingProxyType({"en": en, "fr": fr})


def noun(en: str, fr: str, plural: tuple[str, str] | None = None) -> Noun:
    """A noun, with a plain "s" in the plural where no other is given."""
    return Noun(one=both(en, fr), many=both(*(plural or (f"{en}s", f"{fr}s"))))


def said(say: Callable[[Language], str]) -> Said:
    """What one function tells in each language."""
    return both(say("en"), say("fr"))


def fill(template: Said, **words: Said | str | int) -> Said:
    """One template a language, filled with the same things."""

    def filled(language: Language) -> str:
        there = {
            name: word if isinstance(word, str | int) else word[language]
            for name, word in words.items()
        }
        return template[language].format(**there)

    return said(filled)


def number(value: int | Decimal) -> Said:
    """1234.5 as "1,234.5" and "1 234,5"."""
    english = f"{value:,}"
    return both(english, english.translate({ord(","): "\u202f", ord("."): ","}))


def euros(cents: int) -> Said:
    """ "€12.50" and "12,50 €"."""
    written = number(Decimal(cents).scaleb(-2))
    return both(f"€{written['en']}", f"{written['fr']}\u00a0€")


def counted(count: int, thing: Noun) -> Said:
    """ "1 cake", "3 cakes"."""
    written, name = number(count), thing.one if count == 1 else thing.many
    return said(lambda language: f"{written[language]} {name[language]}")


def day(when: date) -> Said:
    """ "Tuesday 3 March 2026" and "mardi 3 mars 2026"; the first of a month is "1er"."""

    def told(language: Language) -> str:
        weekday, month = WEEKDAYS[language][when.weekday()], MONTHS[language][when.month - 1]
        nth = "1er" if language == "fr" and when.day == 1 else when.day
        return f"{weekday} {nth} {month} {when.year}"

    return said(told)


def listed(things: Sequence[str | Said]) -> Said:
    """ "Alma, Boris and Clara", "Alma, Boris et Clara"."""

    def told(language: Language) -> str:
        *first, last = [one if isinstance(one, str) else one[language] for one in things]
        joint = "and" if language == "en" else "et"
        return f"{', '.join(first)} {joint} {last}" if first else last

    return said(told)


def joined(parts: Sequence[Said], by: str = "\n") -> Said:
    """One text a language, of several."""
    return said(lambda language: by.join(part[language] for part in parts))


def de(word: str) -> str:
    """French "de", which loses its "e" before a vowel: "de Boris", "d'Alma"."""
    return f"d'{word}" if word[0].lower() in "aeiouéèêh" else f"de {word}"


def sentence(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]


def plain(value: Fraction) -> str | None:
    """A number with at most three decimals, as a key is written; None where it has more."""
    thousandths = value * 1000
    if thousandths.denominator != 1:
        return None
    written = f"{Decimal(thousandths.numerator).scaleb(-3):f}"
    return written.rstrip("0").rstrip(".")
