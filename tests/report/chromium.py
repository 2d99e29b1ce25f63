"""The Chromium of this machine, as every test in a browser opens it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

NEEDED = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
"""The `pytestmark` of a module whose tests open a browser."""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        yield opened
        opened.close()


class Opened:
    """A page in a tab, and all that it did which it should not."""

    def __init__(self, browser: Browser, file: Path, width: int = 1280) -> None:
        self.tab: Page = browser.new_page(viewport={"width": width, "height": 900})
        self.misdeeds: list[str] = []
        self.tab.on("dialog", self._dialog)
        self.tab.on("console", lambda said: self.misdeeds.append(said.text))
        self.tab.on("pageerror", lambda error: self.misdeeds.append(str(error)))
        self.tab.on("request", lambda request: self.misdeeds.append(request.url))
        self.url = file.as_uri()
        self.tab.goto(self.url)
        self.misdeeds = [what for what in self.misdeeds if what != self.url]

    def _dialog(self, dialog: object) -> None:
        self.misdeeds.append(f"dialog {dialog}")

    def shown(self) -> list[str]:
        return self.tab.locator("article h3").all_inner_texts()

    def status(self) -> str:
        return self.tab.locator("#status").inner_text()
