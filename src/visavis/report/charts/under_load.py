"""A speed run: latency and throughput against load, and how first tokens spread under each.

Loads stand side by side in the order in which they were measured, since they are seldom of one
kind and often double.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from visavis.measure.load.arrivals import streams_in
from visavis.options import Language
from visavis.report.charts.drawing import (
    Chart,
    Dot,
    Key,
    Line,
    Panel,
    Plane,
    Setting,
    Table,
    Tick,
    aside_from,
    column,
    joined,
    up,
)
from visavis.report.charts.first_token import distributions, written
from visavis.report.charts.gathered import TAILS, Tail, Waits, thinned
from visavis.report.charts.scale import Scale, from_zero, spanning
from visavis.report.language import Words
from visavis.report.speed.figures import Loaded, SpeedFigures
from visavis.report.speed.words import load_label
from visavis.report.text import Numbers
from visavis.stats.estimate import Estimate, TooFew


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One candidate under one load."""

    load: str
    """As it is called."""
    place: int
    """Among the candidates of the page."""
    name: str
    x: float
    one: Loaded
    tails: tuple[Tail, ...]
    """Of the first token; empty where no reply came."""

    @property
    def error_s(self) -> float | None:
        """By how much the instrument may be wrong."""
        return self.one.instrument.error_s if self.one.instrument else None


def load_charts(figures: SpeedFigures, places: Mapping[str, int], here: Setting) -> Iterator[Chart]:
    """Of candidates by name; what was not measured is not drawn."""
    points = list(_points(figures, places, here))
    loads = figures.loads
    timed = [point for point in points if point.tails]
    counted = [point for point in points if point.one.throughput_tokens_per_s is not None]
    if timed:
        yield _latency(timed, loads, here)
    if counted:
        yield _throughput(counted, figures, here)
    if timed:
        yield _spread(timed, here)


def _points(figures: SpeedFigures, places: Mapping[str, int], here: Setting) -> Iterator[Point]:
    """In the column of its load, each candidate a little beside the others."""
    names = [candidate.name for candidate in figures.spec.candidates]
    for number, load in enumerate(figures.loads):
        for one in figures.of(load):
            beside = aside_from(names.index(one.candidate), len(names))
            place = places[one.candidate]
            yield Point(
                load=load_label(load, here.lang),
                place=place,
                name=here.names[place],
                x=round(column(number, len(figures.loads)) + beside, 2),
                one=one,
                tails=tuple(
                    Tail(share=share, value=found.value, known=found.known)
                    for share in TAILS
                    if (found := one.quantile("first_token_s", share)) is not None
                ),
            )


def _latency(points: Sequence[Point], loads: Sequence[str], here: Setting) -> Chart:
    _, num = Words(here.lang), Numbers(here.lang)
    rise = spanning(end for point in points for tail in point.tails for end in _ends(tail))
    dots = [
        Dot(
            place=point.place,
            x=point.x,
            y=up(rise, tail.value),
            upright=_whisker(tail.known, rise),
            hollow=tail.share != TAILS[0],
            told=f"{point.name}, {point.load}: {num.seconds(tail.value)}",
        )
        for point in points
        for tail in point.tails
    ]
    rows = [_waits(point, here) for point in points]
    return Chart(
        name="latency",
        title=_("Time to first token against load"),
        caption=_(
            "How long replies took to begin under each load: half of them within the full line, "
            "95 of 100 within the dashed one, with 95% intervals. The band round a median is our "
            "own error."
        ),
        places=_places(points),
        keys=(
            Key(kind="filled", label=_("half began within")),
            Key(kind="hollow", label=_("95 of 100 began within")),
            Key(kind="band", label=_("our own error")),
        ),
        panels=(
            Panel(
                title="",
                described=_("; ").join(", ".join(row) for row in rows),
                drawing=Plane(
                    x_label=_axis(loads, here.lang),
                    y_label=_("time to first token (log scale)")
                    if rise.log
                    else _("time to first token"),
                    columns=_columns(loads, here.lang),
                    y=tuple(
                        Tick(at=up(rise, tick), label=num.seconds(tick, rise.grain(tick)))
                        for tick in rise.ticks()
                    ),
                    lines=tuple(_lines(dots, _bands(points, rise))),
                    dots=tuple(dots),
                ),
            ),
        ),
        table=Table(
            heads=(
                _("load"),
                _("candidate"),
                _("half began within"),
                _("95 of 100 began within"),
                _("our own error"),
            ),
            rows=tuple(rows),
        ),
    )


def _waits(point: Point, here: Setting) -> tuple[str, ...]:
    """A row of figures."""
    _, num, error = Words(here.lang), Numbers(here.lang), point.error_s
    return (
        point.load,
        point.name,
        *(written(tail, num) for tail in point.tails),
        _("not calibrated so far") if error is None else num.seconds(error),
    )


def _throughput(points: Sequence[Point], figures: SpeedFigures, here: Setting) -> Chart:
    _, num = Words(here.lang), Numbers(here.lang)
    known = {
        (row.benchmark, cell.candidate): cell.estimate
        for row in figures.judgement.rows
        if row.measure == "throughput_tokens_per_s"
        for cell in row.cells
    }
    values = [point.one.throughput_tokens_per_s or 0.0 for point in points]
    of = [known.get((point.one.load, point.one.candidate)) for point in points]
    rise = from_zero([*values, *(one.high for one in of if isinstance(one, Estimate))])
    told = [_rate(value, one, num) for value, one in zip(values, of, strict=True)]
    dots = [
        Dot(
            place=point.place,
            x=point.x,
            y=up(rise, value),
            upright=_whisker(one, rise),
            told=f"{point.name}, {point.load}: {text}",
        )
        for point, value, one, text in zip(points, values, of, told, strict=True)
    ]
    return Chart(
        name="throughput",
        title=_("Throughput against load"),
        caption=_(
            "Output tokens a second of all requests together, with 95% intervals: where a line "
            "no longer rises, more at once brings nothing more."
        ),
        places=_places(points),
        panels=(
            Panel(
                title="",
                described=_("; ").join(dot.told for dot in dots),
                drawing=Plane(
                    x_label=_axis(figures.loads, here.lang),
                    y_label=_("throughput, tokens/s"),
                    columns=_columns(figures.loads, here.lang),
                    y=tuple(
                        Tick(at=up(rise, tick), label=num.value("plain", tick, rise.grain(tick)))
                        for tick in rise.ticks()
                    ),
                    lines=tuple(_lines(dots, {})),
                    dots=tuple(dots),
                ),
            ),
        ),
        table=Table(
            heads=(_("load"), _("candidate"), _("throughput")),
            rows=tuple(
                (point.load, point.name, text) for point, text in zip(points, told, strict=True)
            ),
        ),
    )


def _rate(value: float, known: Estimate | TooFew | None, num: Numbers) -> str:
    if not isinstance(known, Estimate):
        return num.rate(value)
    return f"{num.rate(value, known.high - known.low)} ({num.interval('per_s', known)})"


def _spread(points: Sequence[Point], here: Setting) -> Chart:
    _, of = Words(here.lang), dict[str, dict[int, Waits]]()
    for point in points:
        ranked = point.one.first_tokens_s
        of.setdefault(point.load, {})[point.place] = Waits(
            n=len(ranked), steps=tuple(thinned(ranked)), tails=point.tails
        )
    named = ("load-first-token", _("First tokens under each load"), _("load"))
    return distributions(of, named, here)


# --- places -------------------------------------------------------------------------------------


def _places(points: Sequence[Point]) -> tuple[int, ...]:
    return tuple(sorted({point.place for point in points}))


def _ends(tail: Tail) -> Iterator[float]:
    """What an axis has to hold."""
    yield tail.value
    if isinstance(tail.known, Estimate):
        yield from (tail.known.low, tail.known.high)


def _whisker(known: Estimate | TooFew | None, rise: Scale) -> tuple[float, float] | None:
    return (up(rise, known.low), up(rise, known.high)) if isinstance(known, Estimate) else None


def _lines(dots: Sequence[Dot], bands: Mapping[int, str]) -> Iterator[Line]:
    """Through the dots of one kind, candidate by candidate."""
    of: dict[tuple[int, bool], list[Dot]] = {}
    for dot in dots:
        of.setdefault((dot.place, dot.hollow), []).append(dot)
    for (place, hollow), mine in of.items():
        yield Line(
            place=place,
            points=joined((dot.x, dot.y) for dot in mine),
            dashed=hollow,
            area="" if hollow else bands.get(place, ""),
        )


def _bands(points: Sequence[Point], rise: Scale) -> dict[int, str]:
    """By how much the instrument may be wrong about each median, where somebody knows."""
    above: dict[int, list[tuple[float, float]]] = {}
    below: dict[int, list[tuple[float, float]]] = {}
    for point in points:
        middle, error = point.tails[0].value, point.error_s
        if error is not None:
            above.setdefault(point.place, []).append((point.x, up(rise, middle + error)))
            below.setdefault(point.place, []).append((point.x, up(rise, max(0.0, middle - error))))
    return {place: joined([*above[place], *reversed(below[place])]) for place in above}


# --- loads --------------------------------------------------------------------------------------


def _columns(loads: Sequence[str], lang: Language) -> tuple[str, ...]:
    """Numbers alone where all loads are so many at once: there may be a dozen of them."""
    found = list(map(streams_in, loads))
    return tuple(
        Numbers(lang).count(streams) if streams and all(found) else load_label(load, lang)
        for load, streams in zip(loads, found, strict=True)
    )


def _axis(loads: Sequence[str], lang: Language) -> str:
    _ = Words(lang)
    return _("requests at once") if all(map(streams_in, loads)) else _("load")
