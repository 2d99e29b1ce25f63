"""Every figure of a speed run, from its blocks: what view, data and page show alike.

Latencies are of all counted replies of a load, with intervals that allow for blocks that differ;
of a lone block, for stretches of it that do, since neighbours wait together (batch means).
What is compared are the blocks: the median of each, side by side with the other candidate's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from math import fsum, sqrt
from statistics import fmean, median
from types import MappingProxyType

from visavis.core.candidate import Fact
from visavis.core.observation import Counts
from visavis.measure.calibrate import GOOD_SHARE, Calibration, ErrorAt
from visavis.measure.load.block import WARM_UP, Block, counts, observations
from visavis.measure.load.slo import Objective, objective
from visavis.measure.load.spec import SpeedSpec
from visavis.measure.timings import ClockOf, Timing
from visavis.report.speed.beside import Beside
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.paired import PairedTest
from visavis.stats.proportion import share
from visavis.stats.quantile import at, quantile
from visavis.stats.ratio import geometric_ratio
from visavis.verdict.compare import Judgement, judge
from visavis.verdict.policy import Policy

SHARES = (0.5, 0.9, 0.95, 0.99)
LATENCIES = ("first_token_s", "inter_token_s", "longest_gap_s", "total_s")
DRIFTS = 1.25
"""A load is not steady where a block's second half takes so many times as long as its first."""
KEEPS_UP = 0.8
"""Nor where so small a part of the requests due in an open loop's blocks is answered in them."""

STRETCHES = 10
"""Into which a lone block is cut. As if all its requests were independent, an interval held the
truth in 40 to 57 of 100 simulated blocks whose neighbours have much in common (correlation 0.9);
with ten stretches of 24 to 100 requests, that of the middle does in 92 and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """The time within which a share of the replies came."""

    share: float
    value: float
    known: Estimate | TooFew


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """By how much we may be wrong about one candidate under one load, in seconds."""

    first_token_s: float | None
    """99 of 100 errors are smaller, by calibration; None where it was not calibrated so far."""
    inter_token_s: float | None
    late_s: float
    """99 of 100 requests were sent with less delay of ours."""
    doubt_s: float
    """Of 99 of 100 first tokens it is known to within so much when they came."""
    at_once: int
    """Requests that were in flight at most."""
    clock: ClockOf

    @property
    def error_s(self) -> float | None:
        """The larger of what calibration and the requests themselves say."""
        return None if self.first_token_s is None else max(self.first_token_s, self.doubt_s)

    def flagged(self, first_token_s: float) -> bool:
        """The error, or our lateness, is more than 5 % of what was measured; or nobody knows."""
        allowed_s = GOOD_SHARE * first_token_s
        return self.error_s is None or max(self.error_s, self.late_s) > allowed_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """One candidate under one load."""

    candidate: str
    load: str
    counts: Counts
    latencies: Mapping[str, tuple[Quantile, ...]]
    """By measure; none where no reply had it."""
    first_tokens: tuple[tuple[float, ...], ...]
    """All of them, in seconds, apart as their intervals take them."""
    throughput_tokens_per_s: float | None
    """None where the server counts no tokens."""
    requests_per_s: float
    prompt_tokens: float | None
    """As the server counted, on average."""
    cached_tokens: float | None
    output_tokens: float | None
    met: Mapping[str, Estimate | TooFew]
    """By objective: the share of requests that did its part."""
    drift: PairedTest | TooFew
    """Of the waits in the second half of each block, by those in its first half."""
    fell_behind: bool
    """Of an open loop: replies came more slowly than requests."""
    instrument: Instrument | None
    """None where there was no reply."""

    def quantile(self, measure: str, share: float) -> Quantile | None:
        return next((q for q in self.latencies.get(measure, ()) if q.share == share), None)

    @property
    def first_tokens_s(self) -> tuple[float, ...]:
        """All of them, in order of size."""
        return tuple(sorted(chain.from_iterable(self.first_tokens)))

    def first_token_within(self, share: float) -> Estimate | TooFew | None:
        """The time within which any share of the first tokens came; None where none came."""
        return quantile(self.first_tokens, share) if self.first_tokens else None

    @property
    def unsteady(self) -> bool:
        """Waits grew while the load went on: what is said holds for a load of this length alone."""
        gap = None if isinstance(self.drift, TooFew) else self.drift.gap
        grew = gap is not None and gap.low > 1.0 and gap.value > DRIFTS
        return grew or self.fell_behind

    @property
    def flagged(self) -> bool:
        middle = self.quantile("first_token_s", 0.5)
        return (
            self.instrument is not None
            and middle is not None
            and self.instrument.flagged(middle.value)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedFigures:
    """A whole speed run in figures."""

    name: str
    """What `visavis show` takes."""
    spec: SpeedSpec
    loads: tuple[str, ...]
    """In the order measured."""
    loaded: Mapping[tuple[str, str], Loaded]
    """By load and candidate."""
    judgement: Judgement
    objectives: tuple[Objective, ...]
    calibration: Calibration | None
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Measured beside the load, by candidate."""
    spent_usd: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()
    started_at: str = ""
    command: str = ""
    versions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    beside: Beside = field(default_factory=Beside)
    """Memory by context, energy, and what else was measured beside the load."""

    def of(self, load: str) -> tuple[Loaded, ...]:
        """One load, candidates in the run's order; those that were not put under it left out."""
        found = (self.loaded.get((load, candidate.name)) for candidate in self.spec.candidates)
        return tuple(one for one in found if one is not None)

    @property
    def errors(self) -> tuple[ErrorAt, ...]:
        """Of the instrument, by the number of requests at once."""
        return () if self.calibration is None else self.calibration.at

    def vouched(self) -> int | None:
        """The most streams that the instrument vouches for, given what was measured; None where it
        was not calibrated."""
        if self.calibration is None:
            return None
        middles = (one.quantile("first_token_s", 0.5) for one in self.loaded.values())
        return self.calibration.vouched(min((q.value for q in middles if q), default=None))


def loaded(
    blocks: Iterable[Block], objectives: Sequence[Objective], calibration: Calibration | None
) -> dict[tuple[str, str], Loaded]:
    """Figures by load and candidate."""
    of: dict[tuple[str, str], list[Block]] = {}
    for block in blocks:
        if block.load != WARM_UP:
            of.setdefault((block.load, block.candidate), []).append(block)
    return {key: _loaded(mine, objectives, calibration) for key, mine in of.items()}


def judged(blocks: Iterable[Block], spec: SpeedSpec, policy: Policy) -> Judgement:
    """The gaps between candidates, load by load, as one family."""
    blocks = list(blocks)
    objectives = [objective(text) for text in spec.slo]
    good = None if not objectives else _all_met(objectives)
    names = [candidate.name for candidate in spec.candidates]
    return judge(observations(blocks, good), counts(blocks), names, policy)


def _all_met(objectives: Sequence[Objective]) -> Callable[[Timing, bool], bool]:
    return lambda timing, open_loop: all(one.met_by(timing, open_loop) for one in objectives)


def _loaded(
    blocks: Sequence[Block], objectives: Sequence[Objective], calibration: Calibration | None
) -> Loaded:
    first, (count,) = blocks[0], counts(blocks)
    usages = [t.outcome.usage for block in blocks for t in block.replies if t.outcome.usage]
    return Loaded(
        candidate=first.candidate,
        load=first.load,
        counts=count,
        latencies={
            measure: quantiles
            for measure in LATENCIES
            if (quantiles := _quantiles([block.amounts(measure) for block in blocks]))
        },
        first_tokens=tuple(map(tuple, _apart([b.amounts("first_token_s") for b in blocks]))),
        throughput_tokens_per_s=_throughput(blocks),
        requests_per_s=fmean(block.requests_per_s for block in blocks),
        prompt_tokens=_mean(usage.input_tokens for usage in usages),
        cached_tokens=_mean(usage.cached_tokens for usage in usages),
        output_tokens=_mean(usage.output_tokens for usage in usages),
        met={one.text: _met(blocks, one) for one in objectives},
        drift=_drift(blocks),
        fell_behind=_fell_behind(blocks),
        instrument=_instrument(blocks, calibration),
    )


def _quantiles(groups: list[list[float]]) -> tuple[Quantile, ...]:
    groups = _apart(groups)
    ranked = sorted(value for group in groups for value in group)
    if not ranked:
        return ()
    return tuple(
        Quantile(share=share, value=at(ranked, share), known=quantile(groups, share))
        for share in SHARES
    )


def _throughput(blocks: Sequence[Block]) -> float | None:
    found = [block.throughput_tokens_per_s for block in blocks]
    known = [value for value in found if value is not None]
    return fmean(known) if len(known) == len(found) else None


def _met(blocks: Sequence[Block], wanted: Objective) -> Estimate | TooFew:
    def met(block: Block) -> list[float]:
        in_order = sorted(block.counted, key=lambda timing: timing.due)
        return [float(wanted.met_by(timing, block.open_loop)) for timing in in_order]

    return share(_apart([met(block) for block in blocks]))


def _apart(blocks: list[list[float]]) -> list[list[float]]:
    """What came in each block, in the order in which it was due; a lone block in stretches."""
    found = [block for block in blocks if block]
    if len(found) != 1:
        return found
    (alone,) = found
    ends = [round(len(alone) * n / STRETCHES) for n in range(STRETCHES + 1)]
    return [alone[start:end] for start, end in pairwise(ends) if start < end]


def _drift(blocks: Sequence[Block]) -> PairedTest | TooFew:
    """The median wait of each block's second half, by that of its first."""
    pairs = []
    for block in blocks:
        waits = block.amounts("total_s")
        half = len(waits) // 2
        if half:
            pairs.append([(median(waits[-half:]), median(waits[:half]))])
    return geometric_ratio(pairs) if pairs else TooFew(groups=0, needed=2)


def _fell_behind(blocks: Sequence[Block]) -> bool:
    """Far fewer replies were completed than requests were due, and by more than chance (two
    standard deviations of a count)."""
    if not blocks[0].open_loop:
        return False
    due = sum(len(block.counted) for block in blocks)
    done = sum(block.requests_per_s * (block.until - block.counted_from) for block in blocks)
    return done < KEEPS_UP * due and due - done > 2 * sqrt(due)


def _instrument(blocks: Sequence[Block], calibration: Calibration | None) -> Instrument | None:
    replies = [timing for block in blocks for timing in block.replies if timing.chunks]
    if not replies:
        return None
    at_once = max(block.most_in_flight for block in blocks)
    error: ErrorAt | None = None if calibration is None else calibration.error_at(at_once)
    return Instrument(
        first_token_s=None if error is None else error.first_token.p99,
        inter_token_s=None if error is None else error.inter_token.p99,
        late_s=at(sorted(timing.late_s or 0.0 for timing in replies), 0.99),
        doubt_s=at(sorted(timing.first_token_doubt_s or 0.0 for timing in replies), 0.99),
        at_once=at_once,
        clock="user" if any(timing.clock == "user" for timing in replies) else "kernel",
    )


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return fsum(found) / len(found) if found else None
