"""One candidate, several clients: a prompt goes to the one that can ask in its way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from visavis.core.client import Client
from visavis.core.outcome import Outcome
from visavis.core.prompt import Prompt


@asynccontextmanager
async def by_way(
    usual: Client, choosing: Callable[[], AbstractAsyncContextManager[Client]]
) -> AsyncIterator[Client]:
    """`usual`, but for `choose` prompts the client that `choosing` opens when the first comes."""
    async with AsyncExitStack() as stack:
        yield _ByWay(usual, choosing, stack)


class _ByWay:
    def __init__(
        self,
        usual: Client,
        choosing: Callable[[], AbstractAsyncContextManager[Client]],
        stack: AsyncExitStack,
    ) -> None:
        self._usual = usual
        self._choosing = choosing
        self._stack = stack
        self._opening = asyncio.Lock()
        self._chooser: Client | None = None

    async def send(self, prompt: Prompt) -> Outcome:
        if prompt.way != "choose":
            return await self._usual.send(prompt)
        async with self._opening:
            if self._chooser is None:
                self._chooser = await self._stack.enter_async_context(self._choosing())
        return await self._chooser.send(prompt)
