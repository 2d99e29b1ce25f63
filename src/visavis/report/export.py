"""A judged run as data: JSON that a published schema describes.

`results.schema.json` is made from the classes below; a test keeps it fresh. `SCHEMA_VERSION` goes
up by one when a reader of the former version would misread a document. Quantities are bare
numbers in the unit that their name ends with; an absence is null, with the reason beside it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Literal

import visavis
from visavis.core.candidate import Candidate, Unknown
from visavis.core.observation import Counts
from visavis.core.trial import Trial
from visavis.measure.limits.found import Limits
from visavis.measure.spec import tries, tries_of
from visavis.options import Until
from visavis.report.documents import document, schema_of
from visavis.report.export_behind import (
    EstimateData,
    FigureData,
    LuckData,
    estimate_data,
    figures_data,
    luck_data,
)
from visavis.report.export_claims import ClaimData, claims_data
from visavis.report.export_judges import JudgingData, judging_data
from visavis.report.export_trials import TrialRow, trial_rows
from visavis.report.export_votes import VotesData, votes_data
from visavis.report.run_facts import RunFacts
from visavis.report.spared import stops
from visavis.verdict.compare import Gap, Judgement, MeasureRow
from visavis.verdict.decide import Prefer, Undecided

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FactData:
    """A property shown and never averaged."""

    name: str
    """Named with its unit."""
    value: float | str | None
    """Null where nobody here can know it."""
    unknown_because: str | None
    source: str
    as_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateData:
    """A model and the way in which it was reached."""

    name: str
    kind: Literal["hosted", "local", "recorded", "scripted"]
    route: str
    model: str
    snapshot: str
    quantisation: str | None
    shutdown_date: str | None
    successor: str | None
    facts: tuple[FactData, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkData:
    """What was asked."""

    name: str
    protocol: str
    version: int
    chance: float | None
    """What a guesser scores, from 0 to 1."""
    source: str
    departures: tuple[str, ...]
    cases: int
    repeats: int
    """Tries of each case."""
    asked: int
    """Cases that at least one candidate was asked."""
    not_needed: int
    """Cases that were not asked, since every gap in score was decided without them."""
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellData:
    """One candidate on one measure."""

    candidate: str
    estimate: EstimateData
    counts: Counts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapData:
    """One pair on one measure: `a - b` (difference) or `a / b` (ratio)."""

    a: str
    b: str
    scale: str
    gap: EstimateData
    p_value: float | None
    p_holm: float | None
    verdict: Literal["prefer", "alike", "undecided"]
    winner: str | None
    cases_needed: int | None
    because: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureData:
    """One measure of the table."""

    measure: str
    benchmark: str
    higher_is_better: bool
    matters: float
    """Smallest difference, or ratio minus one, that would change a choice."""
    cells: tuple[CellData, ...]
    gaps: tuple[GapData, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A judged run."""

    schema: Literal["visavis-results"]
    schema_version: int
    visavis: str
    run: str
    started_at: str
    command: str
    seed: int
    repeats: int
    until: Until
    """Whether all cases were asked, or only as many as decided every gap in score."""
    candidates: tuple[CandidateData, ...]
    benchmarks: tuple[BenchmarkData, ...]
    policy: str
    family: int
    """Number of tests over which Holm's correction was made."""
    measures: tuple[MeasureData, ...]
    figures: tuple[FigureData, ...]
    luck: tuple[LuckData, ...]
    judging: JudgingData | None
    """Null where no model judged."""
    votes: VotesData | None
    """Null where no person judged."""
    claims: tuple[ClaimData, ...]
    """What was published of the systems that the candidates reach, and how it stands."""
    limits: dict[str, tuple[Limits, ...]]
    """What `visavis limits` found of each candidate, where a file of it was shown with the run."""
    versions: dict[str, str]
    notes: tuple[str, ...]
    trials: tuple[TrialRow, ...]
    """Last, since they are written one by one."""


def results(judgement: Judgement, run: RunFacts, trials: Sequence[Trial]) -> bytes:
    """The JSON document that `results.schema.json` describes."""
    return b"".join(written(judgement, run, trials, trials))


def written(
    judgement: Judgement, run: RunFacts, bare: Sequence[Trial], trials: Iterable[Trial]
) -> Iterator[bytes]:
    """The same piece by piece: `bare` need hold no texts, and of `trials` one is held at a time."""
    head, _, tail = document(_judged(judgement, run, bare)).rpartition(b"[]")
    yield head + b"["
    between, end = b"\n  ", b"]"
    for row in trial_rows(trials, run.heard):
        yield between + document(row).rstrip().replace(b"\n", b"\n  ")
        between, end = b",\n  ", b"\n ]"
    yield end + tail


def _judged(judgement: Judgement, run: RunFacts, trials: Sequence[Trial]) -> Results:
    """All but the trials themselves."""
    spec = run.spec
    return Results(
        schema="visavis-results",
        schema_version=SCHEMA_VERSION,
        visavis=visavis.__version__,
        run=run.name,
        started_at=run.started_at,
        command=run.command,
        seed=spec.seed,
        repeats=max(tries(spec), default=1),
        until="decided" if spec.drawn else "all",
        candidates=tuple(_candidate(candidate, run) for candidate in spec.candidates),
        benchmarks=_benchmarks(judgement, run, trials),
        policy=judgement.policy,
        family=judgement.family,
        measures=tuple(measure_data(row) for row in judgement.rows),
        figures=tuple(figures_data(run)),
        luck=tuple(luck_data(judgement)),
        judging=judging_data(run),
        votes=votes_data(run),
        claims=claims_data(run.claims),
        limits=dict(run.limits),
        versions=dict(run.versions),
        notes=run.notes,
        trials=(),
    )


def schema() -> bytes:
    """The schema of `results`, as the package carries it."""
    return schema_of(Results)


def _benchmarks(
    judgement: Judgement, run: RunFacts, trials: Iterable[Trial]
) -> tuple[BenchmarkData, ...]:
    cases = {(trial.key.benchmark, trial.key.case) for trial in trials}
    asked = Counter(benchmark for benchmark, _ in cases)
    spared = {stop.benchmark: stop.spared for stop in stops(judgement, run, trials) if stop.decided}
    return tuple(
        BenchmarkData(
            **{f.name: getattr(known, f.name) for f in fields(known) if f.name != "repeats"},
            repeats=tries_of(known, run.spec),
            asked=asked[known.name],
            not_needed=spared.get(known.name, 0),
        )
        for known in run.spec.benchmarks
    )


def _candidate(candidate: Candidate, run: RunFacts) -> CandidateData:
    life = candidate.lifecycle
    facts = (*candidate.facts, *run.facts.get(candidate.name, ()))
    return CandidateData(
        name=candidate.name,
        kind=candidate.kind,
        route=candidate.route,
        model=candidate.model,
        snapshot=candidate.snapshot,
        quantisation=candidate.quantisation,
        shutdown_date=life.shutdown_date if life else None,
        successor=life.successor if life else None,
        facts=tuple(
            FactData(
                name=fact.name,
                value=None if isinstance(fact.value, Unknown) else fact.value,
                unknown_because=fact.value.because if isinstance(fact.value, Unknown) else None,
                source=fact.source,
                as_of=fact.as_of,
            )
            for fact in facts
        ),
    )


def measure_data(row: MeasureRow) -> MeasureData:
    """A row of a judgement."""
    return MeasureData(
        measure=row.measure,
        benchmark=row.benchmark,
        higher_is_better=row.higher_is_better,
        matters=row.matters,
        cells=tuple(
            CellData(
                candidate=cell.candidate, estimate=estimate_data(cell.estimate), counts=cell.counts
            )
            for cell in row.cells
        ),
        gaps=tuple(_gap(gap) for gap in row.gaps),
    )


def _gap(gap: Gap) -> GapData:
    verdict = gap.verdict
    open_ = verdict if isinstance(verdict, Undecided) else None
    winner = verdict.winner if isinstance(verdict, Prefer) else None
    return GapData(
        a=gap.a,
        b=gap.b,
        scale=gap.scale,
        gap=estimate_data(verdict.by),
        p_value=gap.p_value,
        p_holm=gap.p_holm,
        verdict="undecided" if open_ else "prefer" if winner else "alike",
        winner=winner,
        cases_needed=open_.cases_needed if open_ else None,
        because=open_.because if open_ else None,
    )
