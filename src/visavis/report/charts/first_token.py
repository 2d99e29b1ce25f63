"""How soon first tokens came: the share that had come, at any time after asking."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from visavis.measure.speed import SPEED
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
    across,
    joined,
    stairs,
    up,
)
from visavis.report.charts.gathered import Tail, Waits
from visavis.report.charts.scale import Scale, spanning
from visavis.report.language import Words
from visavis.report.text import Numbers
from visavis.stats.estimate import Estimate

EVERYONE = Scale(low=0.0, high=1.0, log=False)
_WRITTEN = (0.0, 0.25, 0.5, 0.75, 0.95)
"""Shares written at the side: quarters, and those that are marked."""

Of = Mapping[str, Mapping[int, Waits]]
"""By what was asked, or under which load; then by the candidate's place."""


def first_tokens(waits: Of, here: Setting) -> Chart | None:
    """The distribution on every benchmark that was timed; None where none was."""
    _ = Words(here.lang)
    if not waits:
        return None
    asked = sorted(waits, key=lambda name: name != SPEED)
    of = {_("one at a time") if name == SPEED else here.title(name): waits[name] for name in asked}
    named = ("first-token", _("Time to first token"), _("benchmark"))
    chart = distributions(of, named, here)
    behind = ("" if name == SPEED else name for name in asked)
    panels = zip(chart.panels, behind, strict=True)
    return replace(chart, panels=tuple(replace(panel, benchmark=name) for panel, name in panels))


def distributions(of: Of, named: tuple[str, str, str], here: Setting) -> Chart:
    """A panel each, all on one scale. `named`: the chart's name and title, and what heads the
    column of the panels' names."""
    name, title, what = named
    _ = Words(here.lang)
    along = spanning(end for by in of.values() for one in by.values() for end in _ends(one))
    return Chart(
        name=name,
        title=title,
        caption=_(
            "How many of 100 replies had begun after so long: the further left, the quicker. "
            "Marked are the time within which half of them began (filled) and 95 of 100 "
            "(hollow), with 95% intervals where there are replies enough."
        ),
        places=tuple(sorted({place for by in of.values() for place in by})),
        keys=(
            Key(kind="filled", label=_("half began within")),
            Key(kind="hollow", label=_("95 of 100 began within")),
        ),
        panels=tuple(
            Panel(
                title=asked,
                described=_("; ").join(_described(place, one, here) for place, one in by.items()),
                drawing=_plane(by, along, here),
            )
            for asked, by in of.items()
        ),
        table=Table(
            heads=(
                what,
                _("candidate"),
                _("replies"),
                _("half began within"),
                _("95 of 100 began within"),
            ),
            rows=tuple(
                (asked, *_row(place, one, here))
                for asked, by in of.items()
                for place, one in by.items()
            ),
        ),
    )


def _ends(waits: Waits) -> Iterable[float]:
    """What an axis has to hold."""
    yield from (waits.steps[0], waits.steps[-1])
    for tail in waits.tails:
        if isinstance(tail.known, Estimate):
            yield from (tail.known.low, tail.known.high)


def _plane(waits: Mapping[int, Waits], along: Scale, here: Setting) -> Plane:
    _, num = Words(here.lang), Numbers(here.lang)
    return Plane(
        x_label=_("time to first token (log scale)") if along.log else _("time to first token"),
        y_label=_("replies that had begun"),
        x=tuple(
            Tick(at=across(along, tick), label=num.seconds(tick, along.grain(tick)))
            for tick in along.ticks()
        ),
        y=tuple(Tick(at=up(EVERYONE, share), label=num.share(share)) for share in _WRITTEN),
        lines=tuple(
            Line(place=place, points=joined(stairs(one.steps, along)))
            for place, one in waits.items()
        ),
        dots=tuple(
            _dot(place, tail, along, here) for place, one in waits.items() for tail in one.tails
        ),
    )


def _dot(place: int, tail: Tail, along: Scale, here: Setting) -> Dot:
    num = Numbers(here.lang)
    known = tail.known if isinstance(tail.known, Estimate) else None
    return Dot(
        place=place,
        x=across(along, tail.value),
        y=up(EVERYONE, tail.share),
        across=(across(along, known.low), across(along, known.high)) if known else None,
        hollow=tail.share != 0.5,
        told=f"{here.names[place]}, {num.share(tail.share)}: {written(tail, num)}",
    )


def _described(place: int, waits: Waits, here: Setting) -> str:
    """A candidate with the two times that are marked."""
    _, num = Words(here.lang), Numbers(here.lang)
    half, most = (written(tail, num) for tail in waits.tails)
    return _(
        "{name}: half within {half}, 95 of 100 within {most}",
        name=here.names[place],
        half=half,
        most=most,
    )


def written(tail: Tail, num: Numbers) -> str:
    """A time with its interval, if there is one."""
    if not isinstance(tail.known, Estimate):
        return num.seconds(tail.value)
    width = tail.known.high - tail.known.low
    return f"{num.seconds(tail.value, width)} ({num.interval('s', tail.known)})"


def _row(place: int, waits: Waits, here: Setting) -> tuple[str, ...]:
    """The figures of one line."""
    cells = (_cell(tail, here.lang) for tail in waits.tails)
    return (here.names[place], Numbers(here.lang).count(waits.n), *cells)


def _cell(tail: Tail, lang: Language) -> str:
    _, num, known = Words(lang), Numbers(lang), tail.known
    if isinstance(known, Estimate):
        return written(tail, num)
    had, needed = num.count(known.groups), num.count(known.needed)
    few = _("too few ({had} of {needed})", had=had, needed=needed)
    return _("{value}, no interval: {because}", value=num.seconds(tail.value), because=few)
