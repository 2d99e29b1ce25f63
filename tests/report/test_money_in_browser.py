"""The calculator in a real Chromium: it says what the program says, in both languages."""

import random
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.report.chromium import NEEDED, Opened
from tests.report.fixtures import JUDGEMENT, RUN, TRIALS
from tests.report.test_money import BIG, LOCAL, MONEY, SMALL
from tests.verdict.costs import costed, tariff
from visavis.core.tariff import Rates
from visavis.options import Language
from visavis.report.money import MoneyView, money_view
from visavis.report.money_form import SHARES
from visavis.report.page import LANGUAGES
from visavis.report.page import page as html_of
from visavis.report.view import view
from visavis.verdict.hardware import Hardware
from visavis.verdict.money import Money
from visavis.verdict.workload import Workload

pytestmark = NEEDED

LONG = Rates(above=5001, input_usd=5.0, output_usd=15.0, cached_usd=2.5)
TIERED = replace(
    BIG, tariff=replace(tariff(2.5, 10.0, cached=1.25, batch=0.5), rates=(
        *tariff(2.5, 10.0, cached=1.25).rates, LONG,
    ))
)  # fmt: skip
UNCOUNTED = costed("uncounted", tariff(0.4, 1.1))
CANDIDATES = (TIERED, SMALL, LOCAL, UNCOUNTED)
START = replace(MONEY, candidates=CANDIDATES)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One page in both languages."""
    english, french = (
        replace(view(JUDGEMENT, RUN, TRIALS, lang), money=money_view(START, lang))
        for lang in LANGUAGES
    )
    made = tmp_path_factory.mktemp("money") / "page.html"
    made.write_text(html_of(english, french), encoding="utf-8")
    return made


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Opened]:
    found = Opened(browser, file)
    yield found
    assert found.misdeeds == []
    found.tab.close()


def drawn(seed: int) -> Money:
    """A workload and hardware that a reader may think of."""
    rng = random.Random(seed)

    def maybe(value: float) -> float | None:
        return None if rng.random() < 0.25 else value

    def spread(low: float, high: float) -> float:
        return float(f"{low * (high / low) ** rng.random():.3g}")

    workload = Workload(
        requests_per_day=spread(1, 1e6),
        input_tokens=maybe(spread(10, 20_000)),
        output_tokens=maybe(spread(1, 5000)),
        cached_share=round(rng.random(), 2),
        batch_share=round(rng.random(), 2),
    )
    hardware = Hardware(
        usd=spread(200, 50_000),
        years=rng.choice([1, 2.5, 5]),
        usd_per_kwh=spread(0.05, 0.6),
        hours_per_day=rng.choice([8, 12.5, 24]),
        load=rng.choice([0.1, 0.5, 1.0]),
        watts=maybe(spread(20, 2000)),
        tokens_per_s=maybe(spread(5, 20_000)),
    )
    names = [one.candidate for one in CANDIDATES]
    own = tuple(name for name in names if rng.random() < 0.5)
    stated = hardware if rng.random() < 0.85 else None
    limit = maybe(spread(1, 1e5))
    return replace(START, workload=workload, hardware=stated, own=own, limit_usd=limit)


def set_to(tab: Page, money: Money) -> None:
    """As a reader would fill the fields; all at once, for the sake of time."""
    hardware = money.hardware or Hardware(usd=0)
    values: dict[str, Any] = {}
    for noun in (money.workload, hardware):
        for one in fields(noun):
            value = getattr(noun, one.name)
            scale = 100 if one.name in SHARES else 1
            values[one.name] = "" if value is None else f"{scale * value:.12g}"
    if money.hardware is None:
        values["usd"] = ""
    values["limit_usd"] = "" if money.limit_usd is None else f"{money.limit_usd:.12g}"
    own = [str(at) for at, one in enumerate(CANDIDATES) if one.candidate in money.own]
    tab.evaluate(
        """([values, own]) => {
          const form = document.querySelector("#money-form");
          for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
          for (const box of form.elements.own) box.checked = own.includes(box.value);
          form.elements.usd.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        [values, own],
    )


def read(tab: Page) -> tuple[list[list[str]], list[str]]:
    """The table of the month, cell by cell, and what is told."""
    rows, told = tab.evaluate(
        """() => {
          const money = document.querySelector("#money");
          const parts = (cell) => [...cell.children].map((part) => part.textContent).join("|");
          const rows = [...money.querySelectorAll("#money-month tbody tr")].map((row) =>
            [row.cells[0].textContent, ...[...row.cells].slice(1).map(parts)]);
          const told = [...money.querySelectorAll("#money-told li")].map((li) => li.textContent);
          return [rows, [money.querySelector("#money-status").textContent, ...told]];
        }"""
    )
    return rows, told


def expected(seen: MoneyView) -> tuple[list[list[str]], list[str]]:
    rows = [
        [row.label, *("|".join(filter(None, (c.value, c.around))) for c in row.cells)]
        for row in seen.month
    ]
    return rows, list(seen.told) or [""]


@pytest.mark.parametrize(("lang", "workloads"), [("en", 50), ("fr", 10)])
def test_page_and_program_say_the_same_of_any_workload(
    opened: Opened, lang: Language, workloads: int
) -> None:
    tab = opened.tab
    if lang == "fr":
        tab.locator("[data-lang=fr]").click()
    for seed in range(workloads):
        money = drawn(seed)
        set_to(tab, money)
        rows, told = read(tab)
        wanted_rows, wanted_told = expected(money_view(money, lang))
        assert rows == wanted_rows, f"workload {seed}"
        assert told == wanted_told, f"workload {seed}"


def test_it_begins_with_what_the_program_printed(opened: Opened) -> None:
    assert read(opened.tab) == expected(money_view(START, "en"))


def test_a_field_that_holds_no_number_is_named_and_nothing_else_changes(opened: Opened) -> None:
    tab = opened.tab
    before = read(tab)[0]
    tab.locator("#money-batch-share").fill("120")
    expect(tab.locator("#money-batch-share")).to_have_attribute("aria-invalid", "true")
    expect(tab.locator("#money-status")).to_have_text(
        "of the requests by batch, %: write a number from 0 to 100."
    )
    assert read(tab)[0] == before
    tab.locator("#money-batch-share").fill("0")
    expect(tab.locator("#money-status")).to_contain_text("Cheapest at 20,000")
    tab.locator("#money-years").fill("")
    expect(tab.locator("#money-status")).to_contain_text("years for which it is used: write")


def test_by_keyboard_alone_a_volume_is_set_and_hardware_given_up(opened: Opened) -> None:
    tab = opened.tab
    tab.locator("#money-requests-per-day").focus()
    tab.keyboard.press("ControlOrMeta+a")
    tab.keyboard.type("50")
    expect(tab.locator("#money-status")).to_contain_text("Cheapest at 50 requests a day")
    box = tab.locator("#money-own-2")
    box.focus()
    tab.keyboard.press("Space")
    assert not box.is_checked()
    expect(tab.locator("#money-month tbody th").nth(2)).to_have_text("local by its price list")


def test_what_a_reader_set_outlasts_a_switch_of_language(opened: Opened) -> None:
    tab = opened.tab
    tab.locator("#money-requests-per-day").fill("321")
    tab.locator("[data-lang=fr]").click()
    assert tab.locator("#money-requests-per-day").input_value() == "321"
    money = replace(START, workload=replace(START.workload, requests_per_day=321))
    assert read(tab) == expected(money_view(money, "fr"))


def test_the_chart_has_a_line_for_each_way_and_takes_a_volume_by_a_click(opened: Opened) -> None:
    chart = opened.tab.locator("#money-chart")
    expect(chart.locator("polyline")).to_have_count(4)
    expect(chart.locator("polyline.owned")).to_have_count(1)
    expect(chart.locator("svg[role=img]")).to_have_attribute(
        "aria-label", "USD a month against requests a day"
    )
    chart.locator("svg[role=img]").click(position={"x": 100, "y": 100})
    asked = float(opened.tab.locator("#money-requests-per-day").input_value())
    assert asked < 100
    expect(opened.tab.locator("#money-status")).to_contain_text("Cheapest at ")
