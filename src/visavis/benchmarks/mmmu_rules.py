"""How MMMU's authors read a reply: a letter, or a short answer. Their rules, in our words.

After `eval/eval_utils.py` of MMMU and `evaluate.py` of MMMU-Pro (github.com/MMMU-Benchmark/MMMU,
commit bb0b95a), oddities included, so that equal replies get equal letters. Where they draw a
letter at random, none is read here.
"""

import re
from collections.abc import Callable, Iterator, Sequence

LETTERS = "ABCDEFGHIJ"

_ENDS = (",", ".", "!", "?", ";", ":", "'")
"""Taken off both ends of a reply, each once and in this order."""
_STATED = "Answer:"
_FEW_WORDS = 5
"""In a reply of so few words or less, options are not looked for by their text."""

_LEADS = ("could be ", "so ", "is ", "thus ", "therefore ", "final ", "answer ", "result ")
"""What stands before a short answer; in the last line `=` does, too."""
_MARKS = frozenset({":", ",", ".", "!", "?", ";", "'"})
_NUMBERS = (
    re.compile(r"-?\b\d{1,3}(?:,\d{3})+\b"),
    re.compile(r"-?\d+(?:\.\d+)?[eE][+-]?\d+"),
    re.compile(r"-?(?:\d+\.\d+|\.\d+|\d+\b)(?![eE][+-]?\d+)(?![,\d])"),
)

Value = str | float


def letter(reply: str, options: Sequence[str]) -> str | None:
    """By MMMU's rule: the last "(A)", else the last " A ", else the option named last."""
    text = f" {_stripped(reply)} "
    found = _by_sign(text, options, "({})", "({})") or _by_sign(text, options, " {} ", " {} ")
    return found or _by_text(text, options)


def letter_pro(reply: str, options: Sequence[str]) -> str | None:
    """By MMMU-Pro's rule: the one letter behind the last "Answer:", else much as MMMU's."""
    if stated := _behind_answer(reply, options):
        return stated
    text = f" {_stripped(reply)} "
    return (
        _by_sign(text, options, "({})", "({})")
        or _by_sign(text, options, "{} ", " {} ")
        or _by_sign(text, options, "{}.", " {} ")
        or _by_text(text, options)
    )


def short_answers(reply: str) -> frozenset[Value]:
    """All that a reply may be taken to answer: pieces of it in lower case, and numbers."""
    pieces = _key_pieces(reply.strip().strip(".").lower())
    numbers = [number for piece in pieces for form in _NUMBERS for number in form.findall(piece)]
    return frozenset(value for said in (*pieces, *numbers) for value in normal(said))


def is_right(answers: frozenset[Value], accepted: Sequence[str]) -> bool:
    """Whether a number is one of the accepted, or a text holds one of them."""
    keys = [value for text in accepted for value in normal(text)]
    texts = [key for key in keys if isinstance(key, str)]
    return any(
        any(text in answer for text in texts) if isinstance(answer, str) else answer in keys
        for answer in answers
    )


def normal(text: str) -> tuple[Value, ...]:
    """A number to two decimals, else lower case; a single character only beside a blank."""
    text = text.strip()
    try:
        return (round(float(text.replace(",", "")), 2),)
    except ValueError:
        lower = text.lower()
        return (f" {lower}", f"{lower} ") if len(lower) == 1 else (lower,)


def _stripped(reply: str) -> str:
    for end in _ENDS:
        reply = reply.strip(end)
    return reply


def _behind_answer(reply: str, options: Sequence[str]) -> str | None:
    _, said, behind = reply.rpartition(_STATED)
    found = [one for one in LETTERS[: len(options)] if said and one in behind]
    return found[0] if len(found) == 1 else None


def _by_sign(text: str, options: Sequence[str], sign: str, place: str) -> str | None:
    """The letter that has this sign in the text; of several, the one whose place is last."""
    found = [one for one in LETTERS[: len(options)] if sign.format(one) in text]
    return _last(found, lambda one: text.rfind(place.format(one)))


def _by_text(text: str, options: Sequence[str]) -> str | None:
    """The letter of the option whose text comes last, in a reply of some length."""
    if len(text.split()) <= _FEW_WORDS:
        return None
    low = text.lower()
    texts = {one: option.lower() for one, option in zip(LETTERS, options, strict=False)}
    found = [one for one in texts if texts[one] in low]
    return _last(found, lambda one: low.rfind(texts[one]))


def _last(found: Sequence[str], place: Callable[[str], int]) -> str | None:
    """Of equals the first, as `numpy.argmax` has it."""
    return max(found, key=place) if found else None


def _key_pieces(text: str) -> tuple[str, ...]:
    """What stands behind a lead in each line; the whole text where there is none."""
    return tuple(_leads(text)) or (text,)


def _leads(text: str) -> Iterator[str]:
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        leads = (*_LEADS, "=") if number == len(lines) else _LEADS
        behind = [line.rpartition(lead)[2].strip() for lead in leads if lead in line]
        piece = _shortest(behind)
        if piece and piece not in _MARKS:
            yield piece


def _shortest(pieces: Sequence[str]) -> str:
    """The first of the shortest; one that is empty gives way to the next."""
    best = ""
    for piece in pieces:
        if not best or len(piece) < len(best):
            best = piece
    return best
