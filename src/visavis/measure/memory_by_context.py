"""Fills more and more of a local file's context, and reads the memory of its engine.

For each length the engine is started with one slot of it, the slot is filled by one prompt, and the
kernel's marks of the engine's process are read.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import repeat
from pathlib import Path
from random import Random
from typing import Final

from visavis.candidates import gguf
from visavis.candidates.fit import need_of_file
from visavis.candidates.llama_cpp import Llama, open_llama
from visavis.core.candidate import Candidate
from visavis.core.errors import VisavisError
from visavis.core.outcome import Failure, Reply
from visavis.measure.load.prompts import Prompts
from visavis.measure.memory_growth import ContextMemory

LENGTHS: Final = (1024, 2048, 4096, 8192)
"""Tokens of context."""
_ROOM: Final = 64
"""Tokens that a prompt stays below the slot: for the chat template, the reply, and our counting."""
_TRIES: Final = 8
_KV: Final = "f16"
"""As the local engine keeps its context."""


def lengths_of(candidate: Candidate) -> tuple[int, ...]:
    """Those that a local file's context allows; none of what is no file."""
    if candidate.route != "gguf" or candidate.file is None:
        return ()
    try:
        most = gguf.read(candidate.file).context_tokens
    except VisavisError:  # whoever tries it will say why
        return LENGTHS
    return tuple(tokens for tokens in LENGTHS if not most or tokens <= most)


async def memory_by_context(
    candidate: Candidate, lengths: Sequence[int], server: Path | None = None
) -> AsyncIterator[ContextMemory]:
    """Each length, shortest first; an engine each. The model's context has to allow them."""
    if candidate.file is None:
        return
    header = await asyncio.to_thread(gguf.read, candidate.file)
    for tokens in sorted(lengths):
        need = need_of_file(header, tokens=tokens, streams=1, kv=_KV)
        async with open_llama(
            candidate, at_once=1, note=_heard, slot_tokens=tokens, server=server
        ) as llama:
            filled = await _fill(llama, candidate.name, tokens)
            memory = llama.memory()
        yield ContextMemory(
            tokens=tokens,
            filled_tokens=filled,
            peak_bytes=memory.peak_bytes,
            own_bytes=memory.anonymous_bytes,
            reckoned_bytes=need.total,
        )


def _heard(_: str) -> None:
    """What an engine says as it starts was said when the run began."""


async def _fill(llama: Llama, name: str, tokens: int) -> int:
    """Fills the slot with one prompt; how many tokens it then held."""
    prompts, wanted, why = Prompts(Random(tokens)), tokens - 2 * _ROOM, ""
    for length in (tokens // 4, tokens // 2, *repeat(wanted, _TRIES)):
        prompt = prompts.prompt(min(length, wanted), 1)
        counted = await llama.count_tokens(prompt.messages[-1].content)
        if counted is None:
            continue
        prompts.learn(prompt, counted)
        if not 0.9 * wanted <= counted <= tokens - _ROOM:
            continue
        outcome = await llama.send(prompt)
        if isinstance(outcome, Reply) and outcome.usage is not None:
            return outcome.usage.input_tokens + outcome.usage.output_tokens
        if isinstance(outcome, Failure):  # its chat template takes more than we left for it
            why, wanted = f": {outcome.detail}", wanted - _ROOM
    raise VisavisError(f"{name!r} could not be given a prompt of {wanted:,} tokens{why}")
