"""One view of a run, already worded in the language asked. Every renderer shows this and no more.

The terminal, Markdown, the page and the notebook differ in layout alone: whatever is said, and
every figure, is written here once. An absence is a sentence, never a zero and never a blank.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from visavis.core.trial import Trial
from visavis.measure.store import Tried
from visavis.options import Language
from visavis.report.background import BenchmarkView, Item, benchmarks
from visavis.report.breakdown import Breakdown
from visavis.report.brief import brief
from visavis.report.charts.drawing import Chart
from visavis.report.charts.of_run import charts_of
from visavis.report.choose import ChooseView, choose_view
from visavis.report.claims import Beside, beside
from visavis.report.face import Face, face
from visavis.report.facts import FactRow, fact_rows
from visavis.report.faq.answers import answers
from visavis.report.faq.asked import Answered
from visavis.report.headline import headline
from visavis.report.heads import Head, head, which_run
from visavis.report.judges_said import JudgedReplies, judged_replies
from visavis.report.language import Words
from visavis.report.money import MoneyView, money_view, worth_saying
from visavis.report.provenance import asked_again, provenance
from visavis.report.reading import reading
from visavis.report.run_facts import RunFacts
from visavis.report.said import behind, rows_of, said, warned
from visavis.report.sentences import Sentence
from visavis.report.subjects import later
from visavis.report.table import RowView
from visavis.report.text import Numbers, line
from visavis.report.transcripts import Exchange, Exchanges, tried
from visavis.report.votes import VotesView, votes_view
from visavis.verdict.compare import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A whole report in words."""

    lang: Language
    title: str
    run: str  # its name, and when it began
    day: str
    headline: str
    brief: tuple[Item, ...]
    """Who was compared, on what, and how sure it is. Then the verdict with its evidence."""
    sentences: tuple[Sentence, ...]
    warnings: tuple[str, ...]
    heads: tuple[Head, ...]
    rows: tuple[RowView, ...]
    reading: tuple[str, ...]
    """How the table is to be read, for someone who knows no statistics."""
    breakdowns: tuple[Breakdown, ...]
    judged: JudgedReplies | None = None
    votes: VotesView | None
    facts: tuple[FactRow, ...]
    face: Face
    claims: Beside | None  # of this and the next ones None is: nothing of the kind
    money: MoneyView | None
    choose: ChooseView | None = None
    faq: tuple[Answered, ...]
    benchmarks: tuple[BenchmarkView, ...]
    provenance: tuple[Item, ...]
    command: str
    asked_again: str
    """What `command` does when it is given once more."""
    exchanges: Iterable[Exchange]  # every case with its replies, made in passing: they may be many
    charts: Callable[[], tuple[Chart, ...]] = tuple  # draws them: only a page shows any

    @property
    def pair(self) -> bool:
        """Two candidates: each measure has one gap, and the table has room for it."""
        return len(self.heads) == 2


def view(
    judgement: Judgement,
    run: RunFacts,
    trials: Iterable[Trial],
    lang: Language = "en",
    in_store: Callable[[], Iterable[Tried]] | None = None,
) -> View:
    """Word a judged run. `in_store` reads its cases with their texts, where `trials` hold none."""
    trials, _ = list(trials), Words(lang)
    heads = tuple(head(candidate, lang) for candidate in run.spec.candidates)
    measures, facts = rows_of(judgement, run, lang), fact_rows(run, trials, lang)
    return View(
        lang=lang,
        title=_(" vs. ").join(one.name for one in heads),
        run=which_run(run.label, run.started_at, lang),
        day=Numbers(lang).day(run.started_at),
        headline=headline(judgement, lang, run.chances),
        brief=brief(heads, measures, run, trials, lang),
        sentences=said(judgement, run, trials, lang),
        warnings=warned(judgement, run, trials, lang),
        heads=heads,
        rows=measures,
        reading=reading(judgement, run, lang),
        breakdowns=behind(judgement, run, lang),
        judged=judged_replies(run.heard, lang),
        votes=votes_view(run.votes, lang) if run.votes else None,
        facts=facts,
        face=face(run, measures, facts, lang),
        claims=beside(run.claims, lang),
        money=money_view(run.money, lang) if run.money and worth_saying(run.money) else None,
        faq=answers(judgement, run, facts, lang),
        benchmarks=benchmarks(run.spec.benchmarks, lang),
        provenance=provenance(judgement, run, trials, lang),
        command=line(run.command),
        asked_again=asked_again(judgement, run, lang),
        choose=choose_view(run.choices, run, lang) if run.choices else None,
        exchanges=Exchanges(run=run, tried=in_store or later(tried, run, trials)),
        charts=later(charts_of, judgement, run, trials, lang),
    )
