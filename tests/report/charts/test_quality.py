"""Quality against cost: who is in front, and where everybody stands."""

from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.report.charts.made import KINDS, Kind, Made, check_plane, made, points
from tests.report.fixtures import est
from visavis.core.candidate import Unknown
from visavis.report.charts.drawing import Chart, Plane, Setting
from visavis.report.charts.front import Seen, Spot, front
from visavis.report.charts.gathered import gathered
from visavis.report.charts.quality import against_price, against_time
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Cell
from visavis.verdict.money import Money
from visavis.verdict.workload import Costed

SCORES = st.integers(0, 10).map(lambda n: n / 10)
SPOTS = st.lists(st.tuples(SCORES, st.none() | st.integers(1, 10)), max_size=12).map(
    lambda pairs: [
        Spot(place, Seen(score), None if cost is None else Seen(float(cost)))
        for place, (score, cost) in enumerate(pairs)
    ]
)


def setting(of: Made, lang: str = "en") -> Setting:
    names = tuple(candidate.name for candidate in of.run.spec.candidates)
    chances = {one.name: one.chance for one in of.run.spec.benchmarks}
    return Setting(lang="fr" if lang == "fr" else "en", names=names, chances=chances)


def price(of: Made) -> Chart:
    chart = against_price(of.judgement, None, setting(of))
    assert chart is not None
    return chart


def plane(chart: Chart, number: int = 0) -> Plane:
    drawing = chart.panels[number].drawing
    assert isinstance(drawing, Plane)
    return drawing


@given(SPOTS)
def test_the_front_is_what_a_budget_can_buy_at_best(spots: list[Spot]) -> None:
    """Independently: go through ever larger budgets, and keep whoever is best for less."""
    best, leading = -1.0, set[int]()
    for budget in range(1, 11):
        affordable = [s for s in spots if s.cost and s.cost.value == budget]
        top = max((s.score.value for s in affordable), default=-1.0)
        if top > best:
            best = top
            leading |= {s.place for s in affordable if s.score.value == top}
    found = front(spots)
    assert {spot.place for spot in found} == leading
    assert all(one.at <= other.at for one, other in pairwise(found))


def test_everything_stands_within_the_axes() -> None:
    of = made()
    for chart in (
        price(of),
        against_time(of.judgement, gathered(of.run.spec, of.run.group_of, of.trials), setting(of)),
    ):
        assert chart is not None
        assert [panel.title for panel in chart.panels] == ["logic", "humaneval"]
        for number in range(2):
            check_plane(plane(chart, number))
            assert len(plane(chart, number).dots) == 4


def test_a_candidate_without_a_price_stands_aside_and_never_at_nothing() -> None:
    drawn = plane(price(made()))
    assert drawn.aside is not None
    priced, free = drawn.dots[:3], drawn.dots[3]
    assert drawn.aside.low < free.x < drawn.aside.high
    assert free.across is None
    assert free.upright is not None
    assert all(dot.x < drawn.aside.low for dot in priced)
    everyone = made(KINDS[:3])
    assert plane(price(everyone)).aside is None


def test_the_stairs_go_through_those_in_front_and_never_down() -> None:
    of = made()
    drawn = plane(price(of))
    (stairs,) = drawn.lines
    steps = points(stairs.points)
    for (x, y), (further, higher) in pairwise(steps):
        assert x <= further
        assert y >= higher
    corners = {(round(x, 1), y) for x, y in steps}
    for dot, row in zip(drawn.dots, price(of).table.rows, strict=False):
        assert ((round(dot.x, 1), dot.y) in corners) == (row[-1] == "yes")


def test_the_table_and_the_words_say_what_is_drawn() -> None:
    chart = price(made())
    assert chart.table.heads == (
        "benchmark",
        "candidate",
        "score",
        "price per solved case",
        "in front",
    )
    rows = [row for row in chart.table.rows if row[0] == "logic"]
    assert [row[-1] for row in rows] == ["yes", "yes", "no", "no"]
    assert rows[3][3] == "unknown: no price, or nothing solved"
    told = chart.panels[0].described
    assert told.endswith("In front: cheap and middling and dear and good.")
    for row in rows:
        assert f"{row[1]}: {row[2]}, {row[3]}" in told


def test_what_a_guesser_scores_is_marked_where_it_is_in_sight() -> None:
    assert [level.label for level in plane(price(made())).levels] == ["guessing"]
    assert plane(price(made()), 1).levels == ()


def test_nobody_paid_is_no_chart_and_nobody_timed_is_none() -> None:
    free = made(tuple(Kind(f"free {n}", 0.5, None, 1.0) for n in range(2)))
    assert against_price(free.judgement, None, setting(free)) is None
    assert (
        against_time(free.judgement, gathered(free.run.spec, free.run.group_of, []), setting(free))
        is None
    )


def test_a_value_without_an_interval_has_no_whisker_and_none_at_all_no_mark() -> None:
    of = made(KINDS[:3])
    known: dict[int, Estimate | TooFew] = {
        0: est(0.01, 0.005, 0.02),
        1: TooFew(groups=3, needed=4, mean=0.001, n=3),
    }
    money = Money(candidates=tuple(listed(of, place, price) for place, price in known.items()))
    rows = tuple(
        replace(row, cells=tuple(without(cell) for cell in row.cells))
        for row in of.judgement.rows
        if row.measure == "score"
    )
    chart = against_price(replace(of.judgement, rows=rows), money, setting(of))
    assert chart is not None
    first, second = plane(chart).dots  # nothing is known of the third's score
    assert (first.upright, second.across) == (None, None)
    assert first.across is not None
    assert chart.table.rows[0][:3] == ("logic", "dear and good", "50.0%")


def without(cell: Cell) -> Cell:
    """The first has no spread to judge by, the third was not scored."""
    few = {
        KINDS[0].name: TooFew(groups=2, needed=3, mean=0.5, n=2),
        KINDS[2].name: TooFew(groups=0, needed=1),
    }
    return replace(cell, estimate=few.get(cell.candidate, cell.estimate))


def listed(of: Made, place: int, price: Estimate | TooFew) -> Costed:
    name, unknown = of.run.spec.candidates[place].name, Unknown(because="of no concern here")
    return Costed(
        candidate=name,
        tariff=unknown,
        listed_for=f"{name} at a shop" if place else "",
        tokens=unknown,
        per_solved={"logic": price},
    )


def test_prices_that_nobody_paid_are_by_the_list_and_the_caption_says_whose() -> None:
    free = made(tuple(Kind(f"free {n}", 0.5, None, 1.0) for n in range(2)))
    prices = (est(0.01, 0.005, 0.02), est(0.001, 0.0005, 0.002))
    money = Money(candidates=tuple(listed(free, n, price) for n, price in enumerate(prices)))
    chart = against_price(free.judgement, money, setting(free))
    assert chart is not None
    assert chart.caption.endswith("but reckoned by price lists: free 1 at a shop.")
    assert [panel.title for panel in chart.panels] == ["logic"]
    assert [row[3] for row in chart.table.rows] == [
        "$0.010 ($0.005 to $0.020)",
        "$0.0010 ($0.0005 to $0.0020)",
    ]
    assert all(dot.across for dot in plane(chart).dots)


def test_a_hundred_draws_never_leave_the_axes() -> None:
    rng = Random(9)
    for _ in range(20):
        kinds = tuple(
            Kind(f"k{n}", rng.random(), 10 ** rng.uniform(-6, 1), 10 ** rng.uniform(-3, 2))
            for n in range(3)
        )
        of = made(kinds, 8)
        chart = against_price(of.judgement, None, setting(of))
        if chart is not None:
            for number in range(len(chart.panels)):
                check_plane(plane(chart, number))
