"""All questions of a run, in the order in which a reader asks them."""

from collections.abc import Sequence

from visavis.options import Language
from visavis.report.facts import FactRow
from visavis.report.faq.asked import Answered, Asked
from visavis.report.faq.facts import cheaper, faster, runs_here
from visavis.report.faq.limits import long_texts, recent
from visavis.report.faq.scores import better
from visavis.report.faq.trust import claims_hold, how_sure, in_french, would_change
from visavis.report.run_facts import RunFacts
from visavis.verdict.compare import Judgement


def answers(
    judgement: Judgement, run: RunFacts, facts: Sequence[FactRow], lang: Language
) -> tuple[Answered, ...]:
    """Questions that the run can answer, or has to say that it cannot."""
    if len(run.spec.candidates) < 2:
        return ()
    asked = Asked(judgement=judgement, run=run, facts={row.name: row for row in facts}, lang=lang)
    return (
        *better(asked),
        faster(asked),
        *long_texts(asked),
        *recent(asked),
        *cheaper(asked),
        *runs_here(asked),
        *in_french(asked),
        *claims_hold(asked),
        *how_sure(asked),
        *would_change(asked),
    )
