"""Every chart of a comparison for which it has something to draw."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from visavis.core.trial import Trial
from visavis.options import Language
from visavis.report.charts.drawing import Chart, Setting
from visavis.report.charts.first_token import first_tokens
from visavis.report.charts.gathered import Gathered, gathered
from visavis.report.charts.memory import memory
from visavis.report.charts.quality import against_price, against_time
from visavis.report.charts.wins import wins
from visavis.report.language import Words
from visavis.report.run_facts import RunFacts
from visavis.report.subjects import shown
from visavis.report.text import Numbers, line
from visavis.verdict.compare import Judgement

if TYPE_CHECKING:
    from visavis.report.speed.figures import SpeedFigures


def charts_of(
    judgement: Judgement, run: RunFacts, trials: Iterable[Trial], lang: Language
) -> tuple[Chart, ...]:
    """In the page's order; what was not measured is not drawn."""
    found = run.gathered() if run.gathered else gathered(run.spec, run.group_of, trials)
    return tuple(chart for chart in _drawn(judgement, run, found, lang) if chart is not None)


def _drawn(
    judgement: Judgement, run: RunFacts, found: Gathered, lang: Language
) -> Iterator[Chart | None]:
    here = Setting(
        lang=lang,
        names=tuple(line(candidate.name) for candidate in run.spec.candidates),
        chances={benchmark.name: benchmark.chance for benchmark in run.spec.benchmarks},
        titles=shown(run.spec.benchmarks, lang),
    )
    yield against_price(judgement, run.money, here)
    yield against_time(judgement, found, here)
    yield wins(found.outcomes, here)
    yield first_tokens(found.first_tokens, here)
    if run.load is not None:
        yield from _under_load(run, run.load, here)
    yield memory(run, here)


def _under_load(run: RunFacts, load: "SpeedFigures", here: Setting) -> Iterator[Chart]:
    """The curves of a speed run, and that they are its own."""
    from visavis.report.charts.of_speed import speed_charts  # it loads what times requests

    _, day = Words(here.lang), Numbers(here.lang).day(load.started_at)
    places = {candidate.name: place for place, candidate in enumerate(run.spec.candidates)}
    measured = _("Measured by the speed run {name} of {day}.", name=line(load.name), day=day)
    for chart in speed_charts(load, places, here):
        yield replace(chart, caption=f"{chart.caption} {measured}")
