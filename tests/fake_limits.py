"""A fake model whose limits are known, to hold against them what `visavis limits` finds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal

import msgspec

from tests.fake_models import DONE, Request, Step, chunk, http, stream, tokens
from visavis.benchmarks.dated_facts import dated_facts
from visavis.core.outcome import Failure, Outcome, Reply, Usage
from visavis.core.prompt import Prompt

_FACT = re.compile(r"The entry code of the archive at (\w+) is (\d+)\.")
_COUNT = re.compile(r"Count from (\d+) up to")
_WHO = {fact.question: fact for fact in dated_facts()}

Refusal = Literal["vllm", "bare", "cut"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What the model can do, and how it says no."""

    context: int = 4096
    """Tokens of prompt and reply."""
    refusal: Refusal = "vllm"
    sees_to: int = 10**9
    """Facts deeper than half of a longer prompt are lost."""
    output: int = 500
    """Tokens after which it stops by itself."""
    most_output: int = 10**9
    """A request for more is turned down."""
    until: date = date(2024, 3, 1)
    knows: float = 0.9
    """Share of the facts before that day that it knows."""

    def counted(self, text: str) -> int:
        return 11 + round(1.3 * len(text.split()))

    def heard(self, text: str, max_tokens: int) -> tuple[str, int, int, str] | str:
        """Its reply with both counts and the finish; or why it refuses."""
        read = self.counted(text)
        if max_tokens > self.most_output:
            return f"max_tokens is too large: this model supports at most {self.most_output} tokens"
        if read + min(max_tokens, 16) > self.context:
            if self.refusal != "cut":
                stated = f"This model's maximum context length is {self.context} tokens. "
                return (stated if self.refusal == "vllm" else "") + "The prompt is too long"
            words = text.split()
            text, read = " ".join(words[: self.context // 2]), self.context - 16
        room = min(max_tokens, self.context - read)
        said, wrote = self._said(text, room)
        return said, read, wrote, "length" if wrote >= room - 1 else "stop"

    def _said(self, text: str, room: int) -> tuple[str, int]:
        if counts := _COUNT.search(text):
            start, lines = int(counts[1]), min(room, self.output) // 2
            return "\n".join(str(start + n) for n in range(lines)), 2 * lines
        if fact := _FACT.search(text):
            lost = self.counted(text) > self.sees_to and fact.start() > len(text) * 0.6
            return ("I do not know." if lost else f"It is {fact[2]}."), 6
        for question, known in _WHO.items():
            if text.startswith(question):
                luck = sha256(question.encode()).digest()[0] / 256
                knows = known.date < self.until and luck < self.knows
                return (known.accepted[0] if knows else "Unknown."), 4
        return "read", 1

    def answer(self, prompt: Prompt) -> Outcome:
        """As a client's answer, without a server."""
        heard = self.heard(prompt.messages[-1].content, prompt.settings.max_tokens)
        if isinstance(heard, str):
            return Failure(kind="rejected", detail=f"400: {heard}")
        said, read, wrote, finish = heard
        return Reply(
            text=said,
            finish="length" if finish == "length" else "stop",
            usage=Usage(input_tokens=read, output_tokens=wrote),
        )

    def model(self, request: Request) -> Iterable[Step]:
        """As a model of the fake server."""
        heard = self.heard(request.prompt, request.body["max_tokens"])
        if isinstance(heard, str):
            return [http(400, msgspec.json.encode({"error": {"message": heard, "code": 400}}))]
        said, read, wrote, finish = heard
        end = chunk(finish=finish) + tokens("fake", wrote, prompt=read) + DONE
        return stream(chunk(content=said), end)
