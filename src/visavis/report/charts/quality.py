"""Quality against what it costs: money where a price is known, time where it is not."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from visavis.report.charts.drawing import (
    HEIGHT,
    Aside,
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
from visavis.report.charts.front import Known, Seen, Spot, by_place, front, spots
from visavis.report.charts.gathered import Gathered
from visavis.report.charts.scale import Scale, logarithmic, shares
from visavis.report.language import Words
from visavis.report.sources import told_source
from visavis.report.text import Numbers
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Judgement
from visavis.verdict.methods import PRICE
from visavis.verdict.money import Money

_ASIDE = 80.0
"""Per cent of the width that are left of the strip for those whose cost nobody knows."""

_MOST_TICKS = 4
"""Prices are long, and the strip takes a part of the width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cost:
    """What quality is held against, in the reader's words."""

    name: str
    title: str
    caption: str
    axis: str
    head: str
    none: str
    """Said of candidates of which it is not known, in two words."""
    unknown: str
    """The same in more words."""
    write: Callable[[float, float], str]
    """A value, and the width of its interval."""
    known: Mapping[str, Known]
    """By benchmark."""


def against_price(judgement: Judgement, money: Money | None, here: Setting) -> Chart | None:
    """Score against the price of a solved case; None where nobody has one."""
    _, num = Words(here.lang), Numbers(here.lang)
    cost = _Cost(
        name="price",
        title=_("Quality against price"),
        caption=" ".join(
            [
                _(
                    "Each mark is a candidate, with its 95% intervals: the higher the better, the "
                    "further left the cheaper. The stairs join those in front: no other was "
                    "measured both better and cheaper. Where whiskers overlap, chance may have "
                    "put them there."
                ),
                *_reckoned(money, here),
            ]
        ),
        axis=_("← cheaper · price per solved case (log scale)"),
        head=_("price per solved case"),
        none=_("no price"),
        unknown=_("unknown: no price, or nothing solved"),
        write=num.usd,
        known=_prices(judgement, money),
    )
    return _chart(judgement, cost, here)


def _prices(judgement: Judgement, money: Money | None) -> dict[str, Known]:
    """By benchmark: as paid; by a price list where a candidate was not asked for money."""
    places = {name: place for place, name in enumerate(judgement.candidates)}
    prices: dict[str, dict[int, Estimate | TooFew]] = {
        row.benchmark: {**by_place(row, judgement.candidates)}
        for row in judgement.rows
        if row.measure == PRICE
    }
    for one in money.candidates if money else ():
        for benchmark, known in one.per_solved.items():
            prices.setdefault(benchmark, {})[places[one.candidate]] = known
    return dict(prices)


def _reckoned(money: Money | None, here: Setting) -> Iterable[str]:
    """Whose prices were not paid."""
    listed = [
        told_source(one.listed_for, here.lang)
        for one in (money.candidates if money else ())
        if one.listed_for
    ]
    if listed:
        _ = Words(here.lang)
        yield _(
            "Not paid in this run, but reckoned by price lists: {names}.", names=", ".join(listed)
        )


def against_time(judgement: Judgement, found: Gathered, here: Setting) -> Chart | None:
    """Score against the seconds of a reply; None where fewer than two were timed."""
    _, num = Words(here.lang), Numbers(here.lang)
    cost = _Cost(
        name="time",
        title=_("Quality against time"),
        caption=_(
            "Each mark is a candidate, with its 95% intervals: the higher the better, the further "
            "left the quicker. The stairs join those in front: no other was measured both "
            "better and quicker. Replies as they were asked for in this run, several at once."
        ),
        axis=_("← quicker · mean time for a reply (log scale)"),
        head=_("mean time for a reply"),
        none=_("not timed"),
        unknown=_("unknown: not timed"),
        write=num.seconds,
        known={name: of for name, of in found.seconds.items() if len(of) > 1},
    )
    return _chart(judgement, cost, here)


def _chart(judgement: Judgement, cost: _Cost, here: Setting) -> Chart | None:
    _, found = Words(here.lang), spots(judgement, cost.known)
    if not found:
        return None
    seen = [spot.cost for of in found.values() for spot in of if spot.cost]
    along = logarithmic(end for one in seen for end in one if end is not None)
    return Chart(
        name=cost.name,
        title=cost.title,
        caption=cost.caption,
        places=tuple(sorted({spot.place for of in found.values() for spot in of})),
        keys=(Key(kind="front", label=_("in front")),),
        panels=tuple(
            Panel(
                title=here.title(benchmark),
                benchmark=benchmark,
                described=_described(of, cost, here),
                drawing=_plane(of, cost, along, here.chances.get(benchmark), here),
            )
            for benchmark, of in found.items()
        ),
        table=Table(
            heads=(_("benchmark"), _("candidate"), _("score"), cost.head, _("in front")),
            rows=tuple(
                (
                    here.title(benchmark),
                    here.names[spot.place],
                    *_written(spot, cost, here),
                    _("yes") if spot in front(of) else _("no"),
                )
                for benchmark, of in found.items()
                for spot in of
            ),
        ),
    )


def _plane(
    of: Sequence[Spot], cost: _Cost, along: Scale, chance: float | None, here: Setting
) -> Plane:
    _, num = Words(here.lang), Numbers(here.lang)
    rise = shares(end for spot in of for end in spot.score if end is not None)
    unknown = [spot.place for spot in of if spot.cost is None]
    within = (0.0, _ASIDE if unknown else 100.0)
    part = (100.0 - _ASIDE) / (len(unknown) + 1)
    aside = {place: round(_ASIDE + part * (n + 1), 2) for n, place in enumerate(unknown)}
    tenths = 0.0 if rise.grain(rise.low) < 0.1 else 1.0
    guessed = chance is not None and rise.low < chance < rise.high
    return Plane(
        x_label=cost.axis,
        y_label=_("score"),
        x=tuple(
            Tick(at=across(along, tick, within), label=cost.write(tick, along.grain(tick)))
            for tick in along.ticks(_MOST_TICKS)
        ),
        y=tuple(Tick(at=up(rise, tick), label=num.share(tick, tenths)) for tick in rise.ticks()),
        levels=(Tick(at=up(rise, chance), label=_("guessing")),) if chance and guessed else (),
        lines=tuple(_stairs(front(of), along, rise, within)),
        dots=tuple(
            Dot(
                place=spot.place,
                x=across(along, spot.cost.value, within) if spot.cost else aside[spot.place],
                y=up(rise, spot.score.value),
                across=_ends(spot.cost, lambda value: across(along, value, within)),
                upright=_ends(spot.score, lambda value: up(rise, value)),
                told=_told(spot, cost, here),
            )
            for spot in of
        ),
        aside=Aside(low=_ASIDE, high=100.0, label=cost.none) if unknown else None,
    )


def _stairs(
    leading: Sequence[Spot], along: Scale, rise: Scale, within: tuple[float, float]
) -> Iterable[Line]:
    """What so much buys at best; shaded is what no one need take."""
    points, below = list[tuple[float, float]](), HEIGHT
    for spot in leading:
        x, y = across(along, spot.at[0], within), up(rise, spot.at[1])
        points += [(x, below), (x, y)]
        below = y
    if points:
        points.append((within[1], below))
        area = [*points, (within[1], HEIGHT)]
        yield Line(place=None, points=joined(points[1:]), area=joined(area))


def _ends(seen: Seen | None, place: Callable[[float], float]) -> tuple[float, float] | None:
    """Of a whisker; None where no interval is known."""
    if seen is None or seen.low is None or seen.high is None:
        return None
    return place(seen.low), place(seen.high)


def _described(of: Sequence[Spot], cost: _Cost, here: Setting) -> str:
    """Every candidate, and who is in front."""
    _ = Words(here.lang)
    told = _("; ").join(_told(spot, cost, here) for spot in of)
    leading = _.listed([here.names[spot.place] for spot in front(of)])
    return _("{told}. In front: {names}.", told=told, names=leading)


def _told(spot: Spot, cost: _Cost, here: Setting) -> str:
    _, value = Words(here.lang), ", ".join(_written(spot, cost, here))
    return _("{label}: {value}", label=here.names[spot.place], value=value)


def _written(spot: Spot, cost: _Cost, here: Setting) -> tuple[str, str]:
    """Score and cost, with their intervals."""
    num = Numbers(here.lang)
    score = _with_interval(spot.score, num.share, num)
    return score, _with_interval(spot.cost, cost.write, num) if spot.cost else cost.unknown


def _with_interval(seen: Seen, write: Callable[[float, float], str], num: Numbers) -> str:
    if seen.low is None or seen.high is None or not isfinite(seen.high):
        return write(seen.value, 0.0)
    width = seen.high - seen.low
    between = num.between(write(seen.low, width), write(seen.high, width))
    return f"{write(seen.value, width)} ({between})"
