"""A made-up fact in a long made-up text: is it still found, at which length, at which depth? Pure.

The fact is a number of seven digits that stands nowhere else; found is who says that number and no
other of its kind, so a guess is right once in nine million. (The test is Kamradt's, of November
2023; text, fact and check are ours: what is famous has been trained on.)
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from visavis.core.prompt import Prompt, ask
from visavis.measure.limits.filler import filler, place

DEPTHS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares of the text that stand before the fact."""
SHARES: Final = (0.125, 0.5, 0.97)
"""Lengths where none are given, of the longest prompt: the last leaves room for the reply."""
REPLY_TOKENS: Final = 256
"""At most; some models think before they say a number."""
_NUMBER: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[ ,.'\u202f\u00a0]?\d{3}){2}(?![\d])")
"""Of seven to nine digits, with or without marks between thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needle:
    """One fact, where it is hidden."""

    tokens: int
    """Length of the prompt, about."""
    depth: float
    repeat: int
    town: str
    value: str


def needles(lengths: Sequence[int], repeats: int, seed: int) -> Iterator[Needle]:
    """One for each length, depth and repeat, each with a fact of its own; the shortest first."""
    for tokens in lengths:
        for repeat in range(repeats):
            for depth in DEPTHS:
                rng = _rng(seed, tokens, depth, repeat)
                value = str(rng.randrange(1_000_000, 10_000_000))
                yield Needle(
                    tokens=tokens, depth=depth, repeat=repeat, town=place(rng), value=value
                )


def prompt(needle: Needle, words: int, seed: int) -> Prompt:
    """A text of so many words with the fact in it, and the question about it."""
    fact = f"The entry code of the archive at {needle.town} is {needle.value}."
    asked = (
        f"What is the entry code of the archive at {needle.town}, by the text above? "
        "Answer with the number alone."
    )
    words -= len(fact.split()) + len(asked.split())
    rng = _rng(seed, needle.tokens, needle.depth, needle.repeat, "text")
    text = filler(rng, max(1, words))
    text.insert(round(needle.depth * len(text)), fact)
    return ask(f"{' '.join(text)}\n\n{asked}", max_tokens=REPLY_TOKENS)


def is_found(needle: Needle, text: str) -> bool:
    """Whether a reply says the number, and no other that could be one."""
    said = {re.sub(r"\D", "", number) for number in _NUMBER.findall(text)}
    return said == {needle.value}


def _rng(*of: object) -> Random:
    return Random(f"visavis needle {' '.join(map(str, of))}")
