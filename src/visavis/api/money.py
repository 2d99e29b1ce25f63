"""`visavis money`: what a run's candidates cost, by price lists and on hardware of one's own."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date

from visavis.api.around import Surroundings, find
from visavis.api.comparison import Comparison
from visavis.api.costs import limit_of, money_of, repriced, with_speed
from visavis.api.speed_run import SpeedRun
from visavis.core.errors import OptionError
from visavis.core.registry import unknown
from visavis.core.tariff import Rates, Tariff
from visavis.core.tell import tell
from visavis.measure.spec import is_speed
from visavis.options import MoneyOptions
from visavis.verdict.hardware import Hardware, stated
from visavis.verdict.money import Money
from visavis.verdict.policy import DEFAULT
from visavis.verdict.policy_file import policy_of
from visavis.verdict.workload import Workload

GIVEN = tell("stated by you")
"""Source of a price that a user gave."""


def money(run: str, options: MoneyOptions, around: Surroundings) -> Money:
    """What a run knows of costs, for the workload and the hardware asked for."""
    folder = find(run, around.home)
    if is_speed(folder):
        raise OptionError(
            f"run {folder.name!r} measured speed alone; name a comparison, and this one by --speed"
        )
    seen, day = Comparison(folder), _day(options.day)
    counts = seen.tokens
    found = money_of(seen.facts, counts, seen.judgement, day)
    names = [one.candidate for one in found.candidates]
    found = repriced(found, dict(_prices(options.price, names)), counts)
    if options.speed:
        measured = find(options.speed, around.home)
        if not is_speed(measured):
            raise OptionError(f"run {options.speed!r} is no speed run; see 'visavis speed -h'")
        found = with_speed(found, SpeedRun(measured).figures)
    policy = policy_of(options.policy) if options.policy else DEFAULT
    return replace(
        found,
        workload=_workload(options, policy.workload or Workload()),
        hardware=_hardware(options, policy.hardware),
        own=tuple(_known(name, names) for name in options.own) or found.own,
        limit_usd=_given(options, ["limit_usd"]).get("limit_usd", limit_of(policy)),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OptionError(f"--day {text!r} is no day; write 2026-11-22") from None


def _known(name: str, names: list[str]) -> str:
    if name not in names:
        raise unknown("candidate of this run", name, names)
    return name


def _prices(given: tuple[str, ...], names: list[str]) -> Iterator[tuple[str, Tariff]]:
    """`NAME=INPUT/OUTPUT`, USD per million tokens."""
    for text in given:
        name, _, price = text.rpartition("=")
        try:
            read, written = (float(usd) for usd in price.split("/"))
        except ValueError:
            read = written = -1.0
        if not (0 <= read <= 1e6 and 0 <= written <= 1e6):
            raise OptionError(
                f"--price {text!r} is no price; write 'NAME=0.15/0.60', USD per million tokens"
            )
        rates = Rates(above=0, input_usd=read, output_usd=written, cached_usd=read)
        tariff = Tariff(rates=(rates,), batch=None, source=GIVEN, as_of="")
        yield _known(name, names), tariff


def _workload(options: MoneyOptions, base: Workload) -> Workload:
    return replace(base, **_given(options, [one.name for one in fields(Workload)]))


def _hardware(options: MoneyOptions, base: Hardware | None) -> Hardware | None:
    """None where no price of a machine is known."""
    names = [one.name for one in fields(Hardware) if one.name != "usd"]
    given = _given(options, names)
    if options.hardware_usd is not None:
        base = replace(base or Hardware(usd=0.0), usd=stated("usd", options.hardware_usd))
    if base is None and (given or options.own):
        raise OptionError("own hardware has no price yet; add --hardware-usd")
    return None if base is None else replace(base, **given)


def _given(options: MoneyOptions, names: list[str]) -> Mapping[str, float]:
    """The figures that were given, each checked."""
    told = {name: getattr(options, name) for name in names}
    return {name: stated(name, value) for name, value in told.items() if value is not None}
