"""Facts of which one can say on which day they became knowable, and whether a reply states one.

They are no benchmark: a score over them would say how old a model is. What they show is when what
a model knows ends. Each is a name that few would guess, with the page that states it, in
`dated_facts.toml` beside this file.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final
from unicodedata import combining, normalize

_APART: Final = re.compile(r"[\W_]+")
_THOUGHT: Final = re.compile(r"^.*</think>", re.DOTALL)
_ANSWER_WORDS: Final = 40
"""Words of a reply in which the answer is looked for: a list of all candidates is no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedFact:
    """A question whose answer could be known from one day on."""

    question: str
    accepted: tuple[str, ...]
    """Names of which a right reply holds one."""
    date: date
    source: str


@cache
def dated_facts() -> tuple[DatedFact, ...]:
    """All of them, the oldest first."""
    text = files("visavis.benchmarks").joinpath("dated_facts.toml").read_text(encoding="utf-8")
    facts = (
        DatedFact(
            question=one["question"],
            accepted=tuple(one["accepted"]),
            date=one["date"],
            source=one["source"],
        )
        for one in tomllib.loads(text)["fact"]
    )
    return tuple(sorted(facts, key=lambda fact: fact.date))


def is_right(text: str, accepted: Iterable[str]) -> bool:
    """Whether a reply states one of the names: whole words, whatever their accents and capitals."""
    words = _plain(_THOUGHT.sub("", text)).split()[:_ANSWER_WORDS]
    said = f" {' '.join(words)} "
    return any(f" {_plain(name)} " in said for name in accepted)


def _plain(text: str) -> str:
    letters = "".join(c for c in normalize("NFKD", text) if not combining(c))
    return _APART.sub(" ", letters.casefold()).strip()
