"""What people's blind votes come to, in words: strengths, shares by pair, habits of the voters."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, log

from visavis.options import Language
from visavis.report.language import Words
from visavis.report.table import too_few
from visavis.report.text import Numbers, line
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.votes import PairVotes, Poll

POINTS = 400 / log(10)
"""Of Elo's scale in one unit of log-odds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthRow:
    """One candidate."""

    candidate: str
    place: int
    """Among the run's candidates: its colour."""
    strength: str
    interval: str
    """Empty where none can be given; then `strength` says why."""
    n: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """Two candidates."""

    label: str
    counts: str
    share: str
    interval: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VotesView:
    """All that is said of the votes on a run."""

    lead: str
    strengths: tuple[StrengthRow, ...]
    """The strongest first."""
    pairs: tuple[PairRow, ...]
    sentences: tuple[str, ...]
    reading: str
    lines: tuple[str, ...]
    """The same for those who draw no tables: all but what explains the scale."""


def votes_view(poll: Poll, lang: Language) -> VotesView:
    """Word what the votes come to."""
    _ = Words(lang)
    lead, sentences = _lead(poll, lang), tuple(_sentences(poll, lang))
    strengths = _strengths(poll, lang)
    pairs = tuple(_pair(pair, lang) for pair in poll.pairs)
    return VotesView(
        lead=lead,
        strengths=strengths,
        pairs=pairs,
        sentences=sentences,
        reading=_(
            "Strength is on Elo's scale, where 0 is the mean of all candidates: of two that are "
            "100 points apart, the stronger wins 64 of 100 votes that are no ties. It is fitted "
            "to all votes at once (Bradley and Terry; a tie counts half). Votes are a finding of "
            "their own and enter no score."
        ),
        lines=(
            _("{label}: {value}", label=_("Votes"), value=lead),
            *(_strength_line(row, lang) for row in strengths),
            *(_pair_line(row, lang) for row in pairs),
            *sentences,
        ),
    )


def _strength_line(row: StrengthRow, lang: Language) -> str:
    _ = Words(lang)
    told = _("strength by votes {strength}", strength=row.strength)
    around = ", ".join(part for part in (row.interval, row.n) if part)
    return _("{label}: {value}", label=row.candidate, value=told + (around and f" ({around})"))


def _pair_line(row: PairRow, lang: Language) -> str:
    _ = Words(lang)
    told = f"{row.counts}, {row.share}" + (row.interval and f" ({row.interval})")
    return _("{label}: {value}", label=row.label, value=told)


def _lead(poll: Poll, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    told = [
        _.plural("{n} blind vote", "{n} blind votes", poll.votes, n=num.count(poll.votes)),
        _.plural("{n} of them a tie", "{n} of them ties", poll.ties, n=num.count(poll.ties)),
    ]
    if poll.skipped:
        n = poll.skipped
        told.append(_.plural("{n} pair skipped", "{n} pairs skipped", n, n=num.count(n)))
    if len(poll.voters) > 1 or poll.voters[0][0]:
        nobody = _("no name")
        names = [f"{line(name) or nobody} {num.count(n)}" for name, n in poll.voters]
        told.append(_("by {voters}", voters=_.listed(names)))
    told.append(_("half of them within {time}", time=num.seconds(poll.median_s, 1.0)))
    return ", ".join(told)


def _strengths(poll: Poll, lang: Language) -> tuple[StrengthRow, ...]:
    num = Numbers(lang)
    rows = []
    for place, (candidate, found) in enumerate(poll.strengths):
        if isinstance(found, TooFew):
            said, interval, n, rank = _no_strength(poll, lang), "", "", inf
        else:
            said = num.signed(POINTS * found.value)
            ends = (num.signed(POINTS * end) for end in (found.low, found.high))
            interval, n, rank = num.between(*ends), num.n(found.n), -found.value
        row = StrengthRow(
            candidate=line(candidate), place=place, strength=said, interval=interval, n=n
        )
        rows.append((rank, place, row))
    return tuple(row for *_, row in sorted(rows, key=lambda ranked: ranked[:2]))


def _no_strength(poll: Poll, lang: Language) -> str:
    _ = Words(lang)
    if poll.ties == poll.votes:
        return _("every vote is a tie")
    return _("not every candidate is compared yet")


def _pair(pair: PairVotes, lang: Language) -> PairRow:
    _, num = Words(lang), Numbers(lang)
    counts = [num.count(n) for n in (pair.for_a, pair.for_b, pair.ties)]
    share, interval = _told(pair.share_a, lang)
    return PairRow(
        label=_("{a} against {b}", a=line(pair.a), b=line(pair.b)),
        counts=_("won {a}, lost {b}, ties {ties}", a=counts[0], b=counts[1], ties=counts[2]),
        share=share,
        interval=interval,
    )


def _told(found: Estimate | TooFew, lang: Language) -> tuple[str, str]:
    """A share and its interval; why there is none, and nothing."""
    num = Numbers(lang)
    if isinstance(found, TooFew):
        return too_few(found, lang), ""
    around = f"{num.interval('share', found)}, {num.n(found.n)}"
    return num.share(found.value, found.high - found.low), around


def _sentences(poll: Poll, lang: Language) -> Iterator[str]:
    yield from _unbounded(poll, lang)
    yield from _agreement(poll, lang)
    yield from _side(poll, lang)
    yield from _length(poll, lang)


def _unbounded(poll: Poll, lang: Language) -> Iterator[str]:
    """Where an interval has no end, why."""
    _ = Words(lang)
    found = [(line(name), one) for name, one in poll.strengths if isinstance(one, Estimate)]
    above = [name for name, one in found if one.high == inf]
    below = [name for name, one in found if one.low == -inf]
    if above:
        yield _(
            "The votes set no upper limit to the strength of {names}: one side won throughout, or "
            "votes are few.",
            names=_.listed(above),
        )
    if below:
        yield _(
            "The votes set no lower limit to the strength of {names}: one side won throughout, or "
            "votes are few.",
            names=_.listed(below),
        )


def _agreement(poll: Poll, lang: Language) -> Iterator[str]:
    _, num, found = Words(lang), Numbers(lang), poll.agreement
    if isinstance(found.decided, TooFew) and not found.ties:
        yield _("No vote with a winner was on replies whose automatic scores differ.")
        return
    if isinstance(found.decided, Estimate):
        share, around = _told(found.decided, lang)
        yield _(
            "Where the automatic scores of two replies differ, {share} of the votes with a winner "
            "name the one with the better score ({around}).",
            share=share,
            around=around,
        )
    if isinstance(found.kappa, Estimate):
        kappa = found.kappa
        ends = (num.decimal(end, 2) for end in (kappa.low, kappa.high))
        yield _(
            "Cohen's kappa of votes and scores is {kappa} ({interval}): 1 is full agreement, 0 "
            "what chance would bring.",
            kappa=num.decimal(kappa.value, 2),
            interval=num.between(*ends),
        )
    if found.ties:
        n = found.ties
        yield _.plural(
            "{n} vote saw no difference where the scores have one.",
            "{n} votes saw no difference where the scores have one.",
            n,
            n=num.count(n),
        )


def _side(poll: Poll, lang: Language) -> Iterator[str]:
    """A liking for a side; the draw of sides keeps it from favouring anybody."""
    _, found = Words(lang), poll.left
    if isinstance(found, TooFew):
        return
    share, around = _told(found, lang)
    if found.low <= 0.5 <= found.high:
        yield _(
            "The reply on the left got {share} of the votes with a winner ({around}): no liking "
            "for a side was shown.",
            share=share,
            around=around,
        )
        return
    yield _(
        "The reply on the left got {share} of the votes with a winner ({around}): a liking for a "
        "side. Sides were drawn, so it favours nobody, but it hides differences.",
        share=share,
        around=around,
    )


def _length(poll: Poll, lang: Language) -> Iterator[str]:
    _, found = Words(lang), poll.longer
    if isinstance(found, Estimate):
        share, around = _told(found, lang)
        yield _(
            "The longer of two replies got {share} of the votes with a winner ({around}).",
            share=share,
            around=around,
        )
