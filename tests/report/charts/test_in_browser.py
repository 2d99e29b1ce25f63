"""Charts in a real Chromium: nothing runs over, no mark or label is lost, figures are at hand."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.report.charts.made import KINDS, Kind, made
from tests.report.chromium import NEEDED, Opened
from visavis.report.page import page
from visavis.report.view import view

pytestmark = NEEDED

LONG = Kind("a-provider/of-a-model-with-a-name-of-sixty-characters-or-more-70b", 0.8, 0.001, 0.2)
OUTSIDE = """charts => [...charts.querySelectorAll("svg text, svg path, svg rect, svg line")]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().width)
  .map(one => [one.outerHTML, one.getBoundingClientRect()])
  .filter(([, box]) => box.left < 0 || box.right > document.documentElement.clientWidth)
  .map(([what]) => what)"""
MEETING = """charts => [...charts.querySelectorAll("svg")].flatMap(svg => {
  const boxes = [...svg.querySelectorAll(":scope > text")]
    .map(text => [text.textContent, text.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], n) => boxes.slice(n + 1)
    .filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
    .map(([other]) => `${one} / ${other}`));
})"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    of = made((*KINDS, LONG), 40)
    drawn = page(*(view(of.judgement, of.run, of.trials, lang) for lang in ("en", "fr")))
    path = tmp_path_factory.mktemp("charts") / "page.html"
    path.write_text(drawn, encoding="utf-8")
    return path


def charts(found: Opened) -> Page:
    expect(found.tab.locator("#charts .chart")).to_have_count(5)
    return found.tab


@pytest.mark.parametrize("width", [320, 390, 1280, 1920])
def test_nothing_runs_over_and_no_label_meets_another(
    browser: Browser, file: Path, width: int
) -> None:
    found = Opened(browser, file, width)
    section = charts(found).locator("#charts")
    assert found.tab.evaluate("document.documentElement.scrollWidth") == width
    assert section.evaluate(OUTSIDE) == []
    if width >= 390:
        assert section.evaluate(MEETING) == []
    assert found.misdeeds == []
    found.tab.close()


def test_figures_open_by_keyboard_and_say_what_is_drawn(browser: Browser, file: Path) -> None:
    found = Opened(browser, file)
    price = charts(found).locator("#chart-price")
    price.locator("summary").focus()
    found.tab.keyboard.press("Enter")
    expect(price.get_by_role("row")).to_have_count(1 + 2 * 5)
    expect(price.locator("svg[role=img]")).to_have_count(2)
    named = price.get_by_role("img", name="Quality against price, logic")
    expect(named).to_be_visible()
    expect(named).to_have_accessible_description(re.compile("In front: cheap and middling"))
    found.tab.close()
