"""Every chart of a comparison for which it has something to draw."""

from collections.abc import Iterator

from visavis.options import Language
from visavis.report.charts.drawing import Chart, Setting
from visavis.report.charts.first_token import first_tokens
from visavis.report.charts.gathered import Gathered
from visavis.report.charts.memory import memory
from visavis.report.charts.quality import against_price, against_time
from visavis.report.charts.wins import wins
from visavis.report.run_facts import RunFacts
from visavis.report.text import line
from visavis.verdict.compare import Judgement


def charts_of(
    judgement: Judgement, run: RunFacts, found: Gathered, lang: Language
) -> tuple[Chart, ...]:
    """In the page's order; what was not measured is not drawn."""
    return tuple(chart for chart in _drawn(judgement, run, found, lang) if chart is not None)


def _drawn(
    judgement: Judgement, run: RunFacts, found: Gathered, lang: Language
) -> Iterator[Chart | None]:
    here = Setting(
        lang=lang,
        names=tuple(line(candidate.name) for candidate in run.spec.candidates),
        chances={benchmark.name: benchmark.chance for benchmark in run.spec.benchmarks},
    )
    yield against_price(judgement, here)
    yield against_time(judgement, found, here)
    yield wins(found.outcomes, here)
    yield first_tokens(found.first_tokens, here)
    yield memory(run, here)
