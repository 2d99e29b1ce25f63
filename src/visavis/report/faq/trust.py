"""How far to trust it: in French, beside what others published, how sure, and until when."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from shlex import quote

from visavis.options import Language
from visavis.report import claims as published
from visavis.report import verdict as chosen
from visavis.report.brief import kept_below
from visavis.report.faq.asked import Answered, Asked
from visavis.report.language import N_, Words
from visavis.report.subjects import title
from visavis.report.text import Numbers, line
from visavis.report.traces import Trace, weights
from visavis.stats.estimate import Estimate
from visavis.verdict.choice import Choice
from visavis.verdict.claims import CRITERIA as ABOUT
from visavis.verdict.claims import Checked
from visavis.verdict.decide import Alike, Prefer, Undecided
from visavis.verdict.policy import DEFAULT, Policy
from visavis.verdict.policy_file import is_shipped

LANGUAGE_GAP = "French less English"
_MOST_FLIPS = 2
_OUTCOMES = {
    Prefer: N_("{n} with a difference shown"),
    Alike: N_("{n} without any that matters"),
    Undecided: N_("{n} still undecided"),
}


def in_french(asked: Asked) -> Iterator[Answered]:
    """The gap between two languages, on the same puzzles."""
    _, num, said = asked.say, asked.num, []
    titles = {spec.name: title(spec, asked.lang) for spec in asked.run.spec.benchmarks}
    for benchmark, of in asked.run.figures.items():
        for name, figures in of.items():
            for figure in figures:
                if figure.name == LANGUAGE_GAP and isinstance(figure.value, Estimate):
                    gap, interval = num.gap("share", figure.value)
                    text = _("no difference was shown")
                    if figure.value.low > 0 or figure.value.high < 0:
                        text = (
                            _("better in French") if figure.value.low > 0 else _("worse in French")
                        )
                    said.append(
                        _(
                            "{name}, {benchmark}: {text}, {gap} on the same puzzles "
                            "({interval}, {n}).",
                            name=line(name),
                            benchmark=titles.get(benchmark, line(benchmark)),
                            text=text,
                            gap=gap,
                            interval=interval,
                            n=num.rests_on(figure.value),
                        )
                    )
    if said:
        yield Answered(
            question=_("Do they do as well in French?"),
            answer=tuple(said),
            rests_on=(Trace(label=_("Behind the scores"), to="behind"),),
        )


def claims_hold(asked: Asked) -> Iterator[Answered]:
    """How many published figures stand, and which do not."""
    _, checked = asked.say, asked.run.claims
    if not checked:
        return
    wrong = [one for one in checked if one.standing == "contradicted"]
    answer = [held(checked, asked.lang)]
    if wrong:
        told = _("; ").join(_claim(one, asked) for one in wrong)
        answer.append(_("Contradicted: {list}.", list=told))
    answer.append(
        _(
            "What cannot be checked is not thereby wrong: most figures do not say how they were "
            "measured."
        )
    )
    yield Answered(
        question=_("Are the published figures right?"),
        answer=tuple(answer),
        rests_on=(
            *asked.of_facts(*dict.fromkeys(fact for one in wrong for fact in _facts(one))),
            Trace(label=_("Face to face"), to="face"),
        ),
    )


def _facts(one: Checked) -> tuple[str, ...]:
    """The facts that a claim is held against, where it is about any."""
    return ABOUT[one.claim.criterion].facts


def held(checked: Sequence[Checked], lang: Language) -> str:
    """How many stand how."""
    _, num = Words(lang), Numbers(lang)
    counts = [sum(one.standing == standing for one in checked) for standing in published.STANDINGS]
    return _.plural(
        "Of {n} published figure, agreeing with what is known: {agree}; contradicted by it: "
        "{wrong}; contradicting another published figure: {others}; impossible to check: {open}.",
        "Of {n} published figures, agreeing with what is known: {agree}; contradicted by it: "
        "{wrong}; contradicting another published figure: {others}; impossible to check: {open}.",
        len(checked),
        n=num.count(len(checked)),
        agree=num.count(counts[0]),
        wrong=num.count(counts[1]),
        others=num.count(counts[2]),
        open=num.count(counts[3]),
    )


def _claim(one: Checked, asked: Asked) -> str:
    _ = asked.say
    label = _(published.CRITERIA[one.claim.criterion][0])
    return _(
        "{name}, {label}: {printed} ({source})",
        name=line(one.candidate),
        label=label,
        printed=published.claim_view(one, asked.lang).printed,
        source=published.printer(one.claim.source, asked.lang),
    )


def how_sure(asked: Asked) -> Iterator[Answered]:
    """What the run shows, what it leaves open, and what would settle that."""
    _, num = asked.say, asked.num
    gaps = [(row, gap) for row in asked.judgement.rows for gap in row.gaps]
    if not gaps:
        return
    kinds = [type(gap.verdict) for row, gap in gaps]
    came_to = [
        _(text, n=num.count(n)) for kind, text in _OUTCOMES.items() if (n := kinds.count(kind))
    ]
    answer = [
        _.plural(
            "{n} comparison was made: {outcomes}.",
            "{n} comparisons were made: {outcomes}.",
            len(gaps),
            n=num.count(len(gaps)),
            outcomes=_.listed(came_to),
        ),
        kept_below(asked.lang),
    ]
    needed = [
        (gap.verdict.cases_needed, row.benchmark)
        for row, gap in gaps
        if row.measure == "score"
        and isinstance(gap.verdict, Undecided)
        and gap.verdict.cases_needed
    ]
    if needed:
        most, benchmark = max(needed)
        titles = {spec.name: title(spec, asked.lang) for spec in asked.run.spec.benchmarks}
        answer.append(
            _(
                "To decide all scores, about {n} cases would be needed of {benchmark}, if its gap "
                "is as measured.",
                n=num.roughly(most),
                benchmark=titles.get(benchmark, line(benchmark)),
            )
        )
    yield Answered(
        question=_("How sure is this?"),
        answer=tuple(answer),
        rests_on=(Trace(label=_("Verdict"), to="verdict"),),
    )


def would_change(asked: Asked) -> Iterator[Answered]:
    """Where the choice flips: by the run's own policy, else for the first use that has a choice."""
    _ = asked.say
    taken = asked.run.choices.taken if asked.run.choices else ()
    decided = sorted(
        ((nth, one) for nth, one in enumerate(taken) if one.chosen),
        key=lambda use: use[1].policy.name != asked.judgement.policy,
    )
    for nth, one in decided:
        turns = list(_turns(one, asked))[:_MOST_FLIPS]
        if turns:
            yield Answered(
                question=_change_of(one, asked),
                answer=(
                    _(
                        "At the latest with any one of these the choice would no longer hold: "
                        "{list}.",
                        list=_("; ").join(turns),
                    ),
                    chosen.may_end_before(asked.lang),
                    *_introduced(one.policy, asked),
                    chosen.headline(one, asked.lang),
                ),
                command=_verdict_by(one.policy, asked),
                rests_on=(weights(nth, asked.lang),),
            )
            return


def _verdict_by(policy: Policy, asked: Asked) -> str:
    """The command that tells more; empty for a policy of a file, whose place is not known here."""
    if not is_shipped(policy):
        return ""
    return f"visavis verdict {quote(line(asked.run.label))} --policy {policy.name}"


def _introduced(policy: Policy, asked: Asked) -> Iterator[str]:
    """By which policy, where the question does not say so."""
    if policy.name == DEFAULT.name:
        yield chosen.introduced(policy, asked.lang) + "."


def _change_of(one: Choice, asked: Asked) -> str:
    """The question, of the use that is answered for."""
    _, policy = asked.say, one.policy
    if policy.name == DEFAULT.name:
        return _("When would the answer change?")
    use = _(line(policy.about)) if policy.about else line(policy.name)
    return _("When would the choice change, for {use}?", use=use)


def _turns(one: Choice, asked: Asked) -> Iterator[str]:
    """What would change it, but for scores that would have to fall by more than they are."""
    best = one.best.candidate
    scores = {
        f"score.{row.benchmark}": cell.estimate.value
        for row in asked.judgement.rows
        for cell in row.cells
        if row.measure == "score" and cell.candidate == best and isinstance(cell.estimate, Estimate)
    }
    for text, turn in zip_longest(chosen.flips(one, asked.lang), one.flips):
        if turn is None or turn.scale == "ratio" or turn.by < scores.get(turn.criterion, 1.0):
            yield text
