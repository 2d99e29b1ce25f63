"""What the tests of load share: hands on servers, a watcher, blocks made by hand."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.measure.things import FREE
from visavis.core.candidate import Candidate, Unknown
from visavis.core.outcome import Failure, Outcome, Reply, Usage
from visavis.measure.load.block import Block, Request
from visavis.measure.load.means import Hand, How, Means, Purse, Quota
from visavis.measure.load.prompts import Prompts
from visavis.measure.load.spec import SpeedSpec
from visavis.measure.load.store import LoadStore
from visavis.measure.plan import Price
from visavis.measure.timings import Chunk, Timing
from visavis.measure.wire.client import Wire, open_wire


@dataclass
class Told:
    """A watcher that remembers."""

    begun: list[tuple[str, str, int]] = field(default_factory=list)
    sent: int = 0
    timings: list[Timing] = field(default_factory=list)

    def begins(self, candidate: str, load: str, block: int) -> None:
        self.begun.append((candidate, load, block))

    def sends(self) -> None:
        self.sent += 1

    def ends(self, timing: Timing) -> None:
        self.timings.append(timing)


def served(url: str, model: str) -> Candidate:
    """A candidate behind a server on the loopback."""
    return Candidate(
        name=model, kind="local", route="http", model=model, snapshot=model, base_url=url
    )


@asynccontextmanager
async def hands(
    url: str, *models: str, price: Price | Unknown = FREE, key: str | None = None
) -> AsyncIterator[tuple[Hand, ...]]:
    """Candidates at hand, one a model of this server."""
    async with AsyncExitStack() as open_:
        made = []
        for model in models:
            candidate = served(url, model)
            wire = await open_.enter_async_context(
                open_wire(candidate, key=key, note=print, to_the_limit=True)
            )
            made.append(_hand(candidate, wire, price))
        yield tuple(made)


def _hand(candidate: Candidate, wire: Wire, price: Price | Unknown) -> Hand:
    async def there() -> Wire:
        return wire

    return Hand(candidate=candidate, wire=there, prompts=Prompts(Random(0)), price=price)


@dataclass
class Charges:
    """Costs for which no request is kept."""

    all: list[tuple[str, float, str]] = field(default_factory=list)

    def __call__(self, candidate: str, usd: float, because: str) -> None:
        self.all.append((candidate, usd, because))


def means(*, budget_usd: float = 1.0) -> Means:
    return Means(
        purse=Purse(budget_usd),
        watcher=Told(),
        stop=asyncio.Event(),
        charge=Charges(),
        note=print,
    )


def told(of: Means) -> Told:
    assert isinstance(of.watcher, Told)
    return of.watcher


def charges(of: Means) -> list[tuple[str, float, str]]:
    assert isinstance(of.charge, Charges)
    return of.charge.all


def how(*, seconds: float = 0.0, requests: int = 0, tokens: int = 8, seed: int = 0) -> How:
    return How(
        prompt_tokens=40,
        output_tokens=tokens,
        quota=Quota(seconds=seconds, requests=requests),
        seed=seed,
    )


def spec(candidates: Sequence[Candidate], *shapes: str) -> SpeedSpec:
    return SpeedSpec(
        candidates=tuple(candidates),
        shapes=shapes,
        prompt_tokens=40,
        shared_tokens=0,
        output_tokens=8,
        blocks=2,
    )


def new_store(folder: Path, candidates: Sequence[Candidate], *shapes: str) -> LoadStore:
    return LoadStore.begin(folder, spec(candidates, *shapes))


def timing(
    due: float,
    first_s: float,
    *,
    gap_s: float = 0.1,
    tokens: int = 5,
    late_s: float = 0.0,
    outcome: Outcome | None = None,
) -> Timing:
    """A reply of so many tokens, each a chunk of five letters; or what else came of it."""
    sent = due + late_s
    usage = Usage(input_tokens=40, output_tokens=tokens)
    reply = Reply(text="word " * tokens, usage=usage)
    chunks = tuple(Chunk(sent + first_s + n * gap_s, 5) for n in range(tokens))
    end = chunks[-1].at if chunks else sent + first_s
    return Timing(
        outcome=reply if outcome is None else outcome,
        due=due,
        sent=sent,
        chunks=chunks if outcome is None else (),
        end=end,
        clock="kernel",
    )


FAILED = Failure(kind="overloaded", detail="429: slow down")


def block(
    timings: Sequence[Timing],
    *,
    candidate: str = "a",
    load: str = "at once 2",
    number: int = 0,
    span: tuple[float, float] = (0.0, 10.0),
    open_loop: bool = False,
) -> Block:
    """A block of counted requests."""
    return Block(
        load=load,
        number=number,
        candidate=candidate,
        open_loop=open_loop,
        began=span[0],
        counted_from=span[0],
        until=span[1],
        requests=tuple(Request(timing=one, counted=True) for one in timings),
    )
