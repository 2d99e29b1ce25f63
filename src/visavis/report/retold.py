"""What other rooms tell in English, said in the reader's language.

A run holds sentences, not templates: why a reply was right or wrong, where a benchmark departs
from its protocol, what an engine was started with. Each was made by `core.tell` from a template in
the source, and `locales/told.json` lists them all. The one that fits a text gives its fields back,
and the catalogue has its French: so an old run is read as a new one is. A text that fits none (a
server's own, a judge's, a user's) stays as it is, and is known to be English.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from string import Formatter
from typing import NamedTuple

from visavis.options import Language
from visavis.report.language import LOCALES, Words
from visavis.report.text import MINUS, NBSP, THIN

TEMPLATES = LOCALES / "told.json"
"""Written by `tests/report/catalogue.py`; a test says when it is stale."""
_TOLD, _MAYBE = "told", "maybe"
"""How a field's name begins that holds another such text, for sure or perhaps."""
_BETWEEN = ("; ", ", ")
"""What stands between several."""
_NUMERALS = str.maketrans({",": THIN, ".": ",", "-": MINUS, "%": f"{NBSP}%"})
_LONGEST = 4000
"""Characters that are looked into; what is longer is no sentence of ours."""
_MOST = 30
"""Sentences in a row that are told apart."""
_FIELD = re.compile(r"\{(\w+)[^{}]*\}")


class Retold(NamedTuple):
    """A text, and the language that it is in."""

    text: str
    lang: Language


def retold(text: str, lang: Language) -> Retold:
    """The text in this language where its template is known, else as it is, in English."""
    said = None
    if lang != "en" and 0 < len(text) <= _LONGEST:
        said = _said(text, lang) or _cut_off(text, lang)
    return Retold(text, "en") if said is None else Retold(said, lang)


@lru_cache(maxsize=20_000)
def _said(text: str, lang: Language) -> str | None:
    """Several sentences, if all of them are ours; else one; else several in a list."""
    parts = _several(text, lang, _BETWEEN[0])
    if parts is not None and None not in parts:
        return Words(lang)("; ").join(map(str, parts))
    whole = next(_whole(text, lang), None)
    if whole is not None:
        return whole
    listed = _several(text, lang, _BETWEEN[1])
    return None if listed is None or None in listed else ", ".join(map(str, listed))


def _cut_off(text: str, lang: Language) -> str | None:
    """Several sentences, of which the last was cut off, as a very long reason is."""
    before, between, last = text.rpartition(_BETWEEN[0])
    said = _said(before, lang) if between else None
    return said and said + Words(lang)("; ") + last


def _several(text: str, lang: Language, between: str) -> list[str | None] | None:
    """Each of the sentences in a row, None for one that is not ours; None where there is but one.

    The shortest comes first: a sentence may itself hold what stands between two.
    """
    pieces = text.split(between)
    if not 1 < len(pieces) <= _MOST:
        return None
    found: list[str | None] = []
    while pieces:
        ends = range(1, len(pieces) + 1)
        tried = ((end, next(_whole(between.join(pieces[:end]), lang), None)) for end in ends)
        end, said = next((one for one in tried if one[1] is not None), (len(pieces), None))
        found.append(said)
        del pieces[:end]
    return found if len(found) > 1 else None


@dataclass(frozen=True, slots=True)
class _Template:
    """One text of another room, and how to know again what was made from it."""

    text: str
    head: str
    """What stands before its first field,"""
    tail: str
    """and behind the last one."""
    patterns: tuple[re.Pattern[str], ...]
    """Its fields as short, then as long as they can be."""
    numbers: frozenset[str]
    """Fields that are numbers."""

    def fields(self, text: str) -> Iterator[Mapping[str, str]]:
        """What its fields may have held, where the text is of its making."""
        if text.startswith(self.head) and text.endswith(self.tail):
            for pattern in self.patterns:
                if (found := pattern.fullmatch(text)) is not None:
                    yield found.groupdict()

    def filled(self, fields: Mapping[str, str], lang: Language) -> str | None:
        """The same in this language; None where a field that should be ours is not."""
        said: dict[str, str] = {}
        for name, held in fields.items():
            value: str | None = held
            if name.startswith((_TOLD, _MAYBE)):
                value = _said(held, lang) or (held if name.startswith(_MAYBE) else None)
            if value is None:
                return None
            said[name] = value.translate(_NUMERALS) if name in self.numbers else value
        return _FIELD.sub(lambda field: said[field[1]], Words(lang)(self.text))


def _whole(text: str, lang: Language) -> Iterator[str]:
    """The text as one sentence, by each template that fits; the most telling first."""
    known = _templates()
    for template in known.get(text[:1], known[""]):
        for fields in template.fields(text):
            if (said := template.filled(fields, lang)) is not None:
                yield said


@cache
def _templates() -> Mapping[str, Sequence[_Template]]:
    """By the first letter of what they make, which may be any where they begin with a field."""
    texts = json.loads(TEMPLATES.read_text(encoding="utf-8"))
    made = [_template(text) for text in sorted(texts, key=lambda text: -len(_FIELD.sub("", text)))]
    first = {"", *(template.head[:1] for template in made)}
    return {
        letter: [template for template in made if template.head[:1] in ("", letter)]
        for letter in first
    }


_Part = tuple[str, str | None, str | None, str | None]
"""What stands before a field, its name, its format and its conversion."""


def _template(text: str) -> _Template:
    parts: list[_Part] = [(text, None, None, None)]
    if _FIELD.search(text):
        parts = [*Formatter().parse(text)]
    return _Template(
        text=text,
        head=parts[0][0],
        tail=parts[-1][0] if parts[-1][1] is None else "",
        patterns=tuple(dict.fromkeys(_pattern(parts, more) for more in ("+?", "+"))),
        numbers=frozenset(name for _, name, form, _ in parts if name and form),
    )


def _pattern(
    parts: Sequence[tuple[str, str | None, str | None, str | None]], more: str
) -> re.Pattern[str]:
    seen: set[str] = set()
    written = []
    for literal, name, form, sign in parts:
        written.append(re.escape(literal))
        if name in seen:
            written.append(f"(?P={name})")
        elif name is not None:
            seen.add(name)
            written.append(f"(?P<{name}>{_held(form or '', sign, more)})")
    return re.compile("".join(written), re.DOTALL)


def _held(form: str, sign: str | None, more: str) -> str:
    """What a field may hold: a number, something in quotes, or anything."""
    if not form:
        return f"'.*{more[1:]}'|\".*{more[1:]}\"" if sign == "r" else f".{more}"
    places = re.search(r"\.(\d+)[f%]$", form)
    if places is None:
        return r"[-+]?[\d,]*\.?\d+(?:e[-+]?\d+)?"
    return (
        r"[-+]?[\d,]*\d"
        + (rf"\.\d{{{places[1]}}}" if places[1] != "0" else "")
        + "%" * form.endswith("%")
    )
