"""How the table is to be read, for someone who knows no statistics."""

from visavis.options import Language
from visavis.report.language import Words
from visavis.report.run_facts import RunFacts
from visavis.report.text import Numbers
from visavis.verdict.compare import Judgement


def reading(judgement: Judgement, run: RunFacts, lang: Language) -> tuple[str, ...]:
    """What stands beside a figure, what a gap is, and what each verdict means."""
    _, num = Words(lang), Numbers(lang)
    return (
        _(
            "With each figure stands its {share} interval: the range in which the truth is "
            "to be sought. n is the number of cases, or of measurements, that it rests on.",
            share=num.share(0.95),
        ),
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
        *_lasting(run, lang),
    )


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
