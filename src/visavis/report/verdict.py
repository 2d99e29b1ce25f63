"""The answer of `visavis verdict` in words: what must hold, who is best, what flips it."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from visavis.options import Language
from visavis.report.find_out import Named, to_find_out, with_heads
from visavis.report.language import N_, Words
from visavis.report.measures import fact_wording, wording
from visavis.report.subjects import called
from visavis.report.text import NBSP, Numbers, Unit, line
from visavis.report.verdict_words import METS, say
from visavis.stats.estimate import TooFew
from visavis.verdict.choice import Because, Choice, LimitFlip, Standing
from visavis.verdict.flips import ENOUGH, BreakEven, PriceFlip, WeightFlip
from visavis.verdict.must import FACTS, LOCAL, MEASURED, OPEN, Met, Must
from visavis.verdict.policy import MEASURES, Policy

SURE = 0.999
"""Beyond it, so many worlds tell no two shares apart."""
FINE = 0.05
"""Width of an interval of which tenths of a point are written."""
_COUNTED: Mapping[str, str] = MappingProxyType(
    {
        "context_window_tokens": N_("context window in tokens"),
        "largest_output_tokens": N_("largest output in tokens"),
    }
)
"""Limits on a number of tokens, whose figure has no unit behind it."""


def headline(choice: Choice, lang: Language) -> str:
    """The verdict in one sentence."""
    best = choice.best
    return say(
        "what must hold is not known" if choice.unknown else choice.because,
        lang,
        best=line(best.candidate),
        share=share_said(best.acceptability, lang),
        enough=Numbers(lang).share(ENOUGH),
        named=_unweighed(choice, lang),
        musts=", ".join(_telling(choice, lang)),
    )


def _telling(choice: Choice, lang: Language) -> Sequence[str]:
    """What must hold and nobody knows of any; else what some were left out for; else what the one
    that is best may miss."""
    if choice.unknown:
        few = {must: few for of in choice.few.values() for must, few in of.items()}
        return [_doubt(one, "not known", few.get(one), lang) for one in choice.unknown]
    if choice.because in (Because.ALONE, Because.NONE):
        return [_must(one, lang) for one in choice.missed]
    return _doubts(choice.best, choice, lang)


def introduced(policy: Policy, lang: Language) -> str:
    """The policy and its use."""
    _ = Words(lang)
    if not policy.about:
        return _("Policy {name}", name=line(policy.name))
    return _("Policy {name}: {about}", name=line(policy.name), about=_(line(policy.about)))


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


def musts(choice: Choice, lang: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and rows: what must hold, a column for each candidate."""
    _ = Words(lang)
    names = [line(one.candidate) for one in choice.standings]
    rows = [
        (_must(one, lang), *(_met(one, standing, choice, lang) for standing in choice.standings))
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
            remark(one, choice, lang),
        )
        for one in choice.standings
    ]


def _met(must: Must, standing: Standing, choice: Choice, lang: Language) -> str:
    few = choice.few.get(standing.candidate, {}).get(must)
    return Words(lang)(METS[standing.musts[must]]) if few is None else _too_few(few, lang)


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
    yield from (_turn(one, choice, lang) for one in choice.flips)
    yield from (_weight(one, lang) for one in choice.weights if one.shown)
    yield from (_price(one, choice, lang) for one in choice.prices)
    yield from (_limit(one, lang) for one in choice.limits)


def may_end_before(lang: Language) -> str:
    """Of what would change a choice: where another draws level, nobody may be chosen any more."""
    _ = Words(lang)
    return _(
        "To be chosen takes {enough} of the worlds, so the choice may end before.",
        enough=Numbers(lang).share(ENOUGH),
    )


def after(choice: Choice, by: Named, lang: Language) -> Iterator[str]:
    """What stands below a verdict on a terminal."""
    _, turns, commands = Words(lang), list(flips(choice, lang)), to_find_out(choice, by)
    if commands:
        yield from ("", *map(" ".join, with_heads(commands, lang)))
    if turns:
        yield from ("", _("What would change it, each by itself:"), *(f"- {one}" for one in turns))
        if choice.chosen:
            yield may_end_before(lang)
        elif any(one.shown for one in choice.weights):
            yield _(
                "To be ahead on average is less than to be chosen: that takes {enough} of the "
                "worlds.",
                enough=Numbers(lang).share(ENOUGH),
            )
    if out := left_out(choice, lang):
        yield from ("", out)


def told(choice: Choice, lang: Language) -> tuple[str, ...]:
    """What would change a choice, and what was left out of it."""
    out = left_out(choice, lang)
    return (*flips(choice, lang), *([out] if out else []))


def left_out(choice: Choice, lang: Language) -> str:
    """What the policy weighs and too little was measured of; empty where there is nothing."""
    named = _unweighed(choice, lang)
    if choice.because == Because.HALF_UNMEASURED:  # the verdict itself says so
        return ""
    return say("left out", lang, named=named) if named else ""


def _unweighed(choice: Choice, lang: Language) -> str:
    unknown = () if choice.worlds is None else choice.worlds.unknown
    return Words(lang).listed([criterion_label(name, lang) for name in unknown])


def _must(must: Must, lang: Language) -> str:
    """As a reader says it; a policy's file has it as written."""
    if must.measure == LOCAL:
        return say("locally", lang)
    unit = limit_unit(must.measure)
    is_share = unit == "share"
    limit = exactly(must.limit, lang) if is_share else Numbers(lang).value(unit, must.limit)
    label = must_label(must.measure, must.benchmark, lang)
    said = say("at most" if must.at_most else "at least", lang, label=label, limit=limit)
    if must.share is None:
        return said
    return say("of requests", lang, must=said, share=exactly(must.share, lang))


def exactly(share: float, lang: Language) -> str:
    """Tenths only where somebody wrote them."""
    return Numbers(lang).share(share, float(round(100 * share, 9) % 1 == 0))


def must_label(measure: str, benchmark: str, lang: Language) -> str:
    """What a limit is set on, without the limit."""
    _ = Words(lang)
    if measure == "score" and benchmark:
        return called(benchmark)
    label = _(_COUNTED.get(measure) or fact_wording(measure).label)
    return f"{label} ({called(benchmark)})" if benchmark not in ("", "speed") else label


def _doubt(must: Must, met: Met, few: TooFew | None, lang: Language) -> str:
    said = _must(must, lang)
    if met != "not known":
        return said
    why = say("not measured" if must.measure in MEASURED else "not known", lang)
    return say("doubt", lang, must=said, why=why if few is None else _too_few(few, lang))


def _too_few(few: TooFew, lang: Language) -> str:
    num = Numbers(lang)
    return say("too few", lang, n=num.n(few.groups), needed=num.count(few.needed))


def _doubts(one: Standing, choice: Choice, lang: Language) -> list[str]:
    few = choice.few.get(one.candidate, {})
    return [
        _doubt(must, met, few.get(must), lang) for must, met in one.musts.items() if met in OPEN
    ]


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


def share_said(of_worlds: float | None, lang: Language) -> str:
    """The same in a sentence."""
    num = Numbers(lang)
    if of_worlds is not None and of_worlds > SURE:
        return say("more", lang, at=num.share(SURE, FINE))
    if of_worlds is not None and of_worlds < 1 - SURE:
        return say("less than", lang, at=num.share(1 - SURE, FINE))
    return share(of_worlds, lang)


def _central(one: Standing, lang: Language) -> str:
    """The criteria with the largest central weights."""
    num = Numbers(lang)
    if not one.central:
        return ""
    heaviest = sorted(one.central.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{criterion_label(name, lang)} {num.share(w)}" for name, w in heaviest if w)


def remark(one: Standing, choice: Choice, lang: Language) -> str:
    """What keeps it from being chosen, whatever its share."""
    _ = Words(lang)
    missed = [_must(must, lang) for must, met in one.musts.items() if met == "missed"]
    for key, musts in (("misses", missed), ("may miss", _doubts(one, choice, lang))):
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
    return called(benchmark) if measure == "score" else f"{label} ({called(benchmark)})"


def _turn(one: BreakEven, choice: Choice, lang: Language) -> str:
    num, best = Numbers(lang), line(choice.best.candidate)
    name, against = criterion_label(one.criterion, lang), line(one.against)
    if one.scale == "difference":
        points = num.points(one.by, sign=False)
        return say("less", lang, best=best, name=name, points=points, against=against)
    measure = MEASURES[one.criterion.partition(".")[0]]
    key = "divided" if measure.higher_is_better else "multiplied"
    return say(key, lang, best=best, name=name, times=num.ratio(one.by), against=against)


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
        "limit " + ("none" if one.because == Because.NONE else ending),
        lang,
        must=_must(one.must, lang),
        place=_place(at, lang, above=one.above),
        name=line(one.chosen or ""),
    )


def _place(at: str, lang: Language, *, above: bool) -> str:
    return say("more" if above else "less than", lang, at=at)


def limit_unit(measure: str) -> Unit:
    """In which a limit on a measure or a fact is written."""
    known = fact_wording(measure)
    return (known.unit if measure in FACTS else wording(measure).unit) or "count"
