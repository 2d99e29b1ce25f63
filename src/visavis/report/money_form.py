"""The calculator on the page: its fields, and what its script says."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from visavis.core.candidate import Unknown
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.money_words import TEXTS
from visavis.report.retold import retold
from visavis.report.text import Numbers, line
from visavis.verdict.hardware import BOUNDS, NO_POWER, NO_SPEED, Hardware
from visavis.verdict.money import Money
from visavis.verdict.workload import Workload, used

SHARES = ("cached_share", "batch_share", "load")
"""Written in per cent."""
LIMIT = "limit_usd"
USUAL = Hardware(usd=0.0)
"""What stands in fields that nobody set; a price of machines is not among it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One number that a reader can set."""

    name: str
    label: str
    hint: str
    value: str
    """As a number field holds it, whatever the language; empty where nothing is stated."""
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A candidate that may run on one's own hardware."""

    name: str
    value: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    workload: tuple[Field, ...]
    hardware: tuple[Field, ...]
    own: tuple[Choice, ...]


def form(money: Money, lang: Language) -> Form:
    """The fields, with what the report reckons with in them."""
    hardware = money.hardware or USUAL
    values = {
        **{one.name: getattr(money.workload, one.name) for one in fields(Workload)},
        **{one.name: getattr(hardware, one.name) for one in fields(Hardware)},
    }
    if money.hardware is None:
        values["usd"] = None
    values[LIMIT] = money.limit_usd
    said = _labels(money, lang)
    made = {name: _field(name, *said[name], values[name]) for name in said}
    return Form(
        workload=(*(made[one.name] for one in fields(Workload)), made[LIMIT]),
        hardware=tuple(made[one.name] for one in fields(Hardware)),
        own=tuple(
            Choice(name=line(one.candidate), value=str(at), checked=one.candidate in money.own)
            for at, one in enumerate(money.candidates)
        ),
    )


def _field(name: str, label: str, hint: str, value: float | None) -> Field:
    scale = 100 if name in SHARES else 1
    low, high = (f"{scale * end:.12g}" for end in BOUNDS[name])
    told = "" if value is None else f"{scale * value:.12g}"
    return Field(name=name, label=label, hint=hint, value=told, low=low, high=high)


def _labels(money: Money, lang: Language) -> dict[str, tuple[str, str]]:
    """What a field asks for, and what an empty one means."""
    _, measured = Words(lang), list(_measured(money, lang))
    taken, made = measured or ("", "")
    speeds = [one for one in money.candidates if one.engine is not None]
    power = any(one.engine and one.engine.joules_per_token for one in speeds)
    as_measured = _("empty: as measured")
    return {
        "requests_per_day": (_("requests a day"), ""),
        "input_tokens": (_("input tokens of a request"), taken),
        "output_tokens": (_("output tokens of a request"), made),
        "cached_share": (_("of the input from the cache, %"), ""),
        "batch_share": (_("of the requests by batch, %"), _("those that can wait a day")),
        LIMIT: (_("limit, USD a month"), _("empty: none")),
        "usd": (_("price of a machine, USD"), _("empty: no hardware of your own")),
        "years": (_("years for which it is used"), ""),
        "usd_per_kwh": (_("electricity, USD per kWh"), ""),
        "hours_per_day": (_("hours a day that it is on"), ""),
        "load": (_("planned load, %"), _("requests do not come evenly")),
        "watts": (_("power, watts"), as_measured if power else ""),
        "tokens_per_s": (_("throughput, tokens written a second"), as_measured if speeds else ""),
    }


def _measured(money: Money, lang: Language) -> Iterator[str]:
    """What an empty field for tokens stands for."""
    _, num = Words(lang), Numbers(lang)
    for one in money.candidates:
        tokens = used(one, Workload())
        if one.candidate == money.yardstick and not isinstance(tokens, Unknown):
            for count in tokens:
                yield _("empty: as measured, {n}", n=num.value("count", count))


def script_words(money: Money, lang: Language) -> dict[str, Any]:
    """What the script fills in, in the view's language."""
    _ = Words(lang)
    return {
        **{name: _(text) for name, text in TEXTS.items()},
        "names": [line(one.candidate) for one in money.candidates],
        "because": [
            {
                "price": _because(one.tariff, lang),
                "tokens": _because(one.tokens, lang),
                "speed": _because(NO_SPEED, lang),
                "power": _because(NO_POWER, lang),
            }
            for one in money.candidates
        ],
        "and": _("{first} and {last}"),
        "few": _("no spread to judge by"),
        "wrong": _("{field}: write a number from {low} to {high}."),
        "chart": _("USD a month against requests a day"),
        "across": _("requests a day"),
        "up": _("USD a month"),
    }


def _because(known: object, lang: Language) -> str:
    return line(retold(known.because, lang).text) if isinstance(known, Unknown) else ""
