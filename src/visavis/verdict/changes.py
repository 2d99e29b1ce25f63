"""What changed in a candidate from one run to a later one.

A change is judged as a gap between two candidates is: by its interval and by what matters, all
changes of one report being one family.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from visavis.core.observation import Counts, Observation
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Asked, Gap, Question, settled
from visavis.verdict.decide import Alike, Prefer, Undecided, failed_too_often
from visavis.verdict.methods import FIXED, Drawn, RowKey, Sheets, tabulate
from visavis.verdict.policy import MEASURES, Policy

Becomes = Literal["better", "worse", "more", "less", "unchanged", "undecided"]
"""More and less are said of what explains a price or a speed, and is no good or ill by itself."""


class Who(NamedTuple):
    """One candidate by its names in the old and in the new run; no other has either."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Twice:
    """What two runs saw of one candidate, where it can be compared."""

    who: Who
    old: tuple[Observation, ...]
    new: tuple[Observation, ...]
    counts: tuple[tuple[Counts, ...], tuple[Counts, ...]] = ((), ())
    unpaired: Collection[str] = ()
    """Benchmarks whose cases, or blocks, are not the same in both runs."""
    drawn: Drawn = field(default_factory=lambda: FIXED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One measure on one benchmark: `gap` is new less old, or new over old."""

    who: Who
    row: RowKey
    old: Estimate | TooFew
    new: Estimate | TooFew
    gap: Gap
    paired: bool
    becomes: Becomes

    @property
    def cases_needed(self) -> int | None:
        """In all, to settle it; None where it is settled, or nobody knows."""
        verdict = self.gap.verdict
        return verdict.cases_needed if isinstance(verdict, Undecided) else None


def changes(seen: Sequence[Twice], policy: Policy) -> tuple[Change, ...]:
    """Every measure of every candidate on everything that both runs asked, as one family."""
    sheets = {twice.who: _sheets(twice) for twice in seen}
    asked: dict[Question, Asked] = {}
    for twice in seen:
        failing = {one.benchmark for side in twice.counts for one in side if failed_too_often(one)}
        for row, sheet in sheets[twice.who].items():
            if row.benchmark in twice.unpaired:
                tested = sheet.unpaired("new", "old", is_share=row.measure == "score")
            else:
                tested = sheet.two("new", "old")
            if tested is not None:
                asked[Question(row, *_sides(twice.who))] = Asked(tested, row.benchmark in failing)
    gaps = settled(asked, policy)
    return tuple(
        _change(twice, row, sheets[twice.who], gap)
        for twice in seen
        for (row, *sides), gap in gaps.items()
        if tuple(sides) == _sides(twice.who)
    )


def _sides(who: Who) -> tuple[str, str]:
    return f"new {who.new}", f"old {who.old}"


def _sheets(twice: Twice) -> Sheets:
    """In the order in which measures are shown."""
    sheets = tabulate(_named(twice), twice.drawn)
    places, measures = [row.benchmark for row in sheets], list(MEASURES)
    order = sorted(
        sheets, key=lambda row: (places.index(row.benchmark), measures.index(row.measure))
    )
    return {row: sheets[row] for row in order}


def _named(twice: Twice) -> Iterable[Observation]:
    for name, side in (("old", twice.old), ("new", twice.new)):
        yield from (replace(one, candidate=name) for one in side)


def _change(twice: Twice, row: RowKey, sheets: Sheets, gap: Gap) -> Change:
    return Change(
        who=twice.who,
        row=row,
        old=sheets[row].one("old"),
        new=sheets[row].one("new"),
        gap=gap,
        paired=row.benchmark not in twice.unpaired,
        becomes=_becomes(gap, row.measure),
    )


def _becomes(gap: Gap, measure: str) -> Becomes:
    verdict = gap.verdict
    if isinstance(verdict, Alike):
        return "unchanged"
    if not isinstance(verdict, Prefer):
        return "undecided"
    known, won = MEASURES[measure], verdict.winner == gap.a
    if known.decides:
        return "better" if won else "worse"
    return "more" if won == known.higher_is_better else "less"
