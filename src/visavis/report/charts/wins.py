"""Wins and losses case by case: who was right where, of the cases that both were asked."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Final, Literal, NamedTuple

from visavis.report.charts.drawing import Bar, Bars, Chart, Panel, Part, Setting, Table
from visavis.report.charts.gathered import LEFT, RIGHT, UNASKED
from visavis.report.language import Words
from visavis.report.text import Numbers

_APART: Final = 1.5
"""Per cent of the width between the cases that were judged and those that could not be."""
_NARROW: Final = 290.0
"""Pixels of a bar on a telephone."""
_DIGIT: Final = 8.0
"""Pixels of a digit, generously."""

Outcomes = Mapping[tuple[int, ...], int]
Kind = Literal["both", "a", "b", "neither", "left"]


class Tally(NamedTuple):
    """The cases of one pair. Their sum is what both were asked."""

    both: int
    a: int
    b: int
    neither: int
    left: int
    """Somebody failed, or has a reply without a grade: nobody's loss."""


def tally(outcomes: Outcomes, a: int, b: int) -> Tally:
    """Of the candidates at two places."""
    counts = dict.fromkeys(Tally._fields, 0)
    for states, n in outcomes.items():
        pair = (states[a], states[b])
        if UNASKED not in pair:
            counts[_kind(pair)] += n
    return Tally(**counts)


def _kind(pair: tuple[int, int]) -> str:
    if LEFT in pair:
        return "left"
    one, other = (state == RIGHT for state in pair)
    if one == other:
        return "both" if one else "neither"
    return "a" if one else "b"


def wins(outcomes: Mapping[str, Outcomes], here: Setting) -> Chart | None:
    """A bar for each pair on each benchmark; None where no two were asked the same."""
    _, num = Words(here.lang), Numbers(here.lang)
    tallies = {
        benchmark: {
            pair: found
            for pair in combinations(range(len(here.names)), 2)
            if sum(found := tally(of, *pair))
        }
        for benchmark, of in outcomes.items()
    }
    tallies = {benchmark: of for benchmark, of in tallies.items() if of}
    if not tallies:
        return None
    return Chart(
        name="wins",
        title=_("Wins and losses, case by case"),
        caption=_(
            "Each bar is all cases that both candidates of a pair were asked. What tells them "
            "apart are the cases that only one of them got right; a case is right where every "
            "try of it is. Failures stand apart: they are never counted as wrong."
        ),
        places=(),
        panels=tuple(
            Panel(
                title=here.title(benchmark),
                benchmark=benchmark,
                described=_("; ").join(_described(pair, found, here) for pair, found in of.items()),
                drawing=Bars(bars=tuple(_bar(pair, found, here) for pair, found in of.items())),
            )
            for benchmark, of in tallies.items()
        ),
        table=Table(
            heads=(
                _("benchmark"),
                "A",
                "B",
                _("both right"),
                _("only A right"),
                _("only B right"),
                _("neither right"),
                _("failed or ungraded"),
            ),
            rows=tuple(
                (here.title(benchmark), here.names[a], here.names[b], *map(num.count, found))
                for benchmark, of in tallies.items()
                for (a, b), found in of.items()
            ),
        ),
    )


def _bar(pair: tuple[int, int], found: Tally, here: Setting) -> Bar:
    a, b = pair
    return Bar(a=a, b=b, parts=tuple(_parts(found, pair, here)))


def _parts(found: Tally, pair: tuple[int, int], here: Setting) -> Iterable[Part]:
    """From left to right. Cases without a verdict stand apart, or not at all."""
    num, at = Numbers(here.lang), 0.0
    room = (100.0 - _APART if found.left else 100.0) / sum(found)
    for (kind, label), n in zip(_labels(pair, here), found, strict=True):
        if kind == "left":
            if not n:
                return
            at += _APART
        yield Part(
            kind=kind,
            label=label,
            count=num.count(n),
            filter=_filter(kind, pair),
            low=round(at, 3),
            width=round(room * n, 3),
            roomy=room * n / 100 * _NARROW >= _DIGIT * (len(num.count(n)) + 1),
        )
        at += room * n


def _filter(kind: Kind, pair: tuple[int, int]) -> str:
    """As the transcripts' form has it."""
    match kind:
        case "a" | "b":
            return f"only{pair[kind == 'b']}"
        case "both":
            return "right"
        case "neither":
            return "none"
        case "left":
            return "left"


def _labels(pair: tuple[int, int], here: Setting) -> tuple[tuple[Kind, str], ...]:
    _ = Words(here.lang)
    a, b = (here.names[place] for place in pair)
    return (
        ("both", _("both right")),
        ("a", _("only {name} right", name=a)),
        ("b", _("only {name} right", name=b)),
        ("neither", _("neither right")),
        ("left", _("failed or ungraded")),
    )


def _described(pair: tuple[int, int], found: Tally, here: Setting) -> str:
    _ = Words(here.lang)
    told = ", ".join(f"{part.label} {part.count}" for part in _parts(found, pair, here))
    names = " / ".join(here.names[place] for place in pair)
    return _("{label}: {value}", label=names, value=told)
