"""One view in each language, as the renderers get it."""

import pytest

from tests.report.fixtures import JUDGEMENT, RUN, TRIALS
from visavis.report.view import View, view


@pytest.fixture
def seen() -> View:
    return view(JUDGEMENT, RUN, TRIALS, "en")


@pytest.fixture
def vu() -> View:
    return view(JUDGEMENT, RUN, TRIALS, "fr")
