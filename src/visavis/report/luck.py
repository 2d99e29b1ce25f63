"""How far scores rest on luck of the draw, where cases were tried several times, in words.

A table for each benchmark stands behind the scores: where each candidate's error comes from, and
what more cases or more tries would make of it. A sentence for each pair says whether the gap on
these very cases is more than luck.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import ceil

from visavis.options import Language
from visavis.report.breakdown import Breakdown, FigureCell, FigureRow
from visavis.report.language import Words
from visavis.report.run_facts import RunFacts
from visavis.report.sentences import Sentence
from visavis.report.subjects import called
from visavis.report.table import too_few
from visavis.report.text import Numbers, line
from visavis.report.traces import trials
from visavis.stats.estimate import Estimate
from visavis.stats.repeats import Spread
from visavis.verdict.compare import Judgement
from visavis.verdict.luck import Luck

HARDLY = 0.10
"""Twice the tries are worth mentioning where they narrow an interval by so much."""


def luck_tables(judgement: Judgement, lang: Language) -> tuple[Breakdown, ...]:
    """A table a benchmark: what the errors of its scores are made of."""
    _ = Words(lang)
    return tuple(
        Breakdown(
            benchmark=called(luck.benchmark),
            by=_("luck of the draw"),
            rows=tuple(_rows(luck.one, judgement.candidates, lang)),
        )
        for luck in judgement.luck
    )


def _rows(
    known: Mapping[str, Spread], candidates: Iterable[str], lang: Language
) -> Iterator[FigureRow]:
    _ = Words(lang)
    named = (
        (
            _("on these very cases"),
            _("the interval allows for luck of the draw alone"),
            _here,
        ),
        (_("standard error"), "", _error),
        (_("of that, from which cases were asked"), "", _of_cases),
        (_("of that, from luck of the draw"), "", _of_luck),
        (_("standard error with twice the cases"), "", _twice_the_cases),
        (_("standard error with twice the tries"), "", _twice_the_tries),
    )
    names = list(candidates)
    for label, doc, cell in named:
        yield FigureRow(
            label=label,
            doc=doc,
            cells=tuple(
                cell(name, known[name], lang)
                if name in known
                else FigureCell(candidate=name, value=_("not asked"), interval="", n="")
                for name in names
            ),
        )


def _here(candidate: str, found: Spread, lang: Language) -> FigureCell:
    num, here = Numbers(lang), found.here
    if not isinstance(here, Estimate):
        return FigureCell(candidate=candidate, value=too_few(here, lang), interval="", n="")
    return FigureCell(
        candidate=candidate,
        value=num.value("share", here.value, here.high - here.low),
        interval=num.interval("share", here),
        n=num.rests_on(here),
    )


def _error(candidate: str, found: Spread, lang: Language) -> FigureCell:
    return _cell(candidate, found.error, _asked(found, lang), lang)


def _of_cases(candidate: str, found: Spread, lang: Language) -> FigureCell:
    luck, (cases, _) = found.luck_share, _asked(found, lang)
    share = _part(None if luck is None else 1 - luck, lang)
    return _cell(candidate, found.of_cases, (share, cases), lang)


def _of_luck(candidate: str, found: Spread, lang: Language) -> FigureCell:
    _, tries = _asked(found, lang)
    return _cell(candidate, found.of_luck, (_part(found.luck_share, lang), tries), lang)


def _twice_the_cases(candidate: str, found: Spread, lang: Language) -> FigureCell:
    asked = _asked(found, lang, cases=2)
    return _cell(candidate, found.error_with(cases=2), asked, lang)


def _twice_the_tries(candidate: str, found: Spread, lang: Language) -> FigureCell:
    asked = _asked(found, lang, tries=2)
    return _cell(candidate, found.error_with(tries=2), asked, lang)


def _cell(candidate: str, error: float, beside: tuple[str, str], lang: Language) -> FigureCell:
    points = Numbers(lang).points(error, 0.0, sign=False)
    return FigureCell(candidate=candidate, value=points, interval=beside[0], n=beside[1])


def _asked(found: Spread, lang: Language, *, cases: int = 1, tries: int = 1) -> tuple[str, str]:
    _, num = Words(lang), Numbers(lang)
    n, each = cases * found.cases, tries * found.tries
    return (
        _.plural("{n} case", "{n} cases", n, n=num.count(n)),
        _.plural("{n} try each", "{n} tries each", ceil(each), n=_number(each, num)),
    )


def _part(share: float | None, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    return "" if share is None else _("about {share} of the variance", share=num.share(share))


def _number(tries: float, num: Numbers) -> str:
    return num.decimal(tries, 0 if float(tries).is_integer() else 1)


def luck_sentences(judgement: Judgement, run: RunFacts, lang: Language) -> tuple[Sentence, ...]:
    """A sentence a benchmark and pair: is the gap more than luck, and what would narrow it?"""
    said = []
    for luck in judgement.luck:
        still = not any(found.of_luck for found in luck.one.values())
        if still:
            told = [_still(luck, run, lang)]
        else:
            told = [_gap(luck.benchmark, *pair, found, lang) for pair, found in luck.two.items()]
        trace = trials(luck.benchmark, lang)
        said += [Sentence(kind="luck", text=text, trace=trace) for text in told]
    return tuple(said)


def _still(luck: Luck, run: RunFacts, lang: Language) -> str:
    """All tries of a case got the same, always."""
    _ = Words(lang)
    told = _(
        "Every try of a case got the same in {benchmark}: no luck of the draw was seen.",
        benchmark=called(luck.benchmark),
    )
    kept = run.cases.get(luck.benchmark, ())
    if kept and all(stored.prompt.settings.temperature == 0 for stored in kept):
        told += " " + _(
            "Its cases are asked at temperature 0, where a candidate may well say the same every "
            "time; --temperature 0.7 draws."
        )
    return told


def _gap(benchmark: str, a: str, b: str, found: Spread, lang: Language) -> str:
    _, num, here = Words(lang), Numbers(lang), found.here
    names = {"benchmark": called(benchmark), "a": line(a), "b": line(b)}
    if not isinstance(here, Estimate):
        gap = num.points(found.value, 0.0)
        told = _("{benchmark}, {a} less {b}: {gap} on these very cases.", **names, gap=gap)
    else:
        gap, interval = num.gap("share", here)
        around = {"gap": gap, "interval": interval}
        told = (
            _(
                "{benchmark}, {a} less {b}: {gap} on these very cases ({interval}, luck of the "
                "draw alone), which luck alone does not explain.",
                **names,
                **around,
            )
            if here.low > 0 or here.high < 0
            else _(
                "{benchmark}, {a} less {b}: {gap} on these very cases ({interval}, luck of the "
                "draw alone), which may be luck.",
                **names,
                **around,
            )
        )
    return f"{told} {_advice(found, lang)}"


def _advice(found: Spread, lang: Language) -> str:
    """What would narrow the gap's interval, by its standard error."""
    _, num = Words(lang), Numbers(lang)
    cases, tries = found.error_with(cases=2), found.error_with(tries=2)
    errors = {
        "now": num.points(found.error, 0.0, sign=False),
        "cases": num.points(cases, 0.0, sign=False),
        "tries": num.points(tries, 0.0, sign=False),
    }
    if tries > (1 - HARDLY) * found.error:
        return _(
            "More cases would narrow it, more tries hardly: standard error {now}, {cases} with "
            "twice the cases, {tries} with twice the tries.",
            **errors,
        )
    return _(
        "More cases or more tries would narrow it: standard error {now}, {cases} with twice the "
        "cases, {tries} with twice the tries.",
        **errors,
    )
