"""The whole verdict in one sentence, without figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from visavis.options import Language
from visavis.report.guessing import Chances, led_by_guessing
from visavis.report.language import Words
from visavis.report.ranking import in_front, split
from visavis.report.sentences import NO_CHANCES, better
from visavis.report.table import subject
from visavis.report.text import line
from visavis.verdict.compare import Judgement, MeasureRow
from visavis.verdict.decide import Alike, Because, Undecided
from visavis.verdict.explain import (
    AlikeOverall,
    Depends,
    PreferOverall,
    UndecidedOverall,
    explain,
)
from visavis.verdict.policy import MEASURES

_Pair = tuple[tuple[str, ...], tuple[str, ...]]
"""Those ahead, and those whom each of them was shown ahead of."""


@dataclass(frozen=True, slots=True)
class _Came:
    """What the rows came to."""

    won: dict[_Pair, list[MeasureRow]] = field(default_factory=dict)
    alike: list[MeasureRow] = field(default_factory=list)
    open: list[MeasureRow] = field(default_factory=list)


def headline(judgement: Judgement, lang: Language, chances: Chances = NO_CHANCES) -> str:
    """Who is better at what; a lead among those who do not beat guessing is no such thing."""
    guessed = [row for row in deciding(judgement) if led_by_guessing(row, chances)]
    several = "" if guessed else _led_by_several(judgement, lang)
    return line(several or _by_measure(judgement, guessed, lang))


def deciding(judgement: Judgement) -> list[MeasureRow]:
    """Rows that were compared, without those that only explain a price or a speed."""
    explains = {name for name, measure in MEASURES.items() if not measure.decides}
    return [row for row in judgement.rows if row.gaps and row.measure not in explains]


def _led_by_several(judgement: Judgement, lang: Language) -> str:
    """Who was shown ahead of all the rest, where that is more than one; else empty."""
    if len(judgement.candidates) == 2 or isinstance(explain(judgement).overall, PreferOverall):
        return ""
    return in_front(deciding(judgement), judgement.candidates, Words(lang))


def _by_measure(judgement: Judgement, guessed: Sequence[MeasureRow], lang: Language) -> str:
    """What each is better at, where all are alike, what is open, and where all only guess."""
    _, many = Words(lang), len(judgement.candidates)
    came = _came([row for row in deciding(judgement) if row not in guessed], judgement.candidates)
    parts = _won(came, lang)
    if came.alike:
        parts.append(_all_alike(_subjects(came.alike, lang), many, _))
    if came.open:
        parts.append(_still_open(_subjects(came.open, lang), many, _))
    if guessed:
        listed = _.listed(_subjects(guessed, lang))
        parts.append(_("nobody does better than guessing on {subjects}", subjects=listed))
    if not parts:
        return _("Nothing was compared.")
    rows = tuple(_doubted(row) if row in guessed else row for row in judgement.rows)
    advice = _advice(replace(judgement, rows=rows), lang)
    return _("{advice}: {reasons}.", advice=advice, reasons=_("; ").join(parts))


def _doubted(row: MeasureRow) -> MeasureRow:
    """A row that recommends nobody: it may yet be won by somebody who does not guess."""
    gaps = (
        replace(
            gap, verdict=Undecided(by=gap.verdict.by, cases_needed=None, because=Because.NOT_EXACT)
        )
        for gap in row.gaps
    )
    return replace(row, gaps=tuple(gaps))


def _came(rows: Sequence[MeasureRow], names: Sequence[str]) -> _Came:
    came = _Came()
    for row in rows:
        front, rest = split([row], names)
        if all(isinstance(gap.verdict, Alike) for gap in row.gaps):
            came.alike.append(row)
        elif front:
            came.won.setdefault((tuple(front), tuple(rest)), []).append(row)
        else:
            came.open.append(row)
    return came


def _won(came: _Came, lang: Language) -> list[str]:
    """Who was shown better at what, and than whom where that is not all the others."""
    _, told = Words(lang), []
    for (front, rest), rows in came.won.items():
        of: dict[str, list[MeasureRow]] = {}
        for row in rows:
            of.setdefault(row.measure, []).append(row)
        what = _.listed([better(same, lang) for same in of.values()])
        if len(front) == 1:
            told.append(_("{name} is {what}", name=front[0], what=what))
        else:
            told.append(
                _(
                    "{names} are each {what} than {others}",
                    names=_.listed(list(front)),
                    what=what,
                    others=_.listed(list(rest)),
                )
            )
    return told


def _advice(judgement: Judgement, lang: Language) -> str:
    """What it comes to, in two or three words."""
    _ = Words(lang)
    match explain(judgement).overall:
        case PreferOverall(winner=winner):
            return _("Prefer {name}", name=winner)
        case Depends():
            return _("It depends")
        case AlikeOverall():
            return _("No difference that matters")
        case UndecidedOverall():
            return _("Not decided yet")


def _subjects(rows: Sequence[MeasureRow], lang: Language) -> list[str]:
    return [subject(row, lang) for row in rows]


def _all_alike(subjects: list[str], candidates: int, _: Words) -> str:
    if candidates == 2:
        return _("the two are alike on {subjects}", subjects=_.listed(subjects))
    return _("all are alike on {subjects}", subjects=_.listed(subjects))


def _still_open(subjects: list[str], candidates: int, _: Words) -> str:
    if candidates == 2:
        return _.plural(
            "{subjects} is undecided",
            "{subjects} are undecided",
            len(subjects),
            subjects=_.listed(subjects),
        )
    return _.plural(
        "{subjects} has no winner over all",
        "{subjects} have no winner over all",
        len(subjects),
        subjects=_.listed(subjects),
    )
