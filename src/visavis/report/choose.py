"""What to choose, for each use: the page's table, and what its script needs to try other policies.

The script recomputes a choice from what is in `data` alone; a test holds its answers against the
program's, share by share and sentence by sentence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import isfinite

from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.measures import fact_wording, wording
from visavis.report.subjects import called
from visavis.report.text import NBSP, Numbers, Unit, line
from visavis.report.verdict import (
    FINE,
    SAID,
    SURE,
    conditions,
    criterion_label,
    exactly,
    headline,
    limit_unit,
    must_label,
    remark,
    say,
    share,
    told,
)
from visavis.stats.estimate import ALPHA, Estimate, TooFew, Z
from visavis.verdict.choice import HALF, NONE, Choice
from visavis.verdict.compare import Gap, MeasureRow
from visavis.verdict.consider import Choices
from visavis.verdict.flips import ENOUGH, FEWEST, FURTHEST, LEAST, PRICE, Bill
from visavis.verdict.must import AT_MOST, LOCAL, MEASURED, MONTHLY, Must, Subject, Value
from visavis.verdict.policy import MEASURES, Policy
from visavis.verdict.policy_file import LARGEST_RATIO, money
from visavis.verdict.worlds import FLAT, LEVEL, SMALLEST, WORLDS, criterion, seed

_SCALES: Mapping[Unit, tuple[float, str]] = {"share": (0.01, "%"), "bytes": (1e9, N_("GB"))}
"""What one step of a field stands for, and how it is called, where that is not the unit itself."""
_CALLED: Mapping[Unit, str] = {
    "s": N_("seconds"),
    "usd": N_("US dollars"),
    "per_s": N_("tokens/s"),
    "count": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BarView:
    """One candidate under a policy."""

    place: int
    """Of the candidate in the run: its colour."""
    name: str
    share: str
    begin: float
    width: float
    """From 0 to 100, as is where it begins if all stand in one line."""
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseView:
    """What one policy comes to."""

    name: str
    about: str
    matters: str
    """The smallest differences that count in it."""
    why: tuple[str, ...]
    """The verdict in a sentence; then, of those that are not the choice for all, for whom."""
    decided: bool
    leads: bool
    """Whether enough was measured for anyone to be called ahead; else its row has no shares."""
    best: int | None
    """The place of the one that is chosen, or best most often; None where there is none."""
    answer: str
    told: tuple[str, ...]
    """What would change it."""
    bars: tuple[BarView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What a reader may move."""

    key: str
    label: str
    unit: str = ""
    step: float = 1.0
    """What one unit of the field stands for."""
    most: float | None = None
    """In that unit."""
    at_most: bool = True
    """Of a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseView:
    """What to choose for each use, and the fields of a policy of the reader's own."""

    lead: str
    """How it is reckoned."""
    uses: tuple[UseView, ...]
    weights: tuple[Field, ...]
    matters: tuple[Field, ...]
    limits: tuple[Field, ...]
    words: Mapping[str, object]
    """What the script says, in this language."""
    data: Mapping[str, object]
    """What the script reckons with, in any."""


def choose_view(choices: Choices, lang: Language) -> ChooseView:
    """Words and numbers of the section, from every choice that was made."""
    rows = _deciding(choices)
    limits = _limits(choices)
    measures = dict.fromkeys(row.measure for row in rows)
    _, num = Words(lang), Numbers(lang)
    return ChooseView(
        lead=_(
            "What to choose depends on the use. For each, {worlds} worlds are drawn in which the "
            "measurements would have come out as they did, with weights as the use has them; a "
            "share says in how many of them a candidate is best. One is chosen only if it is best "
            "in {enough} of them, and was shown better than each of the others on something that "
            "counts.",
            worlds=num.count(WORLDS),
            enough=num.share(ENOUGH),
        ),
        uses=tuple(_use(one, lang) for one in choices.taken),
        weights=tuple(
            Field(key=criterion(row), label=criterion_label(criterion(row), lang)) for row in rows
        ),
        matters=tuple(_matters(name, lang) for name in measures),
        limits=tuple(_limit(subject, lang, at_most=most) for subject, most in limits),
        words=_words(choices, lang),
        data=_data(choices, rows, limits),
    )


def _use(choice: Choice, lang: Language) -> UseView:
    _, best = Words(lang), choice.best
    names = [one.candidate for one in choice.standings]
    leads = best.acceptability is not None
    return UseView(
        name=line(choice.policy.name),
        about=_(line(choice.policy.about)) if choice.policy.about else "",
        matters=thresholds(choice, lang),
        why=(headline(choice, lang), *conditions(choice, lang)),
        decided=choice.chosen is not None,
        leads=choice.leads,
        best=names.index(best.candidate) if leads else None,
        answer=_answer(choice, lang),
        told=told(choice, lang),
        bars=tuple(_bars(choice, lang)),
    )


def thresholds(choice: Choice, lang: Language) -> str:
    """From how much on a difference counts, of each measure that is weighed; empty where none is
    or nobody is left to be weighed."""
    if choice.worlds is None:
        return ""
    _, matters = Words(lang), choice.policy.matters
    weighed = (*choice.worlds.criteria, *choice.worlds.unknown)
    named = [
        f"{_(wording(measure).label)}{NBSP}{_gap_that_counts(measure, matters[measure], lang)}"
        for measure in dict.fromkeys(name.partition(".")[0] for name in weighed)
    ]
    if not named:
        return ""
    return _("The smallest difference that counts: {named}.", named=", ".join(named))


def _gap_that_counts(measure: str, gap: float, lang: Language) -> str:
    is_difference = MEASURES[measure].scale == "difference"
    return Numbers(lang).stated(gap) if is_difference else exactly(gap, lang)


def _answer(choice: Choice, lang: Language) -> str:
    _ = Words(lang)
    if choice.chosen is not None:
        return line(choice.chosen)
    return _("none") if choice.because == NONE else _("undecided")


def _bars(choice: Choice, lang: Language) -> Iterator[BarView]:
    begin = 0.0
    for place, one in enumerate(choice.standings):
        width = 100 * (one.acceptability or 0.0)
        yield BarView(
            place=place,
            name=line(one.candidate),
            share=share(one.acceptability, lang),
            begin=round(begin, 2),
            width=round(width, 2),
            remark=remark(one, lang),
        )
        begin += width


def _deciding(choices: Choices) -> list[MeasureRow]:
    return [row for row in choices.judgement.rows if MEASURES[row.measure].decides]


def _limits(choices: Choices) -> list[tuple[Subject, bool]]:
    """What a limit can be set on, and whether it is one from above: as is usual, or as a policy
    has it."""
    usual = ((subject, subject.measure in AT_MOST) for subject in choices.known.subjects)
    asked = ((one.subject, one.at_most) for taken in choices.taken for one in taken.policy.must)
    return list(dict.fromkeys((*usual, *asked)))


def _matters(measure: str, lang: Language) -> Field:
    _, is_difference = Words(lang), MEASURES[measure].scale == "difference"
    return Field(
        key=measure,
        label=_(wording(measure).label),
        unit=_("points") if is_difference else "%",
        step=0.01,
        most=100 * (1.0 if is_difference else LARGEST_RATIO),
    )


def _limit(subject: Subject, lang: Language, *, at_most: bool) -> Field:
    _, unit = Words(lang), limit_unit(subject.measure)
    step, called = _SCALES.get(unit, (1.0, _CALLED.get(unit, "")))
    return Field(
        key=_key(subject, at_most=at_most),
        label=_subject(subject, lang),
        unit=_(called) if called else "",
        step=step,
        most=100.0 if unit == "share" else None,
        at_most=at_most,
    )


def _subject(subject: Subject, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    if subject.measure == LOCAL:
        return say("locally", lang)
    label = _(fact_wording(subject.measure).label)
    if subject.benchmark not in ("", "speed"):
        label = f"{label} ({called(subject.benchmark)})"
    if subject.share is None:
        return label
    return _("{label}, {share} of requests", label=label, share=num.share(subject.share))


def _key(subject: Subject, *, at_most: bool) -> str:
    """As `must` writes it, without the limit."""
    share = "" if subject.share is None else f"p{100 * subject.share:g}"
    name = ".".join(part for part in (subject.measure, subject.benchmark, share) if part)
    return name if subject.measure == LOCAL else f"{name} {'<=' if at_most else '>='}"


def _words(choices: Choices, lang: Language) -> dict[str, object]:
    _ = Words(lang)
    return {
        "said": {key: _(text) for key, text in SAID.items()},
        "criteria": {
            name: criterion_label(name, lang)
            for name in dict.fromkeys(
                (
                    *map(criterion, choices.judgement.rows),
                    *chain.from_iterable(one.policy.weights for one in choices.taken),
                    *MEASURES,
                )
            )
        },
        "limits": {
            _key(one, at_most=most): must_label(one.measure, one.benchmark, lang)
            for one, most in _limits(choices)
        },
        "own": _("your own"),
        "copied": _("Copied."),
        "wrong": _("Write a number from {low} to {high}; until then, the last one holds."),
        "too low": _("Write a number from {low} on; until then, the last one holds."),
        "range": _("{low} to {high}"),
    }


def _data(
    choices: Choices, rows: Iterable[MeasureRow], limits: Iterable[tuple[Subject, bool]]
) -> dict[str, object]:
    names, known = choices.judgement.candidates, choices.known
    places = {name: place for place, name in enumerate(names)}
    subjects = list(known.subjects)
    return {
        "candidates": [line(name) for name in names],
        "worlds": WORLDS,
        "smallest": SMALLEST,
        "level": LEVEL,
        "flat": FLAT,
        "enough": ENOUGH,
        "half": HALF,
        "fewest": FEWEST,
        "furthest": FURTHEST,
        "least": LEAST,
        "alpha": ALPHA,
        "z": Z,
        "sure": SURE,
        "fine": FINE,
        "price": PRICE,
        "monthly": MONTHLY,
        "nbsp": NBSP,
        "rows": [_row(row, places, names) for row in rows],
        "subjects": [
            [[_ends(value) for value in known.subjects[one].get(name, ())] for name in names]
            for one in subjects
        ],
        "limits": {
            _key(one, at_most=most): {
                "subject": subjects.index(one),
                "at_most": most,
                "local": one.measure == LOCAL,
                "measured": one.measure in MEASURED,
                "share": one.share,
                "unit": limit_unit(one.measure),
            }
            for one, most in limits
        },
        "bills": [_bill(known.bills.get(name)) for name in names],
        "policies": [written(one.policy) for one in choices.taken],
    }


def written(policy: Policy) -> dict[str, object]:
    """A policy as the script holds it."""
    return {
        "name": policy.name,
        "about": policy.about,
        "matters": dict(policy.matters),
        "weights": {name: list(weight) for name, weight in policy.weights.items()},
        "must": [_must(one) for one in policy.must],
        "money": money(policy),
    }


def _must(one: Must) -> dict[str, object]:
    return {
        "key": _key(one.subject, at_most=one.at_most),
        "limit": one.limit,
        "text": one.text,
    }


def _row(row: MeasureRow, places: Mapping[str, int], names: Sequence[str]) -> dict[str, object]:
    of = {cell.candidate: cell.estimate for cell in row.cells}
    return {
        "measure": row.measure,
        "benchmark": row.benchmark,
        "scale": MEASURES[row.measure].scale,
        "higher_is_better": row.higher_is_better,
        "seed": seed(criterion(row)),
        "gaps": [list(_gap(gap, places)) for gap in row.gaps],
        "values": [_value(of.get(name)) for name in names],
    }


def _value(known: Estimate | TooFew | None) -> float | None:
    return known.value if isinstance(known, Estimate) else None


def _gap(gap: Gap, places: Mapping[str, int]) -> Iterator[float | None]:
    """Two candidates; then low, value, high and the corrected chance, if there is an interval."""
    yield from (places[gap.a], places[gap.b])
    by = gap.verdict.by
    if not isinstance(by, TooFew):
        yield from (by.low, by.value, by.high, gap.p_holm)


def _ends(value: Value) -> list[float | None] | None:
    """Of an interval; None for one that lies in the infinite, which JSON has no number for."""
    match value:
        case Estimate(low=low, high=high):
            return [end if isfinite(end) else None for end in (low, high)]
        case float() | int():
            return [value, value]
        case _:
            return None


def _bill(bill: Bill | None) -> dict[str, object] | None:
    if bill is None:
        return None
    return {"usd": bill.usd_per_million_output_tokens, "parts": dict(bill.parts)}
