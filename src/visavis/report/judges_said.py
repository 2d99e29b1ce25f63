"""What judges said of replies, in words: with each reply, and what it made of its grade."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from visavis.core.trial import TrialKey
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.retold import retold
from visavis.report.text import Numbers, cut, line, visible
from visavis.scoring.heard import Heard, Part, Spoken

MOST_REPLIES = 20
"""That Markdown shows; the page and the JSON file have them all."""
_LONGEST = 300
"""Characters of a judge's words on one line."""
PAIRED = {
    1.0: N_("this reply is better"),
    0.5: N_("a tie"),
    0.0: N_("the other reply is better"),
}
"""What a reply won of a pair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One answer of a judge."""

    told: str
    """Who said it, of which order, and what it comes to."""
    text: str
    """In the judge's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One thing that a grade is made of."""

    told: str
    asked: str
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardView:
    """All that was said of one reply."""

    parts: tuple[PartView, ...]
    together: str
    """What all of it makes; empty where there is but one part, and where one has no verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedReply:
    """A reply with what was said of it."""

    case: str
    candidate: str
    heard: HeardView


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedReplies:
    """Some replies that judges judged, and how many more there are."""

    replies: tuple[JudgedReply, ...]
    left_out: str
    """Empty where all are there."""


def judged_replies(
    heard: Mapping[TrialKey, Heard], lang: Language, most: int = MOST_REPLIES
) -> JudgedReplies | None:
    """The first of a run; None where no judge was asked."""
    if not heard:
        return None
    _, num, left = Words(lang), Numbers(lang), max(0, len(heard) - most)
    tries = {key[1:]: place for place, key in reversed([*enumerate(heard)])}
    by_case = sorted(heard, key=lambda key: tries[key[1:]])
    told = _.plural(
        "{n} more reply: on the page", "{n} more replies: on the page", left, n=num.count(left)
    )
    return JudgedReplies(
        replies=tuple(
            JudgedReply(
                case=line(key.case),
                candidate=line(key.candidate),
                heard=heard_view(heard[key], lang),
            )
            for key in by_case[:most]
        ),
        left_out=told if left else "",
    )


def heard_view(heard: Heard, lang: Language) -> HeardView:
    """What was said of a reply, in words; a judge's own stay as they are."""
    return HeardView(
        parts=tuple(
            PartView(
                told=_part(part, lang),
                asked=line(part.asked),
                voices=tuple(_voice(one, part, lang) for one in part.spoken),
            )
            for part in heard.parts
        ),
        together=", ".join(_together(heard, lang)) if len(heard.parts) > 1 or heard.needed else "",
    )


def brief(text: str) -> str:
    """A judge's words on one line."""
    return cut(text, _LONGEST)


def _part(part: Part, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    name = _("the case's other checks") if part.kind == "checks" else line(part.name)
    if part.earned is None:
        came = _("no verdict: {why}", why=line(retold(part.because, lang).text))
    else:
        came = _("earns {share}", share=num.share(part.earned))
    weighs = [] if part.weight == 1 else [_("weight {weight}", weight=_weight(part.weight, num))]
    return _("{label}: {value}", label=name, value=", ".join([came, *weighs]))


def _weight(weight: float, num: Numbers) -> str:
    return num.decimal(weight, 0 if weight.is_integer() else 2)


def _together(heard: Heard, lang: Language) -> Iterator[str]:
    _, num = Words(lang), Numbers(lang)
    if heard.share is not None:
        yield _("together {share}", share=num.share(heard.share))
        if heard.needed is not None:
            yield _("right from {share} on", share=num.share(heard.needed))


def _voice(one: Spoken, part: Part, lang: Language) -> Voice:
    _ = Words(lang)
    who = ", ".join(filter(None, (line(one.judge), _order(one, lang))))
    told = _("{label}: {value}", label=who, value=", ".join(_verdict(one, part, lang)))
    return Voice(told=told, text=visible(one.text))


def _order(one: Spoken, lang: Language) -> str:
    _ = Words(lang)
    if not one.beside:
        return ""
    if one.shown_first:
        return _("shown this reply first, then that of {name}", name=line(one.beside))
    return _("shown that of {name} first, then this reply", name=line(one.beside))


def _verdict(one: Spoken, part: Part, lang: Language) -> Iterator[str]:
    _, num = Words(lang), Numbers(lang)
    if one.earned is None:
        yield _("no verdict: {why}", why=line(retold(one.because, lang).text))
    elif one.beside:
        yield _(
            PAIRED[(1 + (one.earned > 0.5) - (one.earned < 0.5)) / 2]
        )  # whatever a run may hold
    else:
        yield _("mark {mark}", mark=line(one.read or ""))
        if part.scale is not None:
            low, high = map(num.count, part.scale)
            yield _("on a scale of {low} to {high}", low=low, high=high)
        if part.pass_mark is not None:
            yield _("enough") if one.earned else _("not enough")


def heard_words(lang: Language) -> dict[str, object]:
    """The same texts for the transcripts' script, which fills in each `%s`."""
    _ = Words(lang)
    return {
        "said": _("What judges said"),
        "labelled": _("{label}: {value}", label="%s", value="%s"),
        "checks": _("the case's other checks"),
        "none": _("no verdict: {why}", why="%s"),
        "earns": _("earns {share}", share="%s"),
        "weight": _("weight {weight}", weight="%s"),
        "together": _("together {share}", share="%s"),
        "from": _("right from {share} on", share="%s"),
        "first": _("shown this reply first, then that of {name}", name="%s"),
        "second": _("shown that of {name} first, then this reply", name="%s"),
        "paired": {str(won): _(text) for won, text in PAIRED.items()},
        "mark": _("mark {mark}", mark="%s"),
        "scale": _("on a scale of {low} to {high}", low="%s", high="%s"),
        "enough": [_("not enough"), _("enough")],
        "own": _("In its own words"),
    }
