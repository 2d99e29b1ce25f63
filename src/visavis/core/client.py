"""The seam to the outside: the one method by which any candidate is asked."""

from typing import Protocol

from visavis.core.outcome import Outcome
from visavis.core.prompt import Prompt


class Client(Protocol):
    """Sends one prompt to one candidate.

    Whatever a candidate may do to us (reject, stall, break off) comes back as
    a `Failure`. An exception means the mistake is ours, and ends the run.
    """

    async def send(self, prompt: Prompt) -> Outcome: ...
