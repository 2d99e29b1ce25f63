"""What to choose, for each use: the page's table, and fields of a policy of one's own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from visavis.options import Language
from visavis.report.choose_data import choose_data, limit_key
from visavis.report.find_out import Named, named, to_find_out, with_heads
from visavis.report.language import N_, Words
from visavis.report.measures import fact_wording, wording
from visavis.report.run_facts import RunFacts
from visavis.report.subjects import called
from visavis.report.text import Numbers, Unit, line
from visavis.report.traces import Trace, in_table, weights
from visavis.report.verdict import (
    conditions,
    criterion_label,
    headline,
    limit_unit,
    must_label,
    remark,
    share,
    thresholds,
    told,
)
from visavis.report.verdict_words import SAID, say, use_name
from visavis.verdict.choice import Because, Choice
from visavis.verdict.compare import MeasureRow
from visavis.verdict.consider import Choices
from visavis.verdict.flips import ENOUGH
from visavis.verdict.must import AT_MOST, LOCAL, Subject
from visavis.verdict.policy import MEASURES
from visavis.verdict.policy_file import LARGEST_RATIO
from visavis.verdict.worlds import WORLDS, criterion

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
    known_as: str
    """What commands call it, where that is another name; else empty."""
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
    commands: tuple[tuple[str, str], ...]
    """What would find out what too few requests leave open, each behind what is said before it."""
    weights: Trace
    """Where its weights can be seen and moved."""
    bars: tuple[BarView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A criterion whose weight a reader may move."""

    key: str
    trace: Trace
    """What it is called, and where the table has it."""


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
    weights: tuple[Weighed, ...]
    matters: tuple[Field, ...]
    limits: tuple[Field, ...]
    words: Mapping[str, object]
    """What the script says, in this language."""
    data: Mapping[str, object]
    """What the script reckons with, in any."""


def choose_view(choices: Choices, run: RunFacts, lang: Language) -> ChooseView:
    """Words and numbers of the section, from every choice that was made."""
    rows = _deciding(choices)
    limits, by = _limits(choices), named(run)
    measures = dict.fromkeys(row.measure for row in rows)
    _, num = Words(lang), Numbers(lang)
    return ChooseView(
        lead=_(
            "What to choose depends on the use. For each, {worlds} worlds are drawn in which the "
            "measurements would have come out as they did, with weights as the use has them; a "
            "share says in how many of them a candidate is best. One is chosen only if it is best "
            "in {enough} of them, and was shown better than each of the others on something that "
            "counts (to draw level, or to be ahead on average, is less than that), or if it alone "
            "meets what must hold.",
            worlds=num.count(WORLDS),
            enough=num.share(ENOUGH),
        ),
        uses=tuple(
            _use(one, weights(nth, lang), by, lang) for nth, one in enumerate(choices.taken)
        ),
        weights=tuple(
            Weighed(
                key=criterion(row),
                trace=in_table(criterion_label(criterion(row), lang), row.measure, row.benchmark),
            )
            for row in rows
        ),
        matters=tuple(_matters(name, lang) for name in measures),
        limits=tuple(_limit(subject, lang, at_most=most) for subject, most in limits),
        words=_words(choices, lang),
        data=choose_data(choices, rows, limits),
    )


def _use(choice: Choice, weights: Trace, by: Named, lang: Language) -> UseView:
    _, best, name = Words(lang), choice.best, use_name(choice.policy, lang)
    names = [one.candidate for one in choice.standings]
    leads = best.acceptability is not None
    return UseView(
        name=name,
        known_as="" if name == line(choice.policy.name) else line(choice.policy.name),
        about=_(line(choice.policy.about)) if choice.policy.about else "",
        matters=thresholds(choice, lang),
        why=(headline(choice, lang), *conditions(choice, lang)),
        decided=choice.chosen is not None,
        leads=choice.leads,
        best=names.index(best.candidate) if leads else None,
        answer=_answer(choice, lang),
        told=told(choice, lang),
        commands=tuple(with_heads(to_find_out(choice, by), lang)),
        weights=weights,
        bars=tuple(_bars(choice, lang)),
    )


def _answer(choice: Choice, lang: Language) -> str:
    _ = Words(lang)
    if choice.chosen is not None:
        return line(choice.chosen)
    return _("none") if choice.because == Because.NONE else _("undecided")


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
            remark=remark(one, choice, lang),
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
        key=limit_key(subject, at_most=at_most),
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
            limit_key(one, at_most=most): must_label(one.measure, one.benchmark, lang)
            for one, most in _limits(choices)
        },
        "own": _("your own"),
        "copied": _("Copied."),
        "wrong": _("Write a number from {low} to {high}; until then, the last one holds."),
        "too low": _("Write a number from {low} on; until then, the last one holds."),
        "range": _("{low} to {high}"),
    }
