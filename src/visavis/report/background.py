"""What stands behind the table: facts, benchmarks, provenance, and what to be warned of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from visavis.core.candidate import Candidate, Fact, Unknown
from visavis.core.outcome import Usage
from visavis.core.trial import Trial
from visavis.measure.spec import BenchmarkSpec
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.measures import FACTS, FactWording, fact_wording, why_unknown
from visavis.report.run_facts import RunFacts
from visavis.report.text import Numbers, line
from visavis.verdict.compare import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCell:
    """One fact of one candidate, or why it is unknown."""

    candidate: str
    value: str
    source: str
    """Who says so, and when; empty for an unknown that nobody stated."""
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One fact, a cell for each candidate."""

    label: str
    cells: tuple[FactCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkView:
    """What a reader has to know of a benchmark to read its scores."""

    name: str
    protocol: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A labelled line of the provenance."""

    label: str
    value: str


def fact_rows(run: RunFacts, trials: Sequence[Trial], lang: Language) -> tuple[FactRow, ...]:
    """Every fact of the fixed list, then any other that some candidate has, then what was spent."""
    known = {c.name: {fact.name: fact for fact in _facts_of(c, run)} for c in run.spec.candidates}
    further = dict.fromkeys(name for facts in known.values() for name in facts if name not in FACTS)
    rows = [
        FactRow(
            label=Words(lang)(fact_wording(name).label),
            cells=tuple(_cell(c, name, known[c.name].get(name), lang) for c in run.spec.candidates),
        )
        for name in (*FACTS, *further)
    ]
    return (*rows, *_spent(run.spec.candidates, trials, lang))


def _facts_of(candidate: Candidate, run: RunFacts) -> Iterable[Fact]:
    if candidate.quantisation is not None:
        yield Fact(
            name="quantisation",
            value=candidate.quantisation,
            source=N_("the file's own header"),
            as_of="",
        )
    yield from candidate.facts
    yield from run.facts.get(candidate.name, ())


def _cell(candidate: Candidate, name: str, fact: Fact | None, lang: Language) -> FactCell:
    _, num = Words(lang), Numbers(lang)
    if fact is None:
        because = _(why_unknown(name, candidate))
        return _unknown(candidate, because, "", lang)
    dated = num.day(fact.as_of) if fact.as_of else ""
    source = ", ".join(part for part in (line(_(fact.source)), dated) if part)
    if isinstance(fact.value, Unknown):
        return _unknown(candidate, line(_(fact.value.because)), source, lang)
    return FactCell(
        candidate=candidate.name,
        value=_value(name, fact.value, fact_wording(name), num),
        source=source,
        known=True,
    )


def _unknown(candidate: Candidate, because: str, source: str, lang: Language) -> FactCell:
    _ = Words(lang)
    return FactCell(
        candidate=candidate.name,
        value=_("unknown: {because}", because=because),
        source=source,
        known=False,
    )


def _value(name: str, value: float | str, words: FactWording, num: Numbers) -> str:
    if isinstance(value, str):
        return num.day(value) if name == "knowledge_cutoff" else line(value)
    if name == "parameters":
        return num.big(value)
    return num.count(value) if words.unit in (None, "count") else num.value(words.unit, value)


def _spent(
    candidates: Iterable[Candidate], trials: Sequence[Trial], lang: Language
) -> Iterable[FactRow]:
    """What this run took: trials, tokens and money; a reused reply was paid for earlier."""
    _, num = Words(lang), Numbers(lang)
    if not trials:
        return
    asked, tokens, paid = [], [], []
    here = _("counted in this run")
    for candidate in candidates:
        own = [trial for trial in trials if trial.key.candidate == candidate.name]
        fresh = [trial for trial in own if not trial.reused]
        asked.append(_counted(candidate, num.count(len(own)), here))
        usages = [usage for trial in fresh if (usage := trial.outcome.usage) is not None]
        tokens.append(
            _counted(candidate, _tokens(usages, lang), here)
            if usages
            else _unknown(candidate, _("nobody counted them"), "", lang)
        )
        sums = [trial.usd for trial in fresh if trial.usd is not None]
        paid.append(
            _counted(candidate, num.usd(sum(sums)), here)
            if sums
            else _unknown(
                candidate, _(why_unknown("usd_per_million_input_tokens", candidate)), "", lang
            )
        )
    yield FactRow(label=_("trials"), cells=tuple(asked))
    yield FactRow(label=_("tokens read and written"), cells=tuple(tokens))
    yield FactRow(label=_("spent in this run"), cells=tuple(paid))


def _tokens(usages: Sequence[Usage], lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    return _(
        "{read} read, {written} written",
        read=num.count(sum(usage.input_tokens for usage in usages)),
        written=num.count(sum(usage.output_tokens for usage in usages)),
    )


def _counted(candidate: Candidate, value: str, source: str) -> FactCell:
    return FactCell(candidate=candidate.name, value=value, source=source, known=True)


def benchmarks(specs: Iterable[BenchmarkSpec], lang: Language) -> tuple[BenchmarkView, ...]:
    """Protocol, source, chance and departures of each benchmark."""
    _ = Words(lang)
    return tuple(
        BenchmarkView(
            name=known.name,
            protocol=_(
                "{protocol}, version {version}", protocol=known.protocol, version=known.version
            ),
            lines=tuple(_benchmark_lines(known, lang)),
        )
        for known in specs
    )


def _benchmark_lines(known: BenchmarkSpec, lang: Language) -> Iterable[str]:
    _, num = Words(lang), Numbers(lang)
    yield _.plural(
        "{n} case; {source}",
        "{n} cases; {source}",
        known.cases,
        n=num.count(known.cases),
        source=line(known.source),
    )
    if known.chance is not None:
        yield _("Guessing scores {share}.", share=num.share(known.chance))
    for departure in known.departures:
        yield _("Departs from the published procedure: {how}", how=line(departure))


def warnings(run: RunFacts, trials: Sequence[Trial], lang: Language) -> tuple[str, ...]:
    """What a reader must know before believing or using the table."""
    leaving = (told for c in run.spec.candidates for told in _leaving(c, run, lang))
    return (*_partial(run, trials, lang), *leaving)


def _partial(run: RunFacts, trials: Sequence[Trial], lang: Language) -> Iterable[str]:
    _, num = Words(lang), Numbers(lang)
    asked = {benchmark.name for benchmark in run.spec.benchmarks}
    done = sum(1 for trial in trials if trial.key.benchmark in asked)  # others measure speed
    if done < run.planned:
        yield _(
            "This run is not finished: {done} of {planned} trials are in. "
            "Go on with: visavis resume {name}",
            done=num.count(done),
            planned=num.count(run.planned),
            name=line(run.name),
        )


def _leaving(candidate: Candidate, run: RunFacts, lang: Language) -> Iterable[str]:
    """That a hosted snapshot will leave, or has left, by the day of the run."""
    _, num, life = Words(lang), Numbers(lang), candidate.lifecycle
    if life is None or (life.shutdown_date is None and life.status == "active"):
        return
    who = f"{candidate.name} ({candidate.snapshot}, {candidate.route})"
    if life.shutdown_date is None:
        said = _("{who} is marked {status}; no date is given.", who=who, status=_(life.status))
    elif life.status == "shut down" or life.shutdown_date <= run.started_at[:10]:
        said = _("{who} was shut down ({day}).", who=who, day=num.day(life.shutdown_date))
    else:
        said = _("{who} will be shut down ({day}).", who=who, day=num.day(life.shutdown_date))
    if life.successor is not None:
        said += " " + _("Its successor: {successor}.", successor=line(life.successor))
    source = _("Source: {source}, {day}.", source=line(life.source), day=num.day(life.as_of))
    yield f"{said} {source}"


_STATUS = (N_("deprecated"), N_("shut down"))


def provenance(
    judgement: Judgement, run: RunFacts, trials: Sequence[Trial], lang: Language
) -> tuple[Item, ...]:
    """Where the figures come from: enough to run it again, and to doubt it."""
    _, num = Words(lang), Numbers(lang)
    finished = run.finished_at or max((t.asked_at for t in trials if not t.reused), default="")
    items = (
        (_("run"), run.name),
        (_("begun"), num.moment(run.started_at)),
        (_("last asked"), num.moment(finished) if finished else ""),
        (_("policy"), judgement.policy),
        (_("machine"), _machine(run.spec.machine, lang)),
        (_("versions"), _listed(run.versions)),
        (_("seed and repeats"), f"{run.spec.seed}, {run.spec.repeats}"),
        (_("further options"), _listed(run.spec.defaulted)),
        *((_("snapshot of {name}", name=c.name), c.snapshot) for c in run.spec.candidates),
        *((_("note"), note) for note in run.notes),
    )
    return tuple(Item(label=line(label), value=line(value)) for label, value in items if value)


def _machine(machine: Mapping[str, Any], lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    cores, memory = machine.get("cores"), machine.get("memory_bytes")
    parts = (
        str(machine.get("cpu", "")),
        _.plural("{n} core", "{n} cores", cores, n=num.count(cores)) if cores else "",
        _("{size} of memory", size=num.size(memory)) if memory else "",
        str(machine.get("system", "")),
    )
    return ", ".join(part for part in parts if part)


def _listed(things: Mapping[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {_plain(value)}" for name, value in things.items())


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return "+".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
