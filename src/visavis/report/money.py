"""What a run's candidates cost, in words: prices, a workload's month, and where owning pays.

The page's script says the same of any workload that a reader sets: it fills the same texts, and a
test holds the two against each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from visavis.core.candidate import Unknown
from visavis.core.tariff import Tariff
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.money_form import Form, form, script_words
from visavis.report.money_prices import Cell, Row, amount, prices, reckoned_from, row
from visavis.report.money_words import filled
from visavis.report.text import NBSP, Numbers, line
from visavis.report.traces import Trace
from visavis.verdict.hardware import Curve, Outlay
from visavis.verdict.money import Money, Way, as_cheap, break_even, cheapest, least, volume_within
from visavis.verdict.workload import (
    MONTH_DAYS,
    Counted,
    Workload,
    ends,
)

MOST_STRETCHES = 4
LITTLE = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyView:
    """What the candidates cost, in words."""

    names: tuple[str, ...]
    prices: tuple[Row, ...]
    """A cell for each candidate."""
    about: tuple[str, ...]
    """What prices and tokens rest on."""
    workload: str
    month_heads: tuple[str, ...]
    month: tuple[Row, ...]
    """A row for each way to have a candidate."""
    reckoned_from: Trace
    told: tuple[str, ...]
    """Which is the cheapest when, and where owning pays."""
    form: Form
    words: dict[str, Any]
    """What the page's script says."""
    reckoned: Money


def money_view(money: Money, lang: Language) -> MoneyView:
    """Word it."""
    return MoneyView(
        names=tuple(line(one.candidate) for one in money.candidates),
        prices=tuple(prices(money, lang)),
        about=tuple(_about(money, lang)),
        workload=workload_told(money, lang),
        month_heads=month_heads(lang),
        month=tuple(month(way, money, lang) for way in money.ways()),
        reckoned_from=reckoned_from(lang),
        told=tuple(told(money, lang)),
        form=form(money, lang),
        words=script_words(money, lang),
        reckoned=money,
    )


def worth_saying(money: Money) -> bool:
    """Some candidate has a price, or is to run on hardware of one's own."""
    return bool(money.own) or any(isinstance(one.tariff, Tariff) for one in money.candidates)


def _about(money: Money, lang: Language) -> Iterator[str]:
    """What the tokens of a workload are, and what is not known of them."""
    _ = Words(lang)
    if money.yardstick is not None and len(money.candidates) > 1:
        yield _(
            "Tokens of two candidates are not the same unit: a workload is given in those of "
            "{name}. Any other takes as many more, or fewer, as it took on the cases that both "
            "answered.",
            name=line(money.yardstick),
        )
    uncounted = [line(one.candidate) for one in money.candidates if isinstance(one.tokens, Unknown)]
    if uncounted:
        yield _(
            "Nobody counted the tokens of {names}: those of the workload are taken as they are.",
            names=_.listed(uncounted),
        )
    if any(isinstance(one.tokens, Counted) and one.tokens.by for one in money.candidates):
        yield _(
            "Where the recording holds no count, texts were counted here; a model's own tokenizer "
            "may count otherwise, and its server adds a few tokens around each message."
        )
    if any(isinstance(way.outlay, Outlay) for way in money.ways()):
        yield _("What is cheapest when is reckoned at the middle of each interval.")


def workload_told(money: Money, lang: Language) -> str:
    """What is reckoned with, in one line."""
    _, num, load = Words(lang), Numbers(lang), money.workload
    read, made = (
        _("as measured") if tokens is None else _volume(tokens, lang)
        for tokens in (load.input_tokens, load.output_tokens)
    )
    return _(
        "{n} requests a day, a month of {days} days; input tokens: {read}, of which {cached} from "
        "the cache; output tokens: {made}; {batch} of the requests by batch.",
        n=_volume(load.requests_per_day, lang),
        days=num.decimal(MONTH_DAYS, 2),
        read=read,
        made=made,
        cached=num.share(load.cached_share),
        batch=num.share(load.batch_share),
    )


def month_heads(lang: Language) -> tuple[str, ...]:
    _ = Words(lang)
    return (
        "",
        _("a month"),
        _("1,000 requests"),
        _("a million tokens written"),
        _("machines"),
    )


def month(way: Way, money: Money, lang: Language) -> Row:
    """What one way costs, all told."""
    label = named(way.candidate, way.owned, lang)
    if isinstance(way.outlay, Unknown):
        return row(label, [amount(way.outlay, lang), *(Cell(value="–", known=False),) * 3])
    _, num, found = Words(lang), Numbers(lang), way.outlay
    asked = money.workload.requests_per_day * MONTH_DAYS
    usd = ends(found.usd_per_month)[1]
    each = num.usd(usd / asked * 1000) if asked else "–"
    written = found.usd_per_million_tokens
    standing = "–"
    if found.machines:
        standing = filled(
            "machines", lang, machines=num.count(found.machines), busy=_busy(found.busy, lang)
        )
    return row(
        label,
        [
            amount(found.usd_per_month, lang),
            Cell(value=each),
            Cell(value="–" if written is None else num.usd(written)),
            Cell(value=standing),
        ],
    )


def _busy(part: float, lang: Language) -> str:
    """To a tenth of a per cent; a little is not nothing."""
    little = "<" + NBSP if 0 < part < LITTLE else ""
    return little + Numbers(lang).share(max(part, LITTLE) if little else part, 0.05)


def named(candidate: str, is_owned: bool, lang: Language) -> str:
    return filled("owned" if is_owned else "listed", lang, name=line(candidate))


def told(money: Money, lang: Language) -> Iterator[str]:
    """Which is the cheapest at which volume, and from where on owning pays."""
    outlays = [way.outlay for way in money.ways() if isinstance(way.outlay, Outlay)]
    curves = [one.curve for one in outlays]
    if curves:
        yield _now(outlays, money.workload, lang)
    if len(curves) > 1:
        yield from _stretches(curves, lang)
    for own in (curve for curve in curves if curve.owned):
        for listed in (curve for curve in curves if not curve.owned):
            yield _break_even(own, listed, lang)
    if money.limit_usd is not None:
        yield from (_within(curve, money.limit_usd, lang) for curve in curves)


def _ways(curves: Sequence[Curve], lang: Language) -> str:
    """Those that cost the same, in one breath."""
    return Words(lang).listed([named(one.candidate, one.owned, lang) for one in curves])


def _now(outlays: Sequence[Outlay], workload: Workload, lang: Language) -> str:
    best = least([one.curve for one in outlays], workload.requests_per_day)
    others = as_cheap(outlays, workload)
    return filled(
        "now_open" if others else "now",
        lang,
        n=_volume(workload.requests_per_day, lang),
        way=_ways(best, lang),
        usd=Numbers(lang).usd(best[0].usd(workload.requests_per_day)),
        others=_ways(others, lang),
    )


def _stretches(curves: Sequence[Curve], lang: Language) -> Iterator[str]:
    """The first ones, and the last; between them they may change as often as machines are added."""
    found = cheapest(curves)
    ways = [_ways(one.curves, lang) for one in found]
    if len(found) == 1:
        yield filled("always", lang, way=ways[0])
        return
    yield filled("up_to", lang, to=_volume(found[0].end, lang), way=ways[0])
    shown = len(found) - 1 if len(found) <= MOST_STRETCHES else MOST_STRETCHES - 1
    for one, way in list(zip(found, ways, strict=True))[1:shown]:
        start, to = _volume(one.start, lang), _volume(one.end, lang)
        yield filled("from_to", lang, start=start, to=to, way=way)
    last = found[-1]
    if shown < len(found) - 1:
        start, to = _volume(found[shown].start, lang), _volume(last.start, lang)
        yield filled("turns", lang, start=start, to=to)
    yield filled("onwards", lang, start=_volume(last.start, lang), way=ways[-1])


def _break_even(own: Curve, listed: Curve, lang: Language) -> str:
    num, found = Numbers(lang), break_even(own, listed)
    names = {"own": line(own.candidate), "listed": line(listed.candidate)}
    if found.first is None:
        most = own.requests_per_machine
        return filled(
            "never",
            lang,
            **names,
            most=_volume(most, lang),
            usd=num.usd(listed.usd(most)),
            machine=num.usd(own.usd(most)),
        )
    first = _volume(found.first, lang)
    around = ""
    if found.low != found.high:
        low, high = (inf if end is None else end for end in (found.low, found.high))
        around = f" ({num.between(_volume(low, lang), _volume(high, lang))})"
    if found.for_good in (None, found.first):
        return filled("pays", lang, **names, first=first, range=around)
    good = _volume(found.for_good, lang)
    return filled("pays_later", lang, **names, first=first, range=around, good=good)


def _within(curve: Curve, limit_usd: float, lang: Language) -> str:
    most, way = volume_within(curve, limit_usd), named(curve.candidate, curve.owned, lang)
    usd = Numbers(lang).usd(limit_usd)
    if most is None:
        return filled("beyond", lang, way=way, usd=usd)
    return filled("within", lang, way=way, usd=usd, n=_volume(most, lang))


def _volume(requests_per_day: float, lang: Language) -> str:
    """Tenths only of small numbers that have some."""
    is_fine = requests_per_day < 100 and requests_per_day % 1
    return Numbers(lang).decimal(requests_per_day, 1 if is_fine else 0)
