"""Where lines and dots of a speed run's drawings stand; the template draws them.

Places are in the units of a drawing 640 wide and 260 high. Loads stand side by side in the order in
which they were measured, since they are seldom of one kind and often double.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

from visavis.options import Language
from visavis.report.language import Words
from visavis.report.speed_figures import Loaded, SpeedFigures
from visavis.report.speed_words import load_label
from visavis.report.text import Numbers
from visavis.stats.estimate import Estimate

WIDTH, HEIGHT = 640.0, 260.0
LEFT, _RIGHT, _TOP, _BOTTOM = 84.0, 14.0, 12.0, 30.0
_MOST_STEPS = 200
"""Of a distribution's line: more cannot be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    x: float
    y: float
    low: float
    """Ends of the whisker; both are `y` where there is none."""
    high: float
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One candidate's line."""

    place: int
    """Among the candidates: its colour."""
    dashed: bool
    points: str
    """For `polyline`."""
    band: str = ""
    """For `polygon`: by how much the instrument may be wrong; empty where nobody knows."""
    dots: tuple[Dot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    title: str
    described: str
    """What the drawing shows, in words."""
    x: tuple[Tick, ...]
    y: tuple[Tick, ...]
    curves: tuple[Curve, ...]


def charts(figures: SpeedFigures, lang: Language) -> tuple[Chart, ...]:
    """Latency and throughput against load, then the first-token times of each load."""
    if not figures.loads:
        return ()
    against = (_latency(figures, lang), _throughput(figures, lang))
    spread = (_distribution(figures, load, lang) for load in figures.loads)
    return tuple(chart for chart in (*against, *spread, _memory(figures, lang)) if chart.curves)


def _latency(figures: SpeedFigures, lang: Language) -> Chart:
    _, num = Words(lang), Numbers(lang)
    found = list(figures.loaded.values())
    tails = (one.quantile("first_token_s", 0.95) for one in found)
    rise = _rise(max((tail.value for tail in tails if tail), default=1.0))
    curves = []
    for place, mine in enumerate(_by_candidate(figures)):
        for share, dashed in ((0.5, False), (0.95, True)):
            curves.append(_waits(mine, share, place, rise, num, dashed=dashed))
    return Chart(
        title=_("Time to first token against load"),
        described=_(
            "Lines: the median; dashed: 95 of 100 within. Whiskers: 95% intervals. The band round "
            "a median is the instrument's own error."
        ),
        x=_loads(figures, lang),
        y=_scale(rise, lambda value: num.seconds(value, rise.end)),
        curves=tuple(curve for curve in curves if curve.dots),
    )


def _waits(
    mine: Sequence[tuple[float, Loaded]],
    share: float,
    place: int,
    rise: "_Rise",
    num: Numbers,
    *,
    dashed: bool,
) -> Curve:
    dots, above, below = [], [], []
    for x, one in mine:
        quantile = one.quantile("first_token_s", share)
        if quantile is None:
            continue
        known = quantile.known if isinstance(quantile.known, Estimate) else None
        low, high = (known.low, known.high) if known else (quantile.value, quantile.value)
        dots.append(
            Dot(
                x=x,
                y=rise.place(quantile.value),
                low=rise.place(low),
                high=rise.place(high),
                told=num.seconds(quantile.value),
            )
        )
        error = one.instrument.error_s if one.instrument else None
        if error is not None and not dashed:
            above.append((x, rise.place(quantile.value + error)))
            below.append((x, rise.place(max(0.0, quantile.value - error))))
    return Curve(
        place=place,
        dashed=dashed,
        points=_joined((dot.x, dot.y) for dot in dots),
        band=_joined([*above, *reversed(below)]),
        dots=tuple(dots),
    )


def _throughput(figures: SpeedFigures, lang: Language) -> Chart:
    _, num = Words(lang), Numbers(lang)
    known = {
        (row.benchmark, cell.candidate): cell.estimate
        for row in figures.judgement.rows
        if row.measure == "throughput_tokens_per_s"
        for cell in row.cells
    }
    ends = [one.high for one in known.values() if isinstance(one, Estimate)]
    most = max(ends + [one.throughput_tokens_per_s or 0.0 for one in figures.loaded.values()])
    rise = _rise(most or 1.0)
    curves = []
    for place, mine in enumerate(_by_candidate(figures)):
        dots = []
        for x, one in mine:
            if one.throughput_tokens_per_s is None:
                continue
            y = rise.place(one.throughput_tokens_per_s)
            seen = known.get((one.load, one.candidate))
            low = rise.place(seen.low) if isinstance(seen, Estimate) else y
            high = rise.place(seen.high) if isinstance(seen, Estimate) else y
            told = num.rate(one.throughput_tokens_per_s)
            dots.append(Dot(x=x, y=y, low=low, high=high, told=told))
        points = _joined((dot.x, dot.y) for dot in dots)
        curves.append(Curve(place=place, dashed=False, points=points, dots=tuple(dots)))
    return Chart(
        title=_("Throughput against load"),
        described=_("Output tokens a second of all requests together, with 95% intervals."),
        x=_loads(figures, lang),
        y=_scale(rise, lambda value: num.rate(value, rise.end)),
        curves=tuple(curve for curve in curves if curve.dots),
    )


def _distribution(figures: SpeedFigures, load: str, lang: Language) -> Chart:
    _, num = Words(lang), Numbers(lang)
    names = [candidate.name for candidate in figures.spec.candidates]
    found = [one for one in figures.of(load) if one.first_tokens_s]
    longest = _Rise(end=_round_up(max((one.first_tokens_s[-1] for one in found), default=1.0)))
    curves = (
        Curve(
            place=names.index(one.candidate),
            dashed=False,
            points=_joined(_steps(one.first_tokens_s, longest)),
        )
        for one in found
    )
    everyone = _Rise(end=1.0)
    return Chart(
        title=_("First tokens, {load}", load=load_label(load, lang)),
        described=_("The share of replies whose first token came within the time below."),
        x=tuple(
            Tick(
                at=longest.across(share * longest.end),
                label=num.seconds(share * longest.end, longest.end),
            )
            for share in (0.0, 0.25, 0.5, 0.75, 1.0)
        ),
        y=_scale(everyone, num.share),
        curves=tuple(curves),
    )


def _memory(figures: SpeedFigures, lang: Language) -> Chart:
    """Of local files: measured, and dashed as reckoned."""
    _, num, memory = Words(lang), Numbers(lang), figures.beside.memory
    points = [point for several in memory.values() for point in several]
    along = _Rise(end=float(max((point.tokens for point in points), default=1)))
    most = max((max(p.peak_bytes, p.reckoned_bytes) for p in points), default=1.0)
    rise, curves = _rise(most), []
    for place, candidate in enumerate(figures.spec.candidates):
        mine = memory.get(candidate.name, ())
        for dashed in (False, True):
            sizes = [(p.tokens, p.reckoned_bytes if dashed else p.peak_bytes) for p in mine]
            curves.append(_sizes(sizes, (along, rise), place, num, dashed=dashed))
    return Chart(
        title=_("Memory against context"),
        described=_(
            "Peak memory of the local engine with one context of so many tokens, filled; dashed: "
            "as visavis fit reckons it."
        ),
        x=tuple(
            Tick(at=along.across(tokens), label=num.count(tokens))
            for tokens in sorted({point.tokens for point in points})
        ),
        y=_scale(rise, lambda value: num.size(value, rise.end)),
        curves=tuple(curve for curve in curves if curve.dots),
    )


def _sizes(
    sizes: Sequence[tuple[int, float]],
    scales: tuple["_Rise", "_Rise"],
    place: int,
    num: Numbers,
    *,
    dashed: bool,
) -> Curve:
    along, rise = scales
    dots = []
    for tokens, size in sizes:
        y = rise.place(size)
        dots.append(Dot(x=along.across(tokens), y=y, low=y, high=y, told=num.size(size)))
    points = _joined((dot.x, dot.y) for dot in dots)
    return Curve(place=place, dashed=dashed, points=points, dots=tuple(dots))


def _steps(times: Sequence[float], along: "_Rise") -> Iterable[tuple[float, float]]:
    """The share that came within each time, as stairs."""
    everyone, n = _Rise(end=1.0), len(times)
    stride = max(1, n // _MOST_STEPS)
    yield along.across(0.0), everyone.place(0.0)
    before = 0.0
    for rank in [*range(0, n - 1, stride), n - 1]:
        yield along.across(times[rank]), everyone.place(before)
        before = (rank + 1) / n
        yield along.across(times[rank]), everyone.place(before)
    yield along.across(along.end), everyone.place(1.0)


# --- places -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rise:
    """A scale from 0 to its end."""

    end: float

    def place(self, value: float) -> float:
        """Upwards."""
        share = min(max(value / self.end, 0.0), 1.0)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)

    def across(self, value: float) -> float:
        """From left to right."""
        share = min(max(value / self.end, 0.0), 1.0)
        return round(LEFT + share * (WIDTH - LEFT - _RIGHT), 1)


def _rise(most: float) -> _Rise:
    return _Rise(end=_round_up(1.05 * most))


def _round_up(most: float) -> float:
    """The next of 1, 1.2, 1.6, 2, 3, 4, 6, 8 times a power of ten."""
    power = 10.0 ** floor(log10(most)) if most > 0 else 1.0
    return next(n * power for n in (1, 1.2, 1.6, 2, 3, 4, 6, 8, 10, 100) if n * power >= most)


def _scale(rise: _Rise, write: Callable[[float], str]) -> tuple[Tick, ...]:
    ends = (0.0, rise.end / 2, rise.end)
    return tuple(Tick(at=rise.place(end), label=write(end)) for end in ends)


def _loads(figures: SpeedFigures, lang: Language) -> tuple[Tick, ...]:
    return tuple(
        Tick(at=_column(n, len(figures.loads)), label=load_label(load, lang))
        for n, load in enumerate(figures.loads)
    )


def _column(n: int, of: int) -> float:
    """The middle of one of so many columns."""
    return round(LEFT + (n + 0.5) / of * (WIDTH - LEFT - _RIGHT), 1)


def _by_candidate(figures: SpeedFigures) -> Iterable[list[tuple[float, Loaded]]]:
    """Each candidate's loads with their columns."""
    for candidate in figures.spec.candidates:
        yield [
            (_column(n, len(figures.loads)), figures.loaded[load, candidate.name])
            for n, load in enumerate(figures.loads)
            if (load, candidate.name) in figures.loaded
        ]


def _joined(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
