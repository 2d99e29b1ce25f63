"""Local engines on the same files: ours, one built for this processor, another that has wheels.

    python -m benches.engine MODEL.gguf [MODEL.gguf …] [--server LLAMA_SERVER] [--peer PYTHON]

By hand: it needs weights. LLAMA_SERVER is a `llama-server` built on this machine, PYTHON that of
an environment with `pip install openvino-genai`. All are asked for the same: to read a text that
none has read before (the time to the first token), and to go on with a short one for 64 tokens,
once alone and 4 together; nothing is cached and nothing stops early. Engines take turns, each in
a process of its own, loaded anew; medians and ranges over the turns are printed, beside what the
memory allows: each token of a lone stream reads all weights once, so bytes a second, by as many
threads as there are cores, divided by the size of the file.
"""

import argparse
import asyncio
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import aiohttp
import numpy as np

from visavis.candidates.llama_cpp import open_llama
from visavis.candidates.llama_settings import threads
from visavis.core.candidate import Candidate

TURNS = 5
TOKENS = 64
STREAMS = 4
ITEMS = ("cat", "river", "lamp", "stone", "paper", "cloud", "wheel", "garden", "bell", "coat")
SHORT = "{n}. A long story about the sea, the wind and an old sailor begins like this:"
Figures = dict[str, float]

PEER = r"""
import json, sys, time
import openvino_genai as genai
told = json.loads(sys.stdin.readline())
begun = time.perf_counter()
scheduler = genai.SchedulerConfig()
scheduler.enable_prefix_caching = False
pipe = genai.LLMPipeline(told["file"], "CPU", scheduler_config=scheduler,
                         INFERENCE_NUM_THREADS=told["threads"])
load_s = time.perf_counter() - begun
tokenizer = pipe.get_tokenizer()
def config(count):
    made = genai.GenerationConfig()
    made.max_new_tokens, made.ignore_eos, made.do_sample = count, True, False
    made.apply_chat_template = False
    return made
def timed(texts, count):
    begun = time.perf_counter()
    found = pipe.generate(texts, config(count))
    return time.perf_counter() - begun
timed([told["warm"]], 4)
read_s = timed([told["long"]], 1)
read = tokenizer.encode(told["long"]).input_ids.shape[1]
one = [timed([told["alone"]], count) for count in (1, told["tokens"] + 1)]
many = [timed(told["together"], count) for count in (1, told["tokens"] + 1)]
print(json.dumps({
    "read": read / read_s,
    "alone": told["tokens"] / (one[1] - one[0]),
    "together": told["tokens"] * len(told["together"]) / (many[1] - many[0]),
    "load_s": load_s,
}))
"""


def texts(turn: int) -> dict[str, Any]:
    """What is asked in one turn; no two turns share a beginning."""
    words = " ".join(f"{ITEMS[(turn + i * i) % 10]} {turn * 97 + i}" for i in range(90))
    return {
        "warm": f"{turn} warm",
        "long": f"{turn} words: {words}",
        "alone": SHORT.format(n=turn),
        "together": [SHORT.format(n=100 * turn + i) for i in range(STREAMS)],
        "tokens": TOKENS,
    }


async def by_llama(file: Path, server: Path | None, asked: dict[str, Any]) -> Figures:
    """Through its HTTP port, as a run asks it."""
    who = Candidate(
        name=file.stem, kind="local", route="gguf", model=file.name, snapshot="", file=file
    )
    async with open_llama(who, at_once=STREAMS, note=print, server=server) as llama:
        served = await llama.served()
        headers = {"Authorization": f"Bearer {served.key}"}
        async with aiohttp.ClientSession(headers=headers) as session:

            async def timed(text: str, count: int) -> int:
                body = {
                    "prompt": text,
                    "max_tokens": count,
                    "temperature": 0,
                    "ignore_eos": True,
                    "cache_prompt": False,
                }
                url = f"{served.candidate.base_url}/completions"
                async with session.post(url, json=body) as response:
                    response.raise_for_status()
                    usage = (await response.json())["usage"]
                    assert usage["completion_tokens"] == count, usage
                    return int(usage["prompt_tokens"])

            async def seconds(these: list[str], count: int) -> float:
                begun = perf_counter()
                await asyncio.gather(*(timed(text, count) for text in these))
                return perf_counter() - begun

            await timed(asked["warm"], 4)
            begun = perf_counter()
            read = await timed(asked["long"], 1)
            read_s = perf_counter() - begun
            one = [await seconds([asked["alone"]], count) for count in (1, TOKENS + 1)]
            many = [await seconds(asked["together"], count) for count in (1, TOKENS + 1)]
        return {
            "read": read / read_s,
            "alone": TOKENS / (one[1] - one[0]),
            "together": TOKENS * STREAMS / (many[1] - many[0]),
            "load_s": llama.load_s,
        }


def by_peer(python: str, file: Path, asked: dict[str, Any]) -> Figures:
    """In a process of its own environment; raises where it cannot load the file."""
    told = json.dumps({**asked, "file": str(file), "threads": threads()})
    ended = subprocess.run(
        [python, "-c", PEER], input=told, text=True, capture_output=True, check=False
    )
    if ended.returncode:
        raise RuntimeError(ended.stderr.strip().splitlines()[-1][:150])
    found: Figures = json.loads(ended.stdout.strip().splitlines()[-1])
    return found


def bytes_per_s() -> float:
    """What so many threads read from memory, the best of five."""
    parts = np.split(np.ones(1 << 28, dtype=np.int64), threads())  # 2 GiB: no cache holds it

    def best() -> Iterator[float]:
        with ThreadPoolExecutor(len(parts)) as pool:
            for _ in range(5):
                begun = perf_counter()
                list(pool.map(np.sum, parts))
                yield sum(part.nbytes for part in parts) / (perf_counter() - begun)

    return max(best())


def engines(args: argparse.Namespace) -> dict[str, Callable[[Path, dict[str, Any]], Figures]]:
    found: dict[str, Callable[[Path, dict[str, Any]], Figures]] = {
        "visavis": lambda file, asked: asyncio.run(by_llama(file, None, asked))
    }
    if args.server:
        found["visavis, own llama-server"] = lambda file, asked: asyncio.run(
            by_llama(file, args.server, asked)
        )
    if args.peer:
        found["openvino-genai"] = lambda file, asked: by_peer(args.peer, file, asked)
    return found


def shown(values: list[float]) -> str:
    return f"{median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


def measure(file: Path, args: argparse.Namespace, limit: float) -> None:
    tried = engines(args)
    rows: dict[str, list[Figures]] = {name: [] for name in tried}
    for turn in range(args.turns):
        for name in list(tried):
            try:
                rows[name].append(tried[name](file, texts(turn)))
            except RuntimeError as error:
                print(f"| {file.stem} | {name} | cannot load it: {error} | | | |", flush=True)
                del tried[name], rows[name]
    for name, found in rows.items():
        told = [shown([one[what] for one in found]) for what in ("alone", "together", "read")]
        load = median(one["load_s"] for one in found)
        print(f"| {file.stem} | {name} | {' | '.join(told)} | {load:.1f} |", flush=True)
    print(f"| | memory allows | {limit / file.stat().st_size:.0f} | | | |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--server", type=Path)
    parser.add_argument("--peer")
    parser.add_argument("--turns", type=int, default=TURNS)
    args = parser.parse_args()
    limit = bytes_per_s()
    print(f"{threads()} threads read {limit / 1e9:.1f} GB/s; load {os.getloadavg()[0]:.1f}\n")
    print("| model | engine | written, tokens/s, alone | 4 together | read, tokens/s | load, s |")
    print("| --- | --- | --- | --- | --- | --- |")
    for file in args.models:
        measure(file, args, limit)


if __name__ == "__main__":
    main()
