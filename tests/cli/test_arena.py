"""The arena as its user has it: the real command, a real Chromium, and the keyboard alone."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.arena_run import NAMES, made
from tests.cli.calling import VISAVIS, called
from tests.measure.things import sums
from tests.report.chromium import CHROMIUM, FLAGS
from tests.report.hostile import HOSTILE
from visavis.benchmarks.base import Benchmark
from visavis.core.prompt import Image, Message, Prompt, Settings
from visavis.measure.plan import Asked
from visavis.measure.votes import votes_in

in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cf"
    "c0f01f0005050102cfa02ee50000000049454e44ae426082"
)
LONG = "\n".join(f"line {n}" for n in range(3000))


@contextmanager
def serving(
    run: Path, around: dict[str, str], *words: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The command, and the address that it printed; interrupted at the end if it still runs."""
    command = [*VISAVIS, "arena", str(run), "--no-browser", *words]
    with subprocess.Popen(
        command, env=around, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout is not None
        try:
            said = ""
            for said in server.stdout:
                if said.startswith("Arena: "):
                    break
            yield said.removeprefix("Arena: ").strip(), server
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        yield opened
        opened.close()


class Tab:
    """A page, and all that it did which it should not."""

    def __init__(self, browser: Browser, url: str, width: int = 1280) -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900})
        self.misdeeds: list[str] = []
        self.page.on("dialog", lambda dialog: self.misdeeds.append(f"dialog {dialog}"))
        self.page.on("console", lambda said: self.misdeeds.append(said.text))
        self.page.on("pageerror", lambda error: self.misdeeds.append(str(error)))
        self.page.on("request", lambda request: self._asked(url, request.url))
        self.page.goto(url)
        self.page.locator("#bout:not([hidden]), #over:not([hidden])").wait_for()

    def _asked(self, ours: str, url: str) -> None:
        if not url.startswith((ours.split("?")[0], "data:")):
            self.misdeeds.append(url)

    def press(self, key: str) -> None:
        """A key, and what it brings."""
        before = self.told()
        self.page.keyboard.press(key)
        self.page.wait_for_function(
            "before => document.getElementById('progress-text').textContent !== before", arg=before
        )

    def told(self) -> str:
        return self.page.locator("#progress-text").inner_text()

    def status(self) -> str:
        return self.page.locator("#status").inner_text()


@pytest.mark.browser
@in_browser
def test_a_person_judges_a_run_by_keyboard_alone(
    browser: Browser, environment: dict[str, str], tmp_path: Path
) -> None:
    run = made(tmp_path / "run")
    with serving(run, environment) as (url, server):
        tab = Tab(browser, url)
        assert tab.told() == "0 of 6 pairs"
        for key in ("ArrowLeft", "b", "t", "s"):
            tab.press(key)
        assert tab.status() == "Skipped."
        assert [vote.choice for vote in votes_in(run)] == ["left", "right", "tie", "skip"]
        tab.press("u")
        assert tab.told() == "3 of 6 pairs"
        shown = tab.page.locator("#left").inner_text()
        tab.page.reload()
        expect(tab.page.locator("#progress-text")).to_have_text("3 of 6 pairs")
        assert tab.page.locator("#left").inner_text() == shown  # on the same side as before
        for key in ("a", "ArrowRight", "B"):
            tab.press(key)
        expect(tab.page.get_by_role("heading", name="Every pair is judged")).to_be_focused()
        assert not any(name in tab.page.content() for name in NAMES)
        tab.page.keyboard.press("Tab")
        tab.page.keyboard.press("Enter")
        title = tab.page.get_by_role("heading", level=1)
        expect(title).to_have_text("What the votes come to", timeout=30_000)  # first it loads scipy
        expect(tab.page.get_by_role("rowheader", name=NAMES[0], exact=True)).to_be_visible()
        assert tab.misdeeds == []
        tab.page.close()
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0
        assert server.stdout is not None
        assert "6 votes kept, 0 of 6 pairs to come." in server.stdout.read()
    assert all(0 < vote.seconds < 600 for vote in votes_in(run))


@pytest.mark.browser
@in_browser
def test_a_kill_loses_nothing_is_said_on_the_page_and_the_next_start_goes_on(
    browser: Browser, environment: dict[str, str], tmp_path: Path
) -> None:
    run = made(tmp_path / "run")
    with serving(run, environment) as (url, server):
        tab = Tab(browser, url)
        tab.press("a")
        server.kill()
        server.wait(30)
        tab.page.keyboard.press("a")
        expect(tab.page.get_by_role("alert")).to_contain_text("Nothing was kept")
        assert tab.told() == "1 of 6 pairs"
        tab.page.close()
    with serving(run, environment) as (url, _):
        tab = Tab(browser, url)
        assert tab.told() == "1 of 6 pairs"
        tab.page.close()
    assert len(votes_in(run)) == 1


@pytest.mark.browser
@in_browser
def test_a_second_tab_counts_no_pair_twice(
    browser: Browser, environment: dict[str, str], tmp_path: Path
) -> None:
    run = made(tmp_path / "run")
    with serving(run, environment) as (url, _):
        first, second = Tab(browser, url), Tab(browser, url)
        first.press("a")
        second.press("b")  # the pair that the first has judged
        assert second.status() == "You had judged this pair before: that vote stands."
        assert [vote.choice for vote in votes_in(run)] == ["left"]
        first.page.close()
        second.page.close()


@pytest.mark.browser
@in_browser
def test_hostile_replies_do_nothing_and_are_shown_as_text(
    browser: Browser, environment: dict[str, str], tmp_path: Path
) -> None:
    evil = [*(text for text in HOSTILE if "\ud83d" not in text), "x" * 2_000_000]
    run = made(
        tmp_path / "run",
        lambda name, number: evil[number] + name[0],
        cases=len(evil),
    )
    with serving(run, environment) as (url, _):
        tab, seen = Tab(browser, url), []
        for _ in evil:
            seen.append(tab.page.locator("#left").inner_text())
            inside = "#left a, #left img, #left script, #left iframe, #left svg, #left style"
            assert tab.page.locator(inside).count() == 0
            assert tab.page.evaluate("document.documentElement.scrollWidth") == 1280
            tab.press("t")
        shown = "\n".join(seen)
        assert "<script>alert('script')</script>" in shown
        assert "U+202E" in shown
        assert "\u202e" not in shown
        assert "Show more (1,980,001 characters left)" in shown
        assert tab.misdeeds == []
        tab.page.close()


def with_pictures(cases: int) -> Asked:
    """Sums with a picture and a system message."""
    plain = sums(cases)
    image = Image(media_type="image/png", data=PIXEL, mark="<image 1>", pixels=(1, 1))

    def asks(case: object) -> Prompt:
        told = (
            Message(role="system", content="Be brief."),
            Message(role="user", content="What is on <image 1>?", images=(image,)),
        )
        return Prompt(messages=told, settings=Settings(max_tokens=5))

    benchmark: Benchmark = plain.benchmark.__class__(
        **{
            name: getattr(plain.benchmark, name)
            for name in ("name", "protocol", "version", "chance", "source", "load", "grade")
        },
        ask=asks,
    )
    return Asked(benchmark=benchmark, cases=plain.cases)


@pytest.mark.browser
@in_browser
def test_pictures_help_long_replies_and_both_languages(
    browser: Browser, environment: dict[str, str], tmp_path: Path
) -> None:
    run = made(tmp_path / "run", lambda name, n: f"{name[0]}\n{LONG}", asked=(with_pictures(4),))
    with serving(run, environment, "--lang", "fr") as (url, _):
        tab = Tab(browser, url)
        page = tab.page
        assert page.locator("html").get_attribute("lang") == "fr"
        page.get_by_role("link", name="English").click()
        expect(page.get_by_text("Reply A")).to_be_visible()
        page.locator("#bout").wait_for()
        picture = page.get_by_role("img", name="Picture 1 of the question")
        assert picture.evaluate("one => one.naturalWidth") == 1
        page.get_by_text("The whole prompt, as sent").click()
        expect(page.get_by_text("Be brief.")).to_be_visible()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Help")).to_be_visible()
        page.keyboard.press("t")  # no vote while the help is open
        page.get_by_label("Scroll both replies in step").check()
        page.get_by_label("Vote by single keys").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("t")
        page.locator("#left").hover()
        page.mouse.wheel(0, 20_000)
        page.wait_for_function("() => document.getElementById('right').scrollTop > 1000")
        assert tab.told() == "0 of 4 pairs"
        page.get_by_role("button", name="Tie").click()
        expect(page.locator("#progress-text")).to_have_text("1 of 4 pairs")
        assert page.locator("#right").evaluate("one => one.scrollTop") == 0
        page.reload()
        page.locator("#bout:not([hidden])").wait_for()
        page.keyboard.press("t")  # the keys stay off
        assert tab.told() == "1 of 4 pairs"
        assert tab.misdeeds == []
        page.close()


@pytest.mark.browser
@in_browser
def test_no_screen_has_to_scroll_sideways(
    browser: Browser, environment: dict[str, str], tmp_path: Path
) -> None:
    run = made(tmp_path / "run", lambda name, n: f"{name[0]} " + "word" * 500)
    with serving(run, environment) as (url, _):
        for done, width in enumerate((320, 390, 768, 1920)):
            tab = Tab(browser, url, width)
            assert tab.page.evaluate("document.documentElement.scrollWidth") == width
            tab.page.get_by_role("button", name="A is better").click()
            expect(tab.page.locator("#progress-text")).to_have_text(f"{done + 1} of 6 pairs")
            tab.page.goto(url + "results")
            assert tab.page.evaluate("document.documentElement.scrollWidth") == width
            tab.page.close()


def test_the_command_says_what_there_is_and_what_it_leaves_out(
    environment: dict[str, str], tmp_path: Path
) -> None:
    run = made(tmp_path / "run", lambda name, n: "the same" if n < 2 else f"{name} {n}")
    with serving(run, environment, "--voter", "Ana") as (url, server):
        assert url.startswith("http://127.0.0.1:")
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0
    done = called(environment, "arena", str(run), "--on", "smus")
    assert done.returncode == 2
    assert "try sums" in done.stderr
