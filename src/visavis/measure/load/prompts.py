"""Prompts of chosen lengths, in a candidate's own tokens, that no cache has seen.

Nobody but the server knows how it counts, chat template included; so its own counts of the
warm-up's prompts are put beside the words that were sent, and lengths follow from the straight
line through them. Words are drawn at random, so that every prompt is new from its first word on;
or from the end of a shared beginning on, to show what a cache is worth.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from visavis.core.prompt import Prompt, ask

UNIQUE_WORDS: Final = 8
"""Words that make a prompt unlike any other: 2 to the 56th."""
_USUAL: Final = (24.0, 1.05)
"""Tokens beside the words, and tokens of a word, where nothing was counted yet."""
_LETTERWISE: Final = 6.0
"""So many tokens a word, and more, are those of a vocabulary of letters."""
_END: Final = "\n\nGo on with a long story in which these words come up. Do not stop early."
_TEXT: Final = (
    "air apple arm art ball bank base bed bell bird blood board boat body bone book box boy "
    "branch brand bread bridge brother cake call camp car card case cause chair chance child "
    "church circle city class clock cloud coast coat color corn cost court cover cow crowd "
    "cup day deal desk dog door dream dress drink east edge egg end eye face fact farm field "
    "fight film fire fish floor flower food foot force form friend front fruit game garden girl "
    "glass gold grass ground group hair hall hand head heart hill home horse house ice idea iron "
    "island job key king lake land law leaf leg letter life light line list lunch map mark market "
    "metal mile milk moon morning mother mountain mouth music name night"
)
_WORDS: Final = _TEXT.split()


class Prompts:
    """The prompts that one candidate is put."""

    def __init__(self, rng: Random, *, shared_tokens: int = 0) -> None:
        self._rng = rng
        self._shared_tokens = shared_tokens
        self._beginning: list[str] = []
        self._counted: list[tuple[int, int]] = []
        """Words sent, and tokens that the server counted."""
        self._line = _USUAL
        """Tokens beside the words, and tokens of a word."""

    def prompt(self, tokens: int, output_tokens: int) -> Prompt:
        """One of about so many tokens, of which about `shared_tokens` begin every prompt."""
        beside, of_a_word = self._line
        words = max(UNIQUE_WORDS, round((tokens - beside) / of_a_word))
        shared = min(round(self._shared_tokens / of_a_word), words - UNIQUE_WORDS)
        self._beginning += self._drawn(shared - len(self._beginning))
        text = " ".join([*self._beginning[:shared], *self._drawn(words - shared)])
        return ask(text + _END, max_tokens=output_tokens)

    def twin(self, rng: Random) -> "Prompts":
        """Prompts as long, and with the same beginning, for another process."""
        shared = round(self._shared_tokens / self._line[1])
        self._beginning += self._drawn(shared - len(self._beginning))
        made = Prompts(rng, shared_tokens=self._shared_tokens)
        made._beginning, made._line = [*self._beginning], self._line
        return made

    def learn(self, prompt: Prompt, input_tokens: int) -> None:
        """The server has counted so many tokens in this prompt."""
        self._counted.append((_words_in(prompt), input_tokens))
        beside, _ = _USUAL
        if self.known:
            self._line = _through(self._counted) or _USUAL
        elif input_tokens - beside > _LETTERWISE * _words_in(prompt):
            self._line = beside, (input_tokens - beside) / _words_in(prompt)

    @property
    def known(self) -> bool:
        """Lengths follow from the server's own counts."""
        return len({words for words, _ in self._counted}) > 1

    def _drawn(self, count: int) -> Iterator[str]:
        return (self._rng.choice(_WORDS) for _ in range(count))


def _words_in(prompt: Prompt) -> int:
    return len(prompt.messages[-1].content.removesuffix(_END).split())


def _through(counted: Sequence[tuple[int, int]]) -> tuple[float, float] | None:
    """The straight line by least squares: its height and its slope; None where it does not rise."""
    n = len(counted)
    words, tokens = (sum(column) / n for column in zip(*counted, strict=True))
    together = sum((w - words) * (t - tokens) for w, t in counted)
    slope = together / sum((w - words) ** 2 for w, _ in counted)
    return (tokens - slope * words, slope) if slope > 0 else None
