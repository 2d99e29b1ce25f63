"""What a workload costs by a price list."""

from dataclasses import replace

import pytest

from tests.verdict.costs import UNCOUNTED, UNLISTED, costed, counted, tariff
from visavis.core.tariff import Rates
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.means import Means, means
from visavis.verdict.workload import (
    MONTH_DAYS,
    Counted,
    Workload,
    ends,
    per_million_written,
    per_month,
    per_request,
    times,
    used,
    written,
)

MINI = tariff(0.15, 0.60, cached=0.075, batch=0.5)
GIVEN = Workload(requests_per_day=1000, input_tokens=2000, output_tokens=500)


def test_a_workload_in_the_yardsticks_tokens_is_exact_for_the_yardstick() -> None:
    one = costed(price=MINI, tokens=counted(is_yardstick=True))
    assert per_request(one, GIVEN) == pytest.approx((2000 * 0.15 + 500 * 0.60) / 1e6)
    assert per_month(one, GIVEN) == pytest.approx(0.0006 * 1000 * 365.25 / 12)


def test_the_articles_reseller_asks_three_to_five_tenths_more_than_the_list() -> None:
    one = costed(price=tariff(0.195, 0.9), tokens=counted(is_yardstick=True))
    listed = replace(one, tariff=MINI)
    assert per_month(one, GIVEN) == pytest.approx(25.57, abs=0.01)
    assert per_month(listed, GIVEN) == pytest.approx(18.26, abs=0.01)


def test_another_tokenizer_makes_the_same_texts_as_much_dearer_as_it_takes_more_tokens() -> None:
    one = costed(price=MINI, tokens=counted(1.2, 1.5))
    assert used(one, GIVEN) == pytest.approx((2000 * 1.2, 500 * 1.5), rel=0.05)
    price = per_request(one, GIVEN)
    assert isinstance(price, Estimate)
    assert price.low < price.value < price.high
    assert "Student's t" in price.method


def test_without_tokens_a_workload_is_what_the_run_itself_took() -> None:
    one = costed(price=MINI, tokens=counted(is_yardstick=True))
    assert used(one, Workload()) == (120.0, 60.0)
    price = per_request(one, Workload())
    assert isinstance(price, Estimate)
    assert price.value == pytest.approx((120 * 0.15 + 60 * 0.60) / 1e6)


def test_what_is_stated_is_exact_and_what_is_measured_is_not() -> None:
    one = costed(price=MINI, tokens=counted(is_yardstick=True))
    half = Workload(input_tokens=2000)
    price = per_request(one, half)
    assert isinstance(price, Estimate)
    assert price.value == pytest.approx((2000 * 0.15 + 60 * 0.60) / 1e6)
    made = written(one, replace(half, output_tokens=500))
    assert made == 500


def test_tokens_that_nobody_counted_are_taken_as_they_are_given() -> None:
    one = costed(price=MINI)
    assert per_request(one, GIVEN) == pytest.approx(0.0006)
    assert per_request(one, Workload(input_tokens=2000)) == UNCOUNTED
    assert written(one, Workload()) == UNCOUNTED


def test_without_a_price_list_there_is_no_price() -> None:
    one = costed(tokens=counted(is_yardstick=True))
    assert per_request(one, GIVEN) == UNLISTED
    assert per_month(one, GIVEN) == UNLISTED


def test_cached_input_and_batches_cost_what_the_list_says_of_them() -> None:
    one = costed(price=MINI, tokens=counted(is_yardstick=True))
    cached = replace(GIVEN, cached_share=0.5)
    assert per_request(one, cached) == pytest.approx((1000 * 0.15 + 1000 * 0.075 + 300) / 1e6)
    batched = replace(GIVEN, batch_share=0.25)
    assert per_request(one, batched) == pytest.approx(0.75 * 0.0006 + 0.25 * 0.0003)


def test_batches_without_a_price_of_their_own_cost_as_other_requests() -> None:
    one = costed(price=tariff(0.15, 0.60), tokens=counted(is_yardstick=True))
    assert per_request(one, replace(GIVEN, batch_share=1.0)) == pytest.approx(0.0006)


def test_a_long_prompt_pays_the_rates_of_long_prompts_and_those_by_batch_too() -> None:
    long = Rates(above=1001, input_usd=0.30, output_usd=1.20, cached_usd=0.15)
    one = costed(price=replace(MINI, rates=(*MINI.rates, long)), tokens=counted(is_yardstick=True))
    for share in (0.0, 1.0):
        price = per_request(one, replace(GIVEN, batch_share=share))
        assert price == pytest.approx(0.0012)


def test_what_is_free_costs_nothing_exactly() -> None:
    one = costed(price=tariff(0.0, 0.0), tokens=counted(2.0))
    assert per_request(one, GIVEN) == 0.0


def test_the_same_tokens_as_the_yardsticks_show_no_spread() -> None:
    rows = [[(a, 5.0, a, 5.0)] for a in (3.0, 4.0, 6.0)]
    found = means(rows)
    assert isinstance(found, Means)
    price = per_request(costed(price=MINI, tokens=Counted(means=found)), GIVEN)
    assert isinstance(price, TooFew)
    assert price.mean == pytest.approx(0.0006)
    assert ends(price) == pytest.approx((0.0006, 0.0006, 0.0006))
    assert times(price, 2.0) == replace(price, mean=price.mean and price.mean * 2)


def test_amounts_are_multiplied_with_their_intervals() -> None:
    known = Estimate(value=2.0, low=1.0, high=4.0, n=9, method="m")
    assert ends(times(known, 3.0)) == (3.0, 6.0, 12.0)
    assert times(2.0, 3.0) == 6.0
    unmeasured = TooFew(groups=0, needed=2)
    assert times(unmeasured, 3.0) == unmeasured


def test_a_million_tokens_written_has_no_price_where_none_is_written() -> None:
    assert per_million_written(10.0, 0.0, GIVEN) is None
    found = per_million_written(10.0, 500.0, GIVEN)
    assert found == pytest.approx(10.0 / (1000 * MONTH_DAYS * 500) * 1e6)
