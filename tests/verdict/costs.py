"""Candidates that cost money, as a run would leave them."""

from visavis.core.candidate import Unknown
from visavis.core.tariff import Rates, Tariff
from visavis.stats.estimate import Estimate
from visavis.stats.means import Means, means
from visavis.verdict.workload import Costed, Counted, Engine

UNCOUNTED = Unknown(because="nobody counted its tokens")
UNLISTED = Unknown(because="runs on this machine, no price per token")
TAKEN = ((100.0, 50.0), (140.0, 80.0), (90.0, 20.0), (110.0, 90.0), (160.0, 60.0))


def tariff(
    input_usd: float, output_usd: float, *, cached: float | None = None, batch: float | None = None
) -> Tariff:
    """USD per million tokens; `batch` is a part of them."""
    usual = Rates(
        above=0,
        input_usd=input_usd,
        output_usd=output_usd,
        cached_usd=input_usd if cached is None else cached,
    )
    halved = None
    if batch is not None:
        halved = Rates(
            above=0,
            input_usd=batch * input_usd,
            output_usd=batch * output_usd,
            cached_usd=batch * usual.cached_usd,
        )
    return Tariff(rates=(usual,), batch=halved, source="a list", as_of="2026-11-22")


def counted(more: float = 1.0, wordier: float = 1.0, *, is_yardstick: bool = False) -> Counted:
    """So many times the yardstick's tokens, on average; not on each case the same."""
    spread = (1.0, 1.0, 1.0, 1.0, 1.0) if is_yardstick else (0.8, 1.2, 1.0, 1.1, 0.9)
    rows = [
        [(more * s * read, wordier * s * made, read, made)]
        for s, (read, made) in zip(spread, TAKEN, strict=True)
    ]
    found = means(rows)
    assert isinstance(found, Means)
    return Counted(means=found, is_yardstick=is_yardstick)


def costed(
    candidate: str = "a",
    price: Tariff | Unknown = UNLISTED,
    tokens: Counted | Unknown = UNCOUNTED,
    engine: Engine | None = None,
) -> Costed:
    return Costed(candidate=candidate, tariff=price, tokens=tokens, engine=engine)


def engine(*, joules: bool = False) -> Engine:
    speed = Estimate(value=200.0, low=180.0, high=220.0, n=6, method="blocks")
    if not joules:
        return Engine(tokens_per_s=speed)
    energy = Estimate(value=2.0, low=1.8, high=2.2, n=6, method="blocks")
    return Engine(tokens_per_s=speed, under="at once 4", idle_w=40.0, joules_per_token=energy)
