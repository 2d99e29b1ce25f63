"""What stands beside a load, as data: a part of what `speed.schema.json` describes."""

from collections.abc import Iterator
from dataclasses import dataclass

from visavis.core.candidate import Unknown
from visavis.measure.memory_growth import by_tokens, reckoned_growth
from visavis.report.export_behind import EstimateData, estimate_data
from visavis.report.speed.beside import Beside
from visavis.stats.line import slope


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextMemoryData:
    """The local engine with one slot of so many tokens, filled."""

    candidate: str
    context_tokens: int
    filled_tokens: int
    peak_bytes: int
    own_bytes: int | None
    """Without what mirrors the file; null where the system tells no more than a sum."""
    reckoned_bytes: float
    """As `visavis fit` has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthData:
    """How memory grows with context, in bytes a token."""

    candidate: str
    measured: EstimateData
    reckoned: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyData:
    """What one candidate took under one load, by one counter of the machine."""

    candidate: str
    load: str
    counter: str
    how: str
    joules_per_output_token: EstimateData
    """Above what the machine takes at rest."""
    idle_w: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceData:
    """Speeds in the tokens of one tokenizer for all candidates."""

    candidate: str
    load: str
    output_tokens_per_s: EstimateData
    throughput_tokens_per_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownData:
    """What is not known, and why."""

    candidate: str
    name: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideData:
    """What was measured beside the load."""

    memory_by_context: tuple[ContextMemoryData, ...]
    memory_growth_bytes_per_token: tuple[GrowthData, ...]
    energy: tuple[EnergyData, ...]
    device_peak_bytes: dict[str, float]
    """By candidate."""
    reference_tokenizer: str | None
    reference: tuple[ReferenceData, ...]
    unknown: tuple[UnknownData, ...]


def beside_data(beside: Beside) -> BesideData:
    """All of it, as the published schema describes."""
    tokenizer = beside.tokenizer
    return BesideData(
        memory_by_context=tuple(
            ContextMemoryData(
                candidate=name,
                context_tokens=point.tokens,
                filled_tokens=point.filled_tokens,
                peak_bytes=point.peak_bytes,
                own_bytes=point.own_bytes,
                reckoned_bytes=point.reckoned_bytes,
            )
            for name, points in beside.memory.items()
            for point in points
        ),
        memory_growth_bytes_per_token=tuple(
            GrowthData(
                candidate=name,
                measured=estimate_data(slope(by_tokens(points))),
                reckoned=reckoned_growth(points),
            )
            for name, points in beside.memory.items()
        ),
        energy=tuple(
            EnergyData(
                candidate=name,
                load=one.load,
                counter=one.of,
                how=one.how,
                joules_per_output_token=estimate_data(one.joules_per_token),
                idle_w=one.idle_w,
            )
            for name, found in beside.energy.items()
            for one in found
        ),
        device_peak_bytes={
            name: float(fact.value)
            for name, facts in beside.facts.items()
            for fact in facts
            if fact.name == "device_peak_bytes" and not isinstance(fact.value, Unknown)
        },
        reference_tokenizer=None if isinstance(tokenizer, Unknown) else tokenizer or None,
        reference=tuple(
            ReferenceData(
                candidate=candidate,
                load=load,
                output_tokens_per_s=estimate_data(found.output),
                throughput_tokens_per_s=found.throughput,
            )
            for (load, candidate), found in beside.reference.items()
        ),
        unknown=tuple(_unknown(beside)),
    )


def _unknown(beside: Beside) -> Iterator[UnknownData]:
    for name, facts in beside.facts.items():
        for fact in facts:
            if isinstance(fact.value, Unknown):
                yield UnknownData(candidate=name, name=fact.name, because=fact.value.because)
    if isinstance(beside.tokenizer, Unknown):
        yield UnknownData(candidate="", name="reference_tokens", because=beside.tokenizer.because)
