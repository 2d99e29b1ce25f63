"""The page of a speed run in a real Chromium: it loads nothing, and fits a telephone."""

from pathlib import Path

import pytest

from tests.report.chromium import NEEDED, Opened, chromium
from tests.report.speed.things import NAMES, figures
from visavis.report.speed.page import speed_page
from visavis.report.speed.view import speed_view

pytestmark = NEEDED


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_drawn_without_a_script_and_nothing_runs_over(
    tmp_path: Path, width: int
) -> None:
    seen = figures(("<img src=x onerror=alert(1)>", NAMES[1]))
    file = tmp_path / "page.html"
    file.write_text(speed_page(speed_view(seen, "fr"), seen), encoding="utf-8")
    with chromium() as browser:
        found = Opened(browser, file, width)
        assert found.tab.locator("figure svg[role=img]").count() == 5
        assert found.tab.locator("img").count() == 0
        wide = found.tab.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    assert found.misdeeds == []
