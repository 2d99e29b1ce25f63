"""What a workload costs by a price list: a request, a month. Pure.

Tokens of two models are not the same unit, so a workload's tokens are those of one candidate, the
yardstick: the first of the run whose tokens were counted. Another candidate takes as many more, or
fewer, as it took on the cases that both answered: its tokenizer cuts the same text otherwise, and
it answers at other length. A workload that leaves tokens out stands for what each candidate took
in the run itself. A candidate whose tokens nobody counted is reckoned with those given, as they
are.

The interval comes from the tokens alone: prices and workload are stated, not measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from visavis.core.candidate import Unknown
from visavis.core.tariff import Rates, Tariff
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.means import Means

MONTH_DAYS = 365.25 / 12
"""Of a month of mean length."""
MILLION = 1_000_000

Amount = Estimate | TooFew | float
"""A bare number where nothing in it was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What is asked, day by day."""

    requests_per_day: float = 1000.0
    input_tokens: float | None = None
    """Of one request, by the yardstick's count; None for what each candidate took in the run."""
    output_tokens: float | None = None
    cached_share: float = 0.0
    """Part of the input tokens that the provider reads from its cache."""
    batch_share: float = 0.0
    """Part of the requests that can wait for a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a candidate's requests took, beside the yardstick's on the same cases."""

    means: Means
    """Its input and output tokens, then the yardstick's."""
    by: str = ""
    """The tokenizer that counted them here; empty where its server did."""
    is_yardstick: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What was measured of a candidate on the machine on which it runs."""

    tokens_per_s: Estimate
    """Output of all replies together."""
    under: str = ""
    """The load under which; empty for one request at a time."""
    idle_w: float | None = None
    """What the machine takes at rest; None where it has no counter."""
    joules_per_token: Estimate | None = None
    """Above that, for each output token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costed:
    """One candidate, as far as it costs money."""

    candidate: str
    tariff: Tariff | Unknown
    listed_for: str = ""
    """Whose price it is, where the run asked nobody who takes one: `gpt-4o at OpenAI`."""
    tokens: Counted | Unknown
    per_solved: Mapping[str, Estimate | TooFew] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """USD by benchmark, where cases were graded and have a price."""
    engine: Engine | None = None
    """None where it was asked elsewhere, or its speed was not measured."""


def used(one: Costed, workload: Workload) -> tuple[float, float] | Unknown:
    """Input and output tokens of one request of the workload."""
    taken, made = workload.input_tokens, workload.output_tokens
    if isinstance(one.tokens, Unknown):
        return one.tokens if taken is None or made is None else (taken, made)
    own_in, own_out, yard_in, yard_out = one.tokens.means.values
    return (
        own_in if taken is None else taken * own_in / yard_in,
        own_out if made is None else made * own_out / yard_out,
    )


def written(one: Costed, workload: Workload) -> Amount | Unknown:
    """Output tokens of one request, with their interval where they were measured."""
    tokens = used(one, workload)
    return tokens if isinstance(tokens, Unknown) else _around(one, workload, (0.0, tokens[1]))


def per_request(one: Costed, workload: Workload) -> Amount | Unknown:
    """USD by the price list."""
    tokens = used(one, workload)
    if isinstance(one.tariff, Unknown):
        return one.tariff
    if isinstance(tokens, Unknown):
        return tokens
    parts = _parts(one.tariff, tokens, workload)
    return _around(one, workload, parts)


def per_month(one: Costed, workload: Workload) -> Amount | Unknown:
    """USD by the price list, in a month of mean length."""
    price = per_request(one, workload)
    if isinstance(price, Unknown):
        return price
    return times(price, workload.requests_per_day * MONTH_DAYS)


def per_million_written(usd_per_month: float, tokens: float, workload: Workload) -> float | None:
    """USD for a million output tokens, all told; None where none are written."""
    made = workload.requests_per_day * MONTH_DAYS * tokens
    return usd_per_month / made * MILLION if made else None


def times(amount: Amount, factor: float) -> Amount:
    """So many times the amount."""
    match amount:
        case Estimate(value=value, low=low, high=high):
            return replace(amount, value=value * factor, low=low * factor, high=high * factor)
        case TooFew(mean=mean):
            return replace(amount, mean=None if mean is None else mean * factor)
        case _:
            return amount * factor


def ends(amount: Amount) -> tuple[float, float, float]:
    """Low, middle and high; the same where there is no interval."""
    match amount:
        case Estimate(value=value, low=low, high=high):
            return low, value, high
        case TooFew(mean=mean):
            value = mean or 0.0  # always known of what tokens come to
            return value, value, value
        case _:
            return amount, amount, amount


def _parts(tariff: Tariff, tokens: tuple[float, float], workload: Workload) -> tuple[float, float]:
    """USD of a request's input and of its output; by batch where the list has a price for it."""
    rates = tariff.at(tokens[0])
    short = rates == tariff.rates[0]
    batch = tariff.batch if tariff.batch is not None and short else rates
    shares = (1 - workload.batch_share, rates), (workload.batch_share, batch)
    taken = sum(share * _input_usd(by, workload.cached_share) for share, by in shares)
    made = sum(share * by.output_usd for share, by in shares)
    return tokens[0] * taken / MILLION, tokens[1] * made / MILLION


def _input_usd(rates: Rates, cached: float) -> float:
    return (1 - cached) * rates.input_usd + cached * rates.cached_usd


def _around(one: Costed, workload: Workload, parts: tuple[float, float]) -> Amount:
    """A sum of what input and output come to, with its interval where they were measured.

    By the yardstick's own count, what is stated is exact.
    """
    value = sum(parts)
    if value == 0 or isinstance(one.tokens, Unknown):
        return value
    stated = workload.input_tokens is not None, workload.output_tokens is not None
    own = [part / value for part in parts]
    beside = [-part if is_stated else 0.0 for part, is_stated in zip(own, stated, strict=True)]
    if one.tokens.is_yardstick:
        own, beside = [a + b for a, b in zip(own, beside, strict=True)], [0.0, 0.0]
    return one.tokens.means.around(value, (*own, *beside)) if any(own) else value
