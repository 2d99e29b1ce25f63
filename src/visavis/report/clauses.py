"""One measure in one sentence: who is ahead of whom, who are alike, and what is still open."""

from visavis.measure.speed import SPEED
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.measures import wording
from visavis.report.sentences import upward, who_leads, why_undecided
from visavis.report.table import too_few
from visavis.report.text import Numbers, line
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Cell, Gap, MeasureRow
from visavis.verdict.decide import Alike, Prefer, Undecided


def told(row: MeasureRow, title: str, lang: Language) -> str:
    """`GSM8K, 1,319 cases (A 96.2%, B 84.0%): A is ahead of B by 12.2 points (10.4 to 14.2).`"""
    _, num = Words(lang), Numbers(lang)
    n = min(gap.verdict.by.n for gap in row.gaps)
    head = title
    if n and row.benchmark == SPEED:
        head = _("{title} ({n})", title=title, n=num.n(n))
    elif n:
        head = _.plural("{title}, {n} case", "{title}, {n} cases", n, title=title, n=num.count(n))
    if row.measure == "score":
        scores = ", ".join(_score(cell, lang) for cell in row.cells)
        head = _("{head} ({scores})", head=head, scores=scores)
    clauses = [_clause(row, gap, lang) for gap in sorted(row.gaps, key=_order)]
    return line(_("{head}: {clauses}.", head=head, clauses=_("; ").join(clauses)))


def _score(cell: Cell, lang: Language) -> str:
    match cell.estimate:
        case Estimate(value=value, low=low, high=high):
            return f"{line(cell.candidate)} {Numbers(lang).share(value, high - low)}"
        case TooFew() as few:
            return f"{line(cell.candidate)} {too_few(few, lang)}"


def _order(gap: Gap) -> int:
    """What was shown comes first."""
    return (Prefer, Alike, Undecided).index(type(gap.verdict))


def _clause(row: MeasureRow, gap: Gap, lang: Language) -> str:
    match gap.verdict:
        case Prefer() as prefer:
            return _preferred(row, gap, prefer, lang)
        case Alike() as alike:
            return _alike(row, gap, alike, lang)
        case Undecided() as open_:
            return _open(row, gap, open_, lang)


def _open(row: MeasureRow, gap: Gap, open_: Undecided, lang: Language) -> str:
    _, why = Words(lang), why_undecided(row, gap, open_, lang)
    if len(row.gaps) == 1:
        return _("undecided: {why}", why=why)
    return _("between {a} and {b} it is undecided: {why}", a=gap.a, b=gap.b, why=why)


def _preferred(row: MeasureRow, gap: Gap, prefer: Prefer, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    loser = gap.b if prefer.winner == gap.a else gap.a
    found = upward(prefer.by, gap.scale)
    width = found.high - found.low
    if gap.scale == "ratio":
        ratio = num.ratio(found.value, width)
        return _(
            "{winner} is ahead, {ratio} ({interval})",
            winner=prefer.winner,
            ratio=_(wording(row.measure).ratio, loser=loser, ratio=ratio),
            interval=num.ratio_gap(found)[1],
        )
    return _(
        "{winner} is ahead of {loser} by {size} ({interval})",
        winner=prefer.winner,
        loser=loser,
        size=num.points(found.value, width, sign=False),
        interval=num.gap("share", found)[1],
    )


def _alike(row: MeasureRow, gap: Gap, alike: Alike, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    if gap.scale == "ratio":
        within, seen = num.share(alike.within), num.ratio_gap(alike.by)[1]
    else:
        within, seen = num.stated(alike.within), who_leads(row, gap, alike.by, lang)
    return _(
        "{a} and {b} are alike, less than {within} apart ({seen})",
        a=gap.a,
        b=gap.b,
        within=within,
        seen=seen,
    )
