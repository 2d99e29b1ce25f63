"""What candidates' tokens cost by the price lists, one beside the other."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from visavis.core.candidate import Unknown
from visavis.report.run_facts import RunFacts


class TokenPrice(NamedTuple):
    """USD of a million tokens, of short prompts."""

    read: float
    written: float


def token_prices(run: RunFacts) -> Mapping[str, TokenPrice]:
    """By candidate, where a list has them."""
    return {
        one.candidate: TokenPrice(one.tariff.rates[0].input_usd, one.tariff.rates[0].output_usd)
        for one in (run.money.candidates if run.money else ())
        if not isinstance(one.tariff, Unknown)
    }


def cheaper_by(prices: Mapping[str, TokenPrice], name: str, other: str) -> float | None:
    """How many times as much the other's tokens cost at least; None where they do not cost more,
    both read and written."""
    if name == other or not {name, other} <= prices.keys():
        return None
    pairs = list(zip(prices[name], prices[other], strict=True))
    if not all(0 < own < others for own, others in pairs):
        return None
    return min(others / own for own, others in pairs)


def cheapest(prices: Mapping[str, TokenPrice], names: Sequence[str]) -> str | None:
    """The one whose tokens cost less than everybody's; None where nobody's do, or not all are
    known."""
    for name in names:
        others = [other for other in names if other != name]
        if others and all(cheaper_by(prices, name, other) is not None for other in others):
            return name
    return None
