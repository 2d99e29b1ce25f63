"""What a run's candidates cost, as data: for `visavis money --json`, and for the page's script.

USD, a month of 365.25/12 days; an absence is null, with the reason beside it.
"""

from dataclasses import asdict
from itertools import product
from math import isinf
from typing import Any

from visavis.core.candidate import Unknown
from visavis.core.tariff import Rates, Tariff
from visavis.report.documents import document
from visavis.stats.estimate import Estimate
from visavis.verdict.hardware import Curve
from visavis.verdict.methods import NOT_MEASURED
from visavis.verdict.money import MOST_MACHINES, Money, Way, break_even, cheapest, volume_within
from visavis.verdict.workload import MONTH_DAYS, Amount, Costed, Counted, Engine, ends


def as_json(money: Money) -> bytes:
    """Everything that `visavis money` prints, and what it comes from."""
    ways = money.ways()
    curves = [way.outlay.curve for way in ways if not isinstance(way.outlay, Unknown)]
    own, listed = ([c for c in curves if c.owned is owned] for owned in (True, False))
    return document(
        {
            "month_days": MONTH_DAYS,
            "tokens_of": money.yardstick,
            "workload": asdict(money.workload),
            "hardware": None if money.hardware is None else asdict(money.hardware),
            "candidates": [_costed(one) for one in money.candidates],
            "limit_usd": money.limit_usd,
            "ways": [_way(way, money.limit_usd) for way in ways],
            "break_even": [asdict(break_even(a, b)) for a, b in product(own, listed)],
            "cheapest": [
                {
                    "start": one.start,
                    "end": None if isinf(one.end) else one.end,
                    "ways": [{"candidate": c.candidate, "owned": c.owned} for c in one.curves],
                }
                for one in cheapest(curves)
            ],
        }
    )


def for_script(money: Money) -> dict[str, Any]:
    """What `money.js` reckons with: prices, means of tokens with their covariances, speeds."""
    return {
        "month_days": MONTH_DAYS,
        "most_machines": MOST_MACHINES,
        "candidates": [
            {
                "name": one.candidate,
                "rates": _listed(one),
                "batch": _batch(one),
                "tokens": _counted(one),
                "engine": _engine(one.engine),
            }
            for one in money.candidates
        ],
    }


def _listed(one: Costed) -> list[list[float]] | None:
    return None if isinstance(one.tariff, Unknown) else [_rates(r) for r in one.tariff.rates]


def _batch(one: Costed) -> list[float] | None:
    if isinstance(one.tariff, Unknown) or one.tariff.batch is None:
        return None
    return _rates(one.tariff.batch)


def _rates(rates: Rates) -> list[float]:
    return [rates.above, rates.input_usd, rates.output_usd, rates.cached_usd]


def _counted(one: Costed) -> dict[str, Any] | None:
    if isinstance(one.tokens, Unknown):
        return None
    means = one.tokens.means
    return {
        "means": means.values,
        "covariance": means.covariance,
        "reach": means.reach,
        "yardstick": one.tokens.is_yardstick,
    }


def _engine(engine: Engine | None) -> dict[str, Any] | None:
    if engine is None:
        return None
    joules = engine.joules_per_token
    return {
        "tokens_per_s": ends(engine.tokens_per_s),
        "idle_w": engine.idle_w,
        "joules_per_token": None if joules is None else ends(joules),
    }


def _costed(one: Costed) -> dict[str, Any]:
    return {
        "candidate": one.candidate,
        "price_of": one.listed_for or None,
        **_tariff(one.tariff),
        **_tokens(one.tokens),
        "usd_per_solved_case": {name: _known(found) for name, found in one.per_solved.items()},
    }


def _tariff(tariff: Tariff | Unknown) -> dict[str, Any]:
    if isinstance(tariff, Unknown):
        return {"price_unknown_because": tariff.because, "price_list": None}
    told = {
        "usd_per_million_tokens": [asdict(rates) for rates in tariff.rates],
        "by_batch": None if tariff.batch is None else asdict(tariff.batch),
        "source": tariff.source,
        "as_of": tariff.as_of or None,
    }
    return {"price_unknown_because": None, "price_list": told}


def _tokens(tokens: Counted | Unknown) -> dict[str, Any]:
    if isinstance(tokens, Unknown):
        return {"tokens_unknown_because": tokens.because, "tokens": None}
    read, made, *_yardstick = tokens.means.values
    taken = {
        "input": read,
        "output": made,
        "cases": tokens.means.n,
        "counted_by": tokens.by or None,
    }
    return {"tokens_unknown_because": None, "tokens": taken}


def _way(way: Way, limit_usd: float | None) -> dict[str, Any]:
    found = way.outlay
    told: dict[str, Any] = {"candidate": way.candidate, "owned": way.owned}
    if isinstance(found, Unknown):
        return {**told, "unknown_because": found.because}
    return {
        **told,
        "unknown_because": None,
        "usd_per_month": _known(found.usd_per_month),
        "usd_per_million_output_tokens": found.usd_per_million_tokens,
        "machines": found.machines,
        "busy": found.busy,
        "requests_per_day_per_machine": _finite(found.curve),
        "requests_per_day_within_limit": _within(found.curve, limit_usd),
    }


def _within(curve: Curve, limit_usd: float | None) -> float | None:
    """Null without a limit, where it is always passed, and where it never is."""
    most = None if limit_usd is None else volume_within(curve, limit_usd)
    return None if most is None or isinf(most) else most


def _finite(curve: Curve) -> float | None:
    return None if isinf(curve.requests_per_machine) else curve.requests_per_machine


def _known(amount: Amount) -> dict[str, float | None]:
    """Null for an end that nobody knows."""
    low, value, high = ends(amount)
    if isinstance(amount, Estimate):
        return {"value": value, "low": low, "high": high}
    return {"value": None if amount == NOT_MEASURED else value, "low": None, "high": None}
