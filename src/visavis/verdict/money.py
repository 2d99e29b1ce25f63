"""Ways to have the candidates side by side: what each costs, where owning pays, and which is the
cheapest at which volume. Pure.

A price list has no fixed part, so its bill is a straight line; machines of one's own are steps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, pairwise
from math import ceil, inf

from visavis.core.candidate import Unknown
from visavis.stats.estimate import Estimate
from visavis.verdict.hardware import Curve, Hardware, Outlay, owned
from visavis.verdict.workload import (
    MONTH_DAYS,
    Amount,
    Costed,
    Counted,
    Workload,
    ends,
    per_million_written,
    per_month,
    per_request,
    times,
    written,
)

MOST_MACHINES = 100
"""Nobody buys more of them by this page; volumes that take more are not looked at."""
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What a run knows of costs, and the workload to begin with."""

    candidates: tuple[Costed, ...]
    workload: Workload = field(default_factory=Workload)
    hardware: Hardware | None = None
    own: tuple[str, ...] = ()
    """Candidates that are to run on it."""
    limit_usd: float | None = None
    """What a month may cost."""

    @property
    def yardstick(self) -> str | None:
        """In whose tokens a workload is given; None where nobody's were counted."""
        for one in self.candidates:
            if isinstance(one.tokens, Counted) and one.tokens.is_yardstick:
                return one.candidate
        return None

    def ways(self) -> list["Way"]:
        """Each way to have a candidate: by its price list, and on the hardware where it is to."""
        return list(chain.from_iterable(map(self._of, self.candidates)))

    def _of(self, one: Costed) -> Iterator["Way"]:
        listed = by_list(one, self.workload)
        on_own = self.hardware is not None and one.candidate in self.own
        if not on_own or not isinstance(listed, Unknown):
            yield Way(candidate=one.candidate, outlay=listed)
        if self.hardware is not None and on_own:
            there = owned(one, self.workload, self.hardware)
            yield Way(candidate=one.candidate, owned=True, outlay=there)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to have a candidate, with what it costs, or why nobody knows."""

    candidate: str
    owned: bool = False
    outlay: Outlay | Unknown


def by_list(one: Costed, workload: Workload) -> Outlay | Unknown:
    """What the workload costs by a price list."""
    price, tokens = per_request(one, workload), written(one, workload)
    if isinstance(price, Unknown):
        return price
    low, _, high = ends(price)
    made = 0.0 if isinstance(tokens, Unknown) else ends(tokens)[1]  # known where the price is
    a_month = times(price, workload.requests_per_day * MONTH_DAYS)
    return Outlay(
        curve=Curve(
            candidate=one.candidate,
            usd_per_request=ends(price)[1],
            usd_per_request_ends=(low, high) if isinstance(price, Estimate) else None,
        ),
        usd_per_month=a_month,
        usd_per_million_tokens=per_million_written(ends(a_month)[1], made, workload),
    )


def monthly(one: Costed, workload: Workload, hardware: Hardware | None) -> Amount | Unknown:
    """What a candidate costs a month: by its price list, else on the hardware."""
    found = per_month(one, workload)
    if not isinstance(found, Unknown) or hardware is None:
        return found
    there = owned(one, workload, hardware)
    return there if isinstance(there, Unknown) else there.usd_per_month


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """From how many requests a day on owned hardware costs no more than a price list."""

    owned: str
    hosted: str
    first: float | None
    """None where it never does: what it carries costs less by the list."""
    low: float | None
    """The same, at the upper end of what a request costs by the list."""
    high: float | None
    for_good: float | None
    """From here on at any volume; before, the next machine may stand idle at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From and to how many requests a day the same ways are the cheapest."""

    start: float
    end: float
    curves: tuple[Curve, ...]
    """Several where they cost the same."""


def break_even(own: Curve, listed: Curve) -> BreakEven:
    """Where the steps of the one meet the straight line of the other.

    The k-th machine pays from k times the volume on at which the first one does, as long as it
    carries so much. So with several it pays for good once the next one pays before all are full.
    """
    most, usd = own.requests_per_machine, listed.usd_per_request
    first = _first(own, usd)
    low, high = listed.usd_per_request_ends or (usd, usd)
    return BreakEven(
        owned=own.candidate,
        hosted=listed.candidate,
        first=first,
        low=_first(own, high),
        high=_first(own, low),
        for_good=None if first is None or first == most else first * _machines(first, most),
    )


def _first(own: Curve, usd_per_request: float) -> float | None:
    """From how many requests a day on the first machine pays; None where it carries fewer."""
    saved = (usd_per_request - own.usd_per_request) * MONTH_DAYS
    first = own.usd_per_machine / saved if saved > 0 else inf
    return first if first <= own.requests_per_machine and first < inf else None


def _machines(first: float, most: float) -> int:
    """The smallest k with (k + 1) x first <= k x most."""
    return 1 if most == inf else max(1, ceil(first / (most - first) - ROUNDING))


def volume_within(curve: Curve, limit_usd: float) -> float | None:
    """Up to how many requests a day a month costs no more than that; None where it costs more at
    any volume."""
    each, standing = curve.usd_per_request * MONTH_DAYS, curve.usd_per_machine
    volumes = []
    for count in range(1, MOST_MACHINES + 1):
        left = limit_usd - count * standing
        if left < 0:
            break
        full = count * curve.requests_per_machine
        volumes.append(min(full, left / each) if each > 0 else full)
    return max(volumes, default=None)


def least(curves: Sequence[Curve], requests_per_day: float) -> tuple[Curve, ...]:
    """The cheapest at so many requests a day; all that cost the same."""
    bills = [curve.usd(requests_per_day) for curve in curves]
    most = min(bills) * (1 + ROUNDING)
    return tuple(curve for curve, usd in zip(curves, bills, strict=True) if usd <= most)


def as_cheap(outlays: Sequence[Outlay], workload: Workload) -> tuple[Curve, ...]:
    """Those whose intervals allow that they cost as little as the cheapest."""
    best = least([one.curve for one in outlays], workload.requests_per_day)
    most = max(ends(one.usd_per_month)[2] for one in outlays if one.curve in best)
    return tuple(
        one.curve for one in outlays if one.curve not in best and ends(one.usd_per_month)[0] <= most
    )


def cheapest(curves: Sequence[Curve]) -> tuple[Stretch, ...]:
    """Which are the cheapest at which volume, from nothing on.

    Between two volumes at which machines are added, every bill is a straight line.
    """
    ends_at = [MOST_MACHINES * curve.requests_per_machine for curve in curves]
    horizon = min(ends_at, default=0.0)
    added = {
        count * curve.requests_per_machine
        for curve in curves
        if curve.requests_per_machine < inf
        for count in range(1, MOST_MACHINES)
    }
    edges = sorted({0.0, horizon} | {edge for edge in added if edge < horizon})
    found: list[Stretch] = []
    for start, end in chain.from_iterable(_pieces(curves, a, b) for a, b in pairwise(edges)):
        best = least(curves, _within(start, end))
        if found and found[-1].curves == best:
            start = found.pop().start
        found.append(Stretch(start=start, end=end, curves=best))
    return tuple(found)


def _pieces(curves: Sequence[Curve], start: float, end: float) -> Iterator[tuple[float, float]]:
    """The parts of a stretch without new machines in which no two bills cross."""
    inside = _within(start, end)
    cuts = []
    for one, other in combinations(curves, 2):
        steeper = (one.usd_per_request - other.usd_per_request) * MONTH_DAYS
        more = _standing(other, inside) - _standing(one, inside)
        if steeper != 0 and start < more / steeper < end:
            cuts.append(more / steeper)
    return pairwise(sorted({start, *cuts, end}))


def _standing(curve: Curve, requests_per_day: float) -> float:
    return curve.usd_per_machine * curve.machines(requests_per_day)


def _within(start: float, end: float) -> float:
    return 2 * start + 1 if end == inf else (start + end) / 2
