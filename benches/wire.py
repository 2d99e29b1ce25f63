"""What the wire says of latencies, and what the server truly did; a plain aiohttp loop beside it.

    python -m benches.wire [--runs N] [--tls CERTIFICATE.pem]

A server in a process of its own, on a core of its own where there are two, sends its first token
200 ms after a request and then one each 10 ms, 128 in all; with 1,000 streams, one each 50 ms. It
logs when it truly sent, and errors are against that log, request by request: first token from
the request's arrival at the server, by the kernel's stamp, to just before the token was sent. Each
client runs in a fresh process on the other core, in turns. The aiohttp loop stamps what it reads
as soon as `readany` returns, as most load generators do at best. Figures of a run are its p50 and
p99 over all requests; of several runs the median is shown, with the lowest and the highest.
"""

import argparse
import asyncio
import os
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import aiohttp
import msgspec

from visavis.candidates.sse import Events
from visavis.candidates.wire_format import decode_chunk, encode_request
from visavis.core.outcome import Reply
from visavis.core.prompt import ask
from visavis.measure.calibrate import (
    Delays,
    ErrorAt,
    Load,
    Told,
    compare,
    take_log,
    tell,
    truth_server,
)
from visavis.measure.timings import Chunk, Timing
from visavis.measure.wire.client import undisturbed

USUAL, SLOW = Delays(), Delays(gap_s=0.05)
LOADS = ((1, 8, USUAL), (16, 3, USUAL), (64, 2, USUAL), (256, 2, USUAL), (1_000, 1, SLOW))
"""Streams, requests of each, delays."""


async def with_aiohttp(load: Load, tls: ssl.SSLContext | None) -> Told:
    """The same load by a bare aiohttp loop."""
    timings: dict[str, Timing] = {}

    async def ask_once(session: aiohttp.ClientSession, name: str) -> Timing:
        prompt = ask(name, max_tokens=load.delays.tokens)
        body = encode_request(load.delays.model, prompt, frozenset())
        events, chunks = Events(), []
        sent = perf_counter()
        async with session.post(
            f"{load.url}/chat/completions", data=body, ssl=tls or False
        ) as said:
            while piece := await said.content.readany():
                at = perf_counter()
                for payload in events.feed(piece):
                    chunk = None if payload == b"[DONE]" else decode_chunk(payload)
                    part = chunk.choices[0].delta if chunk and chunk.choices else None
                    if part and part.content:
                        chunks.append(Chunk(at, len(part.content)))
        reply = Reply(text="")
        return Timing(outcome=reply, due=sent, sent=sent, chunks=tuple(chunks), end=perf_counter())

    async def stream(session: aiohttp.ClientSession, number: int) -> None:
        for turn in range(load.rounds):
            name = f"{number}-{turn}"
            timings[name] = await ask_once(session, name)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        with undisturbed():
            cpu_s = time.process_time()
            await asyncio.gather(*(stream(session, number) for number in load.streams))
            cpu_s = time.process_time() - cpu_s
    return Told(timings, "user", 0.0, cpu_s)


WAYS = {"wire": tell, "aiohttp": with_aiohttp}


def child(way: str, url: str, streams: int, rounds: int, tls: str | None) -> None:
    pin(0)
    trusted = None if tls is None else ssl.create_default_context(cafile=tls)
    delays = next(delays for count, _, delays in LOADS if count == streams)
    told = asyncio.run(WAYS[way](Load(url, delays, range(streams), rounds), trusted))
    sys.stdout.buffer.write(msgspec.json.encode(compare(streams, [told], take_log(url, trusted))))


def pin(core: int, pid: int = 0) -> None:
    """A core of its own, where there is more than one and the system lets us choose."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {core})


@contextmanager
def pinned_server(tls: str | None) -> Iterator[str]:
    with truth_server(None if tls is None else Path(tls)) as (url, pid):
        pin(1, pid)
        yield url


def measure(way: str, url: str, load: tuple[int, int, Delays], tls: str | None) -> ErrorAt:
    streams, rounds, _ = load
    command = [sys.executable, "-m", "benches.wire", "--child", way, url, str(streams), str(rounds)]
    told = subprocess.run(
        command + (["--tls", tls] if tls else []), check=True, stdout=subprocess.PIPE
    )
    return msgspec.json.decode(told.stdout, type=ErrorAt)


def ms(values: Sequence[float]) -> str:
    """Median, lowest and highest of several runs."""
    shown = [
        f"{value * 1000:.3g}" for value in (statistics.median(values), min(values), max(values))
    ]
    return f"{shown[0]} ({shown[1]} to {shown[2]})"


def table(found: dict[tuple[int, str], list[ErrorAt]]) -> None:
    print("| streams | client | first token p50, ms | p99, ms | worst, ms | in doubt | mean "
          "inter-token p99, ms | chunk gap p99, ms | own lateness p99, ms | processor, µs a token |"
          )  # fmt: skip
    print("|" + " --- |" * 10)
    for (streams, way), runs in found.items():
        first = [run.first_token for run in runs]
        cells = [
            f"{streams:,}",
            way,
            ms([f.p50 for f in first]),
            ms([f.p99 for f in first]),
            f"{max(f.largest for f in first) * 1000:.3g}",
            f"{sum(run.doubtful for run in runs)} of {sum(run.requests for run in runs):,}",
            ms([run.inter_token.p99 for run in runs]),
            ms([run.chunk_gap.p99 for run in runs]),
            ms([run.late.p99 for run in runs]) if way == "wire" else "",
            f"{statistics.median(run.cpu_s_per_token for run in runs) * 1e6:.0f}",
        ]
        print("| " + " | ".join(cells) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tls")
    parser.add_argument("--streams", type=int, nargs="*", default=[load[0] for load in LOADS])
    parser.add_argument("--ways", nargs="*", default=list(WAYS))
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        way, url, streams, rounds = given.child
        child(way, url, int(streams), int(rounds), given.tls)
        return
    found: dict[tuple[int, str], list[ErrorAt]] = {}
    with pinned_server(given.tls) as url:
        for load in LOADS:
            if load[0] in given.streams:
                for _ in range(given.runs):
                    for way in given.ways:
                        told = measure(way, url, load, given.tls)
                        found.setdefault((load[0], way), []).append(told)
    table(dict(sorted(found.items(), key=lambda item: (item[0][0], -len(item[0][1])))))


if __name__ == "__main__":
    main()
