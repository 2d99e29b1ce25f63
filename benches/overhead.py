"""What visavis itself costs: processor time a request and memory, beside a bare aiohttp loop.

    python -m benches.overhead [--requests N] [--rounds N]

Short chat requests, 64 in flight, to a loopback server in a process of its own. Each way runs in
a fresh process, in turns; the figure to hold is the ratio of the medians. visavis has everything
on: the store, the replies kept for later runs, retries and pacing, progress, grading. The bare
loop posts the same bytes and reads the same stream without looking at it. Processor time is
counted from after the imports to the closed store; memory is the process's peak, imports included.
"""

import argparse
import asyncio
import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import aiohttp
from tests.fake_server import own_process

from visavis.benchmarks.base import Benchmark
from visavis.candidates.openai_http import open_http
from visavis.candidates.pacing import careful
from visavis.candidates.wire_format import encode_request
from visavis.core.candidate import Candidate, Unknown
from visavis.core.case import Case
from visavis.core.fence import Check, Fence, Program, Ran
from visavis.core.outcome import Grade, Score
from visavis.core.prompt import Prompt, ask
from visavis.measure.asking import Means, Ready
from visavis.measure.budget import Budget
from visavis.measure.plan import Asked, plan
from visavis.measure.replies import Replies
from visavis.measure.run import run
from visavis.measure.spec import RunSpec, describe
from visavis.measure.store import RunStore
from visavis.report.progress import Progress

AT_ONCE = 64


def prompt(case: Case) -> Prompt:
    return ask(case.question, max_tokens=16)


def grade(case: Case, text: str, fence: Fence) -> Grade:
    return Score(value=float(text == case.target), because=f"read {text}", read=text)


class NoFence:
    def run(self, job: Program | Check) -> Ran:
        raise AssertionError(f"nothing here runs programs: {job!r}")


def asked(count: int) -> Asked:
    cases = tuple(
        Case(
            id=f"case-{n}",
            group=f"group-{n % 57}",
            question=f"Is {n} a number? Answer yes or no.",
            target="Yes",
        )
        for n in range(count)
    )
    benchmark = Benchmark(
        name="short",
        protocol="short@1",
        version=1,
        chance=0.5,
        source="made here",
        load=lambda _: cases,
        ask=prompt,
        grade=grade,
    )
    return Asked(benchmark=benchmark, cases=cases)


async def with_visavis(url: str, count: int) -> None:
    candidate = Candidate(
        name="yes", kind="hosted", route="http", model="yes", snapshot="yes", base_url=url
    )
    short = asked(count)
    progress = Progress(io.StringIO())
    with tempfile.TemporaryDirectory() as folder:
        spec = RunSpec(candidates=(candidate,), benchmarks=(describe(short),))
        replies = Replies(Path(folder) / "replies.sqlite", progress.note)
        with RunStore.begin(Path(folder) / "run", spec) as store, progress.asking():
            async with open_http(
                candidate, key=None, at_once=AT_ONCE, note=progress.note
            ) as client:
                paced = careful(
                    client, name="yes", at_once=AT_ONCE, note=progress.note, rng=Random(0)
                )
                means = Means(
                    ready=(
                        Ready(
                            candidate=candidate,
                            client=paced,
                            at_once=AT_ONCE,
                            price=Unknown(because="a loopback server bills nobody"),
                        ),
                    ),
                    asked=(short,),
                    store=store,
                    replies=replies,
                    budget=Budget(1.0),
                    fence=NoFence(),
                    watcher=progress,
                )
                ended = await run(plan([short], [candidate]), means, asyncio.Event())
        replies.close()
        assert ended.trials == count


async def with_bare_aiohttp(url: str, count: int) -> None:
    bodies = (encode_request("yes", prompt(case), frozenset()) for case in asked(count).cases)
    headers = {"Content-Type": "application/json"}

    async def work(session: aiohttp.ClientSession) -> None:
        for body in bodies:
            async with session.post(f"{url}/chat/completions", data=body) as response:
                assert response.status == 200
                await response.read()

    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        await asyncio.gather(*(work(session) for _ in range(AT_ONCE)))


WAYS = {"bare aiohttp": with_bare_aiohttp, "visavis": with_visavis}


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def child(way: str, url: str, count: int) -> None:
    before, began = cpu_s(), time.perf_counter()
    asyncio.run(WAYS[way](url, count))
    print(
        json.dumps(
            {
                "cpu_ms": (cpu_s() - before) / count * 1000,
                "wall_s": time.perf_counter() - began,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def measure(way: str, url: str, count: int) -> dict[str, float]:
    told = subprocess.run(
        [sys.executable, "-m", "benches.overhead", "--child", way, url, "--requests", str(count)],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(told.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        way, url = given.child
        child(way, url, given.requests)
        return
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    with own_process() as server:
        for _ in range(given.rounds):
            for way in WAYS:
                found[way].append(measure(way, server.url, given.requests))
    print(f"{given.requests} requests, {AT_ONCE} in flight, median of {given.rounds} rounds")
    cpu_ms = {way: statistics.median(one["cpu_ms"] for one in all_) for way, all_ in found.items()}
    for way, all_ in found.items():
        spread = sorted(one["cpu_ms"] for one in all_)
        print(
            f"{way:13} {cpu_ms[way]:.3f} ms of processor a request"
            f" ({spread[0]:.3f} to {spread[-1]:.3f}),"
            f" peak {max(one['peak_mb'] for one in all_):.0f} MB,"
            f" {statistics.median(one['wall_s'] for one in all_):.1f} s"
        )
    print(f"visavis / bare aiohttp = {cpu_ms['visavis'] / cpu_ms['bare aiohttp']:.2f}")


if __name__ == "__main__":
    main()
