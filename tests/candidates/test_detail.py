"""What a server says reaches the user in one short line, without the key and without the prompt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.candidates.detail import LONGEST, one_line
from visavis.core.prompt import ask

KEY = "sk-proj-Zq81xV0wTr55kLmN"
PROMPT = ask("Which colour has the sky above Paris at noon?", max_tokens=9)


def test_a_long_page_becomes_one_short_line() -> None:
    page = "<html>\n<h1>502\tBad\x1b[31m Gateway</h1>" + "x\u202e\u200b y " * 2_000
    line = one_line(page)
    assert line.startswith("502 Bad [31m Gateway x y x y")
    assert LONGEST - 2 < len(line) <= LONGEST
    assert line.isprintable()


@pytest.mark.parametrize(
    "message",
    [
        f"Incorrect API key provided: {KEY}.",
        f"bad header 'Bearer {KEY}'",
        "Incorrect API key provided: sk-proj-********************5kLmN.",
        f"https://x.test/?key={KEY}&x=1",
        f"{KEY[:9]} … {KEY[-8:]}",
    ],
)
def test_neither_the_key_nor_a_piece_of_it_is_shown(message: str) -> None:
    line = one_line(message, key=KEY)
    assert KEY[:6] not in line
    assert KEY[-6:] not in line
    assert "…" in line


@given(
    key=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), around=st.text()
)
def test_no_key_of_any_form_is_shown(key: str, around: str) -> None:
    assert key not in one_line(f"{around}{key}{around}", key=key)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            'invalid input: "Which colour has the sky above Paris at noon?" is too long',
            'invalid input: "…?" is too long',
        ),
        ("the sky above Paris, you ask? No.", "…, you ask? No."),
        ("the sky is blue", "the sky is blue"),
        ("max_tokens is too large", "max_tokens is too large"),
    ],
)
def test_what_the_prompt_says_is_not_repeated(message: str, line: str) -> None:
    assert one_line(message, prompt=PROMPT) == line


def test_a_short_prompt_is_hidden_whole() -> None:
    assert one_line("cannot read '2 + 2?'", prompt=ask("2 + 2?", max_tokens=9)) == (
        "cannot read '…?'"
    )


@given(message=st.text(), asked=st.text())
def test_any_message_is_one_short_printable_line(message: str, asked: str) -> None:
    line = one_line(message, key=KEY, prompt=ask(asked, max_tokens=9))
    assert len(line) <= LONGEST
    assert len(line.splitlines()) <= 1
