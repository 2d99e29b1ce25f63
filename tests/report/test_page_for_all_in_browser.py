"""The page for everyone: in either language, by keyboard alone, on any screen, light or dark.

What a checker can see of WCAG 2.2 AA is checked by axe-core.
"""

import os
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.report.chromium import NEEDED, Opened
from tests.report.everything import everything
from tests.report.screenshots import THEMES, WIDTHS, Theme, pictures
from visavis.options import Language
from visavis.report.page import LANGUAGES

pytestmark = NEEDED

AXE = resources.files("axe_playwright_python") / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex='0']"
SEEN = """(element) => {
  const box = element.getBoundingClientRect();
  const drawn = element.matches("fieldset input") ? element.nextElementSibling : element;
  const style = getComputedStyle(drawn);
  const on = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12));
  return {
    marked: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2,
    covered: !(on && (element.contains(on) || on.contains(element))),
  };
}"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("page")
    return everything(made / "everything").save_html(made / "page.html")


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Opened]:
    found = Opened(browser, file)
    yield found
    assert found.misdeeds == []
    found.tab.close()


def switch(tab: Page, lang: Language) -> Locator:
    return tab.locator(f".languages [data-lang={lang}]")


@pytest.mark.parametrize(
    ("lang", "theme", "width"),
    [
        ("en", "light", 1280),
        ("fr", "dark", 390),
        pytest.param("en", "dark", 1920, marks=pytest.mark.slow),
        pytest.param("fr", "light", 700, marks=pytest.mark.slow),
    ],
)
def test_a_checker_finds_nothing_amiss(
    browser: Browser, file: Path, lang: Language, theme: Theme, width: int
) -> None:
    found = Opened(browser, file, width)
    tab = found.tab
    tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
    switch(tab, lang).click()
    tab.get_by_role("searchbox").fill("0 + 1")  # of many cases alike, a few are enough
    expect(tab.locator("article")).to_have_count(10)
    tab.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    told: list[dict[str, Any]] = tab.evaluate(
        "async (of) => (await axe.run({ runOnly: of, resultTypes: ['violations'] })).violations",
        STANDARD,
    )
    amiss = [(one["id"], [node["html"][:120] for node in one["nodes"]][:5]) for one in told]
    assert amiss == []
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    tab.close()


def test_the_switch_turns_the_whole_page_and_keeps_the_focus(opened: Opened) -> None:
    tab = opened.tab
    assert tab.title() == "gpt-4o vs. gpt-4o-mini vs. qwen2.5-coder-0.5b"
    switch(tab, "fr").focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.documentElement.lang") == "fr"
    expect(tab.locator("main")).to_contain_text("D’où cela vient")
    expect(tab.locator("main")).not_to_contain_text("Where this comes from")
    expect(switch(tab, "fr")).to_be_focused()
    expect(switch(tab, "fr")).to_have_attribute("aria-pressed", "true")
    assert tab.title() == "gpt-4o contre gpt-4o-mini contre qwen2.5-coder-0.5b"
    assert tab.evaluate("location.hash") == "#fr"
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.documentElement.lang") == "en"
    assert tab.url == opened.url


def test_the_language_outlasts_a_reload_and_a_link_within_the_page(opened: Opened) -> None:
    tab = opened.tab
    switch(tab, "fr").click()
    tab.locator(".contents a[href='#source']").click()
    expect(tab.locator(".contents [aria-current]")).to_have_attribute("href", "#source")
    assert tab.evaluate("location.hash") == "#fr/source"
    tab.reload()
    assert tab.evaluate("document.documentElement.lang") == "fr"
    expect(tab.locator("#source")).to_be_in_viewport()
    assert opened.misdeeds.pop() == opened.url  # the reload itself


def test_what_a_reader_set_in_one_language_holds_in_the_other(opened: Opened) -> None:
    tab = opened.tab
    tab.get_by_role("searchbox").fill("47 + 1")
    tab.locator("#choose summary").first.click()
    switch(tab, "fr").click()
    expect(tab.get_by_role("searchbox")).to_have_value("47 + 1")
    expect(tab.locator("article")).to_have_count(2)
    assert tab.locator("#choose details").first.evaluate("(fold) => fold.open")
    tab.get_by_role("searchbox").fill("")
    switch(tab, "en").click()
    expect(tab.get_by_role("searchbox")).to_have_value("")
    expect(tab.locator("article")).to_have_count(20)


def test_a_switch_at_once_loses_nothing(opened: Opened) -> None:
    tab = opened.tab
    tab.locator("#transcripts [value=disagree]").evaluate(
        """(radio) => {
          radio.click();
          document.querySelector(".languages [data-lang=fr]").click();
        }"""
    )
    expect(tab.locator("#status")).to_have_text(re.compile(r"^\d+ cas sur 96$"))
    assert tab.locator("article").count() > 0
    expect(tab.locator("#transcripts [value=disagree]")).to_be_checked()


def test_the_place_being_read_stays_where_it_is(opened: Opened) -> None:
    tab = opened.tab
    tab.emulate_media(reduced_motion="reduce")
    tab.locator("#facts, #face").first.evaluate("(one) => one.scrollIntoView()")
    place = "document.querySelector('#facts, #face').getBoundingClientRect().top"
    before = tab.evaluate(place)
    switch(tab, "fr").evaluate("(button) => button.click()")
    assert tab.evaluate(place) == pytest.approx(before, abs=1.5)


@pytest.mark.parametrize("lang", ["en", pytest.param("fr", marks=pytest.mark.slow)])
def test_every_control_is_reached_by_tab_alone_and_seen_when_it_is(
    opened: Opened, lang: Language
) -> None:
    tab = opened.tab
    tab.emulate_media(reduced_motion="reduce")
    tab.set_viewport_size({"width": 700, "height": 800})
    switch(tab, lang).click()
    tab.evaluate(
        """(focusable) => {
          const live = document.querySelector(".view");
          window.wanted = [...live.querySelectorAll(focusable)].filter((one) => one.tabIndex >= 0
            && !one.disabled && one.checkVisibility({ contentVisibilityAuto: false })
            && !(one.type === "radio" && !one.checked));
          document.activeElement.blur();
          getSelection().removeAllRanges();
          scrollTo(0, 0);
        }""",
        FOCUSABLE,
    )
    tab.locator("body").evaluate("(body) => { body.tabIndex = -1; body.focus(); }")
    wanted = tab.evaluate("wanted.length")
    for number in range(wanted):
        tab.keyboard.press("Tab")
        place = tab.evaluate("wanted.indexOf(document.activeElement)")
        html = tab.evaluate("document.activeElement.outerHTML.slice(0, 150)")
        assert place == number, html
        seen = tab.evaluate(f"({SEEN})(document.activeElement)")
        assert seen == {"marked": True, "covered": False}, html


def test_nothing_moves_for_those_who_want_no_motion(opened: Opened) -> None:
    tab = opened.tab
    tab.emulate_media(reduced_motion="reduce")
    moving = tab.evaluate(
        """[...document.querySelectorAll("*")].filter((one) => {
          const style = getComputedStyle(one);
          return style.scrollBehavior === "smooth" || style.animationName !== "none"
            || style.transitionDuration.split(",").some((time) => parseFloat(time) > 0);
        }).map((one) => one.outerHTML.slice(0, 100))"""
    )
    assert moving == []


def test_without_scripts_the_first_language_is_there_whole(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(file.as_uri())
    for section in tab.locator("main > section").all():
        expect(section).to_be_visible()
    expect(tab.locator(".languages")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_choice_leads_to_its_weights_and_a_weight_to_its_figures(
    opened: Opened, lang: Language
) -> None:
    tab = opened.tab
    tab.emulate_media(reduced_motion="reduce")
    switch(tab, lang).click()
    choices = tab.locator("#choose .uses a.trace")
    for use in (3, 0):
        choices.nth(use).focus()
        tab.keyboard.press("Enter")
        expect(tab.locator("#choose [name=use]")).to_have_value(str(use))
        expect(tab.locator("#choose .policy .outcome")).to_be_in_viewport()
        verdict = choices.nth(use).locator("xpath=ancestor::td").locator("p").first
        told = verdict.evaluate("(p) => p.firstChild.data")
        expect(tab.locator("#choose .said")).to_have_text(told)
    tab.locator("#choose .weight a.trace").first.click()
    row = tab.locator("#face tr:target")
    expect(row).to_be_in_viewport()
    assert row.locator("a[data-sets]").count() > 0


def test_on_paper_there_are_neither_links_nor_controls(opened: Opened) -> None:
    tab = opened.tab
    tab.emulate_media(media="print")
    for what in (".contents", ".languages", ".skip"):
        expect(tab.locator(what)).to_be_hidden()
    expect(tab.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.slow
def test_pictures_of_the_page_are_kept_for_a_person_to_look_at(
    browser: Browser, file: Path, tmp_path: Path
) -> None:
    """In the folder that `VISAVIS_SCREENSHOTS` names, where it does."""
    folder = Path(os.environ.get("VISAVIS_SCREENSHOTS", tmp_path))
    written = pictures(browser, file, folder)
    assert len(written) == len(WIDTHS) * len(THEMES) * len(LANGUAGES)
    assert all(one.read_bytes().startswith(b"\x89PNG") for one in written)
