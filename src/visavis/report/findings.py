"""What was shown between candidates, in words: who is better than whom, who is alike."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from visavis.options import Language
from visavis.report.language import N_, NN_, Words
from visavis.report.table import CellView, GapView, Kind, RowView
from visavis.report.text import Numbers, line
from visavis.verdict.policy import MEASURES

NAMED_PAIRS = 3
"""More pairs that are alike, or undecided, are counted and not named."""

_PAIRS = {
    "alike": (
        N_("{a} and {b} are alike"),
        NN_("{n} pair is alike", "{n} pairs are alike"),
    ),
    "undecided": (
        N_("undecided between {a} and {b}"),
        NN_("{n} pair is undecided", "{n} pairs are undecided"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was shown, or was not."""

    kind: Kind
    text: str
    evidence: tuple[str, ...] = ()
    """The gap of a pair, its interval, and what would settle it."""


def findings(gaps: Sequence[GapView], lang: Language) -> tuple[Finding, ...]:
    """Of one measure: of a pair its gap and verdict; of more, who is better than whom."""
    match gaps:
        case [gap]:
            return (_pair(gap, lang),)
    return (*_better(gaps, lang), *_open("alike", gaps, lang), *_open("undecided", gaps, lang))


def won(cell: CellView, row: RowView, lang: Language) -> str:
    """That a candidate was shown to be better than all others; empty where it was not."""
    _ = Words(lang)
    if not cell.best:
        return ""
    return _("shown better") if len(row.cells) == 2 else _("shown better than all others")


def shown_better(name: str, rows: Iterable[RowView], candidates: int, lang: Language) -> list[str]:
    """What a candidate is better at, and than whom where that is not all the others."""
    _, told = Words(lang), []
    for row in rows:
        if row.measure in MEASURES and not MEASURES[row.measure].decides:
            continue
        beaten = [_other(gap, name) for gap in row.gaps if gap.winner == name]
        if beaten and len(beaten) == candidates - 1:
            told.append(row.label)
        elif beaten:
            told.append(_("{subject} (than {losers})", subject=row.label, losers=_.listed(beaten)))
    return told


def _pair(gap: GapView, lang: Language) -> Finding:
    _ = Words(lang)
    told, interval = gap.told
    size = _("{gap} ({interval})", gap=told, interval=interval) if interval else told
    evidence = (size, gap.settle)
    return Finding(kind=gap.kind, text=gap.verdict, evidence=tuple(filter(None, evidence)))


def _better(gaps: Sequence[GapView], lang: Language) -> Iterator[Finding]:
    _ = Words(lang)
    beaten: dict[str, list[str]] = {}
    for gap in gaps:
        if gap.winner:
            beaten.setdefault(gap.winner, []).append(line(_other(gap, gap.winner)))
    for name, losers in sorted(beaten.items(), key=lambda one: -len(one[1])):
        said = _("{name} is shown better than {losers}", name=line(name), losers=_.listed(losers))
        yield Finding(kind="prefer", text=said)
    for gap in gaps:
        if gap.kind == "prefer" and not gap.winner:  # ahead by guessing
            a, b = line(gap.a), line(gap.b)
            yield Finding(
                kind="prefer", text=_("{a} and {b}: {verdict}", a=a, b=b, verdict=gap.verdict)
            )


def _open(kind: Kind, gaps: Iterable[GapView], lang: Language) -> Iterator[Finding]:
    _, pairs = Words(lang), [gap for gap in gaps if gap.kind == kind]
    named, counted = _PAIRS[kind]
    if len(pairs) > NAMED_PAIRS:
        n = Numbers(lang).count(len(pairs))
        yield Finding(kind=kind, text=_.plural(*counted, len(pairs), n=n))
        return
    for gap in pairs:
        yield Finding(kind=kind, text=_(named, a=line(gap.a), b=line(gap.b)))


def _other(gap: GapView, name: str) -> str:
    return gap.b if gap.a == name else gap.a
