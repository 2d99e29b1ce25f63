"""Log-probabilities from llama.cpp's own server, for networks that cannot be computed here.

Exact for choices of any length, in the engine's own precision: it computes with inputs rounded to
eight bits, so a log-probability is some hundredths off that of float32. Each token of each choice
is a request, so it is slow for long choices.
"""

from time import perf_counter

from visavis.candidates.gguf import GgufHeader
from visavis.candidates.likelihood.boundary import Split, chosen, split, too_long
from visavis.candidates.llama_cpp import Llama
from visavis.core.outcome import Failure, Outcome, Usage
from visavis.core.prompt import Prompt
from visavis.core.stamps import Stamps
from visavis.core.tell import tell


class Forced:
    """Answers `choose` prompts by having the engine write each choice, token by token."""

    def __init__(self, llama: Llama, header: GgufHeader) -> None:
        self._llama = llama
        self._header = header

    async def send(self, prompt: Prompt) -> Outcome:
        due = perf_counter()

        def stamps() -> Stamps:
            return Stamps(due=due, sent=due, first=None, last=None, done=perf_counter())

        asked = await split(prompt, self._llama.whole_tokens, self._header)
        most = self._llama.settings.slot_tokens
        if isinstance(asked, Split) and asked.longest > most:
            asked = too_long(asked.longest, most)
        if isinstance(asked, str):
            return Failure(kind="rejected", detail=asked, stamps=stamps())
        found = None if asked is None else await self._found(asked)
        if asked is None or found is None:
            return Failure(kind="crashed", detail=tell("the engine went down"), stamps=stamps())
        usage = Usage(input_tokens=asked.tokens, output_tokens=0)
        return chosen(prompt, found, usage=usage, stamps=stamps())

    async def _found(self, asked: Split) -> list[float] | None:
        """The log-probability of each choice; None when the engine dies."""
        sums = []
        for choice in asked.choices:
            total = 0.0
            for step, token in enumerate(choice):
                one = await self._llama.log_probability(token, after=asked.context + choice[:step])
                if one is None:
                    return None
                total += one
            sums.append(total)
        return sums
