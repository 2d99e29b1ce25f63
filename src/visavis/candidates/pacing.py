"""As many requests at once as a server bears: fewer when it is overloaded, else one more a round.

A round is as many outcomes as may be in flight. When the share `f` of a round were overloads, the
next may be `1 - f/2` times as large: halved when all were, hardly touched by a stray one. That is
the rule of DCTCP (Alizadeh et al., 2010), a TCP that shares a limit fairly with whoever else uses
the same key, as any additive increase with multiplicative decrease does (Chiu and Jain, 1989).
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
from visavis.core.tell import tell

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

    While the server asks us to wait, no request goes out. The wait for one's turn is our lateness
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
        self._round = 0
        """Outcomes since `allowed` was last adjusted."""
        self._overloads = 0
        """Those of them that were overloads."""
        self._closed_until = float("-inf")

    @property
    def allowed(self) -> int:
        """Requests that may be in flight now."""
        return max(1, int(self._allowed))

    async def send(self, prompt: Prompt) -> Outcome:
        due = perf_counter()
        late = await self._enter()
        try:
            outcome = await self._inner.send(prompt)
            self._learn(outcome)
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

    def _learn(self, outcome: Outcome) -> None:
        """Adds one outcome to the round, and adjusts `allowed` when the round is full."""
        self._round += 1
        if isinstance(outcome, Failure) and outcome.kind == "overloaded":
            self._overloads += 1
            wait_s = min(outcome.again_after_s or 0.0, LONGEST_PAUSE_S)
            self._closed_until = max(self._closed_until, perf_counter() + wait_s)
        if self._round < self.allowed:
            return
        if self._overloads:
            self._allowed = max(1.0, self._allowed * (1 - self._overloads / self._round / 2))
            self._tell()
        else:
            self._allowed = min(self._at_once, self._allowed + 1)
        self._round = self._overloads = 0

    def _tell(self) -> None:
        if self._note is not None:
            self._note(
                tell(
                    "the server of {name!r} limits the rate: {allowed} of {wanted} requests at "
                    "once, and more again as it allows",
                    name=self._name,
                    allowed=self.allowed,
                    wanted=self._at_once,
                )
            )
            self._note = None
