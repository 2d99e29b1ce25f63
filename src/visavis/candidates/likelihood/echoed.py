"""Log-probabilities from a server that tells those of a prompt.

Asked of `/v1/completions`, one request a choice, in the ways that servers know: `echo` with
`logprobs` (OpenAI's older models, vLLM, SGLang), with no new token or with one where none is
refused, and vLLM's `prompt_logprobs`. llama.cpp's server knows none of them. The first prompt finds
out which it is. Token ids are not known here, so a choice is found as the end of the prompt's
tokens, written out; a token that holds the end of the context, too, counts as the choice's.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, Final, NamedTuple

import msgspec

from visavis.candidates.likelihood.boundary import NO_CHOICE, chosen, moved
from visavis.core.outcome import Failure, Outcome, Usage
from visavis.core.prompt import Prompt
from visavis.core.stamps import Stamps
from visavis.core.tell import tell

Ask = Callable[[Prompt, bytes, float], Awaitable[bytes | Failure]]
"""Sends the body of a request that was due at that instant."""

NOT_TOLD: Final = tell(
    "the server tells no log-probabilities of a prompt; ask a local model, or a server that does, "
    "such as vLLM"
)
_NOT_MATCHED: Final = tell("the server tells no log-probability of some token of a choice")


class _Told(NamedTuple):
    """What a server told of a prompt, token by token; None of the first."""

    tokens: list[str]
    logprobs: list[float | None]
    usage: Usage

    def of_end(self, choice: str) -> float | None:
        """Summed over the tokens at the end that hold `choice`; None where that is not known."""
        if not "".join(self.tokens).endswith(choice):
            return None  # tokens of parts of a character, perhaps
        total, left = 0.0, len(choice)
        for token, logprob in zip(reversed(self.tokens), reversed(self.logprobs), strict=True):
            if left <= 0:
                break
            if logprob is None:
                return None
            total += logprob
            left -= len(token)
        return total


class _Tokens(msgspec.Struct):
    tokens: list[str]
    token_logprobs: list[float | None]


class _One(msgspec.Struct):
    logprob: float
    decoded_token: str


class _Choice(msgspec.Struct):
    text: str = ""
    logprobs: Any = None
    prompt_logprobs: list[dict[str, _One] | None] | None = None


class _Counted(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    usage: _Counted = msgspec.field(default_factory=_Counted)


_decode = msgspec.json.Decoder(_Completion).decode


def _read(body: bytes, prompt: str) -> _Told | None:
    """What an answer tells of the prompt; None when that is nothing."""
    try:
        answer = _decode(body)
        (choice,) = answer.choices
        counted = answer.usage
        usage = Usage(input_tokens=counted.prompt_tokens, output_tokens=counted.completion_tokens)
        if choice.prompt_logprobs:
            _, *rest = choice.prompt_logprobs
            ones = [next(iter(one.values())) for one in rest if one]
            return _Told(
                ["", *(one.decoded_token for one in ones)],
                [None, *(one.logprob for one in ones)],
                usage,
            )
        if choice.logprobs is None or not choice.text.startswith(prompt):
            return None
        told = msgspec.convert(choice.logprobs, _Tokens)
    except (ValueError, RecursionError):  # another shape than ours
        return None
    count = len(told.tokens) - counted.completion_tokens
    return _Told(told.tokens[:count], told.token_logprobs[:count], usage)


_WAYS: Final[tuple[dict[str, Any], ...]] = (
    {"echo": True, "logprobs": 1, "max_tokens": 0},
    {"echo": True, "logprobs": 1, "max_tokens": 1},
    {"prompt_logprobs": 0, "max_tokens": 1},
)
_UNKNOWN_WAY: Final = ("400", "404", "405", "422", "501")
"""What a server answers to a request that it does not know."""


class Echoed:
    """Answers `choose` prompts by a server's log-probabilities of prompts."""

    def __init__(self, model: str, ask: Ask) -> None:
        self._model = model
        self._ask = ask
        self._way: dict[str, Any] | None = None
        self._no_way = False
        self._trying = asyncio.Lock()

    async def send(self, prompt: Prompt, due: float) -> Outcome:
        context, choices = moved(prompt.messages[-1].content, prompt.choices)
        sent = perf_counter()

        def failure(why: str) -> Failure:
            stamps = Stamps(due=due, sent=sent, first=None, last=None, done=perf_counter())
            return Failure(kind="rejected", detail=why, stamps=stamps)

        if not choices:
            return failure(NO_CHOICE)
        way = await self._known_way(prompt, context + choices[0], due)
        if way is None:
            return failure(NOT_TOLD)
        if isinstance(way, Failure):
            return way
        told = await asyncio.gather(
            *(self._told(prompt, context + choice, due, way) for choice in choices)
        )
        logprobs: list[float] = []
        counts: list[Usage] = []
        for one, choice in zip(told, choices, strict=True):
            if isinstance(one, Failure):
                return one
            logprob = None if one is None else one.of_end(choice)
            if one is None or logprob is None:
                return failure(_NOT_MATCHED)
            logprobs.append(logprob)
            counts.append(one.usage)
        stamps = Stamps(due=due, sent=sent, first=None, last=None, done=perf_counter())
        usage = Usage(
            input_tokens=sum(count.input_tokens for count in counts),
            output_tokens=sum(count.output_tokens for count in counts),
        )
        return chosen(prompt, logprobs, usage=usage, stamps=stamps)

    async def _known_way(
        self, prompt: Prompt, whole: str, due: float
    ) -> dict[str, Any] | Failure | None:
        """How this server tells what we ask, found out once; None when it does not."""
        async with self._trying:
            if self._way is not None or self._no_way:
                return self._way
            for way in _WAYS:
                told = await self._told(prompt, whole, due, way)
                if isinstance(told, Failure) and not told.detail.startswith(_UNKNOWN_WAY):
                    return told
                if isinstance(told, _Told):
                    self._way = way
                    return way
            self._no_way = True
            return None

    async def _told(
        self, prompt: Prompt, whole: str, due: float, way: dict[str, Any]
    ) -> _Told | Failure | None:
        asked = {"model": self._model, "prompt": whole, "temperature": 0.0, **way}
        body = await self._ask(prompt, msgspec.json.encode(asked), due)
        return body if isinstance(body, Failure) else _read(body, whole)
