"""What to ask, in which order, and what it may cost. Pure: nothing is asked here.

Every candidate gets the same cases in the same order, so every gap is paired and a slow hour or
a change in the middle of a run falls on all of them alike. Candidates that share this machine's
processors (those of kind `local`) take turns in short blocks, in the order A B B A (two engines at
once on two cores would measure each other); all others are asked beside each other.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import NamedTuple, Protocol

from visavis.benchmarks.base import Benchmark
from visavis.core.candidate import Candidate, Unknown
from visavis.core.case import Case
from visavis.core.outcome import Usage
from visavis.core.prompt import Image, Prompt
from visavis.core.trial import TrialKey

CASES_A_TURN = 8
"""Long enough that the slots of a local engine seldom run empty, short enough that an hour's
drift falls on all candidates alike."""

BYTES_A_TOKEN = 4
"""Of English text, about. Only forecasts use it; what is paid is counted by the server."""

MESSAGE_TOKENS = 16
"""More than the chat templates known to us wrap around one message."""

EXPECTED_SHARE = 0.25
"""Of the longest reply allowed: about what replies to these benchmarks take up."""


class Price(Protocol):
    """The price list of one candidate."""

    def usd(self, usage: Usage) -> float:
        """Price of what the server counted."""

    def worst_usd(self, input_tokens: int, max_tokens: int) -> float:
        """The most that one request can cost, nothing of it cached."""

    def picture_tokens(self, image: Image) -> int:
        """Input tokens that a picture counts as, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One benchmark and those of its cases that this run asks."""

    benchmark: Benchmark
    cases: tuple[Case, ...]
    repeats: int = 1
    """Tries of each case."""


class Unit(NamedTuple):
    """What all candidates are asked alike; the pair is made on it."""

    benchmark: str
    case: str
    repeat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Keys that one candidate is asked before another may compute on the same machine."""

    candidate: str
    keys: tuple[TrialKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is left to ask."""

    lanes: tuple[tuple[Turn, ...], ...]
    """Lanes run beside each other, the turns of one lane one after another."""
    totals: Mapping[tuple[str, str], int]
    """Trials by (candidate, benchmark), those already done included."""
    greets: bool = True
    """The first cases of a candidate are asked one by one, and a candidate that turns them all
    away ends the run: its server is down, or its model id wrong."""

    def left(self) -> Iterator[TrialKey]:
        for lane in self.lanes:
            for turn in lane:
                yield from turn.keys


def plan(
    asked: Sequence[Asked],
    candidates: Sequence[Candidate],
    *,
    done: Collection[TrialKey] = (),
) -> Plan:
    """What is left to ask: every unit of every candidate whose key is not `done`."""
    all_units = list(units(asked))
    names = [candidate.name for candidate in candidates]
    sharing = [candidate.name for candidate in candidates if candidate.kind == "local"]
    alone = [name for name in names if name not in sharing]
    lanes = [turns([all_units], [name], done) for name in alone]
    lanes.append(turns(_blocks(asked), sharing, done))
    counts = Counter(unit.benchmark for unit in all_units)
    return Plan(
        lanes=tuple(lane for lane in lanes if lane),
        totals={(name, benchmark): n for name in names for benchmark, n in counts.items()},
    )


def units(asked: Iterable[Asked]) -> Iterator[Unit]:
    """All that each candidate is asked, in order."""
    return chain.from_iterable(_tries(asked))


def _tries(asked: Iterable[Asked]) -> Iterator[tuple[Unit, ...]]:
    """The tries of one case after those of another."""
    for one in asked:
        for case in one.cases:
            yield tuple(Unit(one.benchmark.name, case.id, n) for n in range(one.repeats))


def _blocks(asked: Iterable[Asked]) -> Iterator[list[Unit]]:
    """Units of so many cases as make a turn."""
    tries = _tries(asked)
    while block := [*chain.from_iterable(islice(tries, CASES_A_TURN))]:
        yield block


def turns(
    blocks: Iterable[Sequence[Unit]], names: Sequence[str], done: Collection[TrialKey]
) -> tuple[Turn, ...]:
    """Blocks of units by `names` in turn, the order reversed at each block: A B, B A, A B …

    Blocks of one candidate that follow one another are one turn.
    """
    keys = (
        TrialKey(name, *unit)
        for number, block in enumerate(blocks)
        for name in (reversed(names) if number % 2 else names)
        for unit in block
    )
    left = (key for key in keys if key not in done)
    return tuple(
        Turn(candidate=name, keys=tuple(turn))
        for name, turn in groupby(left, attrgetter("candidate"))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What one candidate's share of a plan may cost, before anything is asked."""

    candidate: str
    requests: int
    input_tokens: int
    """Estimated, of text: one token for four bytes of UTF-8."""
    expected_usd: float | Unknown
    """If a reply takes up a quarter of the longest allowed."""
    worst_usd: float | Unknown
    """If every byte is a token and every reply as long as allowed; holds for byte-level
    vocabularies, the only ones in use by the candidates of the catalog."""


def forecast(
    left: Collection[TrialKey], asked: Sequence[Asked], prices: Mapping[str, Price | Unknown]
) -> tuple[Forecast, ...]:
    """The price of what is left to ask, by candidate, in the order of `prices`."""
    sizes = _sizes(asked)
    counts = Counter((key.candidate, key.benchmark, key.case) for key in left)
    requests = Counter(key.candidate for key in left)
    asked_of: dict[str, list[tuple[Size, int]]] = {name: [] for name in prices}
    for (name, benchmark, case), times in counts.items():
        asked_of[name].append((sizes[benchmark, case], times))
    return tuple(
        _forecast(name, requests[name], asked_of[name], price) for name, price in prices.items()
    )


class Size(NamedTuple):
    """What one request may take up."""

    text_tokens: int
    """At most: no byte-level vocabulary makes more tokens of a text than it has bytes."""
    images: tuple[Image, ...]
    max_tokens: int

    def expected_usd(self, price: Price) -> float:
        read = self.text_tokens // BYTES_A_TOKEN + self._picture_tokens(price)
        written = int(self.max_tokens * EXPECTED_SHARE)
        return price.usd(Usage(input_tokens=read, output_tokens=written))

    def worst_usd(self, price: Price) -> float:
        read = self.text_tokens + self._picture_tokens(price)
        return price.worst_usd(read, self.max_tokens)

    def _picture_tokens(self, price: Price) -> int:
        return sum(map(price.picture_tokens, self.images))


def size(prompt: Prompt) -> Size:
    return Size(
        text_tokens=sum(len(m.content.encode()) + MESSAGE_TOKENS for m in prompt.messages),
        images=tuple(image for message in prompt.messages for image in message.images),
        max_tokens=prompt.settings.max_tokens,
    )


def _sizes(asked: Sequence[Asked]) -> dict[tuple[str, str], Size]:
    """By benchmark and case."""
    return {
        (one.benchmark.name, case.id): size(one.benchmark.ask(case))
        for one in asked
        for case in one.cases
    }


def _forecast(
    name: str, requests: int, sizes: list[tuple[Size, int]], price: Price | Unknown
) -> Forecast:
    expected: float | Unknown
    worst: float | Unknown
    if isinstance(price, Unknown):
        expected = worst = price
    else:
        worst = sum(size.worst_usd(price) * times for size, times in sizes)
        expected = sum(size.expected_usd(price) * times for size, times in sizes)
    return Forecast(
        candidate=name,
        requests=requests,
        input_tokens=sum(size.text_tokens // BYTES_A_TOKEN * times for size, times in sizes),
        expected_usd=expected,
        worst_usd=worst,
    )
