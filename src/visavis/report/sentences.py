"""The verdict in plain sentences, one for each measure and pair; `headline` sums them up.

A sentence claims what was shown, with its evidence after the colon. What is undecided is said
with what is still possible, so that nobody reads it as "no difference".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from visavis.options import Language
from visavis.report.guessing import Chances, guessed_by
from visavis.report.language import N_, Words
from visavis.report.measures import wording
from visavis.report.subjects import called
from visavis.report.table import Kind, subject, to_settle, turned, written_gap
from visavis.report.text import Numbers, line
from visavis.report.traces import Trace
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Gap, Judgement, MeasureRow
from visavis.verdict.decide import Alike, Because, Prefer, Undecided
from visavis.verdict.methods import PRICE

NO_CHANCES: Chances = MappingProxyType({})
Said = Kind | Literal["stop", "luck"]
"""What a sentence tells: a verdict, where asking stopped, or what is luck of the draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One thing that can be said, and of which kind it is."""

    kind: Said
    text: str
    winner: str = ""
    """The candidate preferred, where one is."""
    trace: Trace | None = None
    """What it rests on."""


def sentences(
    judgement: Judgement,
    lang: Language,
    chances: Chances = NO_CHANCES,
    trace: Callable[[MeasureRow, Gap], Trace | None] = lambda row, gap: None,
) -> tuple[Sentence, ...]:
    """Every verdict of a judgement: what was shown first, then what is alike, then what is open;
    `trace` says what a gap rests on."""
    said = [
        replace(_sentence(row, gap, chances, lang), trace=trace(row, gap))
        for row in judgement.rows
        for gap in row.gaps
    ]
    order: tuple[Said, ...] = ("prefer", "alike", "undecided")
    return tuple(sorted(said, key=lambda sentence: order.index(sentence.kind)))


def better(rows: Sequence[MeasureRow], lang: Language) -> str:
    """What the winner of rows of one measure is: `better at gsm8k and math`."""
    _ = Words(lang)
    return _(
        wording(rows[0].measure).better,
        subject=_.listed(list(dict.fromkeys(subject(row, lang) for row in rows))),
        benchmark=_.listed(list(dict.fromkeys(called(row.benchmark) for row in rows))),
    )


def _sentence(row: MeasureRow, gap: Gap, chances: Chances, lang: Language) -> Sentence:
    match gap.verdict:
        case Prefer() as prefer:
            chance = guessed_by(prefer.winner, row, chances)
            said = (
                _preferred(row, gap, prefer, lang)
                if chance is None
                else _guessed(row, gap, prefer, chance, lang)
            )
            return Sentence(kind="prefer", text=line(said), winner=prefer.winner)
        case Alike() as alike:
            return Sentence(kind="alike", text=line(_alike(row, gap, alike, lang)))
        case Undecided() as open_:
            return Sentence(kind="undecided", text=line(_undecided(row, gap, open_, lang)))


def _preferred(row: MeasureRow, gap: Gap, prefer: Prefer, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    loser = gap.b if prefer.winner == gap.a else gap.a
    found = upward(prefer.by, gap.scale)
    size, interval = written_gap(found, row.measure, gap.scale, lang)
    if gap.scale == "ratio":
        width = found.high - found.low
        size = _(wording(row.measure).ratio, loser=loser, ratio=num.ratio(found.value, width))
    who = _("{name} is {what}", name=prefer.winner, what=better([row], lang))
    if len(row.gaps) > 1:
        who = _(
            "{name} is {what} than {loser}",
            name=prefer.winner,
            what=better([row], lang),
            loser=loser,
        )
    return _(
        "{claim}: {size} ({interval}, {n}).",
        claim=who,
        size=size,
        interval=interval,
        n=num.rests_on(found),
    )


def _guessed(row: MeasureRow, gap: Gap, prefer: Prefer, chance: float, lang: Language) -> str:
    """A lead of somebody who does not do better than guessing: no knowledge can be seen in it."""
    _, num, found = Words(lang), Numbers(lang), upward(prefer.by, gap.scale)
    return _(
        "{name} scores {size} more than {loser} on {benchmark} ({interval}, {n}), but is not above "
        "guessing ({share}): that may show who keeps to the format, not who knows more.",
        name=prefer.winner,
        size=num.points(found.value, found.high - found.low, sign=False),
        loser=gap.b if prefer.winner == gap.a else gap.a,
        benchmark=called(row.benchmark),
        interval=num.gap("share", found)[1],
        n=num.rests_on(found),
        share=num.share(chance),
    )


def upward(found: Estimate, scale: str) -> Estimate:
    """The same gap told from the winner's side: a gain above zero, a ratio above one."""
    ends = (found.low, found.value, found.high)
    if scale == "ratio" and found.value < 1:
        ends = turned(ends)
    elif scale != "ratio" and found.value < 0:
        ends = (-ends[2], -ends[1], -ends[0])
    return replace(found, low=ends[0], value=ends[1], high=ends[2])


def _alike(row: MeasureRow, gap: Gap, alike: Alike, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    within = num.share(alike.within)
    if gap.scale != "ratio":
        unit = wording(row.measure).unit
        within = num.value(unit, alike.within, alike.within)
        if unit == "share":
            within = num.stated(alike.within)
    size, interval = written_gap(alike.by, row.measure, gap.scale, lang)
    return _(
        "{a} and {b} are alike on {subject}: they differ by less than {within}, "
        "{size} ({interval}, {n}).",
        a=gap.a,
        b=gap.b,
        subject=subject(row, lang),
        within=within,
        size=size,
        interval=interval,
        n=num.rests_on(alike.by),
    )


def _undecided(row: MeasureRow, gap: Gap, open_: Undecided, lang: Language) -> str:
    _ = Words(lang)
    about = subject(row, lang)
    if len(row.gaps) > 1:
        about = _("{subject} between {a} and {b}", subject=about, a=gap.a, b=gap.b)
    return _(
        "{subject} is undecided: {why}.", subject=about, why=why_undecided(row, gap, open_, lang)
    )


def why_undecided(row: MeasureRow, gap: Gap, open_: Undecided, lang: Language) -> str:
    """What the data still allow, or lack, and what would settle it."""
    _, found = Words(lang), open_.by
    if open_.because == Because.FAILED:
        why = _(Because.FAILED)
    elif open_.because == Because.MAY_LACK_RARE:
        why = _("among so few replies, one that runs on to the limit may be missing")
    elif isinstance(found, TooFew):
        why = _too_few(found, row.measure, lang)
    else:
        why = _possible(row, gap, open_.because, found, lang)
    if cases := to_settle(open_, row.measure, lang):
        why = _("{why}; {cases} would settle it if the gap is as measured", why=why, cases=cases)
    return why


def _too_few(found: TooFew, measure: str, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    if found.no_spread:
        return _("the cases show no spread to judge by")
    if measure == PRICE and found.groups == 0:
        return _("of one of them no case was solved, or none was paid for")
    return _(
        "too little was measured ({had} of {needed})",
        had=num.count(found.groups),
        needed=num.count(found.needed),
    )


_DOUBTS: dict[Because, str] = {
    Because.CORRECTED: N_("{apart}, but not beyond doubt after so many comparisons"),
    Because.NOT_EXACT: N_("{apart}, but the exact test still allows chance"),
}
_FAILED = N_("too many of the cases asked have failed")  # says what `Because.FAILED` says


def _possible(row: MeasureRow, gap: Gap, because: Because, found: Estimate, lang: Language) -> str:
    """What the data still allow, told by who would be ahead: signs are easily misread."""
    _, num = Words(lang), Numbers(lang)
    if gap.scale == "ratio":
        _size, interval = num.ratio_gap(found)
        said = _(
            "for {a}, anything from {interval} times {b} is possible",
            a=gap.a,
            b=gap.b,
            interval=interval,
        )
    else:
        said = who_leads(row, gap, found, lang)
    return _(_DOUBTS[because], apart=said) if because in _DOUBTS else said


def who_leads(row: MeasureRow, gap: Gap, found: Estimate, lang: Language) -> str:
    """How far either may be ahead, of a difference."""
    _ = Words(lang)
    ahead, behind = (gap.a, gap.b) if row.higher_is_better else (gap.b, gap.a)
    low, high = (_size_of(row, abs(end), found, lang) for end in (found.low, found.high))
    if found.low < 0 < found.high:
        return _(
            "anything from {behind} ahead by {low} to {ahead} ahead by {high} is possible",
            behind=behind,
            low=low,
            ahead=ahead,
            high=high,
        )
    leader = ahead if found.value > 0 else behind
    near, far = (low, high) if found.value > 0 else (high, low)
    return _("{leader} looks ahead by {near} to {far}", leader=leader, near=near, far=far)


def _size_of(row: MeasureRow, size: float, found: Estimate, lang: Language) -> str:
    num, unit, width = Numbers(lang), wording(row.measure).unit, found.high - found.low
    return num.points(size, width, sign=False) if unit == "share" else num.value(unit, size, width)
