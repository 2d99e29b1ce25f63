"""What one block of load brought: requests as they came, and the numbers that follow. Pure.

Every latency counts from when a request was due where the load is an open loop, since that is
when its user began to wait, and from its sending in a closed one, where a stream is due to ask
when it was answered. A failure has no latency; it is counted, and no objective is met by it.

Throughput is what arrived in the time from `counted_from` to `until`, whichever request it belonged
to: at both ends of it the load is on. A reply's tokens are dealt out to its chunks by characters.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import fsum
from statistics import median
from typing import Final

from visavis.core.observation import Axis, Counts, Observation
from visavis.core.outcome import Failure, Reply
from visavis.measure.timings import Timing

WARM_UP: Final = "warm-up"
"""The load of the requests before the first block: one at a time, never counted."""
CALIBRATION: Final = "calibration"
"""The load that the instrument puts on itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request of a block."""

    timing: Timing
    counted: bool
    """False while the load was being put on."""
    usd: float | None = None
    """By the price list; None when it cannot be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One candidate under one load, for a while. Instants are of `perf_counter`."""

    load: str
    """The shape's name."""
    number: int
    """From 0; pairs candidates."""
    candidate: str
    open_loop: bool
    began: float
    counted_from: float
    until: float
    """Nothing that is counted was due later."""
    requests: tuple[Request, ...] = ()

    @property
    def _timings(self) -> Iterator[Timing]:
        return (request.timing for request in self.requests)

    @property
    def counted(self) -> tuple[Timing, ...]:
        return tuple(request.timing for request in self.requests if request.counted)

    @property
    def replies(self) -> tuple[Timing, ...]:
        """Those that are counted and no failure, in the order in which they were due."""
        replies = (timing for timing in self.counted if isinstance(timing.outcome, Reply))
        return tuple(sorted(replies, key=lambda timing: timing.due))

    def amounts(self, measure: str) -> list[float]:
        """Of each counted reply that has it, in the order in which they were due."""
        amount = AMOUNTS[measure]
        found = (amount(timing, self.open_loop) for timing in self.replies)
        return [value for value in found if value is not None]

    @property
    def most_in_flight(self) -> int:
        spans = ((t.due if t.sent is None else t.sent, t.end) for t in self._timings)
        return _most_at_once(spans)

    def per_s(self, size: Callable[[Timing], float | None]) -> float | None:
        """What arrived in a second, a whole reply's worth being `size`; None where one has none.

        Each chunk brings its share by characters."""
        arrived = []
        for timing in self._timings:
            if timing.chunks:
                whole = size(timing)
                if whole is None:
                    return None
                arrived.append(whole * self._share_in_time(timing))
        seconds = self.until - self.counted_from
        return fsum(arrived) / seconds if seconds > 0 else None

    @property
    def throughput_tokens_per_s(self) -> float | None:
        """Tokens of answers that arrived, by the server's count, a second."""
        return self.per_s(lambda timing: timing.tokens)

    @property
    def requests_per_s(self) -> float:
        """Replies that were completed, a second."""
        seconds = self.until - self.counted_from
        done = sum(
            self.counted_from < timing.end <= self.until
            for timing in self._timings
            if isinstance(timing.outcome, Reply)
        )
        return done / seconds if seconds > 0 else 0.0

    def _share_in_time(self, timing: Timing) -> float:
        characters = sum(chunk.characters for chunk in timing.chunks)
        within = sum(
            chunk.characters
            for chunk in timing.chunks
            if self.counted_from <= chunk.at < self.until
        )
        return within / characters if characters else 0.0


def _first_token_s(timing: Timing, open_loop: bool) -> float | None:
    return timing.first_token_from_due_s if open_loop else timing.first_token_s


def _total_s(timing: Timing, open_loop: bool) -> float | None:
    return timing.total_from_due_s if open_loop else timing.total_s


def _longest_gap_s(timing: Timing, _: bool) -> float | None:
    return max(timing.chunk_gaps_s, default=None)


AMOUNTS: Final[Mapping[str, Callable[[Timing, bool], float | None]]] = {
    "first_token_s": _first_token_s,
    "total_s": _total_s,
    "inter_token_s": lambda timing, _: timing.inter_token_s(),
    "longest_gap_s": _longest_gap_s,
    "output_tokens_per_s": lambda timing, _: timing.tokens_per_s(),
    "characters_per_s": lambda timing, _: timing.characters_per_s,
    "words_per_s": lambda timing, _: timing.words_per_s,
    "late_s": lambda timing, _: timing.late_s,
}
"""Of one reply, and whether its load was an open loop."""

_JUDGED: Final = ("first_token_s", "output_tokens_per_s", "characters_per_s", "words_per_s")


def observations(
    blocks: Iterable[Block], good: Callable[[Timing, bool], bool] | None = None
) -> Iterator[Observation]:
    """Of each block the median of its requests, its throughput, and what of it was `good`: the
    load stands where other observations name a benchmark."""
    for block in blocks:
        if block.load == WARM_UP:
            continue
        found = {name: median(amounts) for name in _JUDGED if (amounts := block.amounts(name))}
        throughput = block.throughput_tokens_per_s
        if throughput:
            found["throughput_tokens_per_s"] = throughput
        if good is not None:
            found["goodput_per_s"] = goodput_per_s(block, good)
        for measure, value in found.items():
            yield _observation(block, measure, value)


def goodput_per_s(block: Block, good: Callable[[Timing, bool], bool]) -> float:
    """Counted requests that met the objective, a second of the time in which they were due."""
    met = sum(good(timing, block.open_loop) for timing in block.counted)
    return met / (block.until - block.counted_from) if block.until > block.counted_from else 0.0


def counts(blocks: Iterable[Block]) -> list[Counts]:
    """What became of the counted requests, by load and candidate."""
    timings: dict[tuple[str, str], list[Timing]] = {}
    for block in blocks:
        if block.load != WARM_UP:
            timings.setdefault((block.candidate, block.load), []).extend(block.counted)
    return [_counts(*of, told) for of, told in timings.items()]


def _counts(candidate: str, load: str, timings: list[Timing]) -> Counts:
    failures = Counter(t.outcome.kind for t in timings if isinstance(t.outcome, Failure))
    replies = [t.outcome for t in timings if isinstance(t.outcome, Reply)]
    return Counts(
        candidate=candidate,
        benchmark=load,
        asked=len(timings),
        scored=0,
        failed=failures.total(),
        unscored=len(replies),
        unparsed=0,
        truncated=0,
        reused=0,
        failures=tuple(failures.most_common()),
    )


def _observation(block: Block, measure: str, value: float) -> Observation:
    axis: Axis = "speed"
    unit = f"block {block.number + 1}"
    return Observation(
        candidate=block.candidate,
        axis=axis,
        measure=measure,
        benchmark=block.load,
        unit_id=unit,
        group=unit,
        value=value,
    )


def _most_at_once(spans: Iterable[tuple[float, float]]) -> int:
    """The largest number of spans that hold one instant; one that ends makes room first."""
    steps = sorted(step for a, b in spans for step in ((a, 1), (b, -1)))
    most = now = 0
    for _, change in steps:
        now += change
        most = max(most, now)
    return most
