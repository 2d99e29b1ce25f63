"""A speed run as data: JSON that a published schema describes.

`speed.schema.json` is made from the classes below; a test keeps it fresh. Quantities are bare
numbers in the unit that their name ends with; an absence is null.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

import visavis
from visavis.measure.calibrate import Calibration
from visavis.report.documents import document, schema_of
from visavis.report.export import MeasureData, measure_data
from visavis.report.export_behind import EstimateData, estimate_data
from visavis.report.speed.beside_export import BesideData, beside_data
from visavis.report.speed.figures import Instrument, Loaded, Quantile, SpeedFigures

SPEED_SCHEMA_VERSION = 1
SCHEMA = Path(__file__).with_name("speed.schema.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedCandidateData:
    """A model and the way in which it was reached."""

    name: str
    kind: str
    route: str
    model: str
    snapshot: str
    quantisation: str | None
    measured: dict[str, float | str | None]
    """What was measured beside the load, such as memory."""
    spent_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileData:
    """The value within which a share of the replies lies."""

    share: float
    value: float
    known: EstimateData
    """The same with its 95 % interval; null where there are too few replies for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentData:
    """By how much we may be wrong, in seconds: 99 of 100 errors are smaller."""

    first_token_s: float | None
    """By calibration; null where it was not calibrated with so many requests at once."""
    inter_token_s: float | None
    late_s: float
    """Our own lateness."""
    doubt_s: float
    """By so much first tokens may have come earlier than said, by what is known of each."""
    at_once: int
    clock: Literal["kernel", "user"]
    flagged: bool
    """More than 5 % of the median time to first token, or nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedData:
    """One candidate under one load."""

    candidate: str
    asked: int
    """Requests that count; those that put the load on do not."""
    failed: int
    failures: dict[str, int]
    latencies: dict[str, tuple[QuantileData, ...]]
    """In seconds, by measure."""
    throughput_tokens_per_s: float | None
    requests_per_s: float
    prompt_tokens: float | None
    """As the server counted, on average; the next two as well."""
    cached_tokens: float | None
    output_tokens: float | None
    objectives: dict[str, EstimateData]
    """The share of requests that did its part, by objective."""
    unsteady: bool
    """Waits grew while the load lasted."""
    instrument: InstrumentData | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadData:
    """One load."""

    load: str
    """`at once 4`, `rate 2`, `poisson rate 2`, `rate 1-10`, `trace FILE`."""
    candidates: tuple[LoadedData, ...]
    measures: tuple[MeasureData, ...]
    """What was compared, block by block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedResults:
    """A speed run."""

    schema: Literal["visavis-speed"]
    schema_version: int
    visavis: str
    run: str
    started_at: str
    command: str
    candidates: tuple[SpeedCandidateData, ...]
    prompt_tokens: int
    """As asked; likewise the next."""
    shared_tokens: int
    output_tokens: int
    blocks: int
    policy: str
    family: int
    """Number of tests over which Holm's correction was made."""
    loads: tuple[LoadData, ...]
    calibration: Calibration | None
    vouched_streams: int | None
    """The most requests at once that the instrument vouches for on this machine."""
    beside: BesideData
    versions: dict[str, str]
    notes: tuple[str, ...]


def speed_results(figures: SpeedFigures) -> bytes:
    """The JSON document that `speed.schema.json` describes."""
    spec = figures.spec
    measured = SpeedResults(
        schema="visavis-speed",
        schema_version=SPEED_SCHEMA_VERSION,
        visavis=visavis.__version__,
        run=figures.name,
        started_at=figures.started_at,
        command=figures.command,
        candidates=tuple(_candidates(figures)),
        prompt_tokens=spec.prompt_tokens,
        shared_tokens=spec.shared_tokens,
        output_tokens=spec.output_tokens,
        blocks=spec.blocks,
        policy=figures.judgement.policy,
        family=figures.judgement.family,
        loads=tuple(_load(name, figures) for name in figures.loads),
        calibration=figures.calibration,
        vouched_streams=figures.vouched(),
        beside=beside_data(figures.beside),
        versions=dict(figures.versions),
        notes=figures.notes,
    )
    return document(measured)


def speed_schema() -> bytes:
    """The schema of `speed_results`, as the package carries it."""
    return schema_of(SpeedResults)


def calibration_json(calibration: Calibration) -> bytes:
    """What the instrument is worth; all times in seconds."""
    return document({**asdict(calibration), "vouched_streams": calibration.vouched()})


def _candidates(figures: SpeedFigures) -> Iterable[SpeedCandidateData]:
    for candidate in figures.spec.candidates:
        facts = figures.facts.get(candidate.name, ())
        yield SpeedCandidateData(
            name=candidate.name,
            kind=candidate.kind,
            route=candidate.route,
            model=candidate.model,
            snapshot=candidate.snapshot,
            quantisation=candidate.quantisation,
            measured={f.name: f.value for f in facts if isinstance(f.value, float | str)},
            spent_usd=figures.spent_usd.get(candidate.name),
        )


def _load(name: str, figures: SpeedFigures) -> LoadData:
    rows = (row for row in figures.judgement.rows if row.benchmark == name)
    return LoadData(
        load=name,
        candidates=tuple(_loaded(one) for one in figures.of(name)),
        measures=tuple(measure_data(row) for row in rows),
    )


def _loaded(one: Loaded) -> LoadedData:
    return LoadedData(
        candidate=one.candidate,
        asked=one.counts.asked,
        failed=one.counts.failed,
        failures=dict(one.counts.failures),
        latencies={
            measure: tuple(map(_quantile, found)) for measure, found in one.latencies.items()
        },
        throughput_tokens_per_s=one.throughput_tokens_per_s,
        requests_per_s=one.requests_per_s,
        prompt_tokens=one.prompt_tokens,
        cached_tokens=one.cached_tokens,
        output_tokens=one.output_tokens,
        objectives={text: estimate_data(known) for text, known in one.met.items()},
        unsteady=one.unsteady,
        instrument=None if one.instrument is None else _instrument(one.instrument, one.flagged),
    )


def _quantile(found: Quantile) -> QuantileData:
    return QuantileData(share=found.share, value=found.value, known=estimate_data(found.known))


def _instrument(found: Instrument, flagged: bool) -> InstrumentData:
    told = {f.name: getattr(found, f.name) for f in fields(found)}
    return InstrumentData(**told, flagged=flagged)
