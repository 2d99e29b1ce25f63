"""The first cases of a candidate, asked one by one.

A server that is down or a model id that is wrong should cost one line, not a store full of
failures that are then never asked again.
"""

import asyncio
from collections.abc import AsyncIterator

from visavis.core.errors import OptionError, VisavisError
from visavis.core.outcome import Failure
from visavis.core.trial import Trial

GREETINGS = 2
"""Cases that a candidate may turn away at the start before it is taken to be out of reach."""

_TURNED_AWAY = frozenset({"rejected", "unreachable", "crashed"})


async def greeting(
    candidate: str, trials: AsyncIterator[Trial], stop: asyncio.Event
) -> AsyncIterator[Trial]:
    """Trials until the candidate has answered one; raises when it turns the first away."""
    turned_away: list[Failure] = []
    held: list[Trial] = []
    async for trial in trials:
        if isinstance(trial.outcome, Failure) and trial.outcome.kind in _TURNED_AWAY:
            turned_away.append(trial.outcome)
            held.append(trial)
        else:
            yield trial
            if not trial.reused:
                for one in held:
                    yield one
                return
        if len(turned_away) == GREETINGS:
            break
    if turned_away and not stop.is_set():
        raise _out_of_reach(candidate, turned_away[-1])


def _out_of_reach(name: str, failure: Failure) -> VisavisError:
    if failure.kind == "rejected":
        return OptionError(
            f"{name!r} turned the first cases away: {failure.detail}; "
            "check its model id, key and address"
        )
    return VisavisError(f"{name!r} is out of reach ({failure.kind}): {failure.detail}")
