"""Pictures of the page, for a person to look at: telephone and wide screen, light and dark, in
each language.

`python -m tests.report.screenshots FOLDER [PAGE.html ...]` takes them of pages that `visavis show`
wrote, or of the tests' own where none is named.
"""

import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Browser

from tests.report.chromium import chromium
from tests.report.everything import everything
from visavis.options import Language
from visavis.report.page import LANGUAGES

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTHS = (390, 1920)


def pictures(browser: Browser, file: Path, folder: Path) -> list[Path]:
    """Writes one PNG of the whole page for each width, theme and language."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _picture(browser, file, folder, width, theme, lang)
        for width, theme, lang in product(WIDTHS, THEMES, LANGUAGES)
    ]


def _picture(
    browser: Browser, file: Path, folder: Path, width: int, theme: Theme, lang: Language
) -> Path:
    tab = browser.new_page(
        viewport={"width": width, "height": 1000}, color_scheme=theme, reduced_motion="reduce"
    )
    tab.goto(f"{file.resolve().as_uri()}#{lang}")
    tab.locator(f"html[lang={lang}]").wait_for(state="attached")
    path = folder / f"{file.stem}-{width}-{theme}-{lang}.png"
    tab.screenshot(path=path, full_page=True)
    tab.close()
    return path


def main(folder: Path, files: list[Path]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not files:
        with TemporaryDirectory() as made:
            files = [everything(Path(made) / "run").save_html(folder / "page.html")]
    with chromium() as browser:
        for file in files:
            pictures(browser, file, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
