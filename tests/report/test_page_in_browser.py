"""The page in a real Chromium: hostile replies do nothing, filters and keyboard work."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.report.chromium import NEEDED, Opened
from tests.report.fixtures import JUDGEMENT, PASSED, QWEN, RUN, SMOL, WRONG, reply, stored, trial
from tests.report.hostile import hostile
from visavis.report.page import page as html_of
from visavis.report.view import View, view

pytestmark = NEEDED


@pytest.fixture
def opened(browser: Browser, tmp_path: Path, seen: View) -> Iterator[Opened]:
    found = open_(browser, tmp_path, seen)
    yield found
    assert found.misdeeds == []
    found.tab.close()


def open_(browser: Browser, folder: Path, shown: View, width: int = 1280) -> Opened:
    file = folder / "page.html"
    file.write_text(html_of(shown), encoding="utf-8")
    found = Opened(browser, file, width)
    expect(found.tab.locator("#cases:not([aria-busy]) article").first).to_be_visible(timeout=30_000)
    return found


def test_hostile_replies_do_nothing_and_are_shown_as_text(browser: Browser, tmp_path: Path) -> None:
    found = open_(browser, tmp_path, hostile())
    tab = found.tab
    for summary in tab.locator("summary").all():
        summary.click()
    expect(tab.locator("article")).to_have_count(15)
    texts = tab.locator("article").all_inner_texts()
    assert "<script>alert('script')</script>" in texts[0]
    assert "</script><script>alert('closed')</script>" in texts[1]
    assert "[click](javascript:alert('link'))" in texts[4]
    assert "&lt;script&gt;" in texts[8]
    assert (
        tab.locator(
            "article a, article img, article script, article iframe, article svg, article style"
        ).count()
        == 0
    )
    tab.wait_for_timeout(300)
    assert found.misdeeds == []
    assert tab.url == found.url
    tab.close()


def test_unseen_characters_are_seen(browser: Browser, tmp_path: Path) -> None:
    tab = open_(browser, tmp_path, hostile()).tab
    marks = set(tab.locator(".reply .text .unseen").all_inner_texts())
    assert {"U+202E", "U+200B", "U+0000", "U+001B", "U+2028", "U+E0041", "U+D83D"} <= marks
    assert "\u202e" not in tab.locator("#cases").inner_text()
    tab.close()


def test_two_megabytes_on_one_line_are_shown_in_pieces(browser: Browser, tmp_path: Path) -> None:
    tab = open_(browser, tmp_path, hostile()).tab
    last = tab.locator("article").last.locator(".reply").first
    assert len(last.locator("pre").first.inner_text()) == 4000
    last.get_by_role("button", name="Show more (1,996,000 characters left)").click()
    assert len(last.locator("pre").first.inner_text()) == 54_000
    expect(last.get_by_role("button", name="Show more (1,946,000 characters left)")).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") == 1280
    tab.close()


@pytest.mark.parametrize(
    ("label", "cases"),
    [
        ("all 10", 10),
        ("they disagree", 5),
        ("only qwen2.5-coder-0.5b right", 4),
        ("only smollm2-135m right", 1),
        ("both right", 2),
        ("neither right", 1),
        ("failed or ungraded", 2),
        ("unparsed", 1),
    ],
)
def test_a_filter_shows_the_cases_it_counts(opened: Opened, label: str, cases: int) -> None:
    radio = opened.tab.get_by_role("radio", name=label)
    radio.check(force=True)
    expect(opened.tab.locator("article")).to_have_count(cases)
    assert opened.status() == f"{cases} of 10 cases"
    count = opened.tab.locator(f"label:has-text('{label}') .count").first.inner_text()
    assert count == str(cases)


def test_benchmark_and_search_narrow_further(opened: Opened) -> None:
    opened.tab.locator("select").select_option("humaneval")
    expect(opened.tab.locator("article")).to_have_count(4)
    expect(opened.tab.locator("label:has(input[value=all]) .count")).to_have_text("4")
    opened.tab.get_by_role("searchbox").fill("CANNOT help")
    expect(opened.tab.locator("article")).to_have_count(1)
    opened.tab.get_by_role("searchbox").fill("no such words")
    expect(opened.tab.locator("#status")).to_have_text("No case is like this.")


def test_filters_can_be_chosen_by_keyboard_alone(opened: Opened) -> None:
    tab = opened.tab
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    while tab.evaluate("document.activeElement.name") != "kind":
        tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    expect(tab.locator("article")).to_have_count(5)
    assert (
        tab.evaluate("getComputedStyle(document.activeElement.nextElementSibling).outlineStyle")
        == "solid"
    )
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.type("zorks")
    expect(tab.locator("article")).to_have_count(2)


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_screen_has_to_scroll_sideways(
    browser: Browser, tmp_path: Path, seen: View, width: int
) -> None:
    found = open_(browser, tmp_path, seen, width)
    assert found.tab.evaluate("document.documentElement.scrollWidth") == width
    found.tab.close()


@pytest.mark.slow
def test_twenty_thousand_trials_open_and_turn_quickly(browser: Browser, tmp_path: Path) -> None:
    cases = tuple(stored("logic", n) for n in range(10_000))
    trials = [
        trial(name, "logic", n, reply("no " * 50), PASSED if n % 3 else WRONG)
        for n in range(10_000)
        for name in (QWEN, SMOL)
    ]
    found = open_(browser, tmp_path, view(JUDGEMENT, replace(RUN, cases={"logic": cases}), trials))
    tab = found.tab
    expect(tab.locator("article")).to_have_count(20)
    assert (
        tab.evaluate("performance.timing.domInteractive - performance.timing.responseEnd") < 10_000
    )
    tab.get_by_role("button", name="Next").click()
    assert found.shown()[0].startswith("logic/20")
    assert tab.locator("#page").inner_text() == "page 2 of 500"
    tab.locator("label", has_text="neither right").click()
    assert found.status() == "3,334 of 10,000 cases"
    assert found.misdeeds == []
    tab.close()


def test_without_scripts_the_verdict_and_the_table_are_there(
    browser: Browser, tmp_path: Path, seen: View
) -> None:
    file = tmp_path / "page.html"
    file.write_text(html_of(seen), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(file.as_uri())
    expect(tab.get_by_role("table")).to_have_count(3)  # the one by subject is folded
    expect(tab.get_by_text("Transcripts need JavaScript")).to_be_visible()
    expect(tab.locator("#filters")).to_be_hidden()
    context.close()
