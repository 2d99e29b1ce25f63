"""Ways side by side: where owning pays, and which is the cheapest at which volume."""

from dataclasses import replace
from itertools import pairwise
from math import inf

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.verdict.costs import UNLISTED, costed, counted, engine, tariff
from visavis.core.candidate import Unknown
from visavis.verdict.hardware import Curve, Hardware, Outlay
from visavis.verdict.money import (
    MOST_MACHINES,
    Money,
    break_even,
    by_list,
    cheapest,
    monthly,
    volume_within,
)
from visavis.verdict.workload import MONTH_DAYS, Workload

BOX = Hardware(usd=3600, watts=400, tokens_per_s=100)
GIVEN = Workload(requests_per_day=1000, input_tokens=2000, output_tokens=500)


def listed(usd: float, candidate: str = "listed") -> Curve:
    return Curve(candidate=candidate, usd_per_request=usd)


def own(standing: float, most: float, each: float = 0.0, candidate: str = "own") -> Curve:
    return Curve(
        candidate=candidate,
        owned=True,
        usd_per_request=each,
        usd_per_machine=standing,
        requests_per_machine=most,
    )


def test_owning_pays_from_where_the_list_has_cost_as_much_as_the_machine() -> None:
    found = break_even(own(MONTH_DAYS * 10, most=1e6), listed(0.01))
    assert found.first == pytest.approx(1000)
    assert found.for_good == pytest.approx(1000)


def test_each_further_machine_has_to_pay_too() -> None:
    # From 4,000 requests a day on a machine pays, and it carries 6,000: the second pays from 8,000
    # on, and carries 12,000, which is where the third does.
    found = break_even(own(MONTH_DAYS * 40, most=6000), listed(0.01))
    assert found.first == pytest.approx(4000)
    assert found.for_good == pytest.approx(8000)


@pytest.mark.parametrize(
    "machine",
    [own(MONTH_DAYS * 40, most=3999), own(MONTH_DAYS * 40, most=inf, each=0.01)],
)
def test_owning_never_pays_where_capacity_or_energy_does_not_allow_it(machine: Curve) -> None:
    found = break_even(machine, listed(0.01))
    assert (found.first, found.for_good) == (None, None)


def test_a_machine_that_pays_just_when_it_is_full_pays_there_alone() -> None:
    found = break_even(own(MONTH_DAYS * 40, most=4000), listed(0.01))
    assert found.first == pytest.approx(4000)
    assert found.for_good is None


def test_what_a_request_costs_at_least_and_at_most_moves_the_break_even() -> None:
    known = replace(listed(0.01), usd_per_request_ends=(0.005, 0.02))
    found = break_even(own(MONTH_DAYS * 40, most=6000), known)
    assert found.low == pytest.approx(2000)
    assert found.first == pytest.approx(4000)
    assert found.high is None


def test_a_machine_without_limit_pays_for_good() -> None:
    assert break_even(own(MONTH_DAYS * 40, most=inf), listed(0.01)).for_good == pytest.approx(4000)


@settings(deadline=None)
@given(
    standing=st.floats(1, 1000),
    most=st.floats(50, 50_000),
    each=st.floats(0, 0.01),
    usd=st.floats(0.0001, 0.02),
    part=st.floats(0.01, 40),
)
def test_a_break_even_says_what_the_bills_say(
    standing: float, most: float, each: float, usd: float, part: float
) -> None:
    mine, theirs = own(standing, most, each), listed(usd)
    found, asked = break_even(mine, theirs), part * most
    assume(all(abs(asked / edge % 1 - 0.5) < 0.499 for edge in (most, found.first or most)))
    pays = mine.usd(asked) <= theirs.usd(asked)
    if found.first is None or asked < found.first:
        assert not pays
    elif found.for_good is not None and asked > found.for_good:
        assert pays


@settings(deadline=None)
@given(
    hosted=st.lists(st.floats(0.0001, 0.02), min_size=0, max_size=3),
    owning=st.lists(
        st.tuples(st.floats(1, 500), st.floats(50, 5000), st.floats(0, 0.01)),
        min_size=0,
        max_size=2,
    ),
    part=st.floats(0.0, 1.0),
)
def test_the_cheapest_of_a_stretch_is_the_cheapest_anywhere_in_it(
    hosted: list[float], owning: list[tuple[float, float, float]], part: float
) -> None:
    curves = [listed(usd, f"h{n}") for n, usd in enumerate(hosted)]
    curves += [own(*figures, candidate=f"o{n}") for n, figures in enumerate(owning)]
    assume(curves)
    found = cheapest(curves)
    assert found[0].start == 0
    assert all(a.end == b.start for a, b in pairwise(found))
    for stretch in found:
        end = stretch.end if stretch.end < inf else 2 * stretch.start + 1
        asked = stretch.start + (0.001 + 0.998 * part) * (end - stretch.start)
        bill = min(curve.usd(asked) for curve in curves)
        for best in stretch.curves:
            assert best.usd(asked) == pytest.approx(bill, rel=1e-6)


@settings(deadline=None)
@given(
    standing=st.floats(1, 500),
    most=st.floats(50, 5000),
    each=st.floats(0, 0.01),
    limit=st.floats(0, 20_000),
)
def test_a_limit_is_kept_up_to_its_volume_and_not_beyond(
    standing: float, most: float, each: float, limit: float
) -> None:
    curve = own(standing, most, each)
    found = volume_within(curve, limit)
    if found is None:
        assert curve.usd(0) > limit
        return
    assert curve.usd(found * (1 - 1e-9)) <= limit * (1 + 1e-6)
    if found < MOST_MACHINES * most:
        assert curve.usd(found * (1 + 1e-6) + 1e-6) >= limit * (1 - 1e-6)


def test_a_price_list_keeps_within_a_limit_up_to_what_it_buys() -> None:
    assert volume_within(listed(0.01), 365.25 / 12) == pytest.approx(100)
    assert volume_within(own(40, most=inf), 50) == inf


def test_of_price_lists_alone_one_is_the_cheapest_at_any_volume() -> None:
    cheap = listed(0.01, "cheap")
    (only,) = cheapest([listed(0.02, "dear"), cheap])
    assert (only.curves, only.start, only.end) == ((cheap,), 0.0, inf)
    assert cheapest([]) == ()


def test_a_machine_takes_over_and_loses_again_until_it_pays_for_good() -> None:
    found = cheapest([listed(0.01), own(MONTH_DAYS * 40, most=6000)])
    assert [(one.curves[0].candidate, round(one.start)) for one in found] == [
        ("listed", 0),
        ("own", 4000),
        ("listed", 6000),
        ("own", 8000),
    ]


def test_machines_of_two_candidates_that_cost_the_same_are_both_the_cheapest() -> None:
    two = [own(40, most=6000, candidate="a"), own(40, most=8000, candidate="b")]
    first, second, *_others = cheapest(two)
    assert [curve.candidate for curve in first.curves] == ["a", "b"]
    assert (second.start, [curve.candidate for curve in second.curves]) == (6000, ["b"])


def test_a_candidate_can_be_had_by_its_list_and_on_own_hardware() -> None:
    one = costed("a", tariff(1, 2), counted(is_yardstick=True))
    local = costed("b", UNLISTED, counted(1.1), engine())
    money = Money(
        candidates=(one, local),
        workload=GIVEN,
        hardware=BOX,
        own=("a", "b"),
    )
    assert [(way.candidate, way.owned) for way in money.ways()] == [
        ("a", False),
        ("a", True),
        ("b", True),
    ]
    assert money.yardstick == "a"
    assert all(isinstance(way.outlay, Outlay) for way in money.ways())


def test_without_hardware_a_local_candidate_has_no_price() -> None:
    local = costed("b", UNLISTED, counted(is_yardstick=True), engine())
    (way,) = Money(candidates=(local,), workload=GIVEN, own=("b",)).ways()
    assert (way.outlay, way.owned) == (UNLISTED, False)
    assert Money(candidates=(costed(),)).yardstick is None


def test_tokens_that_nobody_counted_leave_the_bill_unknown() -> None:
    found = by_list(costed(price=tariff(1, 2)), Workload())
    assert isinstance(found, Unknown)


def test_a_month_is_of_the_list_else_of_the_hardware() -> None:
    one = costed("a", tariff(1, 2), counted(is_yardstick=True))
    local = costed("b", UNLISTED, counted(1.1), engine())
    assert monthly(one, GIVEN, BOX) == pytest.approx(0.003 * 1000 * MONTH_DAYS)
    assert monthly(local, GIVEN, None) == UNLISTED
    assert monthly(local, GIVEN, BOX) == pytest.approx(100 + 0.4 * 24 * MONTH_DAYS * 0.25)
    assert isinstance(monthly(local, GIVEN, replace(BOX, watts=None)), Unknown)
