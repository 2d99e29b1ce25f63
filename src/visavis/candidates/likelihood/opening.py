"""The way to a local model's log-probabilities: its network computed here where that is possible,
and asked of llama.cpp where not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import psutil

from visavis.candidates import gguf
from visavis.candidates.likelihood.float32 import open_float32
from visavis.candidates.likelihood.forced import Forced
from visavis.candidates.likelihood.network import float32_bytes, why_not
from visavis.candidates.llama_cpp import Llama
from visavis.core.candidate import Candidate
from visavis.core.client import Client

AT_ONCE: Final = 64
"""`choose` prompts that are best in flight together: they are computed together."""

_WORKING_BYTES: Final = 1 << 30
"""Taken while a pass is computed."""
_MOST_KEPT_BYTES: Final = 2 << 30


@asynccontextmanager
async def open_likelihood(
    candidate: Candidate, llama: Llama, *, note: Callable[[str], None]
) -> AsyncIterator[Client]:
    """A client for the `choose` prompts of a candidate whose engine is `llama`."""
    assert candidate.file is not None
    header = await asyncio.to_thread(gguf.read, candidate.file)
    weights, free = float32_bytes(header), psutil.virtual_memory().available
    reason = why_not(header)
    if reason is None and weights + _WORKING_BYTES > free:
        reason = f"in float32 it takes {weights / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free"
    if reason is not None:
        note(
            f"log-probabilities of {candidate.name!r} are asked of llama.cpp, choice by choice, "
            f"and in its precision: {reason}"
        )
        yield Forced(llama, header)
        return
    kept_bytes = min(_MOST_KEPT_BYTES, (free - weights - _WORKING_BYTES) // 2)
    note(
        f"log-probabilities of {candidate.name!r} are computed in float32, which takes "
        f"{weights / 1e9:.1f} GB of memory, and up to {kept_bytes / 1e9:.1f} GB for what prompts "
        "share"
    )
    async with open_float32(
        candidate, header, tokenize=llama.whole_tokens, kept_bytes=kept_bytes, note=note
    ) as client:
        yield client
