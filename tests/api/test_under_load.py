"""A speed run's curves on the page of a comparison: of the same snapshots, or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.report.charts.made import Kind, made
from tests.report.speed.things import CALIBRATION, NAMES, blocks, figures
from visavis.api.comparison import Beside, Comparison
from visavis.api.entry import load
from visavis.cli.show import show
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.measure.load.store import LoadStore
from visavis.measure.store import RunStore
from visavis.options import ShowOptions
from visavis.report.view import View

SPEED_CHARTS = ["latency", "throughput", "load-first-token"]


@pytest.fixture(scope="module")
def speed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("under-load") / "speed run"
    with LoadStore.begin(folder, figures().spec) as store:
        store.add_calibration(CALIBRATION)
        for block in blocks():
            store.add(block)
    return folder


def comparison(folder: Path, candidates: tuple[Candidate, ...]) -> Path:
    """Of a few cases of two benchmarks."""
    of = made(tuple(Kind(one.name, 0.5, None, 0.4) for one in candidates), 4, fails=0.0)
    with RunStore.begin(folder, replace(of.run.spec, candidates=candidates)) as store:
        for trial in of.trials:
            store.add(trial)
        store.commit()
    return folder


def seen(folder: Path, speed: Path) -> View:
    return Comparison(folder, beside=Beside(speed=speed)).view


def test_the_page_draws_the_curves_in_the_comparisons_colours(tmp_path: Path, speed: Path) -> None:
    third = replace(figures().spec.candidates[0], name="a third", snapshot="another")
    folder = comparison(tmp_path / "run", (third, *reversed(figures().spec.candidates)))
    drawn = {chart.name: chart for chart in seen(folder, speed).charts()}
    assert [name for name in drawn if name in SPEED_CHARTS] == SPEED_CHARTS
    for name in SPEED_CHARTS:
        assert drawn[name].places == (1, 2)
        assert "Measured by the speed run speed run of" in drawn[name].caption
    assert [row[1] for row in drawn["latency"].table.rows[:2]] == [*NAMES]
    assert not {chart.name for chart in load(folder).view.charts()} & set(SPEED_CHARTS)
    assert SPEED_CHARTS[0] in {chart.name for chart in load(folder, speed=speed).view.charts()}


def test_another_snapshot_or_another_candidate_is_refused(tmp_path: Path, speed: Path) -> None:
    first, second = figures().spec.candidates
    other = comparison(tmp_path / "other", (first, replace(second, snapshot="of last year")))
    with pytest.raises(OptionError, match=r"measured 'qwen2\.5-coder-0\.5b' as .*'of last year'; "):
        seen(other, speed)
    alone = comparison(tmp_path / "alone", (first, replace(second, name="somebody else")))
    with pytest.raises(
        OptionError, match=r"'qwen2\.5-coder-0\.5b', which is not in this comparison"
    ):
        seen(alone, speed)
    with pytest.raises(OptionError, match="'other' is no speed run; 'visavis speed' makes one"):
        seen(alone, other)


def test_the_command_draws_it_on_a_page_and_nowhere_else(tmp_path: Path, speed: Path) -> None:
    folder, page = comparison(tmp_path / "run", figures().spec.candidates), tmp_path / "page.html"
    environ = {"VISAVIS_HOME": str(tmp_path)}
    wanted = ShowOptions(format="html", out=page, speed=str(speed))
    show(str(folder), wanted, environ)
    assert 'id="chart-latency"' in page.read_text(encoding="utf-8")
    for run, options in (
        (folder, ShowOptions(speed=str(speed))),
        (speed, wanted),
    ):
        with pytest.raises(OptionError, match="'--speed' is drawn on the page of a comparison"):
            show(str(run), options, environ)
