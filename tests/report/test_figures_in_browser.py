"""What a script writes as a figure is what the program writes, digit by digit."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import nextafter
from pathlib import Path
from typing import Any, Literal, get_args

import pytest
from playwright.sync_api import Page

from tests.report.chromium import NEEDED, chromium
from visavis.options import Language
from visavis.report.page import LANGUAGES, page
from visavis.report.text import Numbers, Unit
from visavis.report.view import View

pytestmark = NEEDED

_EXACT = [0.0, 0.5, 1.5, 2.5, 0.125, 0.375, 0.045, 0.05, 0.995, 1.005, 99.5, 119.5, 120.0, 179.5]
_POWERS = [10.0**power for power in range(-9, 15)]
_SIZES = sorted(
    {
        *_EXACT,
        *(nextafter(one, way) for one in (*_EXACT, *_POWERS) for way in (0.0, 1e99)),
        *(one * more for one in _POWERS for more in (2.345, 9.995)),
        123456.789,
        float("inf"),
    }
)
VALUES = [sign * size for size in _SIZES for sign in (1, -1)]
WIDTHS = [0.0, 0.00123, 0.0999, 0.1, 25.0, float("inf")]
LINED = [*product(VALUES, WIDTHS)]

Written = Literal["share", "seconds", "rate", "usd", "size", "times", "points"]
METHODS: tuple[Written, ...] = ("share", "seconds", "rate", "usd", "size", "times", "points")
UNITS = tuple(unit for unit in get_args(Unit) if unit != "plain")


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    from tests.report.fixtures import JUDGEMENT, RUN, TRIALS
    from visavis.report.view import view

    file = tmp_path_factory.mktemp("figures") / "page.html"
    bare: View = replace(view(JUDGEMENT, RUN, TRIALS), exchanges=())
    Path(file).write_text(page(bare), encoding="utf-8")
    with chromium() as browser:
        opened = browser.new_page()
        opened.goto(file.as_uri())
        yield opened


def _in_page(tab: Page, lang: Language, calls: list[list[Any]]) -> list[str]:
    told = [[name, *(repr(arg) if isinstance(arg, float) else arg for arg in args)]
            for name, *args in calls]  # fmt: skip
    found: list[str] = tab.evaluate(
        """([lang, calls]) => {
          const write = figures(lang);
          const number = (text) => (text === "inf" ? Infinity : text === "-inf" ? -Infinity
            : Number.isNaN(Number(text)) ? text : Number(text));
          return calls.map(([name, ...args]) => write[name](...args.map(number)));
        }""",
        [lang, told],
    )
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_script_writes_figures_as_the_program_does(tab: Page, lang: Language) -> None:
    num = Numbers(lang)
    calls: list[list[Any]] = [[name, *pair] for name in METHODS for pair in LINED]
    calls += [["value", unit, *pair] for unit in UNITS for pair in LINED]
    calls += [["decimal", value, places] for value in (*VALUES, 1e21) for places in (0, 1, 2, 5)]
    calls += [["count", value] for value in VALUES if abs(value) < 1e16]
    calls += [
        ["between", num.seconds(low), num.seconds(high)]
        for low, high in product((0.004, 0.5, 2.0, 130.0), repeat=2)
    ]
    for call, written in zip(calls, _in_page(tab, lang, calls), strict=True):
        name, *args = call
        assert written == getattr(num, name)(*args), call
