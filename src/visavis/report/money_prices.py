"""What a run's candidates cost, as a table: lists, tokens, and the price of a request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from visavis.core.candidate import Unknown
from visavis.core.tariff import Rates, Tariff
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.money_words import filled
from visavis.report.retold import retold
from visavis.report.sources import told_source
from visavis.report.speed.words import load_label
from visavis.report.subjects import called
from visavis.report.text import Numbers, line
from visavis.report.traces import TOKENS, Trace, trials
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.hardware import NO_SPEED
from visavis.verdict.money import Money
from visavis.verdict.workload import Amount, Costed, Workload, per_request, times

FINEST = 9
"""Decimals of a list price, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A figure with what stands around it; or why there is none."""

    value: str
    around: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    label: str
    cells: tuple[Cell, ...]
    place: str = ""
    """Its id on the page, where something leads to it."""
    trace: Trace | None = None
    """What its figures rest on."""


def row(label: str, cells: Sequence[Cell], trace: Trace | None = None, place: str = "") -> Row:
    return Row(label=label, cells=tuple(cells), place=place, trace=trace)


def reckoned_from(lang: Language) -> Trace:
    """The prices of tokens, and how many of them a request takes."""
    return Trace(label=Words(lang)("prices and tokens"), to=TOKENS)


def amount(known: Amount | Unknown, lang: Language) -> Cell:
    """USD with its interval."""
    num, _ = Numbers(lang), Words(lang)
    match known:
        case Unknown(because=because):
            told = line(retold(because, lang).text)
            return Cell(value=filled("unknown", lang, because=told), known=False)
        case Estimate(value=value, low=low, high=high):
            return Cell(value=num.usd(value, high - low), around=num.interval("usd", known))
        case TooFew(mean=mean):
            return Cell(value=num.usd(mean or 0.0), around=_("no spread to judge by"))
        case _:
            return Cell(value=num.usd(known))


def prices(money: Money, lang: Language) -> Iterator[Row]:
    """List prices, tokens as measured, and what they come to."""
    _ = Words(lang)
    known = money.candidates
    yield row(_("price list"), [_list(one, lang) for one in known])
    yield from _rates(money, lang)
    used = [_tokens(one, lang) for one in known]
    yield row(_("tokens of a request, as measured"), used, trials("", lang), TOKENS)
    if any(one.engine is not None for one in known):
        yield row(_("throughput, as measured"), [_speed(one, lang) for one in known])
    if not any(isinstance(one.tariff, Tariff) for one in known):
        return
    measured = [per_request(one, Workload()) for one in known]
    rests_on = reckoned_from(lang)
    yield row(_("price per request"), [amount(price, lang) for price in measured], rests_on)
    thousand = [p if isinstance(p, Unknown) else times(p, 1000) for p in measured]
    yield row(_("price per 1,000 requests"), [amount(price, lang) for price in thousand], rests_on)
    for benchmark in dict.fromkeys(name for one in known for name in one.per_solved):
        label = _("price per solved case ({benchmark})", benchmark=called(benchmark))
        solved = [_solved(one, benchmark, lang) for one in known]
        yield row(label, solved, trials(benchmark, lang))


def _rates(money: Money, lang: Language) -> Iterator[Row]:
    """USD per million tokens; those that nobody lists are left out."""
    _ = Words(lang)
    tariffs = [None if isinstance(c.tariff, Unknown) else c.tariff for c in money.candidates]
    first = [None if t is None else t.rates[0] for t in tariffs]
    batch = [None if t is None else t.batch for t in tariffs]
    listed = {
        _("input, per million tokens"): [None if r is None else r.input_usd for r in first],
        _("cached input"): [None if r is None else r.cached_usd for r in first],
        _("output, per million tokens"): [None if r is None else r.output_usd for r in first],
        _("input by batch"): [None if r is None else r.input_usd for r in batch],
        _("output by batch"): [None if r is None else r.output_usd for r in batch],
    }
    for above in sorted({rates.above for t in tariffs if t for rates in t.rates[1:]}):
        long = [_beyond(t, above) for t in tariffs]
        over = Numbers(lang).count(above - 1)
        listed[_("input, prompts of over {n} tokens", n=over)] = [
            None if r is None else r.input_usd for r in long
        ]
        listed[_("output, after such prompts")] = [
            None if r is None else r.output_usd for r in long
        ]
    for label, prices in listed.items():
        if any(usd is not None for usd in prices):
            yield row(label, [_rate(usd, lang) for usd in prices])


def _beyond(tariff: Tariff | None, above: int) -> Rates | None:
    """Where the list has rates of its own for such prompts."""
    return next((r for r in tariff.rates if r.above == above), None) if tariff else None


def _rate(usd: float | None, lang: Language) -> Cell:
    _ = Words(lang)
    if usd is None:
        return Cell(value=_("none listed"), known=False)
    places = next(n for n in range(FINEST) if round(usd, n) == round(usd, FINEST))
    return Cell(value=Numbers(lang).printed("usd", usd, places))


def _list(one: Costed, lang: Language) -> Cell:
    """Whose price it is, who says so, and of which day."""
    if isinstance(one.tariff, Unknown):
        return amount(one.tariff, lang)
    _ = Words(lang)
    source = [told_source(one.tariff.source, lang)]
    if one.tariff.as_of:
        source.append(Numbers(lang).day(one.tariff.as_of))
    if not one.listed_for:
        return Cell(value=", ".join(source))
    return Cell(
        value=_("as {model}", model=told_source(one.listed_for, lang)), around=", ".join(source)
    )


def _tokens(one: Costed, lang: Language) -> Cell:
    _, num = Words(lang), Numbers(lang)
    if isinstance(one.tokens, Unknown):
        return amount(one.tokens, lang)
    read, made, *_yardstick = one.tokens.means.values
    by = _("counted here by {tokenizer}", tokenizer=line(one.tokens.by)) if one.tokens.by else ""
    return Cell(
        value=_(
            "{read} in, {made} out", read=num.value("count", read), made=num.value("count", made)
        ),
        around=", ".join(part for part in (num.n(one.tokens.means.n), by) if part),
    )


def _speed(one: Costed, lang: Language) -> Cell:
    """Output a second where it runs, and the energy that it takes, where that was counted."""
    _, num, engine = Words(lang), Numbers(lang), one.engine
    if engine is None:
        return amount(NO_SPEED, lang)
    known = engine.tokens_per_s
    load = load_label(engine.under, lang) if engine.under else _("one request at a time")
    around = [num.interval("per_s", known), load]
    if engine.idle_w is not None and engine.joules_per_token is not None:
        energy = num.joules(engine.joules_per_token.value)
        idle = num.watts(engine.idle_w)
        around.append(_("{idle} at rest, {energy} a token", idle=idle, energy=energy))
    return Cell(value=num.rate(known.value, known.high - known.low), around=", ".join(around))


def _solved(one: Costed, benchmark: str, lang: Language) -> Cell:
    _ = Words(lang)
    if isinstance(one.tariff, Unknown):
        return amount(one.tariff, lang)
    found = one.per_solved.get(benchmark)
    if isinstance(found, Estimate):
        return amount(found, lang)
    return Cell(value=filled("unknown", lang, because=_("too few cases were solved")), known=False)
