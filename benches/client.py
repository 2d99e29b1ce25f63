"""CPU of one short chat request by our client, beside a bare aiohttp loop, in one run.

    python -m benches.client [REQUESTS]

The server is `tests.fake_server` in a process of its own. Turns alternate, since the machine's
speed drifts; the figure to hold is the ratio of the medians.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from random import Random
from statistics import median

import aiohttp
from tests.fake_server import own_process

from visavis.candidates.openai_http import open_http
from visavis.candidates.pacing import careful
from visavis.core.candidate import Candidate
from visavis.core.client import Client
from visavis.core.outcome import Reply
from visavis.core.prompt import ask

AT_ONCE, TURNS = 64, 3


async def _work(ask_one: Callable[[str], Awaitable[bool]], requests: int) -> float:
    """Puts `requests` questions, 64 in flight; CPU of this process in ms a request."""
    questions: Iterator[str] = (f"question {number}?" for number in range(requests))
    right = 0

    async def worker() -> None:
        nonlocal right
        for question in questions:
            good = await ask_one(question)
            right += good

    before = time.process_time()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    spent_s = time.process_time() - before
    assert right == requests
    return spent_s / requests * 1000


async def bare_loop(url: str, requests: int) -> float:
    """A loop that a careful person would write: streams, reads the lines, joins the text."""
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask_one(question: str) -> bool:
            messages = [{"role": "user", "content": question}]
            body = {"model": "yes", "messages": messages, "max_tokens": 8, "stream": True}
            text = ""
            async with session.post(f"{url}/chat/completions", json=body) as response:
                async for line in response.content:
                    if line.startswith(b"data: {"):
                        for choice in json.loads(line[6:])["choices"]:
                            text += choice["delta"].get("content", "")
            return text == "Yes"

        return await _work(ask_one, requests)


async def _ours(url: str, requests: int, wrap: Callable[[Client], Client]) -> float:
    yes = Candidate(
        name="yes", kind="local", route="http", model="yes", snapshot="yes", base_url=url
    )
    async with open_http(yes, key=None, at_once=AT_ONCE, note=print) as bare:
        client = wrap(bare)

        async def ask_one(question: str) -> bool:
            outcome = await client.send(ask(question, max_tokens=8))
            return isinstance(outcome, Reply) and outcome.text == "Yes"

        return await _work(ask_one, requests)


async def our_client(url: str, requests: int) -> float:
    """The client as speed is measured with it."""
    return await _ours(url, requests, lambda client: client)


async def our_careful_client(url: str, requests: int) -> float:
    """The client as cases are asked with it: with retries and pacing."""

    def wrap(client: Client) -> Client:
        return careful(client, name="yes", at_once=AT_ONCE, note=print, rng=Random(0))

    return await _ours(url, requests, wrap)


def main(requests: int) -> None:
    ways = (bare_loop, our_client, our_careful_client)
    spent: dict[str, list[float]] = {way.__name__: [] for way in ways}
    with own_process() as server:
        for _ in range(TURNS):
            for way in ways:
                spent[way.__name__].append(asyncio.run(way(server.url, requests)))
    base = median(spent["bare_loop"])
    for name, each in spent.items():
        turns, ratio = ", ".join(f"{one:.2f}" for one in each), median(each) / base
        print(f"{name:20} {median(each):.2f} ms CPU a request ({turns}), ratio {ratio:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
