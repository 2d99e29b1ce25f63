"""Every number as it is printed, in both languages."""

import ast
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import visavis
from visavis.options import Language
from visavis.report.text import HIDDEN, Numbers, escaped, line, visible
from visavis.stats.estimate import Estimate

EN, FR = Numbers("en"), Numbers("fr")


def est(value: float, low: float, high: float) -> Estimate:
    return Estimate(value=value, low=low, high=high, n=16, method="")


def plain(text: str) -> str:
    """No-break spaces as `_`, narrow ones as `^`, so that a snapshot shows them."""
    return text.replace("\u00a0", "_").replace("\u202f", "^")


@pytest.mark.parametrize(
    ("english", "french", "expected_en", "expected_fr"),
    [
        (EN.share(0.5625), FR.share(0.5625), "56%", "56_%"),
        (EN.share(0.563, 0.04), FR.share(0.563, 0.04), "56.3%", "56,3_%"),
        (EN.share(1.0), FR.share(1.0), "100%", "100_%"),
        (EN.points(0.41), FR.points(0.41), "+41 points", "+41_points"),
        (EN.points(0.01), FR.points(0.01), "+1 point", "+1_point"),
        (EN.points(-0.015, 0.05), FR.points(-0.015, 0.05), "−1.5 points", "−1,5_point"),
        (EN.points(0.0), FR.points(0.0), "0 points", "0_point"),
        (EN.seconds(0.2384), FR.seconds(0.2384), "238_ms", "238_ms"),
        (EN.seconds(0.00831), FR.seconds(0.00831), "8.31_ms", "8,31_ms"),
        (EN.seconds(1.24), FR.seconds(1.24), "1.24_s", "1,24_s"),
        (EN.seconds(0.0), FR.seconds(0.0), "0_s", "0_s"),
        (EN.seconds(0.0000068, 1e-6), FR.seconds(0.0000068), "6.8_µs", "6,80_µs"),
        (EN.stated_seconds(0.2), FR.stated_seconds(0.0125), "200_ms", "12,5_ms"),
        (EN.stated_seconds(5.0), FR.stated_seconds(2.5), "5_s", "2,5_s"),
        (EN.rate(12.5), FR.rate(12.5, unit="requests_per_s"), "12.5_tokens/s", "12,5_requêtes/s"),
        (EN.seconds(125), FR.seconds(125), "2_min_05_s", "2_min_05_s"),
        (EN.wait(89.6), FR.wait(89.6), "90_s", "90_s"),
        (EN.wait(750), FR.wait(750), "12_min", "12_min"),
        (EN.wait(10_900), FR.wait(10_900), "3_h_02", "3_h_02"),
        (EN.rate(93.41, 6.4), FR.rate(93.41, 6.4), "93.4_tokens/s", "93,4_jetons/s"),
        (EN.usd(1.2), FR.usd(1.2), "$1.20", "1,20_$US"),
        (EN.usd(1234.5), FR.usd(1234.5), "$1,234.50", "1^234,50_$US"),
        (EN.usd(0.00001234), FR.usd(0.00001234), "$0.0000123", "0,0000123_$US"),
        (EN.usd(-0.5), FR.usd(-0.5), "−$0.50", "−0,50_$US"),
        (EN.usd(0), FR.usd(0), "$0.00", "0,00_$US"),
        (EN.size(98_362_432), FR.size(98_362_432), "98.4_MB", "98,4_Mo"),
        (EN.size(1_117_320_768), FR.size(1_117_320_768), "1.12_GB", "1,12_Go"),
        (EN.size(512), FR.size(512), "512_B", "512_o"),
        (EN.size(0), FR.size(0), "0_B", "0_o"),
        (EN.times(3.12), FR.times(3.12), "3.12 times", "3,12_fois"),
        (EN.times(134.6), FR.times(134.6), "135 times", "135_fois"),
        (EN.times(0.972, 0.11), FR.times(0.972, 0.11), "0.97 times", "0,97_fois"),
        (EN.count(20_000), FR.count(20_000), "20,000", "20^000"),
        (EN.n(1_234), FR.n(1_234), "n_=_1,234", "n_=_1^234"),
        (EN.big(134_515_008), FR.big(134_515_008), "135 million", "135_millions"),
        (EN.big(1.54e9), FR.big(1.54e9), "1.54 billion", "1,54_milliard"),
        (EN.big(8.03e9), FR.big(8.03e9), "8.03 billion", "8,03_milliards"),
        (EN.big(950), FR.big(950), "950", "950"),
        (EN.day("2026-11-21"), FR.day("2026-11-21"), "21_November 2026", "21_novembre 2026"),
        (EN.day("2027-01-01"), FR.day("2027-01-01"), "1_January 2027", "1er_janvier 2027"),
        (EN.day("2023-10"), FR.day("2023-10"), "October 2023", "octobre 2023"),
        (EN.day("2023"), FR.day("2023"), "2023", "2023"),
        (EN.day("last week"), FR.day("last week"), "last week", "last week"),
        (
            EN.moment("2026-11-21T22:49:12Z"),
            FR.moment("2026-11-21T22:49:12Z"),
            "21_November 2026, 22:49_UTC",
            "21_novembre 2026, 22:49_UTC",
        ),
        (
            EN.interval("share", est(0.56, 0.33, 0.77)),
            FR.interval("share", est(0.56, 0.33, 0.77)),
            "33% to 77%",
            "33 à 77_%",
        ),
        (
            EN.interval("s", est(0.62, 0.604, 0.641)),
            FR.interval("s", est(0.62, 0.604, 0.641)),
            "604 to 641_ms",
            "604 à 641_ms",
        ),
        (
            EN.interval("s", est(1.0, 0.9, 1.1)),
            FR.interval("s", est(1.0, 0.9, 1.1)),
            "900_ms to 1.10_s",
            "900_ms à 1,10_s",
        ),
        (
            EN.interval("usd", est(0.001, 0.0009, 0.0012)),
            FR.interval("usd", est(0.001, 0.0009, 0.0012)),
            "$0.00090 to $0.00120",
            "0,00090 à 0,00120_$US",
        ),
        (
            " ".join(EN.gap("share", est(0.08, -0.05, 0.21))),
            " ".join(FR.gap("share", est(0.08, -0.05, 0.21))),
            "+8 points −5 to +21",
            "+8_points −5 à +21",
        ),
        (
            " ".join(EN.gap("s", est(-0.2, -0.3, -0.1))),
            " ".join(FR.gap("s", est(-0.2, -0.3, -0.1))),
            "−200_ms −300 to −100_ms",
            "−200_ms −300 à −100_ms",
        ),
        (
            " ".join(EN.ratio_gap(est(3.1, 2.9, float("inf")))),
            " ".join(FR.ratio_gap(est(3.1, 2.9, float("inf")))),
            "3.10 times 2.90 to ∞",
            "3,10_fois 2,90 à ∞",
        ),
        (EN.value("count", 118.2), FR.value("count", 118.2), "118", "118"),
        (EN.value("plain", 0.1234), FR.value("plain", 0.1234), "0.123", "0,123"),
    ],
)
def test_a_number_is_written_as_its_language_writes_it(
    english: str, french: str, expected_en: str, expected_fr: str
) -> None:
    assert (plain(english), plain(french)) == (expected_en, expected_fr)


@given(st.floats(allow_nan=False, min_value=-1e12, max_value=1e12), st.floats(0, 1e6))
def test_any_number_can_be_written_in_any_unit(value: float, width: float) -> None:
    languages: tuple[Language, ...] = ("en", "fr")
    for lang in languages:
        num = Numbers(lang)
        for unit in ("share", "s", "per_s", "usd", "bytes", "count", "plain"):
            assert num.value(unit, value, width)
        assert num.ratio(value, width)


@given(st.floats(0, 1), st.floats(0.001, 1))
def test_the_two_languages_write_the_same_digits(value: float, width: float) -> None:
    english = EN.share(value, width).removesuffix("%")
    french = FR.share(value, width).removesuffix("\u00a0%")
    assert french.replace(",", ".") == english


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\u202eabc", "‹U+202E›abc"),
        ("a\u200bb", "a‹U+200B›b"),
        ("\x00\x1b[31m", "‹U+0000›‹U+001B›[31m"),
        ("\U000e0041", "‹U+E0041›"),
        ("\ud800", "‹U+D800›"),
        ("a\tb\nc", "a\tb\nc"),
        ("é你好🙂", "é你好🙂"),
    ],
)
def test_unseen_characters_are_written_out(raw: str, shown: str) -> None:
    assert visible(raw) == shown


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_document_means_the_same_with_its_unseen_characters_written_out(text: str) -> None:
    document = escaped(json.dumps({text: text}, ensure_ascii=False, indent=1))
    assert json.loads(document) == {text: text}
    assert visible(document) == document


@given(st.text())
def test_a_line_has_no_break_and_nothing_unseen(text: str) -> None:
    said = line(text)
    assert "\n" not in said
    assert not any(low <= ord(c) <= high for c in said for low, high in HIDDEN)


def test_every_number_for_a_reader_is_written_here() -> None:
    rooms = [Path(visavis.__file__).parent / room for room in ("report", "api", "cli")]
    found = [
        f"{file.name}:{node.lineno}"
        for room in rooms
        for file in room.rglob("*.py")
        if file.name != "text.py"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None
        if re.search(r"[,%f]", ast.unparse(node.format_spec).removeprefix("f"))
    ]
    assert not found, "say it by Numbers, or by `counted` where it is said in English alone"
