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
_NUMERALS = str.maketrans({",": THIN, ".": ",", "-": MINUS, "%": f"{NBSP}%"})
_LONGEST = 2000
"""Characters that are looked into; what is longer is no sentence of ours."""
_KEPT = 20_000
"""Texts that are remembered: reasons come again, and so do their parts."""
_TELLING = 7
"""Letters of its own that a template needs to be believed where a text may be somebody else's: the
`left` in which a model's program ended is no side of a game."""
_DEEP = 3
"""How often one sentence is told within another."""
_HELD = 4
"""Parts of one sentence that are looked for, where it holds what stands between two."""
_WRITTEN = r"b?'(?:[^'\\]|\\.)*'|b?\"(?:[^\"\\]|\\.)*\"|None|True|False|-?\d[\d.e+-]*|\[.*\]|\{.*\}"
"""What `repr` makes of a text, which has one end, and of whatever else JSON may hold."""
_FIELD = re.compile(r"\{(\w+)[^{}]*\}")


class Retold(NamedTuple):
    """A text, and the language that it is in."""

    text: str
    lang: Language


def retold(text: str, lang: Language) -> Retold:
    """The text in this language where its template is known, else as it is, in English."""
    said = None
    if lang != "en" and 0 < len(text) <= _LONGEST:
        said = _said(text, lang, _DEEP) or _cut_off(text, lang)
    return Retold(text, "en") if said is None else Retold(said, lang)


@lru_cache(maxsize=_KEPT)
def _said(text: str, lang: Language, deep: int) -> str | None:
    """Several sentences, if all of them are ours; else one."""
    parts = _several(text, lang, "; ", deep)
    if parts is not None:
        return Words(lang)("; ").join(parts)
    return _whole(text, lang, deep)


@lru_cache(maxsize=_KEPT)
def _listed(text: str, lang: Language, deep: int) -> str | None:
    """As `_said`; else a list with commas."""
    said = _said(text, lang, deep)
    parts = _several(text, lang, ", ", deep) if said is None else None
    return said if parts is None else ", ".join(parts)


def _cut_off(text: str, lang: Language) -> str | None:
    """Several sentences, of which the last was cut off, as a very long reason is."""
    before, between, last = text.rpartition("; ")
    said = _said(before, lang, _DEEP) if between else None
    return said and said + Words(lang)("; ") + last


def _several(text: str, lang: Language, between: str, deep: int) -> list[str] | None:
    """Each of the sentences in a row; None unless all of them are ours.

    The shortest comes first: a sentence may itself hold what stands between two.
    """
    pieces, found = text.split(between), list[str]()
    while pieces:
        for end in range(1, min(len(pieces), _HELD) + 1):
            said = _whole(between.join(pieces[:end]), lang, deep)
            if said is not None:
                break
        else:
            return None
        found.append(said)
        del pieces[:end]
    return found


@dataclass(frozen=True, slots=True)
class _Template:
    """One text of another room, and how to know again what was made from it."""

    text: str
    head: str
    """What stands before its first field,"""
    tail: str
    """and behind the last one."""
    within: str
    """The longest of its own parts: a text without it is not of its making."""
    patterns: tuple[re.Pattern[str], ...]
    """Its fields as short, then as long as they can be."""
    numbers: frozenset[str]
    """Fields that are numbers."""
    telling: int
    """How many characters of it are its own."""

    def fields(self, text: str) -> Iterator[Mapping[str, str]]:
        """What its fields may have held, where the text is of its making."""
        if text.startswith(self.head) and text.endswith(self.tail):
            for pattern in self.patterns:
                if (found := pattern.fullmatch(text)) is not None:
                    yield found.groupdict()

    def filled(self, fields: Mapping[str, str], lang: Language, deep: int) -> str | None:
        """The same in this language; None where a field that should be ours is not."""
        said: dict[str, str] = {}
        for name, held in fields.items():
            value: str | None = held
            if name.startswith(_MAYBE):
                value = (_whole(held, lang, deep - 1, _TELLING) if deep else None) or held
            elif name.startswith(_TOLD):
                value = _listed(held, lang, deep - 1) if deep else None
            if value is None:
                return None
            said[name] = value.translate(_NUMERALS) if name in self.numbers else value
        return _FIELD.sub(lambda field: said[field[1]], Words(lang)(self.text))


@lru_cache(maxsize=_KEPT)
def _whole(text: str, lang: Language, deep: int, telling: int = 0) -> str | None:
    """The text as one sentence, by the most telling template that fits."""
    known = _templates()
    for template in known.get(text[:1], known[""]):
        if template.telling < telling:
            return None  # those that follow tell less
        if template.within not in text:
            continue
        for fields in template.fields(text):
            if (said := template.filled(fields, lang, deep)) is not None:
                return said
    return None


@cache
def _templates() -> Mapping[str, Sequence[_Template]]:
    """By the first letter of what they make, which may be any where they begin with a field."""
    texts = json.loads(TEMPLATES.read_text(encoding="utf-8"))
    made = sorted(map(_template, texts), key=lambda template: -template.telling)
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
        within=max((literal for literal, *_ in parts), key=len),
        patterns=tuple(dict.fromkeys(_pattern(parts, more) for more in ("+?", "+"))),
        numbers=frozenset(name for _, name, form, _ in parts if name and form),
        telling=len(_FIELD.sub("", text)),
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
    """What a field may hold: a number, something as Python writes it, or anything."""
    if not form:
        return _WRITTEN if sign == "r" else f".{more}"
    places = re.search(r"\.(\d+)[f%]$", form)
    if places is None:
        return r"[-+]?[\d,]*\.?\d+(?:e[-+]?\d+)?"
    return (
        r"[-+]?[\d,]*\d"
        + (rf"\.\d{{{places[1]}}}" if places[1] != "0" else "")
        + "%" * form.endswith("%")
    )
