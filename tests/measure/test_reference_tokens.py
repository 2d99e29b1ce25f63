"""One tokenizer for all: what it counts, and what is said where it is not installed."""

import pytest

from tests.measure.load.things import FAILED, timing
from visavis.core.candidate import Unknown
from visavis.measure.reference_tokens import Reference, reference


def test_without_its_library_it_is_unknown_and_says_what_to_install() -> None:
    found = reference("no_such_library")
    assert isinstance(found, Unknown)
    assert "visavis[tokens]" in found.because


def test_it_counts_as_openai_do() -> None:
    pytest.importorskip("quicktok", reason="the extra 'tokens' is not installed")
    found = reference()
    assert isinstance(found, Reference)
    assert found.name.startswith("o200k_base, quicktok ")
    # As tiktoken 0.14 with the same vocabulary counts them.
    assert [found.count(text) for text in ("", "Hello world", "tokens a second")] == [0, 2, 3]
    assert found.count("<|endoftext|>") > 1  # what a model wrote is text, whatever it looks like


def test_a_failure_and_a_reply_without_text_have_no_tokens() -> None:
    words = Reference(name="words", count=lambda text: len(text.split()))
    answered = timing(0.0, 0.1, tokens=4)
    assert words.tokens(answered) == len(getattr(answered.outcome, "text", "").split())
    assert words.tokens(timing(0.0, 0.1, outcome=FAILED)) is None
