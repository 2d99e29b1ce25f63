"""Where the figures come from: enough to run it again, and to doubt it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from shlex import quote
from typing import Any

from visavis.core.candidate import Candidate, Fact
from visavis.core.trial import Trial
from visavis.measure.spec import BenchmarkSpec, tries
from visavis.measure.speed import SPEED
from visavis.options import Language, flag
from visavis.report.background import Item
from visavis.report.language import Words
from visavis.report.retold import Retold, retold
from visavis.report.run_facts import RunFacts
from visavis.report.sources import told_source
from visavis.report.text import Numbers, line
from visavis.verdict.compare import Judgement

_Told = Iterable[tuple[str, str | Retold]]


def provenance(
    judgement: Judgement, run: RunFacts, trials: Sequence[Trial], lang: Language
) -> tuple[Item, ...]:
    """Everything known of how the figures came about; what is not known is left out."""
    _ = Words(lang)
    parts: tuple[tuple[str, _Told], ...] = (
        (_("The run"), _run(judgement, run, trials, lang)),
        (_("Who was asked"), _candidates(run, lang)),
        (_("What was asked"), (_cases(one, lang) for one in run.spec.benchmarks)),
        (_("How it was judged"), _method(judgement, run, lang)),
        (_("On what machine"), _machine_and_versions(run, lang)),
        (_("Noted on the way"), ((_("note"), retold(note, lang)) for note in run.notes)),
    )
    return tuple(
        _item(about, label, value, lang) for about, told in parts for label, value in told if value
    )


def _item(about: str, label: str, value: str | Retold, lang: Language) -> Item:
    if isinstance(value, str):
        return Item(label=line(label), value=line(value), about=about)
    other = value.lang if value.lang != lang else None
    return Item(label=line(label), value=line(value.text), about=about, lang=other)


def _run(judgement: Judgement, run: RunFacts, trials: Sequence[Trial], lang: Language) -> _Told:
    _, num = Words(lang), Numbers(lang)
    asked = {one.name for one in run.spec.candidates if one.kind != "recorded"}
    own = [t for t in trials if not t.reused and (t.key.candidate in asked or not asked)]
    last = max((trial.asked_at for trial in own), default="")
    return (
        (_("run"), run.label),
        (_("to show it again"), f"visavis show {quote(run.label)} --format html"),
        (_("begun"), num.moment(run.started_at)),
        (_("last asked") if asked else _("compared on"), num.moment(last) if last else ""),
        (_("policy"), judgement.policy),
        (_("seed and repeats"), f"{run.spec.seed}, {' / '.join(map(str, tries(run.spec)))}"),
        (_("further options"), _options(run.spec.defaulted, lang)),
    )


def asked_again(judgement: Judgement, run: RunFacts, lang: Language) -> str:
    """What the run's command does when it is given once more."""
    _ = Words(lang)
    if all(one.kind == "recorded" for one in run.spec.candidates):
        return _("It asks nobody: the replies are recorded, and are scored again.")
    said = _(
        "On the same machine it takes replies paid for before, and counts them as reused; with "
        "--no-reuse it asks everything anew."
    )
    if not any(row.benchmark == SPEED for row in judgement.rows):
        return said
    return said + " " + _("Speed is measured anew in any case.")


def _candidates(run: RunFacts, lang: Language) -> Iterator[tuple[str, str]]:
    _ = Words(lang)
    for candidate in run.spec.candidates:
        yield _("model of {name}", name=candidate.name), f"{candidate.model} ({candidate.route})"
        yield _("snapshot of {name}", name=candidate.name), candidate.snapshot
        yield _("prices of {name}", name=candidate.name), _prices(candidate, run, lang)


def _prices(candidate: Candidate, run: RunFacts, lang: Language) -> str:
    """Whose list, of which day; nothing where it has no price."""
    _, num = Words(lang), Numbers(lang)
    known: Iterable[Fact] = (*run.facts.get(candidate.name, ()), *candidate.facts)
    priced = (f for f in known if f.name == "usd_per_million_output_tokens")
    told = (
        f"{told_source(f.source, lang)}, {num.day(f.as_of)}"
        for f in priced
        if isinstance(f.value, float)
    )
    return _("; ").join(dict.fromkeys(told))


def _cases(one: BenchmarkSpec, lang: Language) -> tuple[str, str]:
    """Two runs with this same line asked the same prompts."""
    _, num = Words(lang), Numbers(lang)
    told = _.plural(
        "{protocol}, version {version}; {n} case with its prompt, SHA-256 {digest}",
        "{protocol}, version {version}; {n} cases with their prompts, SHA-256 {digest}",
        one.cases,
        protocol=one.protocol,
        version=one.version,
        n=num.count(one.cases),
        digest=one.sha256,
    )
    return one.name, told


def _method(judgement: Judgement, run: RunFacts, lang: Language) -> Iterator[tuple[str, str]]:
    _, num = Words(lang), Numbers(lang)
    yield (
        _("intervals"),
        _("each holds the truth in {share} of runs like this one", share=num.share(0.95)),
    )
    yield (
        _("tests"),
        _.plural(
            "{n}, paired by case; the risk of a false preference is at most {share}",
            "{n}, paired by case; the risk of any false preference among them is at most "
            "{share} (Holm)",
            max(1, judgement.family),
            n=num.count(judgement.family),
            share=num.share(0.05),
        )
        if judgement.family
        else "",
    )
    yield _("what matters"), _matters(judgement, lang)
    if any(row.benchmark == SPEED for row in judgement.rows):
        yield (
            _("instrument's error"),
            _("not measured in a comparison; visavis speed states its own"),
        )


def _matters(judgement: Judgement, lang: Language) -> str:
    """The smallest differences that would change a choice."""
    _, num = Words(lang), Numbers(lang)
    scores = {row.matters for row in judgement.rows if row.measure == "score"}
    others = {row.matters for row in judgement.rows if row.measure != "score"}
    return _("; ").join(
        (
            *(_("{points} of score", points=num.stated(least)) for least in sorted(scores)),
            *(_("{share} of anything else", share=num.share(least)) for least in sorted(others)),
        )
    )


def _machine_and_versions(run: RunFacts, lang: Language) -> _Told:
    _ = Words(lang)
    revision = str(run.spec.machine.get("revision") or "")
    if revision.endswith("+"):
        revision = _("{commit}, changed since", commit=revision[:-1])
    return (
        (_("machine"), _machine(run.spec.machine, lang)),
        *(
            (_("engine of {name}", name=c.name), retold(str(fact.value), lang))
            for c in run.spec.candidates
            for fact in c.facts
            if fact.name == "engine"
        ),
        (_("versions"), _listed(run.versions)),
        (_("commit of visavis"), revision),
    )


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


def _options(things: Mapping[str, Any], lang: Language) -> str:
    """As one would give them."""
    return ", ".join(
        flag(name, no=value is False)
        + ("" if isinstance(value, bool) else f" {retold(_plain(value), lang).text}")
        for name, value in things.items()
    )


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return "+".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
