"""The kinds of answer that families ask for: how each is asked for, read and compared.

Two readers grade each reply. The strict one wants what was asked for: a line "Answer: …", in French
"Réponse : …", or the one word. The flexible one takes the answer wherever and however it is stated,
in either language, and its mark is the score; the difference is shown as lost to format.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from visavis.benchmarks.figures import FLEXIBLE
from visavis.benchmarks.generated.writing import Said, both
from visavis.benchmarks.logic import MAX_TOKENS, ONE_WORD
from visavis.benchmarks.two_readers import TwoReaders, same_number
from visavis.core.case import Case
from visavis.core.outcome import Grade, Score
from visavis.core.tell import tell
from visavis.scoring.dates import Date, last_date
from visavis.scoring.extract import yes_no
from visavis.scoring.numbers import Number, last_number, numbers
from visavis.scoring.stated import statements

Read = TypeVar("Read")
Reader = Callable[[Case, str], Read | None]

WORKED_TOKENS = 1024
"""Room to work a puzzle out before the line with the answer."""

_LABELLED = {
    language: re.compile(
        rf"^[ \t*_#>]*{word}[ \t*_\u00a0\u202f]*[:：][ \t*_\u00a0\u202f]*(\S.*)$",
        re.IGNORECASE | re.MULTILINE,
    )
    for language, word in (("en", "answer"), ("fr", "réponse"))
}
_ONE_WORD = {
    "en": re.compile(r"\W*(yes|no)\W*", re.IGNORECASE),
    "fr": re.compile(r"\W*(oui|non)\W*", re.IGNORECASE),
}
_EUROS = re.compile(
    r"(\d+)[ \u00a0\u202f]*(?:€|euros?)(?:[ \u00a0\u202f](?:and|et))?[ \u00a0\u202f]*"
    r"(\d{1,2})(?:[ \u00a0\u202f]*(?:cents?|centimes?|c)\b|(?![\d.,]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One kind of answer."""

    asked: Said
    """The last line of the question: how to answer."""
    max_tokens: int
    grade: TwoReaders[Any]
    check: Callable[[Case], Any]
    """What stands under `answer` where the case becomes one of the user's own."""


def _on_line(read: Reader[Read]) -> Reader[Read]:
    """Reads the last line that is labelled as was asked."""

    def strict(case: Case, text: str) -> Read | None:
        said = _LABELLED[case.fields["language"]].findall(text)
        return read(case, said[-1]) if said else None

    return strict


def _stated(read: Reader[Read], else_: Reader[Read]) -> Reader[Read]:
    """Reads the last statement of an answer that can be read, else the whole reply."""

    def flexible(case: Case, text: str) -> Read | None:
        found = (read(case, said) for said in reversed(statements(text)))
        return next((one for one in found if one is not None), None) or else_(case, text)

    return flexible


def _worked(what: tuple[str, str], check: Callable[[Case], Any], grade: TwoReaders[Any]) -> Answer:
    en, fr = what
    asked = both(
        f'End your reply with a line "Answer: {en}".',
        f"Terminez votre réponse par une ligne « Réponse : {fr} ».",
    )
    return Answer(asked=asked, max_tokens=WORKED_TOKENS, grade=grade, check=check)


# --- Yes or no, in one word -------------------------------------------------------------------


def _one_word(case: Case, text: str) -> str | None:
    found = _ONE_WORD[case.fields["language"]].fullmatch(text)
    return yes_no(found[1]) if found else None


def _same(case: Case, read: str) -> Grade:
    return Score(
        value=float(read == case.target),
        because=tell("read {read}, key {key}", read=read, key=case.target),
        read=read,
    )


def _word(case: Case) -> str:
    french = {"yes": "oui", "no": "non"}
    return french[case.target] if case.fields["language"] == "fr" else case.target


YES_NO = Answer(
    asked=ONE_WORD,
    max_tokens=MAX_TOKENS,
    grade=TwoReaders(
        strict=_one_word,
        flexible=lambda case, text: yes_no(text),
        compare=_same,
        counts=FLEXIBLE,
    ),
    check=_word,
)

# --- One of the names in the question -----------------------------------------------------------


def options(case: Case) -> tuple[str, ...]:
    """The names of which one is the key."""
    return tuple(case.fields["options"].split(", "))


def _only_name(case: Case, said: str) -> str | None:
    """The one option that is named; two of them answer nothing."""
    named = re.findall(rf"\b(?:{'|'.join(options(case))})\b", said, re.IGNORECASE)
    different = {name.capitalize() for name in named}
    return different.pop() if len(different) == 1 else None


def _last_name(case: Case, text: str) -> str | None:
    """Of the last line that names one option and no other."""
    found = (_only_name(case, line) for line in reversed(text.splitlines()))
    return next(filter(None, found), None)


NAME = _worked(
    ("name", "prénom"),
    lambda case: case.target,
    TwoReaders(
        strict=_on_line(_only_name),
        flexible=_stated(_only_name, _last_name),
        compare=_same,
        counts=FLEXIBLE,
    ),
)

# --- A number, an amount ------------------------------------------------------------------------


def _number(case: Case, said: str) -> Number | None:
    """The first number behind the last "=": of "3 + 4 = 7 (of 9)" it is 7."""
    return next(numbers(said.rpartition("=")[2]), None)


def _last_number(case: Case, text: str) -> Number | None:
    return last_number(text)


def _in_cents(read: Reader[Number]) -> Reader[Number]:
    """With "12 euros and 50 cents" and "12 € 50" read as 12.50."""

    def reading(case: Case, text: str) -> Number | None:
        plain = _EUROS.sub(lambda found: f"{found[1]}.{int(found[2]):02}", text)
        return read(case, plain)

    return reading


def _value(case: Case) -> float | int:
    value = float(case.target)
    return int(value) if value.is_integer() else value


NUMBER = _worked(
    ("number", "nombre"),
    _value,
    TwoReaders(
        strict=_on_line(_number),
        flexible=_stated(_number, _last_number),
        compare=same_number,
        counts=FLEXIBLE,
    ),
)
AMOUNT = _worked(
    ("amount in euros", "montant en euros"),
    _value,
    TwoReaders(
        strict=_in_cents(_on_line(_number)),
        flexible=_in_cents(_stated(_number, _last_number)),
        compare=same_number,
        counts=FLEXIBLE,
    ),
)

# --- A date -------------------------------------------------------------------------------------


def _last_date(case: Case, text: str) -> Date | None:
    return last_date(text)


def _same_date(case: Case, read: Date) -> Grade:
    return Score(
        value=float(read.equals(date.fromisoformat(case.target))),
        because=tell("read {read}, key {key}", read=read.written, key=case.target),
        read=read.written,
    )


DATE = _worked(
    ("day month year", "jour mois année"),
    lambda case: case.target,
    TwoReaders(
        strict=_on_line(_last_date),
        flexible=_stated(_last_date, _last_date),
        compare=_same_date,
        counts=FLEXIBLE,
    ),
)
