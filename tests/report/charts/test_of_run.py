"""The charts of a comparison: each where there is something to draw, and in words as well."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.report.charts.made import KINDS, Kind, check_plane, made, points
from tests.report.fixtures import JUDGEMENT, RUN, TRIALS
from visavis.candidates.fit import machines
from visavis.options import Language
from visavis.report.charts.drawing import Chart, Plane, Rows
from visavis.report.charts.memory import MACHINES, sizes
from visavis.report.charts.of_run import charts_of
from visavis.report.page import page
from visavis.report.view import view

ALL = ["price", "time", "wins", "first-token", "memory"]


@pytest.fixture(scope="module", params=["en", "fr"])
def charts(request: pytest.FixtureRequest) -> dict[str, Chart]:
    of, lang = made(cases=200), request.param
    drawn = charts_of(of.judgement, of.run, of.trials, lang)
    return {chart.name: chart for chart in drawn}


def test_each_chart_has_its_place_its_words_and_its_figures(charts: dict[str, Chart]) -> None:
    assert list(charts) == ALL
    for chart in charts.values():
        assert chart.title
        assert chart.caption.endswith(".")
        assert all(panel.described for panel in chart.panels)
        assert all(len(row) == len(chart.table.heads) for row in chart.table.rows)
        assert all(all(row) for row in chart.table.rows)


def test_what_was_not_measured_is_not_drawn() -> None:
    bare = replace(RUN, spec=replace(RUN.spec, candidates=RUN.spec.candidates), facts={})
    named = [chart.name for chart in charts_of(JUDGEMENT, bare, [], "en")]
    assert named == ["memory"]  # of local files the size is known
    hosted = made(KINDS[:3])
    drawn = charts_of(hosted.judgement, hosted.run, hosted.trials, "en")
    assert [chart.name for chart in drawn] == ALL[:-1]


def test_distributions_rise_from_none_to_all_and_are_marked_on_their_lines(
    charts: dict[str, Chart],
) -> None:
    chart = charts["first-token"]
    assert chart.panels[0].title in ("one at a time", "une requête à la fois")
    for panel in chart.panels:
        plane = panel.drawing
        assert isinstance(plane, Plane)
        check_plane(plane)
        for drawn in plane.lines:
            steps = points(drawn.points)
            assert steps[0] == (0, plane.height)
            assert steps[-1] == (100, 0)
            assert all(x <= further and y >= up for (x, y), (further, up) in pairwise(steps))
            assert len(steps) <= 402
        for place in range(4):
            half, most = (dot for dot in plane.dots if dot.place == place)
            assert (half.hollow, most.hollow) == (False, True)
            assert half.x <= most.x
            assert half.y == pytest.approx(plane.height / 2)
            line = points(next(one.points for one in plane.lines if one.place == place))
            above = min(y for x, y in line if x <= half.x + 0.1)
            assert above <= half.y + 1


def test_where_replies_are_few_the_table_says_why_there_is_no_interval() -> None:
    of = made(cases=4)
    chart = charts_of(of.judgement, of.run, of.trials, "en")[3]
    rows = [row for row in chart.table.rows if row[0] == "one at a time"]
    assert {row[-1].partition(", ")[2] for row in rows} == {"no interval: too few (6 of 72)"}


def test_memory_goes_from_the_file_to_the_peak_past_the_machines_that_matter() -> None:
    of = made()
    chart = charts_of(of.judgement, of.run, of.trials, "en")[-1]
    (panel,) = chart.panels
    assert isinstance(panel.drawing, Rows)
    (row,) = panel.drawing.rows
    file, peak = row.dots
    assert file.hollow
    assert file.x < peak.x
    assert [line.label for line in panel.drawing.lines] == ["small", "laptop", "large"]
    small, laptop, large = (line.at for line in panel.drawing.lines)
    assert small < peak.x < laptop < large < 100
    assert chart.table.rows == (("free", "491\u00a0MB", "5.00\u00a0GB", "laptop"),)
    bigger = replace(of.run, machines={"small": 4e9})
    told = charts_of(of.judgement, bigger, [], "en")[-1]
    assert told.table.rows[0][-1] == "none of those known"


def test_a_candidate_whose_peak_was_not_measured_has_its_file_alone() -> None:
    of = made()
    bare = replace(of.run, facts={})
    (one,) = sizes(bare)
    assert (one.place, one.peak) == (3, None)
    chart = charts_of(of.judgement, bare, [], "en")[-1]
    assert chart.table.rows == (("free", "491\u00a0MB", "not measured", "not measured"),)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_names_that_are_markup_stay_text(lang: Language) -> None:
    evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e'
    kinds = (Kind(evil, 0.6, 0.001, 0.4), *KINDS[1:])
    of = made(kinds, 30)
    judgement = replace(
        of.judgement,
        rows=tuple(
            replace(row, benchmark=row.benchmark and f"{row.benchmark}<b>")
            for row in of.judgement.rows
        ),
    )
    for judged in (of.judgement, judgement):
        html = page(view(judged, of.run, of.trials, lang))
        drawn = html[
            html.index('id="charts"') : html.index("</section>", html.index('id="charts"'))
        ]
        assert "<img" not in drawn
        assert "<script" not in drawn
        assert "<b>x" not in drawn
        assert "\u202e" not in drawn
        assert "&lt;img src=x" in drawn


def test_more_candidates_than_colours_differ_by_their_marks() -> None:
    kinds = tuple(Kind(f"k{n}", 0.5, 0.001, 1.0) for n in range(8))
    of = made(kinds, 12)
    html = page(view(of.judgement, of.run, of.trials, "en"))
    legend = html[
        html.index('<ul class="legend">') : html.index("</ul>", html.index('<ul class="legend">'))
    ]
    swatches = [part.split("</svg>")[0] for part in legend.split('<svg class="swatch ')[1:]]
    looks = {(one.split(" ")[0].rstrip('"'), one.split('d="')[1]) for one in swatches}
    assert len(looks) == 9  # eight candidates and the front


def test_the_same_trials_twice_make_no_other_page() -> None:
    one = page(view(JUDGEMENT, RUN, TRIALS, "en"))
    assert one == page(view(JUDGEMENT, RUN, TRIALS, "en"))
    ids = [part.split('"')[0] for part in one.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_every_machine_that_is_known_has_a_name_in_words() -> None:
    assert {machine.name for machine in machines()} == set(MACHINES)
