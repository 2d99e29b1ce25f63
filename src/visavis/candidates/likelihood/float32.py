"""The client of a network that is computed here in float32, in a process of its own."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from importlib.metadata import version
from time import perf_counter
from typing import Any, Final

from visavis.candidates.detail import one_line
from visavis.candidates.gguf import GgufHeader
from visavis.candidates.likelihood import child
from visavis.candidates.likelihood.boundary import Split, Tokenize, chosen, split
from visavis.candidates.llama_process import LlamaProcess, left_alone, running
from visavis.candidates.llama_settings import threads
from visavis.core.candidate import Candidate
from visavis.core.errors import VisavisError
from visavis.core.outcome import Failure, FailureKind, Outcome, Usage
from visavis.core.prompt import Prompt
from visavis.core.stamps import Stamps
from visavis.core.tell import tell

RESTARTS: Final = 3
"""A network whose process dies oftener than this is not worth more of the user's time."""


@contextlib.asynccontextmanager
async def open_float32(
    candidate: Candidate,
    header: GgufHeader,
    *,
    tokenize: Tokenize,
    kept_bytes: int,
    note: Callable[[str], None],
) -> AsyncIterator["Float32"]:
    """The candidate's network, loaded; `kept_bytes` of what it computed are kept for prompts that
    begin alike."""
    client = Float32(candidate, header, tokenize, kept_bytes, note)
    try:
        await client.start()
        yield client
    finally:
        await client.close()


class Float32:
    """Answers `choose` prompts. Those in flight together are computed together: send many."""

    def __init__(
        self,
        candidate: Candidate,
        header: GgufHeader,
        tokenize: Tokenize,
        kept_bytes: int,
        note: Callable[[str], None],
    ) -> None:
        self.load_s = 0.0
        """Seconds that unpacking the weights took, the last time."""
        self._candidate = candidate
        self._header = header
        self._tokenize = tokenize
        self._wanted = {"threads": threads(), "kept_bytes": kept_bytes}
        self._note = note
        self._process: LlamaProcess | None = None
        self._listening: asyncio.Task[None] | None = None
        self._lives = contextlib.AsyncExitStack()
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._asked = 0
        self._starts = 0
        self._starting = asyncio.Lock()

    @property
    def engine(self) -> str:
        """What computes, in one line."""
        return f"NumPy {version('numpy')}, float32, {self._wanted['threads']} threads"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def in_flight(self) -> int:
        """Questions that the process has not answered yet."""
        return len(self._waiting)

    async def start(self) -> None:
        """Loads the network. Raises when it cannot be loaded."""
        assert self._candidate.file is not None
        living = running(self._candidate.file, self._wanted, program=child.__file__)
        self._process = await self._lives.enter_async_context(living)
        self.load_s = self._process.load_s
        self._listening = asyncio.create_task(self._listen(self._process))

    async def close(self) -> None:
        await self._lives.aclose()
        if self._listening is not None:
            await self._listening

    async def send(self, prompt: Prompt) -> Outcome:
        due = perf_counter()
        asked = await split(prompt, self._tokenize, self._header)
        if asked is None:
            return _failure(
                "crashed", tell("the engine that splits texts into tokens is down"), due
            )
        if isinstance(asked, str):
            return _failure("rejected", asked, due)
        process = await self._alive()
        if isinstance(process, str):
            return _failure("crashed", process, due)
        sent = perf_counter()
        answer = await self._answer(process, asked)
        if answer is None:
            await process.ended
            return _failure("crashed", one_line(process.how_it_ended(), prompt=prompt), due)
        stamps = Stamps(due=due, sent=sent, first=None, last=None, done=perf_counter())
        usage = Usage(input_tokens=asked.tokens, output_tokens=0, cached_tokens=answer["reused"])
        return chosen(prompt, answer["logprobs"], usage=usage, stamps=stamps)

    async def _answer(self, process: LlamaProcess, asked: Split) -> dict[str, Any] | None:
        """The child's answer; None when it dies first."""
        self._asked += 1
        number = self._asked
        coming = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await process.tell(json.dumps({"number": number, **asked._asdict()}).encode())
            answer: dict[str, Any] = await coming
            return answer
        except _Died:
            return None
        finally:
            self._waiting.pop(number, None)

    async def _listen(self, process: LlamaProcess) -> None:
        """Hands each answer to whoever waits for it; at the child's end, all the rest."""
        while line := await process.hear():
            answer = json.loads(line)
            coming = self._waiting.get(answer["number"])
            if coming is not None and not coming.done():
                coming.set_result(answer)
        for coming in self._waiting.values():
            if not coming.done():
                coming.set_exception(_Died())

    async def _alive(self) -> LlamaProcess | str:
        """The process, started again if it died; or why there is none any more."""
        async with self._starting:
            assert self._process is not None
            assert self._listening is not None
            if not self._listening.done():
                return self._process
            await self._process.ended
            how = self._process.how_it_ended()
            if self._starts == RESTARTS:
                return left_alone(how, RESTARTS)
            self._starts += 1
            name = self._candidate.name
            self._note(
                tell(
                    "the network of {name!r} crashed: {maybe}; it is started again",
                    name=name,
                    maybe=one_line(how),
                )
            )
            await self.close()
            try:
                await self.start()
            except VisavisError as error:
                return str(error)
            return self._process


class _Died(Exception):  # noqa: N818  # an end, which `send` tells in words
    """The child ended before it answered."""


def _failure(kind: FailureKind, why: str, due: float) -> Failure:
    stamps = Stamps(due=due, sent=due, first=None, last=None, done=perf_counter())
    return Failure(kind=kind, detail=why, stamps=stamps)
