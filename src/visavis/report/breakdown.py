"""What lies behind a score, in words: by subject, by reader, and the other measures of a benchmark.

These figures are shown and never judged by: a verdict rests on the score alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from visavis.benchmarks.base import Figure
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.subjects import called
from visavis.report.table import too_few
from visavis.report.text import Numbers, Unit, line
from visavis.stats.estimate import Estimate

FIGURES = (
    N_("strict"), N_("flexible"), N_("lost to format"),
    N_("prompt strict"), N_("prompt loose"), N_("instruction strict"), N_("instruction loose"),
    N_("mean of four"), N_("prompts and instructions, strictly and loosely"),
    N_("Matthews correlation"), N_("Pearson correlation"), N_("Spearman correlation"), N_("F1"),
    N_("GLUE score"), N_("GLUE score without WNLI"), N_("matched accuracy"),
    N_("mismatched accuracy"),
    N_("at least one of k tries of a case gets the full mark"),
    N_("all of k tries of a case get the full mark"),
    N_("French less English"),
    N_("score on the same puzzles in French less that in English, in pairs"),
    N_("mean of subjects"), N_("mean of languages"), N_("mean of levels"), N_("mean of tasks"),
)  # fmt: skip
"""Names that benchmarks give to figures, for the translators."""

PARTS = (
    N_("subject"), N_("field"), N_("language"), N_("level"), N_("task"), N_("kind"), N_("family"),
    N_("discipline"), N_("tag"),
)  # fmt: skip
"""What cases are divided by."""
_FIELDS = (N_("STEM"), N_("humanities"), N_("social sciences"), N_("other"))
"""Of MMLU's subjects, as its authors gather them; all other parts go by the names in the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCell:
    """One candidate's figure."""

    candidate: str
    value: str
    interval: str
    """Empty where none can be given; then `value` says why."""
    n: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure, a cell a candidate."""

    label: str
    doc: str
    cells: tuple[FigureCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """The further figures of one benchmark that belong together."""

    benchmark: str
    by: str
    """What the cases were divided by, in words; empty for figures of all of them."""
    rows: tuple[FigureRow, ...]
    of_candidates: bool = True
    """Its columns are the candidates; judges and the like have none of their colours."""


def breakdowns(
    figures: Mapping[str, Mapping[str, Sequence[Figure]]],
    lang: Language,
    drawn: Collection[str] = (),
) -> tuple[Breakdown, ...]:
    """`figures` by benchmark and candidate; of those `drawn` asking stopped when it was decided,
    for which these intervals make no allowance."""
    return tuple(
        _breakdown(_title(benchmark, lang, early=benchmark in drawn), by, of, lang)
        for benchmark, of in figures.items()
        for by in dict.fromkeys(one.by for several in of.values() for one in several)
    )


def _title(benchmark: str, lang: Language, *, early: bool) -> str:
    _, name = Words(lang), called(benchmark)
    if not early:
        return name
    return _("{benchmark} (intervals not adjusted for stopping early)", benchmark=name)


def _breakdown(
    title: str, by: str, of: Mapping[str, Sequence[Figure]], lang: Language
) -> Breakdown:
    _ = Words(lang)
    found = {
        candidate: {one.name: one for one in several if one.by == by}
        for candidate, several in of.items()
    }
    names = dict.fromkeys(name for several in found.values() for name in several)
    return Breakdown(
        benchmark=title,
        by=_(by) if by else "",
        rows=tuple(
            FigureRow(
                label=line(name if by and name not in _FIELDS else _(name)),
                doc=next(
                    _doc(several[name], lang) for several in found.values() if name in several
                ),
                cells=tuple(_cells(name, found, lang)),
            )
            for name in names
        ),
    )


def _doc(figure: Figure, lang: Language) -> str:
    return Words(lang)(figure.doc) if figure.doc else ""


def _cells(
    name: str, found: Mapping[str, Mapping[str, Figure]], lang: Language
) -> Iterable[FigureCell]:
    _, num = Words(lang), Numbers(lang)
    for candidate, several in found.items():
        figure = several.get(name)
        if figure is None:
            yield FigureCell(candidate=line(candidate), value=_("not asked"), interval="", n="")
        elif isinstance(figure.value, Estimate):
            unit: Unit = "share" if figure.is_share else "plain"
            width = figure.value.high - figure.value.low
            yield FigureCell(
                candidate=line(candidate),
                value=num.value(unit, figure.value.value, width),
                interval=num.interval(unit, figure.value),
                n=num.rests_on(figure.value),
            )
        else:
            yield FigureCell(
                candidate=line(candidate), value=too_few(figure.value, lang), interval="", n=""
            )
