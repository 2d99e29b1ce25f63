"""Sources as other rooms state them, in the reader's language."""

import pytest

from visavis.report.language import Words
from visavis.report.sources import ABOUT, KNOWN, told_source
from visavis.report.text import NBSP, THIN


@pytest.mark.parametrize(
    ("stated", "english"),
    [
        ("a list 1.2, data to 2026-11-09", f"a list 1.2, data to 9{NBSP}November 2026"),
        ("gpt-4o at OpenAI", "gpt-4o at OpenAI"),
        (
            "as gpt-4o at OpenAI, a list 1.2, data to 2026-11-09",
            f"as gpt-4o at OpenAI, a list 1.2, data to 9{NBSP}November 2026",
        ),
        ("a list 1.2, at OpenAI", "a list 1.2, at OpenAI"),
        ("a/b; MIT, 14,042 cases", "a/b; MIT, 14,042 cases"),
        ("a/b, 164 cases; MIT", "a/b, 164 cases; MIT"),
        ("your own file 'a.yaml'", "your own file 'a.yaml'"),
        ("written here, 10 requirements checked; Apache-2.0",) * 2,
        (f"{ABOUT[0]}; made here from a seed, answers proven; Apache-2.0",) * 2,
        (KNOWN[0],) * 2,
        ("", ""),
        ("a \u202e list", "a ‹U+202E› list"),
    ],
)
def test_a_source_is_said_with_its_days(stated: str, english: str) -> None:
    assert told_source(stated, "en") == english


def test_numbers_and_days_follow_the_language() -> None:
    assert f"14{THIN}042" in told_source("a/b; MIT, 14,042 cases", "fr")
    assert f"9{NBSP}novembre 2026" in told_source("a list 1.2, data to 2026-11-09", "fr")


def test_an_empty_text_is_not_the_head_of_the_catalogue() -> None:
    assert Words("fr")("") == ""
