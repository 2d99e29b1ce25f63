"""What the verdict rests on, at a glance: the measures that decide, a column a candidate."""

from typing import NamedTuple

from visavis.report.table import RowView
from visavis.report.view import View
from visavis.verdict.policy import MEASURES


class Glance(NamedTuple):
    """One measure, and who is in front on it."""

    row: RowView
    front: frozenset[str]
    """Those who were shown better than somebody, and worse than nobody."""


def glance(view: View) -> tuple[Glance, ...]:
    """In the table's order; a measure that only explains a price or a speed is left to it."""
    explains = {name for name, measure in MEASURES.items() if not measure.decides}
    return tuple(
        Glance(row, _front(row)) for row in view.rows if row.gaps and row.measure not in explains
    )


def _front(row: RowView) -> frozenset[str]:
    shown = [gap for gap in row.gaps if gap.winner]
    behind = {gap.b if gap.winner == gap.a else gap.a for gap in shown}
    return frozenset(gap.winner for gap in shown) - behind
