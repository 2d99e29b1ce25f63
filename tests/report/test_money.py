"""What candidates cost, in words and as data."""

import json
from dataclasses import replace

import pytest

from tests.report.fixtures import JUDGEMENT, RUN, TRIALS
from tests.verdict.costs import UNCOUNTED, UNLISTED, costed, counted, engine, tariff
from visavis.core.tariff import Rates
from visavis.report.markdown import markdown
from visavis.report.money import MoneyView, money_view, worth_saying
from visavis.report.money_export import as_json, for_script
from visavis.report.money_prices import amount
from visavis.report.page import page
from visavis.report.view import view
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.hardware import Hardware
from visavis.verdict.money import Money
from visavis.verdict.workload import Workload

NB = "\u00a0"
SOLVED = Estimate(value=0.0021, low=0.0017, high=0.0025, n=40, method="m")
BIG = replace(
    costed("big", tariff(2.5, 10.0, cached=1.25, batch=0.5), counted(is_yardstick=True)),
    listed_for="big-2024 at OpenAI",
    per_solved={"logic": SOLVED},
)
SMALL = replace(
    costed("small", tariff(0.15, 0.6), counted(1.1, 1.6)),
    tokens=replace(counted(1.1, 1.6), by="o200k_base, quicktok 0.4.0"),
    per_solved={"logic": TooFew(groups=0, needed=1)},
)
LOCAL = costed("local", UNLISTED, counted(1.2, 0.9), engine(joules=True))
MONEY = Money(
    candidates=(BIG, SMALL, LOCAL),
    workload=Workload(requests_per_day=20_000, input_tokens=400, output_tokens=300),
    hardware=Hardware(usd=2500, watts=300, tokens_per_s=900),
    own=("local",),
)


@pytest.fixture
def seen() -> MoneyView:
    return money_view(MONEY, "en")


def prices(seen: MoneyView) -> dict[str, list[str]]:
    return {row.label: [cell.value for cell in row.cells] for row in seen.prices}


def test_prices_stand_as_the_list_says_them_with_whose_and_of_which_day(seen: MoneyView) -> None:
    shown = prices(seen)
    assert shown["input, per million tokens"] == ["$2.50", "$0.15", "none listed"]
    assert shown["cached input"] == ["$1.25", "$0.15", "none listed"]
    assert shown["input by batch"] == ["$1.25", "none listed", "none listed"]
    assert shown["price list"] == [
        "as big-2024 at OpenAI",
        f"a list, 22{NB}November 2026",
        "unknown: runs on this machine, no price per token",
    ]


def test_a_request_has_a_price_with_its_interval_and_a_thousand_have_one(seen: MoneyView) -> None:
    row = next(row for row in seen.prices if row.label == "price per request")
    assert (row.cells[0].value, row.cells[0].around) == ("$0.00090", "$0.00058 to $0.00139")
    assert row.cells[2].known is False
    assert prices(seen)["price per 1,000 requests"][0] == "$0.90"
    assert prices(seen)["price per solved case (logic)"] == [
        "$0.00210",
        "unknown: too few cases were solved",
        "unknown: runs on this machine, no price per token",
    ]


def test_tokens_say_who_counted_them(seen: MoneyView) -> None:
    row = next(row for row in seen.prices if row.label == "tokens of a request, as measured")
    assert row.cells[0].value == "120 in, 60.0 out"
    assert row.cells[1].around == f"n{NB}={NB}5, counted here by o200k_base, quicktok 0.4.0"
    assert "in those of big." in seen.about[0]
    assert "Where the recording holds no count" in seen.about[1]


def test_throughput_says_under_which_load_and_with_what_energy(seen: MoneyView) -> None:
    row = next(row for row in seen.prices if row.label == "throughput, as measured")
    big, _small, own = row.cells
    assert big.known is False
    assert own.value == f"200{NB}tokens/s"
    assert own.around == (
        f"180 to 220{NB}tokens/s, 4 at once, 40.0{NB}W at rest, 2.00{NB}J a token"
    )
    alone = money_view(Money(candidates=(costed("a", UNLISTED, counted(), engine()),)), "en")
    assert "one request at a time" in alone.prices[-1].cells[0].around


def test_long_prompts_have_rows_of_their_own() -> None:
    long = Rates(above=200_001, input_usd=5.0, output_usd=15.0, cached_usd=5.0)
    one = replace(BIG, tariff=replace(tariff(2.5, 10.0), rates=(*tariff(2.5, 10.0).rates, long)))
    shown = prices(money_view(Money(candidates=(one, SMALL)), "en"))
    assert shown["input, prompts of over 200,000 tokens"] == ["$5.00", "none listed"]
    assert shown["output, after such prompts"] == ["$15.00", "none listed"]


def test_a_month_is_told_by_way_with_machines_and_the_price_of_tokens_written(
    seen: MoneyView,
) -> None:
    assert [row.label for row in seen.month] == [
        "big by its price list",
        "small by its price list",
        "local on your own hardware",
    ]
    big, small, own = ([cell.value for cell in row.cells] for row in seen.month)
    assert big == ["$2,435.00", "$4.00", "$13.33", "–"]
    assert small[:2] == ["$220.96", "$0.36"]
    assert own == ["$124.23", "$0.20", "$0.73", "1, 7.2% busy"]
    assert seen.workload.startswith("20,000 requests a day, a month of 30.44 days")


def test_what_is_cheapest_when_and_where_owning_pays_is_said(seen: MoneyView) -> None:
    assert seen.told[0] == (
        "Cheapest at 20,000 requests a day: local on your own hardware, $124.23 a month."
    )
    assert seen.told[1].startswith("Cheapest up to ")
    assert any("costs no more than big by its price list from" in text for text in seen.told)
    (small,) = (text for text in seen.told if "than small by its price list" in text)
    assert "from 11,245 requests a day on (9,162 to 13,802)" in small


def test_nobody_is_the_cheapest_where_the_tokens_allow_another_to_be() -> None:
    rival = costed("rival", tariff(0.15, 0.57), counted(1.1, 1.6))
    told = money_view(Money(candidates=(BIG, SMALL, rival)), "en").told
    assert told[0].startswith("Cheapest at 1,000 requests a day, as measured: rival by its price")
    assert told[0].endswith("; not shown to cost more: small by its price list.")


def test_a_limit_says_up_to_which_volume_each_way_keeps_within_it() -> None:
    told = money_view(replace(MONEY, limit_usd=100.0), "en").told
    assert told[-3] == "big by its price list: within $100.00 a month up to 821 requests a day."
    assert told[-1] == (
        "local on your own hardware: more than $100.00 a month at any number of requests a day."
    )
    found = json.loads(as_json(replace(MONEY, limit_usd=100.0)))
    volumes = [way["requests_per_day_within_limit"] for way in found["ways"]]
    assert volumes[0] == pytest.approx(821.4, abs=0.1)
    assert volumes[2] is None


def test_owning_that_never_pays_says_why() -> None:
    slow = replace(MONEY, hardware=Hardware(usd=9e6, watts=300, tokens_per_s=1))
    told = money_view(slow, "en").told
    assert any("local on your own hardware never costs less than small" in text for text in told)
    assert told[1] == "Cheapest at any number of requests a day: small by its price list."


def test_many_turns_are_summed_up() -> None:
    tight = replace(MONEY, hardware=Hardware(usd=3600, watts=0, tokens_per_s=60, load=1.0))
    told = money_view(tight, "en").told
    assert len(told) <= 8


def test_without_prices_or_hardware_the_section_is_not_worth_saying() -> None:
    nothing = Money(candidates=(costed(),))
    assert not worth_saying(nothing)
    assert worth_saying(MONEY)
    assert "What a month costs" not in page(view(JUDGEMENT, RUN, TRIALS, "en"))
    seen = money_view(nothing, "en")
    assert seen.told == ()
    assert seen.about == (
        "Nobody counted the tokens of a: those of the workload are taken as they are.",
    )
    assert seen.month[0].cells[0].value == "unknown: runs on this machine, no price per token"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_amounts_show_what_they_rest_on(lang: str) -> None:
    assert amount(UNCOUNTED, "en").value == "unknown: nobody counted its tokens"
    assert amount(12.5, "en").value == "$12.50"
    few = amount(TooFew(groups=3, needed=4, mean=1.0, n=3), "en")
    assert (few.value, few.around) == ("$1.00", "no spread to judge by")
    assert amount(12.5, "fr").value == f"12,50{NB}$US"


def test_markdown_has_the_prices_and_a_month() -> None:
    seen = view(JUDGEMENT, RUN, TRIALS, "en")
    text = markdown(replace(seen, money=money_view(MONEY, "en")))
    assert "## Money" in text
    assert "| input, per million tokens | \\$2.50 | \\$0.15 | none listed |" in text
    assert "| local on your own hardware | \\$124.23 |" in text
    assert "## Money" not in markdown(seen)


def test_as_data_everything_is_there_and_what_is_unknown_is_null() -> None:
    found = json.loads(as_json(MONEY))
    assert found["tokens_of"] == "big"
    assert found["workload"]["requests_per_day"] == 20_000
    assert found["candidates"][2]["price_list"] is None
    assert found["candidates"][1]["usd_per_solved_case"]["logic"]["value"] is None
    assert found["ways"][2]["machines"] == 1
    assert {one["hosted"] for one in found["break_even"]} == {"big", "small"}
    assert found["cheapest"][0]["start"] == 0
    nobody = json.loads(as_json(Money(candidates=(costed(),))))
    assert nobody["ways"][0]["unknown_because"] == UNLISTED.because
    assert nobody["hardware"] is None
    assert nobody["candidates"][0]["tokens"] is None
    listed = json.loads(as_json(Money(candidates=(BIG,))))
    assert listed["cheapest"][0]["end"] is None
    assert listed["ways"][0]["requests_per_day_per_machine"] is None


def test_the_script_gets_what_it_reckons_with_and_no_more() -> None:
    big, small, own = for_script(MONEY)["candidates"]
    assert big["rates"] == [[0, 2.5, 10.0, 1.25]]
    assert (small["batch"], own["rates"]) == (None, None)
    assert own["engine"]["tokens_per_s"] == (180.0, 200.0, 220.0)
    assert for_script(Money(candidates=(costed(),)))["candidates"][0]["tokens"] is None
