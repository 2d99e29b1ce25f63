"""Where the dots and whiskers of the gap chart stand; the template draws them.

Positions are per cent of a strip's width, so that the drawing fits any screen. The middle is "no
difference"; to the right of it the pair's first candidate is the better one, whatever is measured.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf, log
from typing import NamedTuple

from visavis.measure.speed import SPEED
from visavis.report.table import GapView, Kind, Plot, RowView
from visavis.report.text import Numbers, line
from visavis.report.view import View

_EDGE = 3.0
"""Per cent kept free at each end, for the dots."""
_POINTS = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
_TIMES = (1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0, 1000.0)
"""Ends of the scales that a chart may have, the smallest that holds all whiskers is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One gap as drawn."""

    label: str
    benchmark: str
    """Whose trials lie behind it; empty where none can be shown."""
    filter: str
    """Of the transcripts: the cases that it rests on."""
    kind: Kind
    described: str
    """What the drawing shows, in words."""
    low: float
    value: float
    high: float
    band: tuple[float, float]
    """Within it, a gap is too small to matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All gaps of one pair on one scale."""

    a: str
    b: str
    places: tuple[int, int]
    """The pair's places among the candidates: their colours."""
    strips: tuple[Strip, ...]
    ticks: tuple[Tick, ...]


class _Drawn(NamedTuple):
    row: RowView
    gap: GapView
    plot: Plot


def panels(view: View) -> tuple[Panel, ...]:
    """The gap chart of every pair, differences and ratios apart."""
    names = [head.name for head in view.heads]
    plotted: dict[tuple[str, str, str], list[_Drawn]] = {}
    for row in view.rows:
        for gap in row.gaps:
            if gap.plot is not None:
                at = (line(gap.a), line(gap.b), gap.plot.scale)
                plotted.setdefault(at, []).append(_Drawn(row, gap, gap.plot))
    return tuple(
        _panel(a, b, (names.index(a), names.index(b)), drawn, Numbers(view.lang))
        for (a, b, _scale), drawn in plotted.items()
    )


def _panel(
    a: str,
    b: str,
    places: tuple[int, int],
    drawn: list[_Drawn],
    num: Numbers,
) -> Panel:
    plots = [one.plot for one in drawn]
    ratio = plots[0].scale == "ratio"
    end = _end(plots, _TIMES if ratio else _POINTS)
    place = _on_ratio(end) if ratio else _on_difference(end)
    return Panel(
        a=a,
        b=b,
        places=places,
        strips=tuple(_strip(one, place) for one in drawn),
        ticks=tuple(_ticks(end, place, num, ratio=ratio)),
    )


def _end(plots: Iterable[Plot], ends: tuple[float, ...]) -> float:
    """The smallest scale that holds every whisker; the largest there is where none does."""
    reach = max(_reach(plot) for plot in plots)
    return next((end for end in ends if end >= reach), ends[-1])


def _reach(plot: Plot) -> float:
    if plot.scale == "ratio":
        return max(plot.high, 1 / plot.low if plot.low > 0 else inf, 1 + plot.matters)
    return max(abs(plot.low), abs(plot.high), plot.matters)


def _on_difference(end: float) -> Callable[[float], float]:
    return lambda gap: _percent(gap / end)


def _on_ratio(end: float) -> Callable[[float], float]:
    return lambda ratio: _percent(log(min(max(ratio, 1 / end), end)) / log(end))


def _percent(share: float) -> float:
    """From -1 … 1 to a place on the strip; what lies beyond stands at its end."""
    return round(50 + max(-1.0, min(1.0, share)) * (50 - _EDGE), 2)


def _strip(drawn: _Drawn, place: Callable[[float], float]) -> Strip:
    row, gap, plot = drawn
    ratio = plot.scale == "ratio"
    band = (1 / (1 + plot.matters), 1 + plot.matters) if ratio else (-plot.matters, plot.matters)
    told = ", ".join(part for part in (*gap.told, gap.verdict) if part)
    return Strip(
        label=row.label,
        benchmark="" if row.benchmark == SPEED else row.benchmark,
        filter="disagree" if row.measure == "score" else "all",
        kind=gap.kind,
        described=told,
        low=place(plot.low),
        value=place(plot.value),
        high=place(plot.high),
        band=(place(band[0]), place(band[1])),
    )


def _ticks(
    end: float, place: Callable[[float], float], num: Numbers, *, ratio: bool
) -> Iterable[Tick]:
    if ratio:
        yield Tick(at=place(1 / end), label=num.stated_times(end))
        yield Tick(at=place(1.0), label=num.decimal(1.0))
        yield Tick(at=place(end), label=num.stated_times(end))
        return
    for share in (-end, -end / 2, 0.0, end / 2, end):
        label = num.stated(abs(share)) if abs(share) == end else num.decimal(100 * abs(share))
        yield Tick(at=place(share), label=label)
