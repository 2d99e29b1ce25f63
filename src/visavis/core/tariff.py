"""What a provider charges for tokens, as a list of prices says it."""

from dataclasses import dataclass

from visavis.core.candidate import Unknown
from visavis.core.outcome import Usage
from visavis.core.tell import tell

HERE = Unknown(because=tell("runs on this machine, no price per token"))
UNASKED = Unknown(because=tell("no model is asked, no price per token"))
UNRECOGNISED = Unknown(because=tell("no price list covers the model that was recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """USD per million tokens, for requests with more than `above` input tokens.

    A longer prompt may put all tokens of its request at another rate, output included.
    """

    above: int
    input_usd: float
    output_usd: float
    cached_usd: float
    """Input that the provider reads from its cache; as other input where it lists no price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A price list of one model's tokens, on one day."""

    rates: tuple[Rates, ...]
    """By length of the prompt, the shortest first; most models have one."""
    batch: Rates | None
    """By the batch interface, answered within a day, for short prompts; None where none is
    listed."""
    source: str
    """Who says so, and how new it is."""
    as_of: str
    """ISO date for which the prices were looked up."""

    def at(self, input_tokens: float) -> Rates:
        """What holds for a request with so many input tokens."""
        return next(r for r in reversed(self.rates) if input_tokens >= r.above)

    def usd(self, usage: Usage) -> float:
        """What these tokens cost, cached input at its own rate."""
        rates = self.at(usage.input_tokens)
        fresh = usage.input_tokens - usage.cached_tokens
        millionths = (
            fresh * rates.input_usd
            + usage.cached_tokens * rates.cached_usd
            + usage.output_tokens * rates.output_usd
        )
        return millionths / 1_000_000
