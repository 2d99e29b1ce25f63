"""Speeds in the tokens of one tokenizer for all, from the texts that came."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean, median

from visavis.measure.load.block import WARM_UP, Block
from visavis.measure.reference_tokens import Reference
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.ratio import geometric_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSpeed:
    """One candidate under one load, in reference tokens a second."""

    output: Estimate | TooFew
    """Of one reply after its first token, by the blocks' medians, as in the server's own tokens."""
    throughput: float | None
    """Of all replies together; None where nothing came."""


def by_reference(
    blocks: Iterable[Block], reference: Reference
) -> dict[tuple[str, str], ReferenceSpeed]:
    """By load and candidate."""
    of: dict[tuple[str, str], list[Block]] = {}
    for block in blocks:
        if block.load != WARM_UP:
            of.setdefault((block.load, block.candidate), []).append(block)
    return {key: _speed(mine, reference) for key, mine in of.items()}


def _speed(blocks: list[Block], reference: Reference) -> ReferenceSpeed:
    middles = []
    for block in blocks:
        speeds = (timing.tokens_per_s(reference.tokens(timing)) for timing in block.replies)
        known = [speed for speed in speeds if speed is not None]
        if known:
            middles.append([median(known)])
    together = [block.per_s(lambda timing: reference.tokens(timing) or 0) for block in blocks]
    found = [value for value in together if value]
    return ReferenceSpeed(
        output=geometric_mean(middles) if middles else TooFew(groups=0, needed=2),
        throughput=fmean(found) if found else None,
    )
