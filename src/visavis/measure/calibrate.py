"""The instrument measured: what the wire says beside what a server of known delays truly did.

The server runs in a process of its own and logs when it truly sent (`truth_server`). Its requests
are joined to ours by the number in the prompt, so the error is that of each single request:

- first token: |said - true|, where true is from the request's arrival at the server, by the
  kernel's stamp, to just before the sending of the first token. What the loopback and the server's
  own `send` take (some µs) counts as our error.
- inter-token: |said - true| of each reply's mean; chunk gap: of each single gap.
"""

import asyncio
import contextlib
import multiprocessing
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

import msgspec

from visavis.core.candidate import Candidate
from visavis.core.errors import VisavisError
from visavis.core.prompt import ask
from visavis.measure.timings import ClockOf, Timing
from visavis.measure.truth_server import Truth
from visavis.measure.wire.client import Wire, open_wire, undisturbed

GOOD_S: Final = 0.001
"""An error of the first token that is good enough whatever is measured."""
GOOD_SHARE: Final = 0.05
"""Or this share of what is measured: beyond, a latency is flagged."""

_LEAST: Final = 24
"""Requests at least, so that a 99th percentile is more than a guess."""
_START_S: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """What the server of known delays does for each request."""

    first_s: float = 0.2
    gap_s: float = 0.01
    tokens: int = 128

    @property
    def model(self) -> str:
        return f"truth-{self.first_s * 1000:g}-{self.gap_s * 1000:g}"


_USUAL: Final = Delays()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How large errors are, without sign, in seconds."""

    p50: float
    p99: float
    largest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorAt:
    """The instrument's error with so many streams at once."""

    streams: int
    requests: int
    failed: int
    """Requests that the instrument lost: no error is known of them."""
    first_token: Spread
    inter_token: Spread
    chunk_gap: Spread
    doubtful: int
    """First tokens of which the instrument itself says that they may be earlier than said."""
    late: Spread
    """Our own lateness: from when a request was due to its sending."""
    longest_blind_s: float
    cpu_s_per_token: float
    """Processor time of the client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What the instrument is worth on this machine, today."""

    clock: ClockOf
    delays: Delays
    processes: int
    at: tuple[ErrorAt, ...]
    """By the number of streams, rising."""

    def error_at(self, streams: int) -> ErrorAt | None:
        """The error that holds for a load of so many streams: of the next larger one measured.

        None beyond the largest: the instrument vouches for nothing there.
        """
        return next((error for error in self.at if error.streams >= streams), None)

    def vouched(self, first_token_s: float | None = None) -> int:
        """The most streams up to which the p99 error of the first token is good enough.

        Good is 1 ms, or 5 % of a time to first token that was measured; 0 when never.
        """
        good_s = GOOD_S if first_token_s is None else max(GOOD_S, GOOD_SHARE * first_token_s)
        most = 0
        for error in self.at:
            if error.failed or error.first_token.p99 > good_s:
                break
            most = error.streams
        return most


async def calibrate(
    streams: Sequence[int],
    *,
    delays: Delays = _USUAL,
    least_requests: int = _LEAST,
    processes: int = 1,
    note: Callable[[str], None] = lambda _: None,
) -> Calibration:
    """Measures the truth server with each number of streams at once.

    With several `processes` the streams are dealt out to as many clients, each a core's work.
    """
    errors: list[ErrorAt] = []
    clocks: set[ClockOf] = set()
    with truth_server() as (url, _):
        for count in sorted(set(streams)):
            note(f"calibrating with {count} streams")
            rounds = max(1, ceil(least_requests / count))
            load = Load(url, delays, range(count), rounds)
            told = await _measure(load, min(processes, count))
            truths = await asyncio.to_thread(take_log, url)
            errors.append(compare(count, told, truths))
            clocks |= {one.clock for one in told}
    clock: ClockOf = "user" if "user" in clocks else "kernel"
    return Calibration(clock=clock, delays=delays, processes=processes, at=tuple(errors))


def worst(calibrations: Sequence[Calibration]) -> Calibration | None:
    """What holds for a run of several sessions, each with its own: the worst at each number."""
    if not calibrations:
        return None
    at: dict[int, ErrorAt] = {}
    for error in (error for one in calibrations for error in one.at):
        known = at.get(error.streams, error)
        at[error.streams] = max(known, error, key=lambda e: (e.failed > 0, e.first_token.p99))
    clocks = {one.clock for one in calibrations}
    return replace(
        calibrations[-1],
        clock="user" if "user" in clocks else "kernel",
        at=tuple(at[streams] for streams in sorted(at)),
    )


def compare(streams: int, told: Sequence["Told"], truths: Iterable[Truth]) -> ErrorAt:
    """What the clients told of their requests, beside what the server did."""
    timings = {number: timing for one in told for number, timing in one.timings.items()}
    pairs = [(timings.pop(truth.prompt), truth) for truth in truths if truth.prompt in timings]
    whole = [
        (timing, truth) for timing, truth in pairs if len(timing.chunks) == len(truth.before) > 1
    ]
    if not whole:
        raise VisavisError(
            f"the instrument got no answer from its own server at {streams} streams; try fewer"
        )
    tokens = sum(len(timing.chunks) for timing, _ in whole)
    return ErrorAt(
        streams=streams,
        requests=len(whole),
        failed=len(pairs) - len(whole) + len(timings),
        first_token=_spread(first_token_error_s(*pair) for pair in whole),
        inter_token=_spread(inter_token_error_s(*pair) for pair in whole),
        chunk_gap=_spread(error for pair in whole for error in _gap_errors_s(*pair)),
        doubtful=sum(bool(timing.first_token_doubt_s) for timing, _ in whole),
        late=_spread(timing.late_s or 0.0 for timing, _ in whole),
        longest_blind_s=max(one.longest_blind_s for one in told),
        cpu_s_per_token=sum(one.cpu_s for one in told) / tokens,
    )


def first_token_error_s(timing: Timing, truth: Truth) -> float:
    true_s = truth.before[0] - truth.arrived
    return abs((timing.first_token_s or 0.0) - true_s)


def inter_token_error_s(timing: Timing, truth: Truth) -> float:
    """Of the reply's mean; each token is a chunk of its own."""
    said_s = timing.chunks[-1].at - timing.chunks[0].at
    return abs(said_s - (truth.before[-1] - truth.before[0])) / (len(truth.before) - 1)


def _gap_errors_s(timing: Timing, truth: Truth) -> Iterator[float]:
    for said_s, (earlier, later) in zip(timing.chunk_gaps_s, pairwise(truth.before), strict=True):
        yield abs(said_s - (later - earlier))


def _spread(errors: Iterable[float]) -> Spread:
    """By nearest rank: each is an error that was really made."""
    ranked = sorted(errors)
    return Spread(p50=_rank(ranked, 0.5), p99=_rank(ranked, 0.99), largest=ranked[-1])


def _rank(ranked: Sequence[float], share: float) -> float:
    return ranked[ceil(share * len(ranked)) - 1]


# --- the clients --------------------------------------------------------------------------------


class Told(NamedTuple):
    """What one client process says."""

    timings: dict[str, Timing]
    """By the prompt, which is a number of its own."""
    clock: ClockOf
    longest_blind_s: float
    cpu_s: float


class Load(NamedTuple):
    """So many streams at once, each with so many requests one after another."""

    url: str
    delays: Delays
    streams: range
    rounds: int


async def _measure(load: Load, processes: int) -> list[Told]:
    if processes == 1:
        return [await tell(load)]
    shares = [load._replace(streams=load.streams[n::processes]) for n in range(processes)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        loop = asyncio.get_running_loop()
        return await asyncio.gather(*(loop.run_in_executor(pool, _alone, s) for s in shares))


def _alone(load: Load) -> Told:
    return asyncio.run(tell(load))


async def tell(load: Load, tls: ssl.SSLContext | None = None) -> Told:
    """Puts the load on the truth server, and tells what the wire says of it."""
    delays = load.delays
    candidate = Candidate(
        name="truth",
        kind="local",
        route="http",
        model=delays.model,
        snapshot=delays.model,
        base_url=load.url,
    )
    timings: dict[str, Timing] = {}

    async def stream(wire: Wire, number: int) -> None:
        due = perf_counter()
        for turn in range(load.rounds):
            name = f"{number}-{turn}"
            timing = await wire.send(ask(name, max_tokens=delays.tokens), due=due)
            timings[name], due = timing, timing.end

    async with open_wire(candidate, key=None, note=lambda _: None, tls=tls) as wire:
        await wire.connect(len(load.streams))
        await wire.send(ask("warm-up", max_tokens=2))
        with undisturbed():
            cpu_s = time.process_time()
            await asyncio.gather(*(stream(wire, number) for number in load.streams))
            cpu_s = time.process_time() - cpu_s
        return Told(timings, wire.clock, wire.longest_blind_s, cpu_s)


# --- the server ---------------------------------------------------------------------------------


class RunningServer(NamedTuple):
    url: str
    pid: int


@contextlib.contextmanager
def truth_server(certificate: Path | None = None) -> Iterator[RunningServer]:
    """A truth server in a process of its own, which ends with this block."""
    arguments = [] if certificate is None else [str(certificate)]
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "visavis.measure.truth_server", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        yield RunningServer(url, server.pid)  # its input, closed, ends it


def take_log(url: str, tls: ssl.SSLContext | None = None) -> list[Truth]:
    """What the server did since this was last asked."""
    with urllib.request.urlopen(f"{url}/log", timeout=_START_S, context=tls) as answer:
        return msgspec.json.decode(answer.read(), type=list[Truth])
