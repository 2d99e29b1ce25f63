"""Every chart of a speed run for which it has something to draw."""

from collections.abc import Iterator, Mapping

from visavis.options import Language
from visavis.report.charts.context import memory_by_context
from visavis.report.charts.drawing import Chart, Setting
from visavis.report.charts.under_load import load_charts
from visavis.report.speed.figures import SpeedFigures
from visavis.report.text import line


def charts_of_speed(figures: SpeedFigures, lang: Language) -> tuple[Chart, ...]:
    """In the page's order."""
    names = [candidate.name for candidate in figures.spec.candidates]
    here = Setting(lang=lang, names=tuple(map(line, names)))
    return tuple(speed_charts(figures, {name: n for n, name in enumerate(names)}, here))


def speed_charts(
    figures: SpeedFigures, places: Mapping[str, int], here: Setting
) -> Iterator[Chart]:
    """Of candidates whose places on a page are given by name."""
    yield from load_charts(figures, places, here)
    measured = figures.beside.memory
    points = {place: measured[name] for name, place in places.items() if name in measured}
    memory = memory_by_context(points, here)
    if memory is not None:
        yield memory
