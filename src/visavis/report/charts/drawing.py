"""What a drawing is made of. Marks keep their size on every screen, and only places stretch.

Across, places are per cent of the drawing's width; upwards they are pixels below its upper edge.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from visavis.options import Language
from visavis.report.charts.scale import Scale

HEIGHT = 230.0
"""Of a plane, in pixels."""
STRETCH = 1000.0
"""Lines are drawn so many units wide, and stretched to the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One value of one candidate."""

    place: int
    """Among the candidates: its colour and its mark."""
    x: float
    y: float
    across: tuple[float, float] | None = None
    """Ends of the whisker from left to right; None where no interval is known."""
    upright: tuple[float, float] | None = None
    """Lower end, upper end."""
    hollow: bool = False
    told: str
    """What stands here, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    place: int | None
    """None for what is no candidate's."""
    points: str
    """For `polyline`, `STRETCH` wide."""
    dashed: bool = False
    area: str = ""
    """For `polygon`: shaded with the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A part of the plane where the axis across says nothing."""

    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Two axes, and what stands between them."""

    x_label: str
    y_label: str
    x: tuple[Tick, ...] = ()
    columns: tuple[str, ...] = ()
    """Labels of columns of one width, where the axis across has no scale."""
    y: tuple[Tick, ...]
    levels: tuple[Tick, ...] = ()
    """Named heights to hold the values against."""
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    aside: Aside | None = None
    kind: Literal["plane"] = "plane"

    @property
    def height(self) -> float:
        return HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a bar."""

    kind: Literal["both", "a", "b", "neither", "left"]
    label: str
    count: str
    filter: str
    """Of the transcripts: it shows these cases."""
    low: float
    width: float
    roomy: bool
    """The count has room in the bar itself, on a telephone as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """All cases of one pair of candidates."""

    a: int
    b: int
    """Their places."""
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    bars: tuple[Bar, ...]
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One candidate on an axis of its own."""

    place: int
    label: str
    told: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One axis for all rows."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    lines: tuple[Tick, ...]
    """Across all rows: sizes to hold the values against."""
    kind: Literal["rows"] = "rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One of several drawings that are read alike."""

    title: str
    """Empty where there is but one."""
    benchmark: str = ""
    """Whose trials lie behind it; empty where none can be shown."""
    described: str
    """What is to be seen, in words and figures."""
    drawing: Plane | Bars | Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a line or a mark stands for, beside the candidates' own."""

    kind: Literal["dashed", "hollow", "filled", "front", "band"]
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The figures of a chart, to be read and copied."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Drawings under one title, how to read them, and their figures."""

    name: str
    """Unique on a page; part of its ids."""
    title: str
    caption: str
    """What it shows and how it is read."""
    places: tuple[int, ...]
    """Candidates that are drawn; none where the drawing itself names them."""
    keys: tuple[Key, ...] = ()
    panels: tuple[Panel, ...]
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """In whose words a chart is drawn."""

    lang: Language
    names: tuple[str, ...]
    """Of the candidates, by place, fit to be shown."""
    chances: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
    """What a guesser scores, by benchmark."""
    titles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Of benchmarks that are called otherwise than by their names."""

    def title(self, benchmark: str) -> str:
        """What a reader sees of it."""
        return self.titles.get(benchmark, benchmark)


def up(scale: Scale, value: float) -> float:
    """Pixels below the upper edge."""
    return round((1 - scale.share(value)) * HEIGHT, 1)


def across(scale: Scale, value: float, within: tuple[float, float] = (0.0, 100.0)) -> float:
    """Per cent of the width; `within` is the part of it that the scale takes."""
    low, high = within
    return round(low + scale.share(value) * (high - low), 2)


def joined(points: Iterable[tuple[float, float]]) -> str:
    """Points, in per cent across, for a line."""
    return " ".join(f"{x * STRETCH / 100:g},{y:g}" for x, y in points)


def column(n: int, of: int) -> float:
    """The middle of one of so many columns."""
    return round(100 * (n + 0.5) / of, 2)


def aside_from(n: int, of: int) -> float:
    """How far to the right the mark of one of so many stands, for their whiskers not to meet."""
    return round(1.6 * (n - (of - 1) / 2), 2)


def stairs(steps: Sequence[float], along: Scale) -> list[tuple[float, float]]:
    """The share that is no larger than each of some ordered values, each a like part of all."""
    points, before, everyone = [(0.0, HEIGHT)], HEIGHT, Scale(low=0.0, high=1.0, log=False)
    for rank, value in enumerate(steps, start=1):
        x, y = across(along, value), up(everyone, rank / len(steps))
        points += [(x, before), (x, y)]
        before = y
    return [*points, (100.0, before)]
