"""One view in each language, as the renderers get it; and the browser of a module."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.report.fixtures import JUDGEMENT, RUN, TRIALS
from visavis.report.view import View, view

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    from tests.report.chromium import chromium

    with chromium() as opened:
        yield opened


@pytest.fixture
def seen() -> View:
    return view(JUDGEMENT, RUN, TRIALS, "en")


@pytest.fixture
def vu() -> View:
    return view(JUDGEMENT, RUN, TRIALS, "fr")
