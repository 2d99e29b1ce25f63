"""The drawings of a speed run."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.report.charts.made import check_plane, points
from tests.report.speed.things import LOADS, NAMES, figures
from visavis.measure.memory_growth import ContextMemory
from visavis.report.charts.drawing import Chart, Plane
from visavis.report.charts.of_speed import charts_of_speed
from visavis.report.speed.beside import Beside
from visavis.report.speed.figures import SpeedFigures
from visavis.report.speed.words import load_label


@pytest.fixture(scope="module")
def seen() -> SpeedFigures:
    return figures()


def drawings(chart: Chart) -> list[Plane]:
    planes = [panel.drawing for panel in chart.panels if isinstance(panel.drawing, Plane)]
    assert len(planes) == len(chart.panels)
    return planes


def test_latency_throughput_and_each_distribution_are_drawn(seen: SpeedFigures) -> None:
    latency, throughput, spread = charts_of_speed(seen, "en")
    (against,) = drawings(latency)
    assert [(line.place, line.dashed) for line in against.lines] == [
        (0, False),
        (0, True),
        (1, False),
        (1, True),
    ]
    assert len(against.dots) == 2 * 2 * len(LOADS)
    assert all(line.area for line in against.lines if not line.dashed)
    assert not any(line.area for line in against.lines if line.dashed)
    assert len(drawings(throughput)[0].lines) == 2
    assert [panel.title for panel in spread.panels] == [load_label(load, "en") for load in LOADS]
    for chart in (latency, throughput, spread):
        assert all(map(len, chart.table.rows))
        for plane in drawings(chart):
            check_plane(plane)


def test_candidates_under_one_load_stand_beside_one_another(seen: SpeedFigures) -> None:
    (plane,) = drawings(charts_of_speed(seen, "en")[0])
    xs = sorted({dot.x for dot in plane.dots})
    assert len(xs) == len(LOADS) * len(NAMES)
    assert plane.columns == ("1 at once", "4 at once", "2 a second, as independent users")
    for column, pair in enumerate(zip(xs[::2], xs[1::2], strict=True)):
        assert all(column / 3 < x / 100 < (column + 1) / 3 for x in pair)


def test_loads_of_so_many_at_once_are_numbers_alone(seen: SpeedFigures) -> None:
    two = replace(
        seen,
        loads=LOADS[:2],
        loaded={of: one for of, one in seen.loaded.items() if of[0] in LOADS[:2]},
    )
    (plane,) = drawings(charts_of_speed(two, "en")[0])
    assert plane.columns == ("1", "4")
    assert plane.x_label == "requests at once"


def test_without_calibration_there_is_no_band_and_without_loads_no_drawing() -> None:
    latency = charts_of_speed(figures(calibrated=False), "en")[0]
    assert not any(line.area for line in drawings(latency)[0].lines)
    assert {row[-1] for row in latency.table.rows} == {"not calibrated so far"}
    assert charts_of_speed(replace(figures(), loads=(), loaded={}), "en") == ()


def test_what_the_server_does_not_count_is_not_drawn(seen: SpeedFigures) -> None:
    mute = {of: replace(one, throughput_tokens_per_s=None) for of, one in seen.loaded.items()}
    drawn = charts_of_speed(replace(seen, loaded=mute), "en")
    assert [chart.name for chart in drawn] == ["latency", "load-first-token"]


def test_memory_is_drawn_as_measured_and_as_reckoned(seen: SpeedFigures) -> None:
    grown = tuple(
        ContextMemory(
            tokens=tokens,
            filled_tokens=tokens,
            peak_bytes=400_000_000 + 20_000 * tokens,
            own_bytes=None,
            reckoned_bytes=4.1e8 + 21_000 * tokens,
        )
        for tokens in (1024, 2048, 4096, 8192)
    )
    memory = charts_of_speed(replace(seen, beside=Beside(memory={NAMES[1]: grown})), "en")[-1]
    (plane,) = drawings(memory)
    check_plane(plane)
    assert [(line.place, line.dashed) for line in plane.lines] == [(1, False), (1, True)]
    assert [tick.label for tick in plane.x] == ["2,048", "4,096", "8,192"]  # no two may collide
    for drawn in plane.lines:
        assert all(y > higher for (_, y), (_, higher) in pairwise(points(drawn.points)))
    assert memory.table.rows[0] == (NAMES[1], "1,024", "420\u00a0MB", "432\u00a0MB")
