"""How numbers, money and dates are written, against Unicode's CLDR as Babel carries it."""

import re
from datetime import date, timedelta
from typing import Literal

import pytest
from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from hypothesis import given
from hypothesis import strategies as st

from visavis.options import Language
from visavis.report.language import Words
from visavis.report.text import MINUS, NBSP, Numbers

LANGUAGES: tuple[Language, ...] = ("en", "fr")
DATES = {"en": Locale("en", "GB"), "fr": Locale("fr")}
"""English is spelt the British way here, and dates go with the spelling."""


def ascii_minus(text: str) -> str:
    """A true minus sign is a departure of ours."""
    return text.replace(MINUS, "-")


@given(st.integers(-(10**15), 10**15), st.integers(0, 6), st.sampled_from(LANGUAGES))
def test_a_decimal_is_written_as_cldr_has_it(digits: int, places: int, lang: Language) -> None:
    pattern = "#,##0" + ("." + "0" * places if places else "")
    value = digits / 10**places
    assert ascii_minus(Numbers(lang).decimal(value, places)) == format_decimal(
        f"{value:.{places}f}", pattern, locale=lang
    )


@given(st.integers(0, 1000), st.sampled_from(LANGUAGES))
def test_a_share_is_written_as_cldr_has_it(thousandths: int, lang: Language) -> None:
    sign = format_percent(0.5, locale=lang).removeprefix("50")
    written = Numbers(lang).share(thousandths / 1000, 0.01)
    assert written.endswith(sign)
    assert written == format_decimal(f"{thousandths / 10:.1f}", "#,##0.0", locale=lang) + sign


@given(st.integers(-(10**9), 10**9), st.sampled_from(LANGUAGES))
def test_dollars_are_written_as_cldr_has_them(cents: int, lang: Language) -> None:
    if 0 < abs(cents) < 10:
        return  # small sums keep three figures, which is no matter of language
    assert ascii_minus(Numbers(lang).usd(cents / 100)) == format_currency(
        f"{cents / 100:.2f}", "USD", locale=lang
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_day_of_two_years_is_written_as_cldr_has_it(lang: Language) -> None:
    num = Numbers(lang)
    for number in range(731):
        day = date(2026, 1, 1) + timedelta(days=number)
        known = format_date(day, "long", locale=DATES[lang])
        if lang == "fr" and day.day == 1:
            known = "1er" + known.removeprefix("1")
        assert num.day(day.isoformat()).replace(NBSP, " ") == known
        month = format_skeleton("yMMMM", day, locale=DATES[lang])
        assert num.day(day.isoformat()[:7]) == month


@pytest.mark.parametrize("lang", LANGUAGES)
def test_units_are_abbreviated_as_cldr_has_them(lang: Language) -> None:
    num = Numbers(lang)
    for written, unit in (
        (num.seconds(12.5), "duration-second"),
        (num.seconds(0.0125), "duration-millisecond"),
        (num.wait(12 * 60), "duration-minute"),
        (num.size(12_500), "digital-kilobyte"),
        (num.size(12_500_000), "digital-megabyte"),
        (num.size(12.5e9), "digital-gigabyte"),
        (num.size(12.5e12), "digital-terabyte"),
        (num.joules(12.5), "energy-joule"),
        (num.watts(12.5), "power-watt"),
    ):
        figure = 12 if unit == "duration-minute" else 12.5
        # English has "sec" beside "s"; the symbol of the international system is the latter.
        length: Literal["narrow", "short"] = "narrow" if unit == "duration-second" else "short"
        known = format_unit(figure, unit, length, locale=lang)
        figure_of, symbol = written.split(NBSP)
        assert re.fullmatch(rf"{re.escape(figure_of)}\s?{symbol}", known)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lists_are_written_as_cldr_has_them(lang: Language) -> None:
    for n in range(1, 5):
        things = [f"thing {number}" for number in range(n)]
        assert Words(lang).listed(things) == format_list(things, locale=DATES[lang])
