"""Text of a wanted length that nobody has read before, and how long a server finds it.

Sentences are made up, each of its own words and numbers, so that no cache, no training text and
no repetition makes a long prompt easier than it is. Only the server knows how it counts, chat
template included: its own counts of the prompts before give the length of the next.
"""

from collections.abc import Iterator
from random import Random
from typing import Final

_USUAL: Final = (24.0, 1.5)
"""Tokens beside the words, and tokens of a word, where nothing was counted yet."""

_LISTS: Final = (
    "miller|baker|weaver|sailor|clerk|gardener|tailor|carpenter|painter|shepherd|smith|printer|"
    "surveyor|teacher|ferryman|potter|cooper|glazier|mason|notary",
    "sold|lent|promised|delivered|showed|described|returned|refused|offered|posted|measured|"
    "repaired|borrowed|wrapped|counted|inherited|exchanged",
    "baskets of pears|rolls of linen|barrels of tar|boxes of candles|sacks of barley|copper pans|"
    "oak planks|glass lamps|wool blankets|clay jugs|iron hinges|silver spoons|maps of the coast|"
    "jars of honey|bundles of reeds|leather straps|bricks of salt|paper kites",
    "beside the old mill|behind the chapel|near the stone bridge|at the winter fair|on the east "
    "quay|under the clock tower|in the lower town|along the canal|by the brewery|past the orchard|"
    "at the edge of the marsh|across from the school",
    "because the road was flooded|before the first snow fell|although nobody had asked|while the "
    "bells were ringing|after a long dispute|as the contract required|since the harvest had been "
    "poor|to settle an old debt|without saying a word|in spite of the rain",
)
_WHO, _DID, _WHAT, _WHERE, _WHY = (words.split("|") for words in _LISTS)
_HEADS: Final = "Bar Cal Dor Fen Gar Hol Ist Kel Lam Mor Nor Pel Quin Ros Sal Tor Ul Ver Wen Yar"
_TAILS: Final = "ac bury den eck ford gate ham ingen lo mark nau ost pool rand stead thal vik wald"
_HEAD, _TAIL = _HEADS.split(), _TAILS.split()


def place(rng: Random) -> str:
    """The name of a town that is on no map."""
    return rng.choice(_HEAD) + rng.choice(_TAIL)


def sentences(rng: Random) -> Iterator[str]:
    """One after another, without end. None holds a number of more than four digits."""
    while True:
        year, count = rng.randrange(1500, 1900), rng.randrange(2, 90)
        first, second = rng.sample(_WHO, 2)
        deed = f"the {first} of {place(rng)} {rng.choice(_DID)} {count} {rng.choice(_WHAT)}"
        to = f"{rng.choice(('to', 'for', 'before', 'with'))} the {second} of {place(rng)}"
        where, why = rng.choice(_WHERE), rng.choice(_WHY)
        yield rng.choice(
            (
                f"In {year} {deed} {to} {where}, {why}.",
                f"{where.capitalize()}, {why}, {deed} {to} in {year}.",
                f"It was in {year} that {deed} {to}, {why}.",
                f"{why.capitalize()}, {deed} {where}; that was in {year}.",
            )
        )


def filler(rng: Random, words: int) -> list[str]:
    """Sentences of just so many words; the last is cut short."""
    made: list[str] = []
    source = sentences(rng)
    while words > 0:
        sentence = next(source).split()
        made.append(" ".join(sentence[:words]))
        words -= len(sentence)
    return made


class Ruler:
    """How many words make a prompt of so many tokens, as one server counts."""

    def __init__(self) -> None:
        self._counted: dict[int, int] = {}
        """Tokens by words, of the prompts that it counted."""

    def learn(self, words: int, tokens: int) -> None:
        """The server has counted so many tokens in a prompt of so many words."""
        self._counted[words] = tokens

    @property
    def known(self) -> bool:
        """Lengths follow from the server's own counts."""
        return len(self._counted) > 1

    def words(self, tokens: int) -> int:
        beside, of_a_word = self._line()
        return max(1, round((tokens - beside) / of_a_word))

    def tokens(self, words: int) -> int:
        beside, of_a_word = self._line()
        return round(beside + of_a_word * words)

    def _line(self) -> tuple[float, float]:
        """Through the shortest and the longest prompt: a line through all would be bent by
        whichever length was counted most."""
        if not self.known:
            return _USUAL
        short, long = min(self._counted), max(self._counted)
        slope = (self._counted[long] - self._counted[short]) / (long - short)
        if slope <= 0:
            return _USUAL
        return self._counted[short] - slope * short, slope
