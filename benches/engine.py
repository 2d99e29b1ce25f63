"""How fast the local engine is on this machine, and how long the quick suite would take.

    python benches/engine.py MODEL.gguf [MODEL.gguf …]

Decoding is timed after the first token; reading on prompts that share no beginning. Two sizes of
question are asked as a run asks them, 4 together: programs (about 170 tokens in, 300 out at most)
and yes-or-no (about 70 in, 16 out). The median and range of three rounds are printed.
"""

import asyncio
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from visavis.candidates.llama_cpp import Llama, open_llama
from visavis.core.candidate import Candidate
from visavis.core.outcome import Outcome, Reply
from visavis.core.prompt import ask

AT_ONCE = 4
ROUNDS = 3
PROGRAM = (
    "Please provide a self-contained Python script that solves the following problem in a "
    "markdown code block:\n```python\nfrom typing import List\n\n\ndef f{i}(numbers: List[float], "
    'threshold: float) -> bool:\n    """ Check if in given list of numbers, are any two numbers '
    "closer to each other than given threshold, {i}.\n    >>> f{i}([1.0, 2.0, 3.0], 0.5)\n    "
    'False\n    >>> f{i}([1.0, 2.8, 3.0, 4.0, 5.0, 2.0], 0.3)\n    True\n    """\n```\n'
)
YES_NO = (
    "All zorks{i} are yorks. No yorks are blips. Some blips are trams{i}. Every flurn is a "
    "zork{i}. Does it follow that no flurn is a blip? Answer with yes or no and nothing else."
)


def tokens(outcomes: list[Outcome]) -> tuple[int, int]:
    """Tokens in and out of all replies."""
    usages = [outcome.usage for outcome in outcomes if isinstance(outcome, Reply) and outcome.usage]
    assert len(usages) == len(outcomes), outcomes
    return sum(u.input_tokens for u in usages), sum(u.output_tokens for u in usages)


async def together(llama: Llama, texts: list[str], *, at_once: int, max_tokens: int) -> float:
    """Seconds until all questions are answered, and what that amounted to."""
    queue = iter(texts)
    outcomes: list[Outcome] = []

    async def worker() -> None:
        for text in queue:
            outcome = await llama.send(ask(text, max_tokens=max_tokens))
            outcomes.append(outcome)

    begun = perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    seconds = perf_counter() - begun
    read, written = tokens(outcomes)
    print(f"  {len(texts):3} × ≤{max_tokens:3}, {at_once} together: {seconds:6.1f} s, "
          f"{read / len(texts):.0f} in, {written / len(texts):.0f} out each, "
          f"{written / seconds:.1f} tokens/s out", flush=True)  # fmt: skip
    return seconds


async def one_by_one(llama: Llama) -> None:
    decode, prefill = [], []
    for turn in range(ROUNDS):
        told = await llama.send(ask(f"{turn} Tell a long story about the sea.", max_tokens=64))
        long = await llama.send(ask(f"{turn} " + PROGRAM.format(i=turn) * 2, max_tokens=1))
        assert isinstance(told, Reply)
        assert isinstance(long, Reply)
        assert told.usage is not None
        assert told.stamps is not None
        assert long.usage is not None
        assert long.stamps is not None
        decode.append(told.stamps.output_tokens_per_s(told.usage.output_tokens) or 0.0)
        new = long.usage.input_tokens - long.usage.cached_tokens
        prefill.append(new / (long.stamps.first_token_s or 1.0))
    for what, speeds in (("written", decode), ("read", prefill)):
        low, high = min(speeds), max(speeds)
        print(f"  {what}: {median(speeds):.1f} tokens/s ({low:.1f} to {high:.1f})", flush=True)


async def measure(file: Path) -> None:
    candidate = Candidate(
        name=file.stem, kind="local", route="gguf", model=file.name, snapshot="", file=file
    )
    async with open_llama(candidate, at_once=AT_ONCE, note=print) as llama:
        print(f"{file.name}: {llama.engine}; loaded in {llama.load_s:.1f} s")
        await one_by_one(llama)
        await together(llama, [f"{i} Tell a story." for i in range(8)], at_once=4, max_tokens=48)
        programs = [PROGRAM.format(i=i) for i in range(20)]
        await together(llama, programs, at_once=AT_ONCE, max_tokens=300)
        puzzles = [YES_NO.format(i=i) for i in range(40)]
        await together(llama, puzzles, at_once=AT_ONCE, max_tokens=16)
        memory = llama.memory()
        own, mapped = (memory.anonymous_bytes or 0) / 1e6, (memory.file_backed_bytes or 0) / 1e6
        print(f"  peak {memory.peak_bytes / 1e6:.0f} MB ({own:.0f} own + {mapped:.0f} of the file)")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        asyncio.run(measure(Path(name)))
