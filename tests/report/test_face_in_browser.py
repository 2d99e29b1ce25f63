"""The face-to-face table in a real Chromium: at every width, with every number of candidates."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.report.chromium import NEEDED, Opened
from tests.report.faces import of_many, shown
from tests.report.fixtures import QWEN
from visavis.report.page import page
from visavis.report.view import View, view

pytestmark = NEEDED


def opened(browser: Browser, folder: Path, seen: View, width: int = 1280) -> Opened:
    file = folder / "page.html"
    file.write_text(page(seen), encoding="utf-8")
    return Opened(browser, file, width)


def test_a_measured_figure_leads_to_its_trials(browser: Browser, tmp_path: Path) -> None:
    tab = opened(browser, tmp_path, shown()).tab
    tab.locator("#face [data-sets^='benchmark=humaneval&']").first.click()
    expect(tab.locator("#filters select[name=benchmark]")).to_have_value("humaneval")
    expect(tab.locator("#cases article")).to_have_count(4)
    tab.locator("#face [data-sets^='benchmark=&']").first.click()
    expect(tab.locator("#cases article")).to_have_count(10)
    tab.close()


def test_groups_head_their_rows(browser: Browser, tmp_path: Path) -> None:
    tab = opened(browser, tmp_path, shown()).tab
    table = tab.get_by_role("table", name="Measured, stated and published")
    expect(table.get_by_role("rowheader", name="Practical tests")).to_be_visible()
    row = table.get_by_role("row", name="HumanEval")
    expect(row.get_by_role("cell").first).to_contain_text("✓ shown better")
    expect(row.get_by_role("list", name="Published").first.get_by_role("listitem")).to_have_count(2)
    tab.close()


@pytest.mark.parametrize(("candidates", "width"), [(2, 390), (6, 390), (6, 1280), (6, 1920)])
def test_no_number_of_candidates_makes_it_wider_than_the_screen(
    browser: Browser, tmp_path: Path, candidates: int, width: int
) -> None:
    judgement, run = of_many(candidates)
    tab = opened(browser, tmp_path, view(judgement, run, (), "en"), width).tab
    table = tab.locator("#face table")
    assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth")
    inside = (
        "table => [...table.querySelectorAll('td, th')].every("
        "cell => cell.scrollWidth <= cell.clientWidth + 1)"
    )
    assert table.evaluate(inside)
    tab.close()


def test_on_a_telephone_names_stay_in_sight_and_sources_wait_in_their_folds(
    browser: Browser, tmp_path: Path
) -> None:
    tab = opened(browser, tmp_path, shown(), 390).tab
    table = tab.locator("#face table")
    row = table.get_by_role("row", name="HumanEval").first
    for cell in row.get_by_role("cell").all()[:2]:  # side by side
        expect(cell).to_be_visible()
        assert cell.evaluate("(cell) => cell.clientWidth") < 180
    row.evaluate("(row) => scrollTo(0, row.getBoundingClientRect().top + scrollY - 300)")
    expect(table.get_by_role("columnheader", name=QWEN)).to_be_in_viewport(ratio=1)
    why = tab.get_by_text("contradicted by $0.15 (a list").first
    expect(why).to_be_hidden()
    table.get_by_text("sources: price per million input tokens").click()
    expect(why).to_be_visible()
    tab.close()


def test_on_paper_all_is_unfolded(browser: Browser, tmp_path: Path) -> None:
    tab = opened(browser, tmp_path, shown(), 718).tab
    why = tab.get_by_text("contradicted by $0.15 (a list").first
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(why).to_be_visible()
    head = tab.locator("#face thead")  # a table's head, which paper repeats on each page
    assert head.evaluate("(head) => getComputedStyle(head).display") == "table-header-group"
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    tab.emulate_media(media="screen")
    expect(why).to_be_hidden()
    tab.close()
