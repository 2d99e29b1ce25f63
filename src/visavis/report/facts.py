"""What is known of each candidate and what the run took of it: shown, never averaged."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from visavis.core.candidate import Candidate, Fact, Unknown
from visavis.core.trial import Trial
from visavis.measure.limits.found import Limits
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.limits_found import BENEATH, Found, found, source
from visavis.report.measures import FACTS, fact_wording, why_unknown
from visavis.report.retold import retold
from visavis.report.run_facts import RunFacts
from visavis.report.sources import told_source
from visavis.report.text import Numbers, line


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCell:
    """One fact of one candidate, or why it is unknown."""

    candidate: str
    value: str
    source: str
    """Who says so, and when; empty for an unknown that nobody stated."""
    known: bool
    interval: str = ""
    """This and the next are of what was found by asking."""
    n: str = ""
    notes: tuple[str, ...] = ()

    @property
    def around(self) -> str:
        """What stands in brackets behind the value."""
        return ", ".join(part for part in (self.interval, self.n) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One fact, a cell for each candidate."""

    name: str
    """As candidates have it; what the run took is `trials`, `tokens`, `spent` or `charged`, what
    was found by asking as `BENEATH` calls it."""
    label: str
    cells: tuple[FactCell, ...]


def fact_rows(run: RunFacts, trials: Sequence[Trial], lang: Language) -> tuple[FactRow, ...]:
    """Every fact of the fixed list, then any other that some candidate has, then what was spent;
    beneath what is stated what was found by asking."""
    known = {c.name: _by_name(_facts_of(c, run)) for c in run.spec.candidates}
    further = dict.fromkeys(name for facts in known.values() for name in facts if name not in FACTS)
    stated = (
        FactRow(
            name=name,
            label=Words(lang)(fact_wording(name).label),
            cells=tuple(
                _cell(c, name, known[c.name].get(name, []), lang) for c in run.spec.candidates
            ),
        )
        for name in (*FACTS, *further)
    )
    rows = (row for one in stated for row in (one, *_found(one.name, run, lang)))
    return (*rows, *_spent(run, trials, lang))


def _found(fact: str, run: RunFacts, lang: Language) -> Iterator[FactRow]:
    """What was found of what a fact states, where it was asked for."""
    for row in BENEATH.get(fact, ()):
        of = {name: found(row, limits, lang) for name, limits in run.limits.items()}
        if any(of.values()):
            cells = tuple(_found_of(one, of.get(one.name), lang) for one in run.spec.candidates)
            yield FactRow(name=row.name, label=Words(lang)(row.label), cells=cells)


def _found_of(candidate: Candidate, told: tuple[Limits, Found] | None, lang: Language) -> FactCell:
    if told is None:
        return _unknown(candidate, Words(lang)(N_("not asked for")), "", lang)
    of, said = told
    return FactCell(
        candidate=candidate.name,
        value=said.value,
        source=source(of, candidate.name, lang),
        known=said.known,
        interval=said.interval,
        n=said.n,
        notes=said.notes,
    )


def _by_name(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """Several facts of one name where sources speak of the same thing: all of them are shown."""
    named: dict[str, list[Fact]] = {}
    for fact in facts:
        named.setdefault(fact.name, []).append(fact)
    return named


def _facts_of(candidate: Candidate, run: RunFacts) -> Iterable[Fact]:
    facts = (*candidate.facts, *run.facts.get(candidate.name, ()))
    stated = any(fact.name == "quantisation" for fact in facts)
    if candidate.quantisation is not None and not stated:
        yield Fact(
            name="quantisation",
            value=candidate.quantisation,
            source=N_("the file's own header"),
            as_of="",
        )
    yield from facts


def _cell(candidate: Candidate, name: str, facts: Sequence[Fact], lang: Language) -> FactCell:
    """What is known by this name; where sources disagree, each value with who says so."""
    _ = Words(lang)
    sources: dict[str, list[str]] = {}
    for fact in facts:
        if not isinstance(fact.value, Unknown):
            value = _value(name, fact.value, lang)
            sources.setdefault(value, []).append(_source(fact, lang))
    if not sources:
        return _not_known(candidate, name, facts, lang)
    told = {value: _("; ").join(part for part in parts if part) for value, parts in sources.items()}
    if len(told) > 1:
        told = {v: _("{label}: {value}", label=v, value=source) for v, source in told.items()}
    return FactCell(
        candidate=candidate.name,
        value=_(" or ").join(told),
        source=_("; ").join(told.values()),
        known=True,
    )


def _not_known(candidate: Candidate, name: str, facts: Sequence[Fact], lang: Language) -> FactCell:
    _ = Words(lang)
    for fact in facts:
        if isinstance(fact.value, Unknown):
            because = line(retold(fact.value.because, lang).text)
            return _unknown(candidate, because, _source(fact, lang), lang)
    return _unknown(candidate, _(why_unknown(name, candidate)), "", lang)


def _source(fact: Fact, lang: Language) -> str:
    dated = Numbers(lang).day(fact.as_of) if fact.as_of else ""
    return ", ".join(part for part in (told_source(fact.source, lang), dated) if part)


def _unknown(candidate: Candidate, because: str, source: str, lang: Language) -> FactCell:
    _ = Words(lang)
    return FactCell(
        candidate=candidate.name,
        value=_("unknown: {because}", because=because),
        source=source,
        known=False,
    )


def _value(name: str, value: float | str, lang: Language) -> str:
    num, unit = Numbers(lang), fact_wording(name).unit
    if isinstance(value, str):
        return num.day(value) if name == "knowledge_cutoff" else line(_stated(value, lang))
    if name == "parameters":
        return num.big(value)
    if unit == "usd":
        return num.stated_usd(value)
    return num.count(value) if unit in (None, "count") else num.value(unit, value)


def _stated(value: str, lang: Language) -> str:
    told = retold(value, lang)
    return told.text if told.lang == lang else Words(lang)(value)


def _spent(run: RunFacts, trials: Sequence[Trial], lang: Language) -> Iterable[FactRow]:
    """What this run took: trials, tokens and money; a reused reply was paid for earlier."""
    _, num, candidates = Words(lang), Numbers(lang), run.spec.candidates
    if not trials:
        return
    own = defaultdict[str, list[Trial]](list)
    for trial in trials:
        own[trial.key.candidate].append(trial)
    counted = (_counted(c, num.count(len(own[c.name])), lang) for c in candidates)
    yield FactRow(name="trials", label=_("trials"), cells=tuple(counted))
    tokens = (_tokens(c, own[c.name], lang) for c in candidates)
    if any(candidate.kind != "recorded" for candidate in candidates) or _counted_by_any(trials):
        yield FactRow(name="tokens", label=_("tokens read and written"), cells=tuple(tokens))
    paid = (_paid(c, own[c.name], lang) for c in candidates)
    yield FactRow(name="spent", label=_("spent in this run"), cells=tuple(paid))
    if run.charged_usd:
        charged = (_charged(c, run.charged_usd.get(c.name, 0.0), lang) for c in candidates)
        yield FactRow(name="charged", label=_("spent beside it, at most"), cells=tuple(charged))


def _counted_by_any(trials: Iterable[Trial]) -> bool:
    """False of recordings without counts, whose texts the prices count anew."""
    return any(trial.outcome.usage is not None for trial in trials)


def _tokens(candidate: Candidate, own: Sequence[Trial], lang: Language) -> FactCell:
    _, num = Words(lang), Numbers(lang)
    if _all_reused(own):
        return _counted(candidate, _("none: every reply was reused"), lang)
    usages = [u for trial in own if not trial.reused and (u := trial.outcome.usage) is not None]
    if not usages:
        return _unknown(candidate, _("nobody counted them"), "", lang)
    told = _(
        "{read} read, {written} written",
        read=num.count(sum(usage.input_tokens for usage in usages)),
        written=num.count(sum(usage.output_tokens for usage in usages)),
    )
    return _counted(candidate, told, lang)


def _paid(candidate: Candidate, own: Sequence[Trial], lang: Language) -> FactCell:
    _ = Words(lang)
    if _all_reused(own):
        return _counted(candidate, _("none: every reply was reused"), lang)
    paid_usd = [trial.usd for trial in own if not trial.reused and trial.usd is not None]
    if not paid_usd:
        because = _(why_unknown("usd_per_million_input_tokens", candidate))
        return _unknown(candidate, because, "", lang)
    return _counted(candidate, Numbers(lang).usd(sum(paid_usd)), lang)


def _charged(candidate: Candidate, usd: float, lang: Language) -> FactCell:
    _ = Words(lang)
    return FactCell(
        candidate=candidate.name,
        value=Numbers(lang).usd(usd),
        source=_("warm-ups, and requests without a price: the highest they may have"),
        known=True,
    )


def _all_reused(own: Sequence[Trial]) -> bool:
    return bool(own) and all(trial.reused for trial in own)


def _counted(candidate: Candidate, value: str, lang: Language) -> FactCell:
    _ = Words(lang)
    source = _("counted in this run")
    return FactCell(candidate=candidate.name, value=value, source=source, known=True)
