"""What is known of a run's judges, in words: shown behind the scores that rest on them."""

from collections.abc import Iterator, Sequence

from visavis.options import Language
from visavis.report.breakdown import Breakdown, FigureCell, FigureRow
from visavis.report.language import N_, Words
from visavis.report.table import too_few
from visavis.report.text import Numbers, Unit, line
from visavis.scoring.judge_figures import PEOPLE, Agreement, JudgeFigures, Judging, Kin
from visavis.stats.estimate import Estimate, TooFew

KIN = {
    "itself": N_("{judge} judged its own replies; judges may favour what they wrote."),
    "the same weights": N_(
        "{judge} judged {candidate}, which has the same weights; judges may favour their own."
    ),
    "the same model": N_(
        "{judge} judged {candidate}, which is the same model; judges may favour their own."
    ),
    "the same family": N_(
        "{judge} judged {candidate}, which is of the same family; judges may favour their own."
    ),
}
"""By how a judge is no stranger to a candidate."""


def judge_tables(judging: Judging | None, lang: Language) -> tuple[Breakdown, ...]:
    """A table of the judges, and one of how far they agree."""
    _ = Words(lang)
    if judging is None:
        return ()
    tables = {
        _("Judges"): tuple(_rows(judging, lang)),
        _("Agreement of judges"): tuple(_agreement(one, lang) for one in judging.agreements),
    }
    return tuple(
        Breakdown(benchmark=title, by="", rows=rows, of_candidates=False)
        for title, rows in tables.items()
        if rows
    )


def judge_warnings(judging: Judging | None, lang: Language) -> Iterator[str]:
    """What a reader must know of the judges before believing a score."""
    _, num = Words(lang), Numbers(lang)
    for kin in judging.kin if judging is not None else ():
        yield _kin(kin, lang)
    for one in judging.judges if judging is not None else ():
        if one.failed:
            yield _(
                "{judge} gave no verdict that could be read in {failed} of {asked} judgements; the "
                "replies concerned are ungraded.",
                judge=line(one.judge),
                failed=num.count(one.failed),
                asked=num.count(one.asked),
            )


def _kin(kin: Kin, lang: Language) -> str:
    return Words(lang)(KIN[kin.how], judge=line(kin.judge), candidate=line(kin.candidate))


def _rows(judging: Judging, lang: Language) -> Iterator[FigureRow]:
    _, num, judges = Words(lang), Numbers(lang), judging.judges
    yield _row(_("judgements"), "", [_plain(one, num.count(one.asked)) for one in judges])
    if any(one.ties is not None for one in judges):
        yield _row(_("ties"), "", [_cell(one, one.ties, "share", lang) for one in judges])
        yield _row(
            _("contradictions"),
            _("the reply shown first won, or lost, in both orders; counted as a tie"),
            [_cell(one, one.contradictions, "share", lang) for one in judges],
        )
        yield _row(
            _("position bias"),
            _("what a reply wins shown first, less what it wins shown second; none is 0"),
            [_cell(one, one.position_bias, "gap", lang) for one in judges],
        )
    yield _row(
        _("verbosity bias"),
        _(
            "what the longer of two replies wins beyond one half; none is 0, but longer may also "
            "be better"
        ),
        [_cell(one, one.verbosity_bias, "gap", lang) for one in judges],
    )
    yield _row(
        _("tokens read and written"), "", [_plain(one, _tokens(one, lang)) for one in judges]
    )
    yield _row(
        _("paid for judging"),
        _("apart from what the candidates cost"),
        [_plain(one, _paid(one, lang)) for one in judges],
    )
    if any(one.charged_usd for one in judges):
        yield _row(
            _("perhaps paid beside it, at most"),
            _("requests without a price: the highest they may have"),
            [_plain(one, num.usd(one.charged_usd)) for one in judges],
        )


def _row(label: str, doc: str, cells: Sequence[FigureCell]) -> FigureRow:
    return FigureRow(label=label, doc=doc, cells=tuple(cells))


def _plain(one: JudgeFigures, value: str) -> FigureCell:
    return FigureCell(candidate=line(one.judge), value=value, interval="", n="")


def _tokens(one: JudgeFigures, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    return _(
        "{read} read, {written} written",
        read=num.count(one.input_tokens),
        written=num.count(one.output_tokens),
    )


def _paid(one: JudgeFigures, lang: Language) -> str:
    _ = Words(lang)
    return _("no price known") if one.usd is None else Numbers(lang).usd(one.usd)


def _cell(
    one: JudgeFigures, found: Estimate | TooFew | None, unit: str, lang: Language
) -> FigureCell:
    return _estimated(line(one.judge), found, unit, lang)


def _estimated(head: str, found: Estimate | TooFew | None, unit: str, lang: Language) -> FigureCell:
    num = Numbers(lang)
    if found is None:
        return FigureCell(candidate=head, value=Words(lang)("not asked"), interval="", n="")
    if isinstance(found, TooFew):
        return FigureCell(candidate=head, value=too_few(found, lang), interval="", n="")
    if unit == "gap":
        value, interval = num.gap("share", found)
    else:
        kind: Unit = "share" if unit == "share" else "plain"
        value = num.value(kind, found.value, found.high - found.low)
        interval = num.interval(kind, found)
    return FigureCell(candidate=head, value=value, interval=interval, n=num.rests_on(found))


def _agreement(one: Agreement, lang: Language) -> FigureRow:
    _ = Words(lang)
    b = _("people") if one.b == PEOPLE else line(one.b)
    return _row(
        _("{first} and {last}", first=line(one.a), last=b),
        "",
        [
            _estimated(_("the same verdict"), one.raw, "share", lang),
            _estimated(_("Cohen's kappa"), one.kappa, "plain", lang),
        ],
    )
