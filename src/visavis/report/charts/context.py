"""How memory grows with the context that is filled: as measured, beside what is reckoned."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from visavis.measure.memory_growth import ContextMemory
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
    across,
    joined,
    up,
)
from visavis.report.charts.scale import Scale, from_zero, spanning
from visavis.report.language import Words
from visavis.report.text import Numbers

_BETWEEN_LABELS: Final = 0.16
"""Share of the axis that `131,072` takes on a telephone."""

Points = Mapping[int, Sequence[ContextMemory]]
"""By the candidate's place."""


def memory_by_context(points: Points, here: Setting) -> Chart | None:
    """None where it was not measured."""
    _, num = Words(here.lang), Numbers(here.lang)
    every = [point for several in points.values() for point in several]
    if not every:
        return None
    along = spanning(float(point.tokens) for point in every)
    rise = from_zero(size for p in every for size in (p.peak_bytes, p.reckoned_bytes))
    return Chart(
        name="memory-context",
        title=_("Memory against context"),
        caption=_(
            "Peak memory of the local engine with one context of so many tokens, filled; dashed: "
            "as visavis fit reckons it."
        ),
        places=tuple(points),
        keys=(
            Key(kind="filled", label=_("measured")),
            Key(kind="hollow", label=_("as reckoned")),
        ),
        panels=(
            Panel(
                title="",
                described=_("; ").join(", ".join(row) for row in _rows(points, here)),
                drawing=Plane(
                    x_label=_("tokens of context (log scale)")
                    if along.log
                    else _("tokens of context"),
                    y_label=_("peak memory"),
                    x=tuple(
                        Tick(at=across(along, tokens), label=num.count(tokens))
                        for tokens in _apart({point.tokens for point in every}, along)
                    ),
                    y=tuple(
                        Tick(at=up(rise, tick), label=num.size(tick, rise.grain(tick)))
                        for tick in rise.ticks()
                    ),
                    lines=tuple(
                        Line(
                            place=place,
                            points=joined((dot.x, dot.y) for dot in dots),
                            dashed=dots[0].hollow,
                        )
                        for place, several in points.items()
                        for dots in _dots(place, several, (along, rise), here)
                    ),
                    dots=tuple(
                        dot
                        for place, several in points.items()
                        for dots in _dots(place, several, (along, rise), here)
                        for dot in dots
                    ),
                ),
            ),
        ),
        table=Table(
            heads=(
                _("candidate"),
                _("tokens of context"),
                _("peak memory"),
                _("as reckoned"),
            ),
            rows=tuple(_rows(points, here)),
        ),
    )


def _apart(tokens: Iterable[int], along: Scale) -> list[int]:
    """Those to be written on the axis: from the largest down, none too near the one before."""
    kept: list[int] = []
    for one in sorted(tokens, reverse=True):
        if not kept or along.share(kept[-1]) - along.share(one) >= _BETWEEN_LABELS:
            kept.append(one)
    return kept[::-1]


def _dots(
    place: int, several: Sequence[ContextMemory], scales: tuple[Scale, Scale], here: Setting
) -> tuple[list[Dot], list[Dot]]:
    """As measured, and as reckoned."""
    (along, rise), num = scales, Numbers(here.lang)

    def dot(tokens: int, size: float, *, reckoned: bool) -> Dot:
        return Dot(
            place=place,
            x=across(along, tokens),
            y=up(rise, size),
            hollow=reckoned,
            told=f"{here.names[place]}, {num.count(tokens)}: {num.size(size)}",
        )

    return (
        [dot(point.tokens, point.peak_bytes, reckoned=False) for point in several],
        [dot(point.tokens, point.reckoned_bytes, reckoned=True) for point in several],
    )


def _rows(points: Points, here: Setting) -> list[tuple[str, ...]]:
    num = Numbers(here.lang)
    return [
        (
            here.names[place],
            num.count(point.tokens),
            num.size(point.peak_bytes),
            num.size(point.reckoned_bytes),
        )
        for place, several in points.items()
        for point in several
    ]
