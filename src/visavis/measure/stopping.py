"""How a run ends before its end: by Ctrl-C, or by a mistake of ours."""

import asyncio

GRACE_S = 2.0
"""How long a stopped run waits for replies in flight before it gives them up."""


async def until_stopped(job: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    """Wait for `job`; when stopped, no longer than the grace. Raises its first mistake."""
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({job, stopped}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({job}, timeout=GRACE_S)
    finally:
        stopped.cancel()
        job.cancel()
        await asyncio.gather(job, stopped, return_exceptions=True)
    if not job.cancelled() and (error := job.exception()) is not None:
        raise _first(error)


def _first(error: BaseException) -> BaseException:
    """The first mistake in a group of groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
