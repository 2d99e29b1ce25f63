"""Asks one candidate within a budget; what was answered once is not paid for again."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from math import ceil
from typing import Final

from visavis.core.candidate import Candidate, Unknown
from visavis.core.client import Client
from visavis.core.outcome import Failure, Outcome, Reply
from visavis.core.prompt import Prompt
from visavis.measure.budget import Budget
from visavis.measure.limits.context import CUT
from visavis.measure.limits.filler import Ruler
from visavis.measure.plan import Price, Unit, size
from visavis.measure.replies import Replies, content, identity, is_lasting

MARGIN: Final = 1.15
"""A prompt of our own words may have so many times the tokens that the server's counts of others
let expect. The bound that holds for any text, a token a byte, would stop most budgets early."""
_FREE_OF_CHARGE: Final = frozenset({"rejected", "overloaded", "missing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What candidates are asked with."""

    budget: Budget
    replies: Replies | None
    stop: asyncio.Event
    note: Callable[[str], None]


class Asker:
    """One candidate that can be asked."""

    def __init__(
        self,
        candidate: Candidate,
        client: Client,
        price: Price | Unknown,
        means: Means,
        *,
        at_once: int = 1,
        engine: str = "",
    ) -> None:
        self.candidate = candidate
        self.note = means.note
        self.ruler = Ruler()
        self.requests = 0
        """Answered or turned down, those of earlier times not counted."""
        self.usd = 0.0
        """What they cost, as far as it is known."""
        self.reused = 0
        """Replies of earlier times."""
        self.since = _now()
        """When the oldest reply came, in UTC, ISO 8601."""
        self._client = client
        self._price = price
        self._means = means
        self._gate = asyncio.Semaphore(at_once)
        self._number = count()
        self._identity = identity(candidate, engine) if is_lasting(candidate) else None

    @property
    def broken_off(self) -> str | None:
        """Why no more is asked; None while more may be."""
        if self._means.stop.is_set():
            return "stopped"
        return "the budget is spent" if self._means.budget.exhausted else None

    async def ask(self, prompt: Prompt, *, repeat: int = 0) -> Outcome | None:
        """What it answers, now or earlier; None where no more is asked."""
        key = None if self._identity is None else content(self._identity, prompt, repeat)
        replies = self._means.replies
        if key is not None and replies is not None and (kept := replies.get(key)) is not None:
            self.reused += 1
            self.since = min(self.since, kept.asked_at)
            return self._learnt(prompt, kept.reply)
        async with self._gate:
            outcome = await self._paid(prompt)
        if isinstance(outcome, Reply) and key is not None and replies is not None:
            replies.add(key, outcome, self._cost(outcome), _now())
            replies.commit()
        return None if outcome is None else self._learnt(prompt, outcome)

    async def _paid(self, prompt: Prompt) -> Outcome | None:
        """Sends it, if there is time and money for it."""
        budget, name = self._means.budget, self.candidate.name
        unit = Unit(f"limits of {name}", str(next(self._number)), 0)
        priced = not isinstance(self._price, Unknown)
        with budget.worker() if priced else nullcontext():
            if priced and not await budget.fund(unit, lambda: {name: self._worst_usd(prompt)}):
                return None
            outcome: Outcome | None = None
            try:
                if self._means.stop.is_set():
                    return None
                outcome = await self._client.send(prompt)
                self.requests += 1
            finally:
                if priced:
                    self.usd += budget.settle(unit, name, self._cost(outcome))
            return outcome

    def _cost(self, outcome: Outcome | None) -> float | None:
        """By the price list; None where it cannot be known, and then the worst is counted."""
        if isinstance(self._price, Unknown):
            return None
        if outcome is not None and outcome.usage is not None:
            return self._price.usd(outcome.usage)
        free = isinstance(outcome, Failure) and outcome.kind in _FREE_OF_CHARGE
        return 0.0 if free else None

    def _worst_usd(self, prompt: Prompt) -> float:
        assert not isinstance(self._price, Unknown)
        most = size(prompt)
        tokens = most.text_tokens
        if self.ruler.known:
            tokens = min(tokens, ceil(MARGIN * self.ruler.tokens(words_in(prompt))))
        return self._price.worst_usd(tokens, most.max_tokens)

    def _learnt(self, prompt: Prompt, outcome: Outcome) -> Outcome:
        """The server's count of a prompt, unless it left a part of it out."""
        words = words_in(prompt)
        if isinstance(outcome, Reply) and outcome.usage is not None:
            tokens = outcome.usage.input_tokens
            if tokens >= words / 2 and not self.was_cut(prompt, tokens):
                self.ruler.learn(words, tokens)
        return outcome

    def was_cut(self, prompt: Prompt, counted: int) -> bool:
        """Whether the server counted far less than was sent."""
        return self.ruler.known and counted < CUT * self.ruler.tokens(words_in(prompt))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def words_in(prompt: Prompt) -> int:
    return sum(len(message.content.split()) for message in prompt.messages)
