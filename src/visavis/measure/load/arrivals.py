"""Load shapes as streams of due times, in seconds from the beginning. Pure: nothing is sent here.

Open loop (`even`, `poisson`, `rising`, `replayed`): requests are due at their times whatever the
server does, as its users come. One that stalls finds them all waiting; latency counts from when
each was due, so that a stall cannot hide. Closed loop (`at_once`): so many streams, each of which
asks again as soon as it is answered; a server that stalls is then asked less, which is what a pool
of workers does to it, and what users do not.

The streams have no end but a trace's: whoever drives them stops.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from math import sqrt
from random import Random
from typing import Final, Literal, NamedTuple


class Arrival(NamedTuple):
    """One request that is due."""

    due_s: float
    prompt_tokens: int | None = None
    """None where the load says for all."""
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    """So many requests in flight, always: a closed loop."""

    kind: Literal["at once"] = "at once"
    streams: int

    @property
    def name(self) -> str:
        return f"at once {self.streams}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests a second, whatever the server does: an open loop."""

    kind: Literal["rate"] = "rate"
    per_s: float
    to_per_s: float | None = None
    """Where it rises, or falls, evenly to another rate in the length of a block."""
    poisson: bool = False
    """Users who know nothing of each other; else at even distances."""

    @property
    def name(self) -> str:
        to = "" if self.to_per_s is None else f"-{self.to_per_s:g}"
        return f"{'poisson ' if self.poisson else ''}rate {self.per_s:g}{to}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Requests as somebody recorded them: an open loop."""

    kind: Literal["trace"] = "trace"
    file: str
    """Its name without folders."""
    arrivals: tuple[Arrival, ...]

    @property
    def name(self) -> str:
        return f"trace {self.file}"


Shape = AtOnce | Rate | Trace

ALONE: Final = AtOnce(streams=1).name
"""The load under which requests come one at a time."""


def streams_in(load: str) -> int | None:
    """How many requests at once a load of this name is; None where it is an open loop."""
    at_once = re.fullmatch(r"at once (\d+)", load)
    return int(at_once[1]) if at_once else None


def arrivals(shape: Rate | Trace, seconds: float, rng: Random) -> Iterator[Arrival]:
    """The due times of an open loop; `seconds` is how long a rate takes to rise."""
    match shape:
        case Trace():
            return replayed(shape.arrivals)
        case Rate(to_per_s=float() as to_per_s):
            return rising(shape.per_s, to_per_s, seconds, rng if shape.poisson else None)
        case _:
            return poisson(shape.per_s, rng) if shape.poisson else even(shape.per_s)


def at_once(streams: int, over_s: float) -> Iterator[float]:
    """When each stream of a closed loop begins: one after another, over the time of one request.

    Streams that began together would ask together for ever where replies are of one length, and
    no pool of users marches in step.
    """
    return (n * over_s / streams for n in range(streams))


def even(per_s: float) -> Iterator[Arrival]:
    return (Arrival(n / per_s) for n in count())


def poisson(per_s: float, rng: Random) -> Iterator[Arrival]:
    """Requests of independent users, `per_s` a second on average."""
    at = rng.expovariate(per_s)
    while True:
        yield Arrival(at)
        at += rng.expovariate(per_s)


def rising(
    per_s: float, to_per_s: float, seconds: float, rng: Random | None = None
) -> Iterator[Arrival]:
    """From one rate to the other in so many seconds, then on at that; Poisson with an `rng`."""
    expected = 0.0 if rng is None else rng.expovariate(1.0)
    while True:
        yield Arrival(_when(expected, per_s, to_per_s, seconds))
        expected += 1.0 if rng is None else rng.expovariate(1.0)


def _when(expected: float, per_s: float, to_per_s: float, seconds: float) -> float:
    """When so many requests are expected to have come: the area below the rate, turned round."""
    area = seconds * (per_s + to_per_s) / 2
    if expected >= area:
        return seconds + (expected - area) / to_per_s
    slope = (to_per_s - per_s) / seconds
    return 2 * expected / (per_s + sqrt(per_s * per_s + 2 * slope * expected))


def replayed(recorded: Iterable[Arrival]) -> Iterator[Arrival]:
    return iter(recorded)
