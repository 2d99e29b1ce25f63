"""A GGUF file as a candidate: llama.cpp in a process of its own, asked over its HTTP port.

A crash of the engine is a `Failure` of the trials in flight and nothing else: it is started again
for the next ones, a few times. Its port asks for a random key, so no other process can use it.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import aiohttp

from visavis.candidates import gguf
from visavis.candidates.detail import one_line
from visavis.candidates.llama_process import LlamaProcess, left_alone, running
from visavis.candidates.llama_settings import (
    SLOT_TOKENS,
    LlamaSettings,
    check_cpu,
    settings_for,
)
from visavis.candidates.memory import Memory, MemoryWatch
from visavis.candidates.openai_http import Limits, open_http
from visavis.core.candidate import Candidate
from visavis.core.client import Client
from visavis.core.errors import OptionError, VisavisError
from visavis.core.outcome import Failure, Outcome
from visavis.core.prompt import Prompt
from visavis.core.stamps import Stamps
from visavis.core.tell import tell

_NOT_RESTARTED: Final = tell("it could not be restarted")
RESTARTS: Final = 3
"""A file that crashes the engine oftener than this is not worth more of the user's time."""
_LIMITS: Final = Limits(total_s=3600.0, idle_s=1800.0, keep_alive=False)
"""A large model on a slow machine reads a long prompt for minutes. Its server closes a connection
after two streamed replies without a word, so each request gets a new one: 0.2 ms on loopback."""
_NOTICE_S: Final = 1.0
"""A connection breaks before the system reports the death that broke it."""
_BROKEN: Final = frozenset({"unreachable", "malformed", "server error"})
"""Failures behind which a death may be."""
_LOOK_EVERY_S: Final = 0.5
_FORCE: Final = 1e6
"""Added to the logit of a token, it makes that the likeliest."""


@contextlib.asynccontextmanager
async def open_llama(
    candidate: Candidate,
    *,
    at_once: int,
    note: Callable[[str], None],
    slot_tokens: int = SLOT_TOKENS,
    server: Path | None = None,
) -> AsyncIterator["Llama"]:
    """The candidate's file, loaded; answers `at_once` requests together, each of so many tokens
    at most, prompt and reply together. `server` is the user's own `llama-server`, if any."""
    if candidate.file is None:
        raise OptionError(f"candidate {candidate.name!r} has no file; name one with 'gguf:PATH'")
    header = await asyncio.to_thread(gguf.read, candidate.file)
    if server is None:
        check_cpu()
    if not header.chat_template:
        note(
            tell(
                "{name!r} has no chat template, so it is a base model: it gets the bare words of "
                "each question and continues them",
                name=candidate.name,
            )
        )
    settings = await asyncio.to_thread(
        settings_for, header, at_once=at_once, slot_tokens=slot_tokens, server=server
    )
    llama = Llama(candidate, settings, note)
    try:
        await llama.start()
        yield llama
    finally:
        await llama.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A local model as the server that it is: whoever times it asks it like any other."""

    candidate: Candidate
    """With the address at which it is served."""
    key: str = field(repr=False)
    limits: Limits = _LIMITS


class _Life:
    """A running engine with a client to it."""

    def __init__(
        self,
        process: LlamaProcess,
        client: Client,
        inside: aiohttp.ClientSession,
        served: Served,
    ) -> None:
        self.process = process
        self.served = served
        self.client = client
        self.inside = inside
        """For the questions that only this engine answers."""


async def _answer(life: _Life, prompt: Prompt) -> Outcome | None:
    """What the engine answers; None when it dies first."""
    ended = life.process.ended
    asking = asyncio.create_task(life.client.send(prompt))
    try:
        await asyncio.wait({asking, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            return None
        outcome = asking.result()
        if isinstance(outcome, Failure) and outcome.kind in _BROKEN:
            await asyncio.wait({ended}, timeout=_NOTICE_S)
            return None if ended.done() else outcome
        return outcome
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


class Llama:
    """The client of a local model."""

    def __init__(
        self, candidate: Candidate, settings: LlamaSettings, note: Callable[[str], None]
    ) -> None:
        self.settings = settings
        self.load_s = 0.0
        """Seconds that loading the weights took, the last time."""
        self._candidate = candidate
        self._note = note
        self._life: _Life | None = None
        self._lives = contextlib.AsyncExitStack()
        self._starts = 0
        self._starting = asyncio.Lock()
        self._watch = MemoryWatch()
        self._looking: asyncio.Task[None] | None = None

    @property
    def engine(self) -> str:
        """Name, version and settings of the engine, in one line."""
        return self.settings.engine

    @property
    def pid(self) -> int | None:
        """The engine's process; None while there is none."""
        return self._life.process.pid if self._life else None

    async def served(self) -> Served:
        """Where it is served now; after a crash, where it was started again. Raises where there is
        no engine any more."""
        life = await self._alive()
        if isinstance(life, str):
            raise VisavisError(f"{self._candidate.name!r} cannot be asked any more: {life}")
        return life.served

    async def start(self) -> None:
        """Loads the model. Raises when it cannot be loaded."""
        self._life = await self._lives.enter_async_context(self._living())
        self.load_s = self._life.process.load_s
        self.memory()  # loading is often the peak, and the process may die at any time
        self._looking = self._looking or asyncio.create_task(self._look())

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        await self._lives.aclose()

    def memory(self) -> Memory:
        """The most memory that the engine held until now."""
        if self._life is not None:
            self._watch.look(self._life.process.pid)
        return self._watch.peak()

    def measured(self) -> dict[str, float]:
        """Peak memory and load time by the names of their facts; what is not known is left out."""
        memory = self.memory()
        seen = {
            "peak_bytes": memory.peak_bytes,
            "anonymous_bytes": memory.anonymous_bytes,
            "file_backed_bytes": memory.file_backed_bytes,
            "load_s": self.load_s,
        }
        return {name: float(value) for name, value in seen.items() if value is not None}

    async def count_tokens(self, text: str) -> int | None:
        """Tokens of `text` in the model's own vocabulary; None while the engine is down."""
        answer = await self._inside("/tokenize", {"content": text})
        return None if answer is None else len(answer["tokens"])

    async def whole_tokens(self, text: str) -> list[int] | None:
        """The tokens of a whole text: with the one that begins every text of this model, where
        there is one. None while the engine is down."""
        answer = await self._inside("/tokenize", {"content": text, "add_special": True})
        return None if answer is None else list(answer["tokens"])

    async def log_probability(self, token: int, *, after: Sequence[int]) -> float | None:
        """Natural logarithm of the probability of `token` next, in the engine's own precision;
        None while the engine is down.

        The engine tells no log-probabilities of a prompt. So it is made to write this token, and
        tells that of what it writes, as it was before it was made to.
        """
        asked = {
            "prompt": list(after),
            "n_predict": 1,
            "logit_bias": [[token, _FORCE]],
            "temperature": 0.0,
            "n_probs": 1,
            "cache_prompt": True,
        }
        answer = await self._inside("/completion", asked)
        if answer is None:
            return None
        (written,) = answer["completion_probabilities"]
        assert written["id"] == token, "the engine wrote another token than it was made to"
        return float(written["logprob"])

    async def _inside(self, path: str, asked: dict[str, Any]) -> Any | None:
        """What only this engine answers; None while it is down."""
        life = await self._alive()
        if isinstance(life, str):
            return None
        try:
            async with life.inside.post(path, json=asked) as response:
                response.raise_for_status()
                return await response.json()
        except aiohttp.ClientError:
            return None

    async def send(self, prompt: Prompt) -> Outcome:
        due = perf_counter()
        life = await self._alive()
        if isinstance(life, str):
            return self._crashed(life, prompt, due)
        outcome = await _answer(life, prompt)
        if outcome is None:
            return self._crashed(life.process.how_it_ended(), prompt, due)
        return outcome

    def _crashed(self, how: str, prompt: Prompt, due: float) -> Failure:
        stamps = Stamps(due=due, sent=due, first=None, last=None, done=perf_counter())
        return Failure(kind="crashed", detail=one_line(how, prompt=prompt), stamps=stamps)

    async def _alive(self) -> _Life | str:
        """The engine, started again if it died; or why there is none any more."""
        async with self._starting:
            if self._life is not None and not self._life.process.ended.done():
                return self._life
            how = self._life.process.how_it_ended() if self._life else _NOT_RESTARTED
            if self._starts == RESTARTS:
                return left_alone(how, RESTARTS)
            self._starts += 1
            name = self._candidate.name
            self._note(
                tell(
                    "the engine of {name!r} crashed: {maybe}; it is started again",
                    name=name,
                    maybe=one_line(how),
                )
            )
            self._life = None
            await self._lives.aclose()
            try:
                await self.start()
            except VisavisError as error:
                return str(error)
            assert self._life is not None
            return self._life

    @contextlib.asynccontextmanager
    async def _living(self) -> AsyncIterator[_Life]:
        candidate = self._candidate
        assert candidate.file is not None
        key = secrets.token_urlsafe(32)
        wanted = {**asdict(self.settings), "model": candidate.model, "key": key}
        async with running(candidate.file, wanted) as process:
            address = process.address
            asked = replace(candidate, base_url=f"{address}/v1", key_name=None)
            headers = {"Authorization": f"Bearer {key}"}
            async with (
                open_http(
                    asked, key=key, at_once=self.settings.slots, note=self._note, limits=_LIMITS
                ) as client,
                aiohttp.ClientSession(
                    address, headers=headers, connector=aiohttp.TCPConnector(force_close=True)
                ) as inside,
            ):
                yield _Life(process, client, inside, Served(candidate=asked, key=key))

    async def _look(self) -> None:
        while True:
            self.memory()
            await asyncio.sleep(_LOOK_EVERY_S)
