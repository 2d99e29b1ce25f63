"""What a load works with: candidates at hand, lengths, quotas, and what it may cost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from visavis.core.candidate import Candidate, Unknown
from visavis.core.prompt import Prompt
from visavis.measure.load.prompts import Prompts
from visavis.measure.plan import Price, size
from visavis.measure.timings import Timing
from visavis.measure.wire.client import Wire


class LoadWatcher(Protocol):
    """Is told what happens while it does. Must be quick: requests wait for it."""

    def begins(self, candidate: str, load: str, block: int) -> None: ...

    def sends(self) -> None: ...

    def ends(self, timing: Timing) -> None: ...


class Purse:
    """What a run may cost at most. A request that could cost more than is left is not sent."""

    def __init__(self, limit_usd: float, *, spent_usd: float = 0.0) -> None:
        self.limit_usd = limit_usd
        self.spent_usd = spent_usd
        self.empty = False
        self._held_usd = 0.0

    def hold(self, worst_usd: float) -> bool:
        """Whether so much may be spent; set aside if so."""
        if self.spent_usd + self._held_usd + worst_usd > self.limit_usd:
            self.empty = True
        else:
            self._held_usd += worst_usd
        return not self.empty

    def pay(self, worst_usd: float, usd: float) -> None:
        """What was set aside is spent, so much of it."""
        self._held_usd -= worst_usd
        self.spent_usd += usd


@dataclass(slots=True, kw_only=True)
class Hand:
    """A candidate that can be put under load."""

    candidate: Candidate
    wire: Callable[[], Awaitable[Wire]]
    """The way to it now: a local engine that crashed is somewhere else since."""
    prompts: Prompts
    price: Price | Unknown
    alone_s: float = 0.0
    """What one request took, sent alone, once warmed up."""

    def worst_usd(self, prompt: Prompt) -> float:
        return 0.0 if isinstance(self.price, Unknown) else size(prompt).worst_usd(self.price)

    def usd(self, timing: Timing | None) -> float | None:
        """By the price list; None when it cannot be known."""
        usage = None if timing is None else timing.outcome.usage
        if isinstance(self.price, Unknown) or usage is None:
            return None
        return self.price.usd(usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How much of a block counts: until either is reached; 0 sets no limit."""

    seconds: float = 0.0
    requests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """What all blocks have in common."""

    prompt_tokens: int
    """Where a trace does not say."""
    output_tokens: int
    quota: Quota
    most_in_flight: int = 4096
    """A server that has so many to answer is not answering: no more are sent under that load."""
    processes: int = 1
    """Among which a load is dealt out."""
    seed: int = 0
    """Of the times of independent users, which are the same for all candidates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a block works with."""

    purse: Purse
    watcher: LoadWatcher
    stop: asyncio.Event
    charge: Callable[[str, float, str], None]
    """Keeps what a candidate cost where no request is kept, and why."""
    note: Callable[[str], None]
    """A line that the user should see now, and in the report."""
