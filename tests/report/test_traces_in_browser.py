"""From every figure to its trials, in a real Chromium: bars, dots, gaps and cells."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.report.charts.made import KINDS, made
from tests.report.chromium import NEEDED, Opened
from visavis.options import Language
from visavis.report.page import page
from visavis.report.transcripts_beside import Beside
from visavis.report.view import view

pytestmark = NEEDED

CASES = 40


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Pages of two and of three candidates; those of three lie beside their page."""
    folder, languages = tmp_path_factory.mktemp("traces"), ("en", "fr")
    found = {}
    for many in (2, 3):
        of = made(KINDS[:many], CASES, fails=0.1)
        file = folder / f"{many}.html"
        aside = Beside(file, beyond_bytes=0) if many == 3 else None
        spoken = (view(of.judgement, of.run, of.trials, _lang(lang)) for lang in languages)
        file.write_text(page(*spoken, aside=aside), encoding="utf-8")
        found[many] = file
    return found


def _lang(lang: str) -> Language:
    return "fr" if lang == "fr" else "en"


@pytest.fixture(scope="module", params=[2, 3])
def tab(request: pytest.FixtureRequest, browser: Browser, files: dict[int, Path]) -> Iterator[Page]:
    found = Opened(browser, files[request.param])
    found.tab.emulate_media(reduced_motion="reduce")
    yield found.tab
    folder = files[request.param].with_suffix(".transcripts").as_uri()
    assert [what for what in found.misdeeds if not what.startswith(folder)] == []
    found.tab.close()


def parts(tab: Page) -> list[Locator]:
    """What the bars of wins and losses are made of, as links."""
    return tab.locator("#chart-wins .bar .legend a").all()


def parts_of(tab: Page, benchmark: str) -> list[Locator]:
    return [link for link in parts(tab) if sets(link)["benchmark"] == benchmark]


def sets(link: Locator) -> dict[str, str]:
    """What the fields are set to that a link leads to."""
    return dict(parse_qsl(link.get_attribute("data-sets") or "", keep_blank_values=True))


def leads_to(tab: Page, count: str, words: str) -> None:
    wanted = words if count == "0" else f"{count} "
    expect(tab.locator("#status")).to_contain_text(wanted, timeout=10_000)


def test_each_part_of_a_bar_leads_to_as_many_cases_as_it_counts(tab: Page) -> None:
    for link in parts(tab):
        count = link.locator("b").inner_text()
        link.focus()
        tab.keyboard.press("Enter")
        leads_to(tab, count, "No case is like this.")
        kind = tab.locator("#filters [name=kind]:checked")
        expect(kind).to_have_value(sets(link)["kind"])
        assert tab.locator("#filters [name=benchmark]").input_value() in ("logic", "humaneval")
        expect(tab.locator("#transcripts")).to_be_in_viewport()


def test_a_bar_itself_can_be_clicked_and_says_what_it_counts(tab: Page) -> None:
    part = tab.locator("#chart-wins rect.both").first
    label = part.locator("title").text_content() or ""
    part.click()
    leads_to(tab, label.rpartition(" ")[2], "")
    assert tab.evaluate("location.hash") == "#transcripts"


def test_a_gap_leads_to_the_cases_that_tell_its_two_apart(tab: Page) -> None:
    strip = tab.locator("#gaps .strip", has_text="humaneval").first
    strip.get_by_role("link", name="humaneval and its trials").click()
    expect(tab.locator("#filters [name=kind]:checked")).to_have_value("disagree")
    counted = tab.locator("#chart-wins .panel", has_text="humaneval").locator(".bar").first
    apart = [int(counted.locator(f"a[data-sets$=only{n}] b").inner_text()) for n in (0, 1)]
    leads_to(tab, str(sum(apart)), "")


def test_a_verdict_leads_to_the_cases_that_its_gap_rests_on(tab: Page) -> None:
    said = tab.locator("#verdict .sentences li", has_text="humaneval")
    for link in said.get_by_role("link", name="trials").all():
        link.focus()
        tab.keyboard.press("Enter")
        wanted = sets(link)
        parts = [one for one in parts_of(tab, "humaneval") if sets(one)["pair"] == wanted["pair"]]
        apart = [one for one in parts if sets(one)["kind"].startswith("only")]
        count = sum(int(one.locator("b").inner_text()) for one in apart)
        leads_to(tab, str(count if wanted["kind"] == "disagree" else CASES), "")
    assert {sets(link)["kind"] for link in said.get_by_role("link").all()} == {"disagree", "all"}


def test_a_chart_leads_to_its_benchmark_and_speed_to_none(tab: Page) -> None:
    tab.get_by_role("link", name="logic and its trials").and_(
        tab.locator("#chart-first-token h4 a")
    ).click()
    leads_to(tab, f"{CASES} of {2 * CASES}", "")
    first = tab.locator("#chart-first-token .panel", has_text="one at a time")
    assert first.locator("[data-sets]").count() == 0


def test_what_was_chosen_holds_in_the_other_language(tab: Page) -> None:
    link = parts(tab)[1]
    count, pair = link.locator("b").inner_text(), sets(link)["pair"]
    link.click()
    leads_to(tab, count, "")
    tab.locator(".languages [data-lang=fr]").click()
    leads_to(tab, f"{count} cas sur", "")
    expect(tab.locator("#filters [name=kind]:checked")).to_have_value("only0")
    if tab.locator("#filters [name=pair]").count():
        expect(tab.locator("#filters [name=pair]")).to_have_value(pair)
        expect(tab.locator("#filters label:has([value=only2])")).to_be_hidden()
    link = parts(tab)[0]
    link.click()
    leads_to(tab, f"{link.locator('b').inner_text()} cas sur", "")
    tab.locator(".languages [data-lang=en]").click()


def test_of_a_pair_nobody_else_is_right_alone(browser: Browser, files: dict[int, Path]) -> None:
    tab = Opened(browser, files[3]).tab
    tab.locator("#filters label", has_text="only dear and bad right").click()
    tab.locator("#filters [name=pair]").select_option("0,1")
    expect(tab.locator("#filters [name=kind]:checked")).to_have_value("all")
    expect(tab.locator("#filters label", has_text="only dear and bad right")).to_be_hidden()
    tab.locator("#filters [name=pair]").select_option("")
    expect(tab.locator("#filters label", has_text="only dear and bad right")).to_be_visible()
    tab.close()
