"""What stands beside a load, in words."""

from collections.abc import Iterator, Sequence

from visavis.core.candidate import Candidate, Fact, Unknown
from visavis.measure.memory_growth import ContextMemory, by_tokens, reckoned_growth
from visavis.options import Language
from visavis.report.background import Item
from visavis.report.language import N_, Words
from visavis.report.retold import retold
from visavis.report.sources import told_source
from visavis.report.speed.beside import Beside, Energy
from visavis.report.speed.words import load_label
from visavis.report.table import CellView, too_few
from visavis.report.text import Numbers, line
from visavis.stats.estimate import Estimate
from visavis.stats.line import slope

_LABELS = {
    "device_peak_bytes": N_("peak device memory"),
    "joules_per_output_token": N_("energy per output token"),
}


def beside_items(beside: Beside, candidates: Sequence[Candidate], lang: Language) -> Iterator[Item]:
    """Memory by context, energy and device memory of each; then what is unknown of them."""
    _ = Words(lang)
    for candidate in candidates:
        name = line(candidate.name)
        points = beside.memory.get(candidate.name)
        if points:
            label = _("memory by context, {name}", name=name)
            yield Item(label=label, value=_memory(points, lang))
        for energy in beside.energy.get(candidate.name, ()):
            label = _("energy per output token, {name}", name=name)
            yield Item(label=label, value=_energy(energy, lang))
    yield from _facts(beside, candidates, lang)
    if isinstance(beside.tokenizer, Unknown):
        because = retold(beside.tokenizer.because, lang).text
        yield Item(label=_("reference tokens"), value=_("unknown: {because}", because=because))


def _memory(points: Sequence[ContextMemory], lang: Language) -> str:
    """Each length beside what is reckoned, then by how much it grows."""
    _, num = Words(lang), Numbers(lang)
    told = [
        _(
            "{n} tokens: {size} (reckoned {reckoned})",
            n=num.count(point.tokens),
            size=num.size(point.peak_bytes),
            reckoned=num.size(point.reckoned_bytes),
        )
        for point in points
    ]
    found, reckoned = slope(by_tokens(points)), reckoned_growth(points)
    if isinstance(found, Estimate) and reckoned is not None:
        told.append(
            _(
                "{size} more for each further token ({interval}; reckoned {reckoned})",
                size=num.size(found.value, found.high - found.low),
                interval=num.interval("bytes", found),
                reckoned=num.size(reckoned),
            )
        )
    return _("; ").join(told)


def _energy(energy: Energy, lang: Language) -> str:
    _, num, found = Words(lang), Numbers(lang), energy.joules_per_token
    if not isinstance(found, Estimate):
        load = load_label(energy.load, lang)
        return _("{label}: {value}", label=load, value=too_few(found, lang))
    width = found.high - found.low
    ends = (num.joules(end, width) for end in (found.low, found.high))
    return _(
        "{load}: {size} ({interval}, {n} blocks); {how}, less {idle} at rest",
        load=load_label(energy.load, lang),
        size=num.joules(found.value, width),
        interval=num.between(*ends),
        n=num.count(found.n),
        how=line(retold(energy.how, lang).text),
        idle=num.watts(energy.idle_w),
    )


def _facts(beside: Beside, candidates: Sequence[Candidate], lang: Language) -> Iterator[Item]:
    """What is the same of all candidates is said once."""
    _ = Words(lang)
    for name, label in _LABELS.items():
        told: dict[str, list[str]] = {}
        for candidate in candidates:
            for fact in beside.facts.get(candidate.name, ()):
                if fact.name == name:
                    told.setdefault(_value(fact, lang), []).append(line(candidate.name))
        for value, names in told.items():
            whose = "" if len(told) == 1 else f", {', '.join(names)}"
            yield Item(label=_(label) + whose, value=value)


def _value(fact: Fact, lang: Language) -> str:
    _ = Words(lang)
    if isinstance(fact.value, Unknown):
        return _("unknown: {because}", because=line(retold(fact.value.because, lang).text))
    size = Numbers(lang).size(float(fact.value))
    return f"{size} ({told_source(fact.source, lang)})"


def reference_cell(beside: Beside, load: str, candidate: str, lang: Language) -> CellView:
    """Output speed in reference tokens, with the throughput in them as a note."""
    _, num, found = Words(lang), Numbers(lang), beside.reference.get((load, candidate))
    if found is None or found.throughput is None:
        return _cell(candidate, _("no reply"))
    notes = (_("{rate} of all together", rate=num.rate(found.throughput)),)
    if not isinstance(found.output, Estimate):
        return _cell(candidate, too_few(found.output, lang), notes=notes)
    return _cell(
        candidate,
        num.rate(found.output.value, found.output.high - found.output.low),
        interval=num.interval("per_s", found.output),
        n=num.n(found.output.n),
        notes=notes,
    )


def _cell(
    name: str, value: str, *, interval: str = "", n: str = "", notes: tuple[str, ...] = ()
) -> CellView:
    return CellView(candidate=name, value=value, interval=interval, n=n, notes=notes, best=False)
