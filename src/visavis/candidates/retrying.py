"""Asks again where that is right: an overloaded server, a connection that broke before a word.

Every other failure is an answer about the candidate, and is kept.
"""

import asyncio
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import perf_counter

from visavis.core.client import Client
from visavis.core.outcome import Failure, Outcome, Retry
from visavis.core.prompt import Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often to ask, and how long to wait in between."""

    tries: int = 5
    """In all, the first one included."""
    first_wait_s: float = 0.5
    """Mean wait before the second try; doubled before each further one."""
    longest_wait_s: float = 30.0
    """However long a server asks us to wait."""

    def wait_s(self, tried: int, asked_s: float, rng: random.Random) -> float:
        """Seconds to wait after `tried` tries: what the server asks for, and a little more, by
        chance, so that those who were turned away together do not come back together."""
        spread_s = self.first_wait_s * 2.0**tried * rng.random()
        return min(asked_s + spread_s, self.longest_wait_s)


class Retrying:
    """Asks again while a failure says that this is right, and records each try on the outcome.

    Speed runs are never wrapped in this: a retry would hide the very thing measured.
    """

    def __init__(
        self,
        inner: Client,
        *,
        rng: random.Random,
        patience: Patience = Patience(),
    ) -> None:
        self._inner = inner
        self._rng = rng
        self._patience = patience

    async def send(self, prompt: Prompt) -> Outcome:
        due = perf_counter()
        outcome = await self._inner.send(prompt)
        retries = outcome.retries
        for tried in range(1, self._patience.tries):
            if not isinstance(outcome, Failure) or outcome.again_after_s is None:
                break
            wait_s = self._patience.wait_s(tried, outcome.again_after_s, self._rng)
            retries += (Retry(because=f"{outcome.kind}: {outcome.detail}", waited_s=wait_s),)
            await asyncio.sleep(wait_s)
            outcome = await self._inner.send(prompt)
            retries += outcome.retries
        if retries == outcome.retries:
            return outcome
        return due_at(due, replace(outcome, retries=retries))


def due_at(due: float, outcome: Outcome) -> Outcome:
    """The same outcome, due at that instant: whatever came before `sent` is lateness of ours."""
    stamps = outcome.stamps
    return outcome if stamps is None else replace(outcome, stamps=replace(stamps, due=due))


def seconds_asked(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds that a server asks us to wait; None when it asks for none that can be read.

    `Retry-After` is seconds or an HTTP date (RFC 9110, 10.2.3); `retry-after-ms` is OpenAI's,
    and finer.
    """
    exact_ms = _number(headers.get("retry-after-ms", ""))
    if exact_ms is not None:
        return exact_ms / 1000
    text = headers.get("Retry-After", "")
    asked_s = _number(text)
    if asked_s is not None:
        return asked_s
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())


def _number(text: str) -> float | None:
    """A finite number, at least 0."""
    try:
        number = float(text)
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None
