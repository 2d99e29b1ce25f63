"""Texts about costs that are filled in two places: here, and by the page's script."""

from collections.abc import Mapping
from types import MappingProxyType

from visavis.options import Language
from visavis.report.language import N_, Words

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "listed": N_("{name} by its price list"),
        "owned": N_("{name} on your own hardware"),
        "unknown": N_("unknown: {because}"),
        "now": N_("Cheapest at {n} requests a day: {way}, {usd} a month."),
        "now_open": N_(
            "Cheapest at {n} requests a day, as measured: {way}, {usd} a month; not shown to cost "
            "more: {others}."
        ),
        "machines": N_("{machines}, {busy} busy"),
        "always": N_("Cheapest at any number of requests a day: {way}."),
        "up_to": N_("Cheapest up to {to} requests a day: {way}."),
        "from_to": N_("Cheapest from {start} to {to}: {way}."),
        "onwards": N_("Cheapest from {start} requests a day on: {way}."),
        "turns": N_("Between {start} and {to} they take turns, as machines are added."),
        "within": N_("{way}: within {usd} a month up to {n} requests a day."),
        "beyond": N_("{way}: more than {usd} a month at any number of requests a day."),
        "pays": N_(
            "{own} on your own hardware costs no more than {listed} by its price list from {first} "
            "requests a day on{range}."
        ),
        "pays_later": N_(
            "{own} on your own hardware costs no more than {listed} by its price list from {first} "
            "requests a day on{range}, and at any volume from {good} on."
        ),
        "never": N_(
            "{own} on your own hardware never costs less than {listed} by its price list: what one "
            "machine carries, {most} requests a day, costs {usd} a month by the list, and "
            "{machine} on the machine."
        ),
    }
)
"""Filled here and by `money.js`."""


def filled(key: str, lang: Language, /, **fields: object) -> str:
    """One of these texts in the language asked."""
    return Words(lang)(TEXTS[key], **fields)
