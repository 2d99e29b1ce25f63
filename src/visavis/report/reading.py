"""How the table is to be read, for someone who knows no statistics."""

from visavis.options import Language
from visavis.report.language import Words
from visavis.report.run_facts import RunFacts
from visavis.report.text import Numbers
from visavis.stats.estimate import Estimate
from visavis.stats.power import POWER
from visavis.verdict.compare import Judgement
from visavis.verdict.decide import Undecided


def reading(judgement: Judgement, run: RunFacts, lang: Language) -> tuple[str, ...]:
    """What stands beside a figure, what a gap is, and what each verdict means."""
    _, num = Words(lang), Numbers(lang)
    return (
        _(
            "With each figure stands its {share} interval: the range in which the truth is "
            "to be sought. n is the number of cases, or of measurements, that it rests on.",
            share=num.share(0.95),
        ),
        *_grouped(judgement, lang),
        _(
            "A gap is the first-named candidate less the second, or the first divided by the "
            "second (times)."
        ),
        _.plural(
            "Prefer: a difference was shown. Alike: any difference is too small to matter. "
            "Undecided: the data allow both.",
            "Prefer: a difference was shown, with allowance made for {n} comparisons at once "
            "(Holm). Alike: any difference is too small to matter. Undecided: the data allow "
            "both.",
            max(1, judgement.family),
            n=num.count(judgement.family),
        ),
        *_settled(judgement, lang),
        *_lasting(run, lang),
    )


def _grouped(judgement: Judgement, lang: Language) -> tuple[str, ...]:
    """What groups are, where cases come in such."""
    _, known = Words(lang), [cell.estimate for row in judgement.rows for cell in row.cells]
    said = _(
        "Cases of one group, such as one puzzle in two languages, tell less than as many single "
        "ones; the interval allows for that."
    )
    return (said,) if any(isinstance(one, Estimate) and one.groups for one in known) else ()


def _settled(judgement: Judgement, lang: Language) -> tuple[str, ...]:
    """What a number of cases that would settle a gap takes for granted."""
    _, verdicts = Words(lang), [gap.verdict for row in judgement.rows for gap in row.gaps]
    said = _(
        "The cases said to settle a gap do so in {share} of runs if it is as measured; if it is "
        "smaller, more may be needed.",
        share=Numbers(lang).share(POWER),
    )
    told = any(isinstance(one, Undecided) and one.cases_needed for one in verdicts)
    return (said,) if told else ()


def _lasting(run: RunFacts, lang: Language) -> tuple[str, ...]:
    """Why intervals are wider where nobody knew beforehand when asking would stop."""
    if not run.spec.drawn:
        return ()
    _ = Words(lang)
    said = _(
        "Cases were asked in random order until every gap in score was decided. The intervals hold "
        "however often one looks (betting confidence sequences); for a number of cases fixed "
        "beforehand they would be narrower."
    )
    kept = _("The figures behind the scores keep intervals for a number fixed beforehand.")
    return (said, kept) if run.figures else (said,)
