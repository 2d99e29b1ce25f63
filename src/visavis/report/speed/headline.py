"""A speed run in one sentence: who is better at what, under which loads."""

from collections.abc import Mapping, Sequence

from visavis.options import Language
from visavis.report.language import Words
from visavis.report.measures import wording
from visavis.report.speed.figures import Loaded, SpeedFigures
from visavis.report.speed.words import load_label
from visavis.report.text import Numbers, line
from visavis.verdict.compare import MeasureRow
from visavis.verdict.decide import Alike, Prefer
from visavis.verdict.explain import AlikeOverall, Depends, PreferOverall, explain
from visavis.verdict.policy import MEASURES


def speed_headline(figures: SpeedFigures, lang: Language) -> str:
    """The whole verdict; of a single candidate, what it does."""
    _ = Words(lang)
    if not figures.loads:
        return _("Nothing was measured.")
    if len(figures.spec.candidates) == 1:
        return _alone([one for load in figures.loads for one in figures.of(load)], lang)
    reasons = [*_won(figures, lang), *_not_won(figures, lang)]
    if not reasons:
        return _("Nothing was compared.")
    return _("{advice}: {reasons}.", advice=_advice(figures, lang), reasons=_("; ").join(reasons))


def _advice(figures: SpeedFigures, lang: Language) -> str:
    _ = Words(lang)
    match explain(figures.judgement).overall:
        case PreferOverall(winner=winner):
            return _("Prefer {name}", name=line(winner))
        case Depends():
            return _("It depends")
        case AlikeOverall():
            return _("No difference that matters")
        case _:
            return _("Not decided yet")


def _won(figures: SpeedFigures, lang: Language) -> list[str]:
    """What each candidate is better at than every other, and where, if not everywhere."""
    _, where = Words(lang), dict[str, dict[str, list[str]]]()
    for row in _deciding(figures):
        for candidate in figures.spec.candidates:
            if _best(row, candidate.name, len(figures.spec.candidates)):
                of = where.setdefault(candidate.name, {})
                of.setdefault(row.measure, []).append(row.benchmark)
    said = []
    for name, measures in where.items():
        whats = [
            _(wording(measure).better, subject="", benchmark="")
            + _where(tuple(loads), figures, lang)
            for measure, loads in sorted(measures.items(), key=lambda won: -len(won[1]))
        ]
        said.append(_("{name} is {what}", name=line(name), what=_.listed(whats)))
    return said


def _not_won(figures: SpeedFigures, lang: Language) -> list[str]:
    """What is alike, and what is undecided, by load."""
    _, alike, open_ = Words(lang), dict[str, list[str]](), dict[str, list[str]]()
    for row in _deciding(figures):
        names = [candidate.name for candidate in figures.spec.candidates]
        if all(isinstance(gap.verdict, Alike) for gap in row.gaps):
            alike.setdefault(row.measure, []).append(row.benchmark)
        elif not any(_best(row, name, len(names)) for name in names):
            open_.setdefault(row.measure, []).append(row.benchmark)
    candidates, said = len(figures.spec.candidates), []
    if alike:
        text = (
            "the two are alike on {subjects}" if candidates == 2 else "all are alike on {subjects}"
        )
        said.append(_(text, subjects=_.listed(_subjects(alike, figures, lang))))
    if open_:
        subjects = _subjects(open_, figures, lang)
        text = _.plural(
            "{subjects} is undecided",
            "{subjects} are undecided",
            len(subjects),
            subjects=_.listed(subjects),
        )
        said.append(text)
    return said


def _subjects(found: Mapping[str, list[str]], figures: SpeedFigures, lang: Language) -> list[str]:
    """Measures, each with the loads that it is about."""
    _ = Words(lang)
    return [
        _(wording(measure).label) + _where(tuple(loads), figures, lang)
        for measure, loads in found.items()
    ]


def _where(loads: tuple[str, ...], figures: SpeedFigures, lang: Language) -> str:
    """Under which loads, where not under all."""
    if len(loads) == len(figures.loads):
        return ""
    return f" ({', '.join(load_label(load, lang) for load in loads)})"


def _deciding(figures: SpeedFigures) -> list[MeasureRow]:
    explains = {name for name, measure in MEASURES.items() if not measure.decides}
    return [row for row in figures.judgement.rows if row.gaps and row.measure not in explains]


def _best(row: MeasureRow, name: str, candidates: int) -> bool:
    won = [
        gap.verdict
        for gap in row.gaps
        if isinstance(gap.verdict, Prefer) and name in (gap.a, gap.b)
    ]
    return len([verdict for verdict in won if verdict.winner == name]) == candidates - 1


def _alone(loads: Sequence[Loaded], lang: Language) -> str:
    """First token after 120 ms (1 at once) to 300 ms (8 at once), 60 to 130 tokens/s in all."""
    _, num = Words(lang), Numbers(lang)
    ends = [loads[0], *([loads[-1]] if len(loads) > 1 else [])]
    waits, rates = [], []
    for one in ends:
        middle = one.quantile("first_token_s", 0.5)
        if middle is None:
            return _("{load}: no reply.", load=load_label(one.load, lang))
        wait = num.seconds(middle.value)
        waits.append(f"{wait} ({load_label(one.load, lang)})")
        if one.throughput_tokens_per_s is not None:
            rates.append(num.rate(one.throughput_tokens_per_s))
    told = [_("first token after {middle}", middle=_to(waits, num))]
    if len(rates) == len(ends):
        told.append(_("{rate} in all", rate=_to(rates, num)))
    return _("{label}: {value}", label=line(loads[0].candidate), value=", ".join(told)) + "."


def _to(ends: Sequence[str], num: Numbers) -> str:
    return num.between(*ends) if len(ends) == 2 else ends[0]
