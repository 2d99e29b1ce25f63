"""Who was shown ahead of whom over several measures, and not behind on any of them."""

from collections.abc import Sequence
from itertools import combinations

from visavis.report.language import Words
from visavis.report.table import winners
from visavis.report.text import line
from visavis.verdict.compare import MeasureRow
from visavis.verdict.decide import Alike


def summary(rows: Sequence[MeasureRow], names: Sequence[str], _: Words) -> str:
    """What several rows come to, in one sentence."""
    beats = _beats(rows)
    if any((b, a) in beats for a, b in beats):
        return _("That depends on the benchmark.")
    if not beats:
        return _on_nothing(rows, _)
    return in_front(rows, names, _) or _("Nobody was shown ahead of all the others.")


def in_front(rows: Sequence[MeasureRow], names: Sequence[str], _: Words) -> str:
    """Those who were shown ahead of each of the others, in one sentence; empty where `split` finds
    nobody."""
    front, rest = split(rows, names)
    if not front:
        return ""
    leaders = _.listed([line(name) for name in front])
    others = _.listed([line(name) for name in rest])
    if len(front) == 1:
        return _("{name}: it was shown ahead of {others}.", name=leaders, others=others)
    if all(_alike(row, a, b) for row in rows for a, b in combinations(front, 2)):
        return _(
            "{names}: each was shown ahead of {others}, and among themselves they are alike.",
            names=leaders,
            others=others,
        )
    return _(
        "{names}: each was shown ahead of {others}; among themselves no difference that matters "
        "was shown.",
        names=leaders,
        others=others,
    )


def split(rows: Sequence[MeasureRow], names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Those who were shown ahead of each of the others, and behind nobody, and those others; nobody
    where some of the others may be as good, or where everybody was shown behind somebody."""
    beats = _beats(rows)
    front = [name for name in names if all((other, name) not in beats for other in names)]
    rest = [name for name in names if name not in front]
    if not rest or not all((one, other) in beats for one in front for other in rest):
        return [], []
    return front, rest


def _beats(rows: Sequence[MeasureRow]) -> set[tuple[str, str]]:
    return {(a, b) for row in rows for a, losers in winners(row).items() for b in losers}


def _on_nothing(rows: Sequence[MeasureRow], _: Words) -> str:
    if all(isinstance(gap.verdict, Alike) for row in rows for gap in row.gaps):
        return _("They are alike: no difference is large enough to matter.")
    return _("That is not decided: no difference that matters was shown.")


def _alike(row: MeasureRow, a: str, b: str) -> bool:
    return any({gap.a, gap.b} == {a, b} and isinstance(gap.verdict, Alike) for gap in row.gaps)
