"""Who was shown better on what: the part of a choice that chance has no hand in."""

from collections.abc import Sequence
from typing import Literal

from visavis.verdict.compare import MeasureRow
from visavis.verdict.decide import Alike, Prefer, Verdict

Side = Literal["a", "b", "alike", "open"]


def is_shown(a: str, b: str, rows: Sequence[MeasureRow]) -> bool:
    """Whether `a` was shown better than `b` on any of these."""
    return "a" in sides(a, b, rows)


def dominates(a: str, b: str, rows: Sequence[MeasureRow]) -> bool:
    """Whether `a` was shown better on something, and on all else shown better or alike."""
    found = set(sides(a, b, rows)) if a != b else set()
    return "a" in found and found <= {"a", "alike"}


def sides(a: str, b: str, rows: Sequence[MeasureRow]) -> list[Side]:
    """On each row that has both, who was shown better."""
    return [_side(gap.verdict, a) for row in rows for gap in row.gaps if {gap.a, gap.b} == {a, b}]


def _side(verdict: Verdict, a: str) -> Side:
    match verdict:
        case Prefer(winner=winner):
            return "a" if winner == a else "b"
        case Alike():
            return "alike"
        case _:
            return "open"
