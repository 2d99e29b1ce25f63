"""The way to a local model's log-probabilities: computed here where possible, else llama.cpp's."""

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
from visavis.core.tell import tell

AT_ONCE: Final = 64
"""`choose` prompts that are best in flight together: they are computed together."""

_WORKING_BYTES: Final = 1 << 30
"""Taken while a pass is computed."""
_MOST_KEPT_BYTES: Final = 4 << 30
"""The beginnings of MMLU's 57 subjects take 1 GB of a model of half a billion parameters, 2.3 GB
of one and a half."""


@asynccontextmanager
async def open_likelihood(
    candidate: Candidate,
    llama: Llama,
    *,
    note: Callable[[str], None],
    free_bytes: int | None = None,
) -> AsyncIterator[Client]:
    """A client for the `choose` prompts of a candidate whose engine is `llama`. `free_bytes` of
    memory may be taken; None means what is free now."""
    assert candidate.file is not None
    header = await asyncio.to_thread(gguf.read, candidate.file)
    weights = float32_bytes(header)
    free = psutil.virtual_memory().available if free_bytes is None else free_bytes
    reason = why_not(header)
    if reason is None and weights + _WORKING_BYTES > free:
        reason = tell(
            "in float32 it takes {weights:.1f} GB, and {free:.1f} GB are free",
            weights=weights / 1e9,
            free=free / 1e9,
        )
    if reason is not None:
        note(
            tell(
                "log-probabilities of {name!r} are asked of llama.cpp, choice by choice, and in "
                "its precision: {maybe}",
                name=candidate.name,
                maybe=reason,
            )
        )
        yield Forced(llama, header)
        return
    kept_bytes = min(_MOST_KEPT_BYTES, (free - weights - _WORKING_BYTES) // 2)
    note(
        tell(
            "log-probabilities of {name!r} are computed in float32, which takes {weights:.1f} GB "
            "of memory, and up to {kept:.1f} GB for what prompts share",
            name=candidate.name,
            weights=weights / 1e9,
            kept=kept_bytes / 1e9,
        )
    )
    async with open_float32(
        candidate, header, tokenize=llama.whole_tokens, kept_bytes=kept_bytes, note=note
    ) as client:
        yield client
