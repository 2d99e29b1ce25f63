"""What a workload costs on hardware of one's own."""

from dataclasses import replace
from math import inf

import pytest

from tests.verdict.costs import UNCOUNTED, costed, counted, engine
from visavis.core.candidate import Unknown
from visavis.core.errors import OptionError
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.means import Means, means
from visavis.verdict.hardware import (
    NO_POWER,
    NO_SPEED,
    Curve,
    Hardware,
    Outlay,
    owned,
    stated,
)
from visavis.verdict.workload import MONTH_DAYS, Costed, Counted, Workload

BOX = Hardware(usd=3600, years=3, usd_per_kwh=0.25, watts=400, tokens_per_s=100, load=0.5)
GIVEN = Workload(requests_per_day=1000, input_tokens=2000, output_tokens=500)
FIXED_USD = 3600 / 36 + 0.4 * 24 * MONTH_DAYS * 0.25


def there(one: Costed, workload: Workload = GIVEN, hardware: Hardware = BOX) -> Outlay:
    found = owned(one, workload, hardware)
    assert isinstance(found, Outlay)
    return found


def test_a_machine_costs_its_price_over_its_years_and_its_power() -> None:
    found = there(costed(tokens=counted(is_yardstick=True)))
    assert found.usd_per_month == pytest.approx(FIXED_USD)
    assert found.machines == 1


def test_a_machine_carries_what_it_writes_in_its_hours_at_the_planned_load() -> None:
    found = there(costed(tokens=counted(is_yardstick=True)))
    assert found.curve.requests_per_machine == pytest.approx(100 * 86_400 * 0.5 / 500)
    assert found.busy == pytest.approx(1000 * 500 / (100 * 86_400))
    assert found.usd_per_million_tokens == pytest.approx(
        FIXED_USD / (1000 * MONTH_DAYS * 500) * 1e6
    )


def test_more_than_one_machine_carries_takes_several() -> None:
    found = there(costed(), replace(GIVEN, requests_per_day=20_000))
    assert found.machines == 3
    assert found.usd_per_month == pytest.approx(3 * FIXED_USD)


def test_measured_throughput_and_energy_stand_where_none_is_stated() -> None:
    box = replace(BOX, watts=None, tokens_per_s=None)
    found = there(costed(engine=engine(joules=True)), hardware=box)
    energy = 2.0 * 500 * 1000 * MONTH_DAYS / 3.6e6 * 0.25
    fixed = 100 + 0.04 * 24 * MONTH_DAYS * 0.25
    assert isinstance(found.usd_per_month, Estimate)
    assert found.usd_per_month.value == pytest.approx(fixed + energy)
    assert found.usd_per_month.low < found.usd_per_month.value < found.usd_per_month.high
    assert found.curve.requests_per_machine == pytest.approx(200 * 86_400 * 0.5 / 500)


def test_how_much_more_a_wordier_candidate_needs_has_an_interval() -> None:
    wordy = there(costed(tokens=counted(1.0, 2.0)), replace(GIVEN, requests_per_day=8_000))
    assert wordy.machines == 2
    assert isinstance(wordy.usd_per_month, Estimate)
    assert wordy.usd_per_month.high >= wordy.usd_per_month.value
    assert wordy.usd_per_month.n == 5


def test_tokens_without_spread_leave_no_interval() -> None:
    found = means([[(a, 50.0, a, 50.0)] for a in (3.0, 4.0, 6.0)])
    assert isinstance(found, Means)
    usd = there(costed(tokens=Counted(means=found)), Workload()).usd_per_month
    assert isinstance(usd, TooFew)
    assert usd.mean == pytest.approx(FIXED_USD)


@pytest.mark.parametrize(
    ("one", "hardware", "workload", "because"),
    [
        (costed(), BOX, Workload(), UNCOUNTED),
        (costed(), replace(BOX, tokens_per_s=None), GIVEN, NO_SPEED),
        (costed(), replace(BOX, watts=None), GIVEN, NO_POWER),
        (costed(engine=engine()), replace(BOX, watts=None), GIVEN, NO_POWER),
    ],
)
def test_what_is_neither_measured_nor_stated_is_unknown(
    one: Costed, hardware: Hardware, workload: Workload, because: Unknown
) -> None:
    assert owned(one, workload, hardware) == because


def test_where_nothing_is_written_a_machine_carries_anything() -> None:
    found = there(costed(), replace(GIVEN, output_tokens=0))
    assert found.curve.requests_per_machine == inf
    assert (found.busy, found.usd_per_million_tokens) == (0.0, None)
    assert found.curve.usd(inf) == pytest.approx(FIXED_USD), "without end, and for nothing"


def test_one_machine_stands_there_where_nothing_is_asked() -> None:
    curve = Curve(candidate="a", usd_per_request=0.1, usd_per_machine=5, requests_per_machine=10)
    assert [curve.machines(n) for n in (0, 10, 10.5)] == [1, 1, 2]
    assert curve.usd(0) == 5


@pytest.mark.parametrize("value", [-1, 1.5, "much", True, float("nan"), None])
def test_a_share_is_a_number_from_0_to_1(value: object) -> None:
    with pytest.raises(OptionError, match=r"is no share; give 0\.01 to 1, such as 0\.5"):
        stated("load", value)


def test_what_is_within_bounds_is_taken() -> None:
    assert stated("hours_per_day", 24) == 24.0
