"""Published figures in words: each claim, what is known, and how it stands.

`visavis claims` shows them by system, a run's report beside what was measured of its candidates.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Any

from visavis.options import Language
from visavis.report.documents import document
from visavis.report.export_claims import claimed
from visavis.report.language import N_, NN_, Words
from visavis.report.sources import told_source
from visavis.report.text import Numbers, Unit, line
from visavis.stats.estimate import Estimate
from visavis.verdict.claims import (
    BY_THOUSAND,
    Because,
    Checked,
    Claim,
    Known,
    Source,
    Standing,
    figure,
    printed_places,
)

CRITERIA: Mapping[str, tuple[str, Unit]] = MappingProxyType(
    {
        "parameters": (N_("parameters"), "count"),
        "context_window": (N_("context window, tokens"), "count"),
        "max_output": (N_("largest output, tokens"), "count"),
        "knowledge_cutoff": (N_("knowledge cutoff"), "plain"),
        "output_speed": (N_("output speed"), "per_s"),
        "time_to_first_token": (N_("time to first token"), "s"),
        "mmlu": (N_("MMLU"), "share"),
        "humaneval": (N_("HumanEval"), "share"),
        "math": (N_("MATH"), "share"),
        "glue": (N_("GLUE"), "share"),
        "mmmu": (N_("MMMU"), "share"),
        "humaneval+": (N_("HumanEval+"), "share"),
        "math500": (N_("MATH-500"), "share"),
        "mmmu-pro": (N_("MMMU-Pro"), "share"),
        "gsm8k": (N_("GSM8K"), "share"),
        "mgsm": (N_("MGSM"), "share"),
        "ifeval": (N_("IFEval"), "share"),
        "case_zorks": (N_("the Zorks and Yorks puzzle"), "plain"),
        "case_arkanoid": (N_("the Arkanoid game"), "plain"),
        "price_input": (N_("price per million input tokens"), "usd"),
        "price_output": (N_("price per million output tokens"), "usd"),
        "memory": (N_("memory"), "bytes"),
        "multilingual": (N_("languages"), "plain"),
        "safety": (N_("safety"), "plain"),
        "availability": (N_("availability"), "plain"),
    }
)
PRINTED = (
    N_("pass"),
    N_("fail"),
    N_("code needs manual debugging"),
    N_("runs; all ten requirements met"),
    N_("a wide range of languages and dialects"),
    N_("a reduced set of languages"),
    N_("RLHF, instruction hierarchy, jailbreak resistance"),
    N_("API, Chat Completions API, Batch API"),
)
"""What the claims that come with the program say in words."""
STANDINGS: Mapping[Standing, str] = MappingProxyType(
    {
        "consistent": N_("consistent"),
        "contradicted": N_("contradicted"),
        "contradicts another claim": N_("contradicts another claim"),
        "cannot be checked": N_("cannot be checked"),
    }
)
_COUNTED: Mapping[Standing, tuple[str, str]] = MappingProxyType(
    {
        "consistent": NN_("{n} is consistent", "{n} are consistent"),
        "contradicted": NN_("{n} is contradicted", "{n} are contradicted"),
        "contradicts another claim": NN_(
            "{n} contradicts another claim", "{n} contradict other claims"
        ),
        "cannot be checked": NN_("{n} cannot be checked", "{n} cannot be checked"),
    }
)
REASONS: Mapping[Because, str] = MappingProxyType(
    {
        "what is known agrees with it": N_("what is known agrees with it"),
        "what is known differs from it": N_("what is known differs from it"),
        "another source states another figure": N_("another source states another figure"),
        "it is no figure": N_("it is no figure"),
        "one try proves nothing": N_("one try proves nothing"),
        "its maker does not say, and nobody else can know": N_(
            "its maker does not say, and nobody else can know"
        ),
        "nothing of the kind was measured here": N_("nothing of the kind was measured here"),
        "it does not say by which protocol": N_("it does not say by which protocol"),
        "it was measured by another protocol only": N_("it was measured by another protocol only"),
        "only other hosts' figures are known": N_("only other hosts' figures are known"),
        "what was tried does not reach so far": N_("what was tried does not reach so far"),
        "of the last months before a cutoff little is known": N_(
            "of the last months before a cutoff little is known"
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim beside what was measured."""

    printed: str
    source: str
    """Who printed it, and when."""
    standing: Standing
    told: str
    """How it stands, and by what or why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The claims that a run measured something of, for a short table."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    further: str
    """How many more there are, of what was not measured; empty where there are none."""
    sources: tuple[str, ...]


def _short(source: Source, lang: Language) -> str:
    _ = Words(lang)
    return _("source {name}", name=line(source.name))


def heads(lang: Language) -> tuple[str, ...]:
    """Of a table's columns."""
    _ = Words(lang)
    return _("claim"), _("printed"), _("source"), _("known"), _("so it is")


def tables(
    checked: Sequence[Checked], lang: Language
) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """One a system: its name, and a row for each claim."""
    for system, these in groupby(_by_system(checked), key=lambda one: one.claim.system):
        yield line(system), [_row(one, lang) for one in these]


def sums(checked: Sequence[Checked], lang: Language) -> str:
    """How many stand how."""
    _, num = Words(lang), Numbers(lang)
    told = [
        _.plural(*forms, n, n=num.count(n))
        for standing, forms in _COUNTED.items()
        if (n := sum(one.standing == standing for one in checked))
    ]
    count = _.plural("{n} claim", "{n} claims", len(checked), n=num.count(len(checked)))
    return _("{count}: {told}.", count=count, told=_.listed(told))


def sources(checked: Iterable[Checked], lang: Language) -> Iterator[str]:
    """Who printed them, each once, by the name that a table has room for."""
    _ = Words(lang)
    for source in dict.fromkeys(one.claim.source for one in checked):
        yield _("{label}: {value}", label=_short(source, lang), value=printer(source, lang))


def printers(checked: Iterable[Checked], lang: Language) -> tuple[str, ...]:
    """The same where sources go by their titles."""
    return tuple(printer(one, lang) for one in dict.fromkeys(each.claim.source for each in checked))


def claim_view(one: Checked, lang: Language) -> ClaimView:
    """A claim as it stands beside a figure."""
    unit = CRITERIA[one.claim.criterion][1]
    return ClaimView(
        printed=_as_printed(one.claim, unit, lang),
        source=printer(one.claim.source, lang),
        standing=one.standing,
        told=_stands(one, unit, lang),
    )


def claim_views(checked: Iterable[Checked], lang: Language) -> tuple[ClaimView, ...]:
    """Several of them; what two sources print alike is told once."""
    alike: dict[tuple[str, str], list[ClaimView]] = {}
    for one in checked:
        seen = claim_view(one, lang)
        alike.setdefault((seen.printed, seen.told), []).append(seen)
    return tuple(
        replace(first, source=Words(lang)("; ").join(one.source for one in (first, *others)))
        for first, *others in alike.values()
    )


def beside(checked: Sequence[Checked], lang: Language) -> Beside | None:
    """Claims with what the run measured of the same; None where nothing was published."""
    if not checked:
        return None
    _, num = Words(lang), Numbers(lang)
    measured = [one for one in checked if one.measured]
    n = len(checked) - len(measured)
    more = _.plural(
        "{n} more published figure: on the page, or by visavis claims.",
        "{n} more published figures: on the page, or by visavis claims.",
        n,
        n=num.count(n),
    )
    return Beside(
        heads=(_("candidate"), _("claim"), _("printed"), _("known"), _("so it is")),
        rows=tuple((line(one.candidate), *_row_beside(one, lang)) for one in measured),
        further=more if n else "",
        sources=tuple(sources(measured, lang)),
    )


def _row_beside(one: Checked, lang: Language) -> Iterator[str]:
    _, (label, unit) = Words(lang), CRITERIA[one.claim.criterion]
    yield _(label)
    yield f"{_printed(one.claim, unit, lang)} ({_short(one.claim.source, lang)})"
    yield _("; ").join(_known(known, unit, lang) for known in one.measured)
    yield _so(one, unit, lang)


def as_json(checked: Iterable[Checked]) -> bytes:
    """Figures as printed and in the unit in which they are known; what speaks for and against."""
    return document([_data(one) for one in checked])


def _by_system(checked: Sequence[Checked]) -> list[Checked]:
    systems = list(dict.fromkeys(one.claim.system for one in checked))
    criteria = list(CRITERIA)
    return sorted(
        checked,
        key=lambda one: (systems.index(one.claim.system), criteria.index(one.claim.criterion)),
    )


def _row(one: Checked, lang: Language) -> tuple[str, ...]:
    _ = Words(lang)
    label, unit = CRITERIA[one.claim.criterion]
    known = _("; ").join(dict.fromkeys(_known(fact, unit, lang) for fact in one.known))
    return (
        _(label),
        _printed(one.claim, unit, lang),
        line(one.claim.source.name),
        known or "–",
        _so(one, unit, lang),
    )


def printer(source: Source, lang: Language) -> str:
    """Who printed a figure, and when."""
    _ = Words(lang)
    when = Numbers(lang).day(source.published) if source.published else _("undated")
    return f"{_titled(source, lang)}, {when}"


def _titled(source: Source, lang: Language) -> str:
    _ = Words(lang)
    return _("“{title}”", title=line(source.title))


def _as_printed(claim: Claim, unit: Unit, lang: Language) -> str:
    """Also in the unit in which it was printed, where that is another."""
    told = _printed(claim, unit, lang)
    if claim.unit != BY_THOUSAND or isinstance(claim.value, str):
        return told
    _, exponent = Words(lang), Decimal(repr(claim.value)).normalize().as_tuple().exponent
    figure = Numbers(lang).printed("usd", claim.value, max(0, -int(exponent)))
    return _("{price} (printed: {figure} per 1,000 tokens)", price=told, figure=figure)


def _stands(one: Checked, unit: Unit, lang: Language) -> str:
    _ = Words(lang)
    values = {known.value: known for known in reversed(one.by)}
    by = _("; ").join(_known(known, unit, lang) for known in reversed(values.values()))
    match one.standing:
        case "consistent":
            return _("consistent with {known}", known=by)
        case "contradicted":
            return _("contradicted by {known}", known=by)
    return _so(one, unit, lang, _titled)


def _so(
    one: Checked, unit: Unit, lang: Language, named: Callable[[Source, Language], str] = _short
) -> str:
    _ = Words(lang)
    said = _(STANDINGS[one.standing])
    if one.standing == "contradicts another claim":
        others = [
            _("{label}: {value}", label=named(c.source, lang), value=_printed(c, unit, lang))
            for c in one.against
        ]
        return f"{said} ({', '.join(others)})"
    if one.standing == "cannot be checked":
        return _("{label}: {value}", label=said, value=_(REASONS[one.because]))
    return said


def _known(known: Known, unit: Unit, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    told = _value(known.value, unit, lang)
    match known:
        case Known(value=float(value), low=float(low), high=float(high)):
            told = num.interval(unit, Estimate(value=value, low=low, high=high, n=1, method=""))
        case Known(low=str(low), high=str(high)):
            told = _("between {low} and {high}", low=num.day(low), high=num.day(high))
        case Known(value=str(), at_least=True):
            told = _("not before {day}", day=told)
        case Known(at_least=True):
            told = _("at least {n}", n=told)
    by = f"{line(known.protocol)}, " if known.protocol else ""
    return f"{told} ({by}{told_source(known.source, lang)}, {num.day(known.as_of)})"


def _printed(claim: Claim, unit: Unit, lang: Language) -> str:
    """With the digits that it was printed with, in the unit in which it is known."""
    if unit in ("usd", "per_s") and not isinstance(claim.value, str):
        return Numbers(lang).printed(unit, float(figure(claim)), printed_places(claim))
    return _value(figure(claim), unit, lang)


def _value(value: float | str, unit: Unit, lang: Language) -> str:
    num = Numbers(lang)
    if isinstance(value, str):
        return num.day(Words(lang)(value)) if unit == "plain" else line(value)
    width = 0.001 if unit == "share" else 0.0
    return num.big(value) if unit == "count" and value >= 1e6 else num.value(unit, value, width)


def _data(one: Checked) -> dict[str, Any]:
    return {
        **asdict(claimed(one.claim)),
        "standing": one.standing,
        "because": one.because,
        "known": list(one.known),
        "against": list(map(claimed, one.against)),
    }
