"""What was observed, sorted: of each candidate, on each measure, every value of each unit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import fsum

from visavis.core.observation import Observation


class Tries:
    """What one candidate got on one measure, by unit.

    Nearly all units have one value, which lies bare: in a large run, a list around each of them
    would be most of the memory.
    """

    __slots__ = ("_first", "_of_several")

    def __init__(self) -> None:
        self._first: dict[str, float] = {}
        self._of_several: dict[str, list[float]] = {}

    def add(self, unit_id: str, value: float) -> None:
        if unit_id not in self._first:
            self._first[unit_id] = value
        else:
            self._of_several.setdefault(unit_id, [self._first[unit_id]]).append(value)

    def __contains__(self, unit_id: str) -> bool:
        return unit_id in self._first

    def __iter__(self) -> Iterator[str]:
        return iter(self._first)

    def __getitem__(self, unit_id: str) -> list[float]:
        """All its values."""
        return self._of_several.get(unit_id) or [self._first[unit_id]]

    @property
    def repeated(self) -> bool:
        """Whether any unit has several values."""
        return bool(self._of_several)

    def means(self) -> Mapping[str, float]:
        """Of each unit, the mean of its values."""
        if not self._of_several:
            return self._first
        several = self._of_several.items()
        return {**self._first, **{unit: fsum(values) / len(values) for unit, values in several}}


def evenly(a: Tries, b: Tries) -> dict[str, tuple[float, float]]:
    """Means side by side, of as many tries of a unit on either side.

    Of two that are alike, the one tried oftener has more, and smaller, departures; the other's few
    large ones are mostly not seen, and a test would take that for a difference.
    """
    pairs = {}
    for unit in a:
        if unit in b:
            of_a, of_b = a[unit], b[unit]
            tries = min(len(of_a), len(of_b))
            pairs[unit] = fsum(of_a[:tries]) / tries, fsum(of_b[:tries]) / tries
    return pairs


@dataclass(frozen=True, slots=True)
class Seen:
    """Observations, sorted."""

    tries: defaultdict[tuple[str, str, str], Tries] = field(
        default_factory=lambda: defaultdict(Tries)
    )
    """By benchmark, measure and candidate."""
    groups: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """Of each benchmark the group that each unit is in."""


def sorted_out(observations: Iterable[Observation], drawn: Mapping[str, int]) -> Seen:
    """Where single cases were drawn, each is a group for itself."""
    seen = Seen()
    for o in observations:
        seen.tries[o.benchmark, o.measure, o.candidate].add(o.unit_id, o.value)
        group = o.unit_id if drawn.get(o.benchmark) == 1 else o.group
        seen.groups[o.benchmark].setdefault(o.unit_id, group)
    return seen
