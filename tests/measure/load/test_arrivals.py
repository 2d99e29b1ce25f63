"""Load shapes: pure streams of due times."""

from itertools import islice, pairwise, takewhile
from random import Random
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.measure.load.arrivals import (
    Arrival,
    AtOnce,
    Rate,
    Shape,
    Trace,
    arrivals,
    at_once,
    even,
    poisson,
    rising,
)


def times(stream: object, n: int) -> list[float]:
    return [one.due_s for one in islice(stream, n)]  # type: ignore[call-overload]  # any stream


def test_a_constant_rate_is_due_at_even_distances_without_drift() -> None:
    assert times(even(2.0), 4) == [0.0, 0.5, 1.0, 1.5]
    assert times(even(3.0), 3001)[-1] == 1000.0


def test_independent_users_come_at_the_rate_and_without_memory() -> None:
    gaps = [b - a for a, b in pairwise(times(poisson(5.0, Random(1)), 20_001))]
    assert fmean(gaps) == pytest.approx(0.2, rel=0.03)
    assert pstdev(gaps) == pytest.approx(0.2, rel=0.05)  # as large as the mean: exponential


def test_the_same_seed_gives_the_same_load_to_every_candidate() -> None:
    shape = Rate(per_s=3.0, poisson=True)
    assert times(arrivals(shape, 10, Random(7)), 50) == times(arrivals(shape, 10, Random(7)), 50)


def test_a_rising_rate_has_as_many_requests_as_the_area_below_it() -> None:
    due = [a.due_s for a in takewhile(lambda a: a.due_s < 10, rising(1.0, 9.0, 10.0))]
    assert len(due) == 50
    assert sum(t < 5 for t in due) == 15
    beyond = [a.due_s for a in islice(rising(1.0, 9.0, 10.0), 50, 60)]
    assert all(b - a == pytest.approx(1 / 9) for a, b in pairwise(beyond))


def test_a_rate_that_falls_is_due_ever_later() -> None:
    gaps = [b - a for a, b in pairwise(times(rising(8.0, 2.0, 4.0), 20))]
    assert all(earlier < later + 1e-9 for earlier, later in pairwise(gaps))


def test_a_rising_rate_of_independent_users_keeps_its_mean() -> None:
    counts = []
    for seed in range(200):
        shape = Rate(per_s=2.0, to_per_s=6.0, poisson=True)
        stream = arrivals(shape, 5.0, Random(seed))
        counts.append(sum(1 for _ in takewhile(lambda a: a.due_s < 5.0, stream)))
    assert fmean(counts) == pytest.approx(20, abs=1.0)


@given(st.floats(0.01, 500), st.floats(0.01, 500), st.floats(0.5, 100), st.booleans())
def test_due_times_never_go_back(per_s: float, to_per_s: float, seconds: float, by: bool) -> None:
    shape = Rate(per_s=per_s, to_per_s=to_per_s, poisson=by)
    due = times(arrivals(shape, seconds, Random(0)), 200)
    assert due[0] >= 0
    assert all(a <= b for a, b in pairwise(due))


def test_streams_of_a_closed_loop_begin_one_after_another_within_one_request() -> None:
    assert list(at_once(4, 2.0)) == [0.0, 0.5, 1.0, 1.5]


def test_a_trace_is_replayed_as_it_is() -> None:
    recorded = (Arrival(0.0, 10, 5), Arrival(1.5, 20, None))
    shape = Trace(file="a.csv", arrivals=recorded)
    assert tuple(arrivals(shape, 1.0, Random(0))) == recorded


def test_every_shape_has_a_name_of_its_own() -> None:
    shapes: list[Shape] = [
        AtOnce(streams=4),
        Rate(per_s=4),
        Rate(per_s=4, poisson=True),
        Rate(per_s=4, to_per_s=8.5),
        Trace(file="4", arrivals=()),
    ]
    assert [s.name for s in shapes] == [
        "at once 4",
        "rate 4",
        "poisson rate 4",
        "rate 4-8.5",
        "trace 4",
    ]
