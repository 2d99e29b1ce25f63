"""Published figures as data: as printed, in the unit in which they are known, how they stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from visavis.verdict.claims import Because, Checked, Claim, Known, Source, Standing, figure


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedData:
    """A figure as somebody printed it."""

    system: str
    criterion: str
    printed: float | str
    unit: str
    value: float | str
    """Shares from 0 to 1, USD per million tokens, bytes; words as they are."""
    protocol: str | None
    """Of a score, where its publisher is known to have asked by one."""
    source: Source
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimData:
    """A claim, held against what is known of one candidate of the run."""

    candidate: str
    claim: ClaimedData
    standing: Standing
    because: Because
    known: tuple[Known, ...]
    """All that it may be held against; of what does not `decide`, nothing can contradict it."""
    against: tuple[ClaimedData, ...]
    """What others claim of the same."""


def claims_data(checked: Iterable[Checked]) -> tuple[ClaimData, ...]:
    """Each claim of a run's candidates."""
    return tuple(
        ClaimData(
            candidate=one.candidate,
            claim=claimed(one.claim),
            standing=one.standing,
            because=one.because,
            known=one.known,
            against=tuple(map(claimed, one.against)),
        )
        for one in checked
    )


def claimed(claim: Claim) -> ClaimedData:
    """A claim without what is made of it."""
    return ClaimedData(
        system=claim.system,
        criterion=claim.criterion,
        printed=claim.value,
        unit=claim.unit,
        value=figure(claim),
        protocol=claim.protocol or None,
        source=claim.source,
        note=claim.note or None,
    )
