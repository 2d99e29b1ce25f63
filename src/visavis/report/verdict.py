"""The answer of `visavis verdict` in words: what must hold, who is best, what flips it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from visavis.options import Language
from visavis.report.documents import document
from visavis.report.language import N_, Words
from visavis.report.measures import fact_wording, wording
from visavis.report.text import NBSP, Numbers, Unit, line
from visavis.verdict.choice import NONE, Choice, LimitFlip, Standing
from visavis.verdict.flips import ENOUGH, BreakEven, PriceFlip, WeightFlip
from visavis.verdict.must import FACTS, LOCAL, Met, Must
from visavis.verdict.policy import MEASURES, Policy

SURE = 0.999
"""Beyond it, so many worlds tell no two shares apart."""
FINE = 0.05
"""Width of an interval of which tenths of a point are written."""
METS: Mapping[Met, str] = MappingProxyType(
    {"met": N_("met"), "missed": N_("missed"), "may be missed": N_("may be missed")}
)
USES = (
    N_("nobody knows what counts how much"),
    N_("real-time chat, a person waiting for each answer"),
    N_("complex reasoning, where a wrong answer costs more than a slow one"),
    N_("writing code that has to run"),
    N_("long texts in one go"),
    N_("high volume at a low price"),
    N_("research and specialised content, where depth counts and the bill does not"),
    N_("everyday content, good enough, quick and cheap"),
    N_("small and mobile devices, on the machine itself"),
)
"""Of the policies that come with the program, as they stand in their file."""
SAID: Mapping[str, str] = MappingProxyType(
    {
        "only one is left": N_("Choose {best}: it alone meets what must hold."),
        "it is best in nearly all worlds": N_(
            "Choose {best}: it is best in {share} of the worlds that the measurements and the "
            "policy allow."
        ),
        "none meets what must hold": N_("Choose none of them: none meets what must hold."),
        "nothing that it weighs tells anyone apart": N_(
            "Undecided: by what the policy weighs, this run tells nobody apart; run more cases, or "
            "name another policy."
        ),
        "half of what it weighs was not measured": N_(
            "Undecided: {best} is best most often by what was measured, but half or more of what "
            "the policy weighs was not measured of all."
        ),
        "no one is best in nearly all worlds": N_(
            "Undecided: {best} is best most often, in {share} of the worlds that the measurements "
            "and the policy allow; it takes {enough}."
        ),
        "it may miss what must hold": N_(
            "Undecided: {best} is best most often, but may miss what must hold."
        ),
        "no difference was shown": N_(
            "Undecided: {best} is best most often, but no difference was shown on anything that "
            "counts."
        ),
        "from": N_("Choose {name} if {criterion} counts for {share} of the weight or more."),
        "under": N_("Choose {name} if {criterion} counts for less than {share} of the weight."),
        "less": N_("{name}: {points} less, and {against} draws level"),
        "divided": N_("{name}: divided by {times}, and {against} draws level"),
        "multiplied": N_("{name}: {times} times as much, and {against} draws level"),
        "weight": N_("{criterion}: {now} of the weight; {place}, {name} would be ahead"),
        "dearer": N_("{name}: {now} per million output tokens; at {at}, {against} draws level"),
        "cheaper": N_(
            "{name}: {now} per million output tokens; at {at}, it draws level with {against}"
        ),
        "limit chosen": N_("{must}: {place}, the choice is {name}"),
        "limit undecided": N_("{must}: {place}, it is undecided"),
        "limit none": N_("{must}: {place}, none meets it"),
        "above": N_("above {at}"),
        "below": N_("below {at}"),
        "left out": N_("Not weighed, since it was not measured of all: {named}."),
        "locally": N_("runs locally"),
        "dominated": N_("dominated by {names}"),
        "misses": N_("misses what must hold: {musts}"),
        "may miss": N_("may miss what must hold: {musts}"),
        "and": N_("{first} and {last}"),
    }
)
"""All that is said of a choice; the page says it again by its script, when a reader moves one."""


def say(key: str, lang: Language, **fields: object) -> str:
    """One of these, its fields filled in."""
    return Words(lang)(SAID[key], **fields)


def headline(choice: Choice, lang: Language) -> str:
    """The verdict in one sentence."""
    best = choice.best
    return say(
        choice.because,
        lang,
        best=line(best.candidate),
        share=share(best.acceptability, lang),
        enough=Numbers(lang).share(ENOUGH),
    )


def introduced(policy: Policy, lang: Language) -> str:
    """The policy and its use."""
    _ = Words(lang)
    if not policy.about:
        return _("Policy {name}", name=line(policy.name))
    return _("Policy {name}: {about}", name=line(policy.name), about=_(line(policy.about)))


def musts(choice: Choice, lang: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and rows: what must hold, a column for each candidate."""
    _ = Words(lang)
    names = [line(one.candidate) for one in choice.standings]
    rows = [
        (_must(one, lang), *(_(METS[standing.musts[one]]) for standing in choice.standings))
        for one in choice.policy.must
    ]
    return (_("must hold"), *names), rows


def shares(choice: Choice, lang: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and rows: in how many worlds each is best, and for whom."""
    _ = Words(lang)
    heads = (_("candidate"), _("best in"), _("where it counts"), "")
    return heads, [
        (
            line(one.candidate),
            share(one.acceptability, lang),
            _central(one, lang),
            remark(one, lang),
        )
        for one in choice.standings
    ]


def conditions(choice: Choice, lang: Language) -> Iterator[str]:
    """For whom each is the choice that is not the choice for all."""
    num = Numbers(lang)
    for one in choice.conditions:
        yield say(
            "from" if one.above else "under",
            lang,
            name=line(one.candidate),
            criterion=criterion_label(one.criterion, lang),
            share=num.share(one.share),
        )


def flips(choice: Choice, lang: Language) -> Iterator[str]:
    """What would have to turn for another to draw level, one thing alone: a measure, a weight, a
    price, a limit."""
    yield from (_turn(one, lang) for one in choice.flips)
    yield from (_weight(one, lang) for one in choice.weights if one.shown)
    yield from (_price(one, choice, lang) for one in choice.prices)
    yield from (_limit(one, lang) for one in choice.limits)


def told(choice: Choice, lang: Language) -> tuple[str, ...]:
    """What would change a choice, and what was left out of it."""
    out = left_out(choice, lang)
    return (*flips(choice, lang), *([out] if out else []))


def left_out(choice: Choice, lang: Language) -> str:
    """What the policy weighs and too little was measured of; empty where there is nothing."""
    _ = Words(lang)
    if choice.worlds is None or not choice.worlds.unknown:
        return ""
    named = [criterion_label(name, lang) for name in choice.worlds.unknown]
    return say("left out", lang, named=_.listed(named))


def as_json(choice: Choice) -> bytes:
    """Shares from 0 to 1; weights of a world sum to 1."""
    return document(_data(choice))


def _must(must: Must, lang: Language) -> str:
    return say("locally", lang) if must.measure == LOCAL else line(must.text)


def share(of_worlds: float | None, lang: Language) -> str:
    """No finer than so many worlds can tell: certainty is not among what they say."""
    num = Numbers(lang)
    match of_worlds:
        case None:
            return "–"
        case found if found > SURE:
            return f">{NBSP}{num.share(SURE, FINE)}"
        case found if found < 1 - SURE:
            return f"<{NBSP}{num.share(1 - SURE, FINE)}"
        case found:
            return num.share(found, FINE)


def _central(one: Standing, lang: Language) -> str:
    """The criteria with the largest central weights."""
    num = Numbers(lang)
    if not one.central:
        return ""
    heaviest = sorted(one.central.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{criterion_label(name, lang)} {num.share(w)}" for name, w in heaviest if w)


def remark(one: Standing, lang: Language) -> str:
    """What keeps it from being chosen, whatever its share."""
    _ = Words(lang)
    for met, key in (("missed", "misses"), ("may be missed", "may miss")):
        musts = [_must(must, lang) for must, found in one.musts.items() if found == met]
        if musts:
            return say(key, lang, musts=", ".join(musts))
    if one.dominated_by:
        return say("dominated", lang, names=_.listed([line(n) for n in one.dominated_by]))
    return ""


def criterion_label(name: str, lang: Language) -> str:
    """`score.logic` as a reader says it: the benchmark, with the measure where it is no score."""
    _ = Words(lang)
    measure, _dot, benchmark = name.partition(".")
    label = _(wording(measure).label)
    if benchmark in ("", "speed"):
        return label
    return line(benchmark) if measure == "score" else f"{label} ({line(benchmark)})"


def _turn(one: BreakEven, lang: Language) -> str:
    num = Numbers(lang)
    name, against = criterion_label(one.criterion, lang), line(one.against)
    if one.scale == "difference":
        points = num.points(one.by, sign=False)
        return say("less", lang, name=name, points=points, against=against)
    measure = MEASURES[one.criterion.partition(".")[0]]
    key = "divided" if measure.higher_is_better else "multiplied"
    return say(key, lang, name=name, times=num.ratio(one.by), against=against)


def _weight(one: WeightFlip, lang: Language) -> str:
    num = Numbers(lang)
    return say(
        "weight",
        lang,
        criterion=criterion_label(one.criterion, lang),
        now=num.share(one.now),
        place=_place(num.share(one.at), lang, above=one.above),
        name=line(one.to),
    )


def _price(one: PriceFlip, choice: Choice, lang: Language) -> str:
    num = Numbers(lang)
    return say(
        "dearer" if one.candidate == choice.best.candidate else "cheaper",
        lang,
        name=line(one.candidate),
        now=num.usd(one.now),
        at=num.usd(one.at),
        against=line(one.against),
    )


def _limit(one: LimitFlip, lang: Language) -> str:
    at = Numbers(lang).value(limit_unit(one.must.measure), one.at)
    ending = "undecided" if one.chosen is None else "chosen"
    return say(
        "limit " + ("none" if one.because == NONE else ending),
        lang,
        must=_must(one.must, lang),
        place=_place(at, lang, above=one.above),
        name=line(one.chosen or ""),
    )


def _place(at: str, lang: Language, *, above: bool) -> str:
    return say("above" if above else "below", lang, at=at)


def limit_unit(measure: str) -> Unit:
    """In which a limit on a measure or a fact is written."""
    known = fact_wording(measure)
    return (known.unit if measure in FACTS else wording(measure).unit) or "count"


def _data(choice: Choice) -> dict[str, Any]:
    drawn = choice.worlds
    return {
        "policy": choice.policy.name,
        "chosen": choice.chosen,
        "because": choice.because,
        "candidates": [
            {
                "candidate": one.candidate,
                "must": {must.text: met for must, met in one.musts.items()},
                "acceptability": one.acceptability,
                "central_weights": one.central,
                "dominated_by": list(one.dominated_by),
            }
            for one in choice.standings
        ],
        "worlds": 0 if drawn is None else len(drawn.weights),
        "criteria": [] if drawn is None else list(drawn.criteria),
        "not_weighed": [] if drawn is None else list(drawn.unknown),
        "part_not_weighed": 0.0 if drawn is None else drawn.missing,
        "break_even": list(choice.flips),
        "break_even_weights": list(choice.weights),
        "break_even_output_prices": list(choice.prices),
        "break_even_limits": [
            {
                "must": one.must.text,
                "at": one.at,
                "above": one.above,
                "chosen": one.chosen,
                "because": one.because,
            }
            for one in choice.limits
        ],
        "choose_if": list(choice.conditions),
    }
