"""What a candidate's tokens cost, by a maintained price library; visavis keeps no prices.

The library is asked offline, about the provider and the model together: the same weights cost
ten times as much elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache
from typing import NamedTuple

from genai_prices import __version__, data_snapshot
from genai_prices.types import (
    ModelInfo,
    ModelPrice,
    StartDateConstraint,
    TieredPrices,
)

from visavis.candidates.catalog import Known, Sight, catalog
from visavis.candidates.sight import picture_tokens, sight_of
from visavis.core.candidate import Candidate, Unknown
from visavis.core.outcome import Usage
from visavis.core.prompt import Image
from visavis.core.tariff import HERE, UNASKED, UNRECOGNISED, Rates, Tariff
from visavis.core.tell import tell

BATCH = {"processing": "batch"}
"""How the library calls a provider's batch interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price(Tariff):
    """What a provider charges for a model's tokens on one day; its source is the library, its
    version and the newest dated price in its data: its data's date."""

    sight: Sight
    """How this model counts pictures; where nobody here knows, as the dearest of the catalog."""

    def picture_tokens(self, image: Image) -> int:
        """Input tokens that a picture counts as, at high detail."""
        return picture_tokens(image, self.sight)

    def worst_usd(self, input_tokens: int, max_tokens: int) -> float:
        """What a request may cost at most: nothing cached, the reply as long as it may be."""
        return self.usd(Usage(input_tokens=input_tokens, output_tokens=max_tokens))


def price_of(candidate: Candidate, *, today: date | None = None) -> Price | Unknown:
    """The list price of a candidate's tokens, or why there is none. Asks no network."""
    if candidate.kind == "local":
        return HERE
    if candidate.kind != "hosted":
        return UNASKED
    route = catalog().route(candidate.route)
    if route is None or route.prices is None:
        return Unknown(
            because=tell("no price list covers the route {route!r}", route=candidate.route)
        )
    try:
        found = data_snapshot.get_snapshot().find_provider_model(
            candidate.model, None, route.prices, None
        )
    except LookupError:
        return Unknown(
            because=tell(
                "{library} knows no price of {model!r} at {route}",
                library=_library(),
                model=candidate.model,
                route=route.title,
            )
        )
    day = today or datetime.now(UTC).date()
    return _price(found[1], day, sight_of(candidate)) or Unknown(
        because=tell(
            "{library} lists no price per token for {model!r} at {route}",
            library=_library(),
            model=candidate.model,
            route=route.title,
        )
    )


class Listed(NamedTuple):
    """A price of the same model where it can be asked, and whose it is."""

    price: Price
    of: str
    """`gpt-4o-2024-08-06 at OpenAI`."""


def price_recorded(candidate: Candidate, *, today: date | None = None) -> Listed | Unknown:
    """What the model that a recording was made of costs: at its maker's, else at the first host of
    the catalog that still serves it and has a price."""
    ways = catalog().recorded(candidate.system, candidate.model)
    for known in sorted(ways, key=lambda known: not _is_makers(known)):
        lifecycle = catalog().lifecycle(known)
        if lifecycle is not None and lifecycle.status == "shut down":
            continue
        asked = replace(candidate, kind="hosted", route=known.way.route, model=known.way.model)
        price, route = price_of(asked, today=today), catalog().route(known.way.route)
        if route is not None and not isinstance(price, Unknown):
            return Listed(price, f"{known.way.model} at {route.title}")
    return UNRECOGNISED


def _is_makers(known: Known) -> bool:
    route = catalog().route(known.way.route)
    return route is not None and route.title == known.system.maker


def _price(model: ModelInfo, day: date, sight: Sight) -> Price | None:
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    listed, batched = model.get_prices(noon), model.get_prices(noon, BATCH)
    if listed.input_mtok is None or listed.output_mtok is None:
        return None
    return Price(
        rates=tuple(_rates(listed)),
        batch=None if batched == listed else next(_rates(batched)),
        source=f"{_library()}, data to {_data_date(day)}",
        as_of=day.isoformat(),
        sight=sight,
    )


def _rates(listed: ModelPrice) -> Iterator[Rates]:
    """One for each length of prompt at which any price changes.

    The library counts a tier from the first token beyond its start.
    """
    prices = (listed.input_mtok, listed.output_mtok, listed.cache_read_mtok)
    tiered = [price for price in prices if isinstance(price, TieredPrices)]
    starts = {tier.start + 1 for price in tiered for tier in price.tiers}
    for above in (0, *sorted(starts)):
        input_usd, output_usd, cached_usd = (_at(price, above) for price in prices)
        yield Rates(
            above=above,
            input_usd=input_usd or 0.0,
            output_usd=output_usd or 0.0,
            cached_usd=(input_usd or 0.0) if cached_usd is None else cached_usd,
        )


def _at(price: object, input_tokens: int) -> float | None:
    """A price per million tokens in a request with so many input tokens."""
    if isinstance(price, TieredPrices):
        over = [tier.price for tier in price.tiers if input_tokens > tier.start]
        return float(over[-1] if over else price.base)
    return None if price is None else float(str(price))


def _library() -> str:
    return f"genai-prices {__version__}"


@cache
def _data_date(day: date) -> str:
    """The newest day on which a price began, up to `day`.

    The library does not say how old its data are; they are at least as new as that.
    """
    snapshot = data_snapshot.get_snapshot()
    models = (model for provider in snapshot.providers for model in provider.models)
    starts = {start for model in models for start in _starts(model) if start <= day}
    return max(starts).isoformat() if starts else "no known date"


def _starts(model: ModelInfo) -> Iterator[date]:
    listed = model.prices if isinstance(model.prices, list) else []
    for one in (*listed, *(model.price_variants or ())):
        if isinstance(one.constraint, StartDateConstraint):
            yield one.constraint.start_date
