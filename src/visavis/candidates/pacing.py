"""As many requests at once as a server bears: halved when it is overloaded, raised one by one.

That is TCP's additive increase and multiplicative decrease (Chiu and Jain, 1989), which shares a
limit fairly with whoever else uses the same key.
"""

import asyncio
from collections.abc import Callable
from random import Random
from time import perf_counter
from typing import Final

from visavis.candidates.retrying import Retrying, due_at
from visavis.core.client import Client
from visavis.core.outcome import Failure, Outcome
from visavis.core.prompt import Prompt

LONGEST_PAUSE_S: Final = 30.0
"""However long a server asks everybody to wait."""


def careful(
    client: Client, *, name: str, at_once: int, note: Callable[[str], None], rng: Random
) -> Client:
    """The client with retries and pacing: for cases, never for measuring speed.

    `name` is the candidate's; the waits' spread is drawn from `rng`.
    """
    return Retrying(Pacing(client, name=name, at_once=at_once, note=note), rng=rng)


class Pacing:
    """Lets at most `allowed` requests through at a time, and learns `allowed` from the answers.

    Requests that were in flight together meet an overload together: that counts once. While the
    server asks us to wait, no request goes out. The wait for one's turn is our lateness
    (`Stamps.late_s`), never the server's latency.
    """

    def __init__(
        self, inner: Client, *, name: str, at_once: int, note: Callable[[str], None]
    ) -> None:
        self._inner = inner
        self._name = name
        self._at_once = at_once
        self._note: Callable[[str], None] | None = note
        """None once the user was told."""
        self._allowed = float(at_once)
        self._in_flight = 0
        self._waiting = 0
        self._turn = asyncio.Condition()
        self._slowed_at = float("-inf")
        self._closed_until = float("-inf")

    @property
    def allowed(self) -> int:
        """Requests that may be in flight now."""
        return max(1, int(self._allowed))

    async def send(self, prompt: Prompt) -> Outcome:
        due = perf_counter()
        late = await self._enter()
        sent = perf_counter()
        try:
            outcome = await self._inner.send(prompt)
            self._learn(outcome, sent)
        finally:
            self._in_flight -= 1
            await self._call_next()
        return due_at(due, outcome) if late else outcome

    async def _enter(self) -> bool:
        """Waits for a turn; whether there was any wait."""
        late = self._in_flight >= self.allowed
        if late:
            async with self._turn:
                self._waiting += 1
                try:
                    await self._turn.wait_for(lambda: self._in_flight < self.allowed)
                finally:
                    self._waiting -= 1
        self._in_flight += 1
        try:
            while (left_s := self._closed_until - perf_counter()) > 0:
                late = True
                await asyncio.sleep(left_s)
        except asyncio.CancelledError:
            self._in_flight -= 1
            await self._call_next()
            raise
        return late

    async def _call_next(self) -> None:
        free = self.allowed - self._in_flight
        if self._waiting and free > 0:
            async with self._turn:
                self._turn.notify(free)

    def _learn(self, outcome: Outcome, sent: float) -> None:
        if not isinstance(outcome, Failure):
            self._allowed = min(self._at_once, self._allowed + 1 / self._allowed)
        elif outcome.kind == "overloaded" and outcome.again_after_s is not None:
            wait_s = min(outcome.again_after_s, LONGEST_PAUSE_S)
            self._closed_until = max(self._closed_until, perf_counter() + wait_s)
            if sent > self._slowed_at:
                self._slowed_at = perf_counter()
                self._allowed = max(1.0, self._allowed / 2)
                self._tell()

    def _tell(self) -> None:
        if self._note is not None:
            self._note(
                f"the server of {self._name!r} limits the rate: {self.allowed} at once instead of "
                f"{self._at_once}, and more again as it allows"
            )
            self._note = None
