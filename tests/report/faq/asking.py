"""What the tests of questions and answers share."""

from collections.abc import Sequence

from tests.report.fixtures import JUDGEMENT, RUN, TRIALS
from visavis.options import Language
from visavis.report.facts import fact_rows
from visavis.report.faq.answers import answers
from visavis.report.faq.asked import Answered
from visavis.report.run_facts import RunFacts
from visavis.stats.estimate import TooFew
from visavis.verdict.compare import Judgement

THIRD = "gpt-4o-mini"
LESS = TooFew(groups=1, needed=2)


def asked(
    run: RunFacts = RUN, judgement: Judgement = JUDGEMENT, lang: Language = "en"
) -> tuple[Answered, ...]:
    return answers(judgement, run, fact_rows(run, TRIALS, lang), lang)


def answer(question: str, seen: Sequence[Answered]) -> str:
    return " ".join(next(one for one in seen if one.question == question).answer)
