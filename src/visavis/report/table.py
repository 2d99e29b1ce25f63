"""The table's rows in words: one cell a candidate, then the gap of every pair."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

from visavis.core.candidate import Candidate
from visavis.core.observation import Counts
from visavis.measure.speed import SPEED
from visavis.options import Language
from visavis.report.guessing import Chances, guessed_by
from visavis.report.language import N_, NN_, Words
from visavis.report.measures import why_unknown, wording
from visavis.report.subjects import called
from visavis.report.text import Numbers, cut, line
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Cell, Gap, Judgement, MeasureRow
from visavis.verdict.decide import Alike, Prefer, Undecided
from visavis.verdict.methods import NOT_MEASURED, PRICE

Kind = Literal["prefer", "alike", "undecided"]

_FAILURES = {
    "rejected": N_("rejected"),
    "overloaded": N_("overloaded"),
    "server error": N_("server error"),
    "unreachable": N_("unreachable"),
    "timed out": N_("timed out"),
    "malformed": N_("malformed"),
    "crashed": N_("crashed"),
    "missing": N_("missing"),
}

_LONGEST_ANSWER = 40
"""Characters of an answer that a cell has room for."""

_COUNTS = {
    "unparsed": NN_("{n} unparsed, counted as wrong", "{n} unparsed, counted as wrong"),
    "truncated": NN_("{n} truncated", "{n} truncated"),
    "failed": NN_("{n} failed", "{n} failed"),
    "unscored": NN_("{n} ungraded", "{n} ungraded"),
    "reused": NN_("{n} reused", "{n} reused"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """One candidate on one measure."""

    candidate: str
    value: str
    interval: str
    """Empty where none can be given; then `value` says why."""
    n: str
    notes: tuple[str, ...]
    """What the value leaves out or has to be read with: failed, truncated, not above chance."""
    best: bool
    """Preferred to every other candidate on this measure, and not for guessing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A gap turned so that `a` is the better one above no gap (0, or 1.0); for a chart to draw."""

    scale: Literal["difference", "ratio"]
    value: float
    low: float
    high: float
    matters: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GapView:
    """One pair on one measure, `a` against `b`."""

    a: str
    b: str
    size: str
    interval: str
    n: str
    kind: Kind
    verdict: str
    settle: str
    """What would settle it if the gap is as measured; empty where it is settled."""
    plot: Plot | None
    winner: str = ""
    """Empty where none was shown, or one is ahead who is not above chance."""
    over: tuple[str, str] | None = None
    """Size and interval of a ratio below one as sentences have it: the larger named first."""

    @property
    def told(self) -> tuple[str, str]:
        """Size and interval as they are easiest to read; a narrow table has room for less."""
        return self.over or (self.size, self.interval)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One measure."""

    label: str
    detail: str
    """What is measured where `label` names a benchmark; empty otherwise."""
    cells: tuple[CellView, ...]
    gaps: tuple[GapView, ...]
    compared: bool = True
    """False for what is shown beside what was compared."""
    measure: str = ""
    """As the judgement names it, with the benchmark it was measured on."""
    benchmark: str = ""


def subject(row: MeasureRow, lang: Language) -> str:
    """What a row is about, as a sentence names it: a benchmark, or a measure."""
    if row.measure == "score":
        return called(row.benchmark)
    label = Words(lang)(wording(row.measure).label)
    return label if row.benchmark in ("", SPEED) else f"{label} ({called(row.benchmark)})"


def winners(row: MeasureRow) -> dict[str, set[str]]:
    """Whom each candidate is preferred to on this measure."""
    beaten: dict[str, set[str]] = {}
    for gap in row.gaps:
        if isinstance(gap.verdict, Prefer):
            loser = gap.b if gap.verdict.winner == gap.a else gap.a
            beaten.setdefault(gap.verdict.winner, set()).add(loser)
    return beaten


def rows(
    judgement: Judgement,
    candidates: Mapping[str, Candidate],
    chances: Mapping[str, float | None],
    lang: Language,
    *,
    priced: bool = True,
) -> tuple[RowView, ...]:
    """Every measure of a judgement; `chances` holds what a guesser scores, by benchmark.

    Where nobody was paid, or no case of a benchmark was answered, nothing is judged; the table
    still says so, but for prices where a run is not about them.
    """
    judged = [_row(row, candidates, chances.get(row.benchmark), lang) for row in judgement.rows]
    scored = {row.benchmark for row in judgement.rows if row.measure == "score"}
    judged += [_unjudged("score", name, candidates, lang) for name in chances if name not in scored]
    if priced and not any(row.measure == PRICE for row in judgement.rows):
        judged.append(_unjudged(PRICE, "", candidates, lang))
    return tuple(judged)


def _unjudged(
    measure: str, benchmark: str, candidates: Mapping[str, Candidate], lang: Language
) -> RowView:
    label = Words(lang)(wording(measure).label)
    return RowView(
        label=called(benchmark) if benchmark else label,
        detail=label if benchmark else "",
        cells=tuple(_no_cell(candidate, measure, None, lang) for candidate in candidates.values()),
        gaps=(),
        measure=measure,
        benchmark=benchmark,
    )


def _row(
    row: MeasureRow, candidates: Mapping[str, Candidate], chance: float | None, lang: Language
) -> RowView:
    of = {cell.candidate: cell for cell in row.cells}
    beaten = winners(row)
    chances = {row.benchmark: chance}
    best = {
        name
        for name, losers in beaten.items()
        if len(losers) == len(candidates) - 1 and guessed_by(name, row, chances) is None
    }
    cells = tuple(
        _no_cell(candidate, row.measure, of[name].counts if name in of else None, lang)
        if name not in of or of[name].estimate == NOT_MEASURED
        else _cell(of[name], row.measure, chance, name in best, lang)
        for name, candidate in candidates.items()
    )
    if row.measure == PRICE:
        cells = tuple(_reckoned(cell, candidates[cell.candidate], lang) for cell in cells)
    return RowView(
        label=subject(row, lang),
        detail=Words(lang)(wording("score").label) if row.measure == "score" else "",
        cells=cells,
        gaps=tuple(_gap(gap, row, chances, lang) for gap in row.gaps),
        measure=row.measure,
        benchmark=row.benchmark,
    )


def _cell(cell: Cell, measure: str, chance: float | None, best: bool, lang: Language) -> CellView:
    _, num, unit = Words(lang), Numbers(lang), wording(measure).unit
    counted = _count_notes(cell.counts, lang) if cell.counts and measure == "score" else ()
    match cell.estimate:
        case TooFew(mean=float(value), n=n, groups=groups):
            return CellView(
                candidate=cell.candidate,
                value=num.value(unit, value),
                interval=_("no spread to judge by"),
                n=num.n(n, groups if groups < n else None),
                notes=counted,
                best=best,
            )
        case TooFew() as few:
            return CellView(
                candidate=cell.candidate,
                value=too_few(few, lang),
                interval="",
                n="",
                notes=counted,
                best=False,
            )
        case Estimate() as found:
            guessed = _chance_note(found, chance, lang) if measure == "score" else ()
            return CellView(
                candidate=cell.candidate,
                value=num.value(unit, found.value, found.high - found.low),
                interval=num.interval(unit, found),
                n=num.rests_on(found),
                notes=(*guessed, *counted),
                best=best,
            )


def _reckoned(cell: CellView, candidate: Candidate, lang: Language) -> CellView:
    """The price of recorded replies with how it came about: nobody paid it."""
    if candidate.kind != "recorded" or not cell.interval:
        return cell
    _ = Words(lang)
    reckoned = _("reckoned: tokens counted here, at its model's list price")
    return replace(cell, notes=(*cell.notes, reckoned))


def _no_cell(candidate: Candidate, measure: str, counts: Counts | None, lang: Language) -> CellView:
    """Why a candidate has no value on a measure: never a zero, never a blank."""
    _, because = Words(lang), N_("not measured in this run")
    counted = _count_notes(counts, lang) if counts and measure == "score" else ()
    if measure == "score":
        because = N_("nothing was scored in this run")
    elif measure == PRICE:
        because = why_unknown("usd_per_million_input_tokens", candidate)
    return CellView(
        candidate=candidate.name,
        value=_("unknown: {because}", because=_(because)),
        interval="",
        n="",
        notes=counted,
        best=False,
    )


def too_few(few: TooFew, lang: Language) -> str:
    """`too few (1 of 2)`, or that more of the same would not help."""
    _, num = Words(lang), Numbers(lang)
    if few.no_spread:
        return _("no spread to judge by")
    return _("too few ({had} of {needed})", had=num.count(few.groups), needed=num.count(few.needed))


def _chance_note(found: Estimate, chance: float | None, lang: Language) -> tuple[str, ...]:
    if chance is None or found.low > chance:
        return ()
    _ = Words(lang)
    return (_("not above chance ({share})", share=Numbers(lang).share(chance)),)


def _count_notes(counts: Counts, lang: Language) -> tuple[str, ...]:
    """What the score has to be read with; counts of nothing are left out."""
    _, num, noted = Words(lang), Numbers(lang), [*_same_answer(counts, lang)]
    for name, forms in _COUNTS.items():
        n = getattr(counts, name)
        if n:
            text = _.plural(*forms, n, n=num.count(n))
            kinds = f" ({failures(counts, lang)})" if name == "failed" else ""
            noted.append(text + kinds)
    return tuple(noted)


def _same_answer(counts: Counts, lang: Language) -> tuple[str, ...]:
    """That every answer is one and the same, whatever was asked."""
    if counts.always is None:
        return ()
    _, answer = Words(lang), cut(counts.always, _LONGEST_ANSWER)
    if counts.unparsed:
        return (_("answers “{answer}” or nothing readable", answer=answer),)
    return (_("always answers “{answer}”", answer=answer),)


def failures(counts: Counts, lang: Language) -> str:
    """The kinds of failures that were met, the most frequent first."""
    _ = Words(lang)
    return ", ".join(_(_FAILURES.get(kind, kind)) for kind, _n in counts.failures)


def _gap(gap: Gap, row: MeasureRow, chances: Chances, lang: Language) -> GapView:
    _, num, found = Words(lang), Numbers(lang), gap.verdict.by
    size, interval, n, over = "", "", "", None
    if isinstance(found, Estimate):
        size, interval = written_gap(found, row.measure, gap.scale, lang)
        if gap.scale == "ratio" and found.low > 0 and found.high < 1:
            over = _turned_over(found, gap.b, lang)
        n = num.rests_on(found)
    kind, verdict, settle = _verdict(gap, row.measure, lang)
    winner = gap.verdict.winner if isinstance(gap.verdict, Prefer) else ""
    guessed = guessed_by(winner, row, chances) is not None
    if winner and guessed:
        winner, verdict = "", _("{name} ahead, not above chance", name=line(winner))
    return GapView(
        a=gap.a,
        b=gap.b,
        size=size or too_few_gap(found, lang),
        interval=interval,
        n=n,
        kind=kind,
        verdict=verdict,
        settle=settle,
        plot=_plot(found, gap, row) if isinstance(found, Estimate) else None,
        winner=winner,
        over=over,
    )


def _turned_over(found: Estimate, larger: str, lang: Language) -> tuple[str, str]:
    """A ratio below one as how many times the other's the larger one is."""
    _, (low, value, high) = Words(lang), turned((found.low, found.value, found.high))
    size, interval = Numbers(lang).ratio_gap(replace(found, low=low, value=value, high=high))
    return _("{name}: {gap}", name=line(larger), gap=size), interval


def written_gap(found: Estimate, measure: str, scale: str, lang: Language) -> tuple[str, str]:
    """A gap and its interval, as a difference or as a ratio."""
    num = Numbers(lang)
    return num.ratio_gap(found) if scale == "ratio" else num.gap(wording(measure).unit, found)


def too_few_gap(found: Estimate | TooFew, lang: Language) -> str:
    return too_few(found, lang) if isinstance(found, TooFew) else ""


def _verdict(gap: Gap, measure: str, lang: Language) -> tuple[Kind, str, str]:
    _ = Words(lang)
    match gap.verdict:
        case Prefer(winner=winner):
            return "prefer", _("prefer {name}", name=line(winner)), ""
        case Alike():
            return "alike", _("alike"), ""
        case Undecided() as open_:
            cases = to_settle(open_, measure, lang)
            settle = _("{cases} would settle it", cases=cases) if cases else ""
            return "undecided", _("undecided"), settle


_CASES = NN_("about {n} case", "about {n} cases")
_BLOCKS = NN_("about {n} block", "about {n} blocks")


def to_settle(undecided: Undecided, measure: str, lang: Language) -> str:
    """How many would settle it, in two figures: nobody knows the third. Speed is measured in
    blocks."""
    if undecided.cases_needed is None:
        return ""
    n = undecided.cases_needed
    grain = 10 ** max(0, len(str(n)) - 2)
    rounded = -(-n // grain) * grain
    forms = _BLOCKS if measure.endswith("_per_s") or measure == "first_token_s" else _CASES
    return Words(lang).plural(*forms, rounded, n=Numbers(lang).count(rounded))


def _plot(found: Estimate, gap: Gap, row: MeasureRow) -> Plot:
    ends = (found.low, found.value, found.high)
    if not row.higher_is_better:
        ends = turned(ends) if gap.scale == "ratio" else (-ends[2], -ends[1], -ends[0])
    return Plot(
        scale="ratio" if gap.scale == "ratio" else "difference",
        low=ends[0],
        value=ends[1],
        high=ends[2],
        matters=row.matters,
    )


def turned(ratio: tuple[float, float, float]) -> tuple[float, float, float]:
    """Low, value and high of `b / a`, from those of `a / b`."""
    low, value, high = (1 / end if end > 0 else inf for end in reversed(ratio))
    return low, value, high
