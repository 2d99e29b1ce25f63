"""What candidates' tokens cost by the price lists, and a solved case, one beside the other."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from visavis.core.candidate import Unknown
from visavis.options import Language
from visavis.report.clauses import told
from visavis.report.language import Words
from visavis.report.run_facts import RunFacts
from visavis.report.subjects import title
from visavis.report.text import Numbers, line
from visavis.stats.estimate import Estimate
from visavis.verdict.compare import Judgement
from visavis.verdict.methods import PRICE


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


def reckoned(run: RunFacts) -> Mapping[str, Mapping[str, Estimate]]:
    """What a solved case costs by benchmark and candidate, where nobody paid and it was reckoned
    from tokens and price lists; of benchmarks for which it is known of all."""
    costed = run.money.candidates if run.money else ()
    found: dict[str, dict[str, Estimate]] = {}
    for one in costed:
        for benchmark, price in one.per_solved.items():
            if isinstance(price, Estimate):
                found.setdefault(benchmark, {})[one.candidate] = price
    return {name: of for name, of in found.items() if len(of) == len(costed) > 1}


def per_solved(judgement: Judgement, run: RunFacts, lang: Language) -> Iterator[str]:
    """A sentence a benchmark: as it was paid and compared, else as it is reckoned."""
    _ = Words(lang)
    titles = {spec.name: title(spec, lang) for spec in run.spec.benchmarks}
    paid = [row for row in judgement.rows if row.measure == PRICE and row.gaps]
    for row in paid:
        name = titles.get(row.benchmark, line(row.benchmark))
        yield told(row, _("Price per solved case of {benchmark}", benchmark=name), lang)
    if not paid:
        for benchmark, of in reckoned(run).items():
            yield _reckoned(titles.get(benchmark, line(benchmark)), of, lang)


def _reckoned(title: str, of: Mapping[str, Estimate], lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    prices = [
        _(
            "{name} {price} ({interval})",
            name=line(name),
            price=num.usd(price.value, price.high - price.low),
            interval=num.interval("usd", price),
        )
        for name, price in of.items()
    ]
    return _(
        "A solved case of {benchmark}, reckoned from the tokens of {n} cases by the price list: "
        "{list}.",
        benchmark=title,
        n=num.count(min(price.n for price in of.values())),
        list=_("; ").join(prices),
    )
