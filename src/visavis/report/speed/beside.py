"""What stands beside a load, in figures: memory by context, energy, reference tokens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from visavis.core.candidate import Fact, Unknown
from visavis.measure.energy import BlockEnergy
from visavis.measure.load.block import Block
from visavis.measure.memory_growth import ContextMemory
from visavis.measure.reference_tokens import Reference
from visavis.report.speed.reference import ReferenceSpeed, by_reference
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.line import per_unit

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """What one candidate took under one load, by one counter."""

    load: str
    of: str
    """`processor` or `nvidia`."""
    how: str
    joules_per_token: Estimate | TooFew
    """Above what the machine takes at rest, for each output token by the server's count."""
    idle_w: float
    """What the machine took at rest, on average over the sessions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """By candidate; empty where nothing was measured."""

    memory: Mapping[str, tuple[ContextMemory, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    energy: Mapping[str, tuple[Energy, ...]] = field(default_factory=lambda: MappingProxyType({}))
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """The last word on each; what is not known, with its reason."""
    reference: Mapping[tuple[str, str], ReferenceSpeed] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """By load and candidate."""
    tokenizer: str | Unknown = ""
    """Of the reference; empty where nobody looked for it."""


def beside_of(
    blocks: Sequence[Block],
    memory: Iterable[tuple[str, ContextMemory]],
    energy: Iterable[tuple[str, BlockEnergy]],
    facts: Iterable[tuple[str, Fact]],
    reference: Reference | Unknown,
) -> Beside:
    """All of it, from what a run keeps."""
    last = {(candidate, fact.name): fact for candidate, fact in facts}
    return Beside(
        memory=_by_candidate(memory),
        energy={
            candidate: tuple(_energies(candidate, found, blocks))
            for candidate, found in _by_candidate(energy).items()
        },
        facts=_by_candidate((candidate, fact) for (candidate, _), fact in last.items()),
        reference={} if isinstance(reference, Unknown) else by_reference(blocks, reference),
        tokenizer=reference if isinstance(reference, Unknown) else reference.name,
    )


def _by_candidate(found: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    gathered: dict[str, tuple[T, ...]] = {}
    for candidate, one in found:
        gathered[candidate] = (*gathered.get(candidate, ()), one)
    return gathered


def _energies(
    candidate: str, found: Sequence[BlockEnergy], blocks: Sequence[Block]
) -> Iterable[Energy]:
    """By counter and load, over the blocks of which the server counted all tokens."""
    tokens = {
        (block.load, block.number): _tokens(block)
        for block in blocks
        if block.candidate == candidate
    }
    of: dict[tuple[str, str], list[BlockEnergy]] = {}
    for one in found:
        of.setdefault((one.load, one.of), []).append(one)
    for (load, counter), several in of.items():
        pairs = [
            (one.above_idle, float(counted))
            for one in several
            if (counted := tokens.get((one.load, one.number)))
        ]
        yield Energy(
            load=load,
            of=counter,
            how=several[-1].how,
            joules_per_token=per_unit(pairs) if pairs else TooFew(groups=0, needed=2),
            idle_w=sum(one.idle_w for one in several) / len(several),
        )


def _tokens(block: Block) -> int:
    """Output tokens of all its requests, reasoning included: all of them took energy. 0 where the
    server did not count one that was answered."""
    total = 0
    for request in block.requests:
        usage = request.timing.outcome.usage
        if usage is None and request.timing.chunks:
            return 0
        total += usage.output_tokens if usage is not None else 0
    return total
