"""What several modules say of a run, put together: rows, sentences, warnings, what lies behind."""

from collections.abc import Sequence
from dataclasses import replace

from visavis.core.trial import Trial
from visavis.options import Language
from visavis.report.background import warnings
from visavis.report.breakdown import Breakdown, breakdowns
from visavis.report.judges import judge_tables, judge_warnings
from visavis.report.luck import luck_sentences, luck_tables
from visavis.report.run_facts import RunFacts
from visavis.report.sentences import Sentence, sentences
from visavis.report.spared import spared
from visavis.report.subjects import shown
from visavis.report.table import RowView, rows
from visavis.report.traces import of_gaps
from visavis.verdict.compare import Judgement


def rows_of(judgement: Judgement, run: RunFacts, lang: Language) -> tuple[RowView, ...]:
    """The table of measures, its benchmarks called what they are."""
    candidates = {candidate.name: candidate for candidate in run.spec.candidates}
    titles = shown(run.spec.benchmarks, lang)
    return tuple(
        replace(row, label=titles[row.benchmark])
        if row.measure == "score" and row.benchmark in titles
        else row
        for row in rows(judgement, candidates, run.chances, lang)
    )


def said(
    judgement: Judgement, run: RunFacts, trials: Sequence[Trial], lang: Language
) -> tuple[Sentence, ...]:
    """The verdict measure by measure, how far it rests on luck, and what was not needed for it."""
    chances = run.chances
    return (
        *sentences(judgement, lang, chances, of_gaps(judgement, chances, lang)),
        *luck_sentences(judgement, run, lang),
        *spared(judgement, run, trials, lang),
    )


def warned(
    judgement: Judgement, run: RunFacts, trials: Sequence[Trial], lang: Language
) -> tuple[str, ...]:
    """What a reader must know before anything else."""
    return (*warnings(judgement, run, trials, lang), *judge_warnings(run.judging, lang))


def behind(judgement: Judgement, run: RunFacts, lang: Language) -> tuple[Breakdown, ...]:
    """The figures behind the scores, behind luck, and behind the judges."""
    return (
        *breakdowns(run.figures, lang, run.spec.drawn),
        *luck_tables(judgement, lang),
        *judge_tables(run.judging, lang),
    )
