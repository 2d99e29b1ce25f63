"""What stands behind the table: benchmarks, and what to be warned of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from visavis.core.candidate import Candidate
from visavis.core.trial import Trial
from visavis.measure.contamination import is_of_orders
from visavis.measure.observe import counts
from visavis.measure.spec import BenchmarkSpec
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.retold import Retold, retold
from visavis.report.run_facts import RunFacts
from visavis.report.sources import told_source
from visavis.report.spared import stops
from visavis.report.subjects import about, called
from visavis.report.table import failures
from visavis.report.text import Numbers, line
from visavis.report.traces import Trace
from visavis.verdict.compare import Judgement
from visavis.verdict.decide import failed_too_often
from visavis.verdict.policy import DEFAULT
from visavis.verdict.policy_file import policies


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkView:
    """What a reader has to know of a benchmark to read its scores."""

    name: str
    title: str
    """What the report calls it; `name` is what commands know it by."""
    protocol: str
    lines: tuple[Retold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A labelled line of the provenance."""

    label: str
    value: str
    about: str = ""
    """What it and those beside it are about: their heading, where they have one."""
    lang: Language | None = None
    """Of the value, where it is not the reader's."""
    trace: Trace | None = None
    """What it rests on."""


def benchmarks(specs: Iterable[BenchmarkSpec], lang: Language) -> tuple[BenchmarkView, ...]:
    """Protocol, source, chance and departures of each benchmark."""
    _ = Words(lang)
    return tuple(
        BenchmarkView(
            name=known.name,
            title=called(known.name),
            protocol=_(
                "{protocol}, version {version}", protocol=known.protocol, version=known.version
            ),
            lines=(
                *(Retold(text, lang) for text in _about(known, lang)),
                *_departures(known, lang),
            ),
        )
        for known in specs
    )


def _about(known: BenchmarkSpec, lang: Language) -> Iterable[str]:
    _, num = Words(lang), Numbers(lang)
    if asks := about(known, lang):
        yield asks
    yield _.plural(
        "{n} case; {source}",
        "{n} cases; {source}",
        known.cases,
        n=num.count(known.cases),
        source=told_source(known.source, lang),
    )
    if known.chance is not None:
        yield _("Guessing scores {share}.", share=num.share(known.chance))


def _departures(known: BenchmarkSpec, lang: Language) -> Iterable[Retold]:
    """One that nobody here can say in this language is said in English, all of it."""
    for departure in known.departures:
        said = retold(departure, lang)
        _, how = Words(said.lang), line(said.text)
        yield Retold(_("Departs from the published procedure: {how}", how=how), said.lang)


def warnings(
    judgement: Judgement, run: RunFacts, trials: Sequence[Trial], lang: Language
) -> tuple[str, ...]:
    """What a reader must know before believing or using the table."""
    leaving = (told for c in run.spec.candidates for told in _leaving(c, run, lang))
    base = (told for c in run.spec.candidates for told in _base(c, lang))
    return (*_partial(judgement, run, trials, lang), *_failing(trials, lang), *base, *leaving)


def _partial(
    judgement: Judgement, run: RunFacts, trials: Sequence[Trial], lang: Language
) -> Iterable[str]:
    _, num = Words(lang), Numbers(lang)
    asked = {benchmark.name for benchmark in run.spec.benchmarks}
    done = sum(1 for trial in trials if trial.key.benchmark in asked)  # others measure speed
    told = {"done": num.count(done), "planned": num.count(run.planned), "name": line(run.name)}
    if run.spec.drawn:
        if any(stop.goes_on for stop in stops(judgement, run, trials)):
            yield _(_going_on(judgement, run), **told, policy=line(judgement.policy))
    elif done < run.planned:
        orders = any(is_of_orders(one.protocol) for one in run.spec.benchmarks)
        yield _(_ASK_AGAIN if orders else _RESUME, **told, command=line(run.command))


_RESUME = N_(
    "This run is not finished: {done} of {planned} trials are in. Go on with: visavis resume {name}"
)
_ASK_AGAIN = N_(
    "This run is not finished: {done} of {planned} trials are in. Go on with: {command}"
)
_RESUME_UNTIL = N_(
    "This run ended before every gap was decided: {done} of at most {planned} trials "
    "are in. Go on with: visavis resume {name}"
)
_STRICTER = N_(
    "This run stopped by another policy; by {policy} not every gap is decided: {done} of at most "
    "{planned} trials are in. To go on, give its command again with this --policy and --out {name}"
)


def _going_on(judgement: Judgement, run: RunFacts) -> str:
    """How a run that stops when decided is gone on with: by its own policy it may be over."""
    own, shipped = str(run.spec.passed.get("policy", DEFAULT.name)), set(policies())
    is_own = judgement.policy == own or (own not in shipped and judgement.policy not in shipped)
    return _RESUME_UNTIL if is_own else _STRICTER


def _failing(trials: Sequence[Trial], lang: Language) -> Iterable[str]:
    _, num = Words(lang), Numbers(lang)
    for seen in counts(trials):
        if failed_too_often(seen):
            yield _(
                "{name} failed in {failed} of {asked} trials of {benchmark} ({kinds}): too many "
                "for a verdict.",
                name=line(seen.candidate),
                failed=num.count(seen.failed),
                asked=num.count(seen.asked),
                benchmark=called(seen.benchmark),
                kinds=failures(seen, lang),
            )


def _base(candidate: Candidate, lang: Language) -> Iterable[str]:
    """That a model was never taught to answer, as the catalog or its file says."""
    trained = (fact.value for fact in candidate.facts if fact.name == "training")
    if any(isinstance(value, str) and value.startswith("base") for value in trained):
        _ = Words(lang)
        yield _(
            "{name} is a base model: it continues text and was not taught to answer.",
            name=line(candidate.name),
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
    source = _(
        "Source: {source}, {day}.", source=told_source(life.source, lang), day=num.day(life.as_of)
    )
    yield f"{said} {source}"


_STATUS = (N_("deprecated"), N_("shut down"))
