"""The answer of `visavis verdict` in words: what must hold, who is best, what flips it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from visavis.options import Language
from visavis.report.documents import document
from visavis.report.language import N_, Words
from visavis.report.measures import wording
from visavis.report.text import NBSP, Numbers, line
from visavis.verdict.choice import Because, Choice, Standing
from visavis.verdict.flips import BreakEven
from visavis.verdict.must import Met, Must
from visavis.verdict.policy import MEASURES, Policy

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
NOTHING: Mapping[Because, str] = MappingProxyType(
    {
        "none meets what must hold": N_("Choose none of them: none meets what must hold."),
        "nothing that it weighs tells anyone apart": N_(
            "Undecided: by what the policy weighs, this run tells nobody apart; run more cases, or "
            "name another policy."
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
    }
)


def headline(choice: Choice, lang: Language) -> str:
    """The verdict in one sentence."""
    _, num = Words(lang), Numbers(lang)
    best = max(choice.standings, key=lambda one: one.acceptability or 0.0)
    share = _share(best, lang)
    name = line(best.candidate)
    if choice.chosen is None:
        return _(NOTHING[choice.because], best=name, share=share, enough=num.share(0.95))
    if choice.because == "only one is left":
        return _("Choose {best}: it alone meets what must hold.", best=name)
    return _(
        "Choose {best}: it is best in {share} of the worlds that the measurements and the policy "
        "allow.",
        best=name,
        share=share,
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
        (line(one.candidate), _share(one, lang), _central(one, lang), _remark(one, lang))
        for one in choice.standings
    ]


def flips(choice: Choice, lang: Language) -> Iterator[str]:
    """What would have to turn for another to draw level, one measure alone."""
    _ = Words(lang)
    for one in choice.flips:
        yield _flip(one, lang)


def left_out(choice: Choice, lang: Language) -> str:
    """What the policy weighs and too little was measured of; empty where there is nothing."""
    _ = Words(lang)
    if choice.worlds is None or not choice.worlds.unknown:
        return ""
    named = [_criterion(name, lang) for name in choice.worlds.unknown]
    return _("Not weighed, since it was not measured of all: {named}.", named=_.listed(named))


def as_json(choice: Choice) -> bytes:
    """Shares from 0 to 1; weights of a world sum to 1."""
    return document(_data(choice))


def _must(must: Must, lang: Language) -> str:
    return Words(lang)("runs locally") if must.text == "runs_locally" else line(must.text)


def _share(one: Standing, lang: Language) -> str:
    """No finer than so many worlds can tell: certainty is not among what they say."""
    num = Numbers(lang)
    match one.acceptability:
        case None:
            return "–"
        case share if share > 0.999:
            return f">{NBSP}{num.share(0.999, 0.05)}"
        case share if share < 0.001:
            return f"<{NBSP}{num.share(0.001, 0.05)}"
        case share:
            return num.share(share, 0.05)


def _central(one: Standing, lang: Language) -> str:
    """The criteria with the largest central weights."""
    num = Numbers(lang)
    if not one.central:
        return ""
    heaviest = sorted(one.central.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{_criterion(name, lang)} {num.share(w)}" for name, w in heaviest if w > 0)


def _remark(one: Standing, lang: Language) -> str:
    _ = Words(lang)
    if one.out:
        return _("misses what must hold")
    if one.dominated_by:
        return _("dominated by {names}", names=_.listed([line(n) for n in one.dominated_by]))
    return ""


def _criterion(name: str, lang: Language) -> str:
    """`score.logic` as a reader says it: the benchmark, with the measure where it is no score."""
    _ = Words(lang)
    measure, _dot, benchmark = name.partition(".")
    label = _(wording(measure).label)
    if benchmark in ("", "speed"):
        return label
    return line(benchmark) if measure == "score" else f"{label} ({line(benchmark)})"


def _flip(one: BreakEven, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    name, against = _criterion(one.criterion, lang), line(one.against)
    if one.scale == "difference":
        return _(
            "{name}: {points} less, and {against} draws level",
            name=name,
            points=num.points(one.by, sign=False),
            against=against,
        )
    measure = MEASURES[one.criterion.partition(".")[0]]
    text = (
        N_("{name}: divided by {times}, and {against} draws level")
        if measure.higher_is_better
        else N_("{name}: {times} times as much, and {against} draws level")
    )
    return _(text, name=name, times=num.decimal(one.by, 1 if one.by < 100 else 0), against=against)


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
        "break_even": list(choice.flips),
    }
