"""Where a context ends and its continuations begin, in tokens; and the reply once they are known.

The rule is lm-eval's (`_encode_pair`): blanks at the end of the context go to the continuations,
for tokenizers join a blank with the word after it. Context and continuation are tokenized together,
and the continuation's tokens are those beyond as many as the context alone has. Departure: where
the file says that every text begins with a certain token, the context does, as in training; lm-eval
leaves it out unless told. An empty context is that token, or the one that ends texts.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, NamedTuple

from visavis.candidates.gguf import GgufHeader
from visavis.core.outcome import Reply, Usage
from visavis.core.prompt import Prompt
from visavis.core.stamps import Stamps
from visavis.core.tell import tell

Tokenize = Callable[[str], Awaitable[Sequence[int] | None]]
"""The tokens of a text, with the one that begins every text; None while the engine is down."""


NO_CHOICE: Final = tell("there is nothing to choose from")


class Split(NamedTuple):
    """A prompt in tokens."""

    context: tuple[int, ...]
    choices: tuple[tuple[int, ...], ...]

    @property
    def tokens(self) -> int:
        """Tokens that a model must read: the context once and each choice."""
        return len(self.context) + sum(map(len, self.choices))

    @property
    def longest(self) -> int:
        return len(self.context) + max(map(len, self.choices))


def moved(text: str, choices: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Context and continuations, with the blanks at the context's end in the continuations."""
    context = text.rstrip()
    blanks = text[len(context) :]
    return context, tuple(blanks + choice for choice in choices)


async def split(prompt: Prompt, tokenize: Tokenize, header: GgufHeader) -> Split | str | None:
    """The prompt in tokens, or why it cannot be asked; None while the engine is down."""
    if not prompt.choices:
        return NO_CHOICE
    text, choices = moved(prompt.messages[-1].content, prompt.choices)
    context = await tokenize(text)
    wholes = [await tokenize(text + choice) for choice in choices]
    if context is None or None in wholes:
        return None
    ends = tuple(tuple(whole[len(context) :]) for whole in wholes if whole is not None)
    if not all(ends):
        return "one of the choices adds no token to the text"
    found = Split(tuple(context) or _first(header.values), ends)
    most = header.context_tokens or found.longest
    if found.longest > most:
        return too_long(found.longest, most)
    return found


def too_long(tokens: int, most: int) -> str:
    return tell(
        "it has {tokens:,} tokens, and the model reads {most:,} at most", tokens=tokens, most=most
    )


def _first(values: Mapping[str, str | float | bool]) -> tuple[int, ...]:
    """What stands before a text of which nothing is given."""
    ids = (values.get(f"tokenizer.ggml.{name}_token_id") for name in ("bos", "eos"))
    return (next((int(found) for found in ids if isinstance(found, int)), 0),)


def chosen(
    prompt: Prompt, logprobs: Sequence[float], *, usage: Usage | None, stamps: Stamps
) -> Reply:
    """The likeliest choice; of equal ones the first."""
    best = max(range(len(logprobs)), key=lambda number: logprobs[number])
    return Reply(text=prompt.choices[best], usage=usage, stamps=stamps, logprobs=tuple(logprobs))
