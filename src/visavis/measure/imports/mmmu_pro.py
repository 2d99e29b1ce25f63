"""MMMU-Pro's output files, one JSON object a line, with the authors' own verdict on each.

Their code (`mmmu-pro/evaluate.py`) always gives a letter: where a reply has none it takes one at
random, so their marks are no function of the reply. Ours counts such a reply as unparsed. The
pictures are not in the file, and neither are the words round the question: only recordings can
answer these cases.
"""

import ast
import json
import re
from string import ascii_uppercase
from types import MappingProxyType
from typing import Any

import msgspec

from visavis.benchmarks.mmmu_files import DISCIPLINE_OF
from visavis.core.case import Case
from visavis.measure.imports.base import Columns, Entry, Format, Log, Mark
from visavis.measure.imports.reading import LogFile, shaped

_NAMED = re.compile(
    r"(?P<model>.+?)_(?P<setting>standard|vision)[ _]?\(?(?P<options>\d+)?[ _]?(?:options)?\)?"
    r"_(?P<method>cot|direct)"
)


class _Row(msgspec.Struct):
    id: str
    options: str
    answer: str
    response: Any
    question: str = ""
    subject: str = ""
    topic_difficulty: str = ""
    pred_indexs: str | None = None
    if_right: bool | None = None


def is_like(file: LogFile) -> bool:
    head = file.content[:20_000]
    return b'"pred_indexs"' in head or (b'"topic_difficulty"' in head and b'"response"' in head)


def read(file: LogFile, _: Columns) -> Log:
    named = _NAMED.match(file.stem)
    model = named["model"] if named else file.stem
    task, method = _protocol(named)
    rows = [(number, shaped(file, row, _Row, number)) for number, row in file.lines()]
    if not rows:
        raise file.wrong("holds no answers; check the file")
    return Log(
        tool=method,
        entries=tuple(_entry(file, row, number, (model, task)) for number, row in rows),
    )


def _protocol(named: re.Match[str] | None) -> tuple[str, str]:
    """`mmmu-pro@cot` is the standard setting of ten options; the others have names of their own.

    None is one of our own protocols, whose cases have their pictures.
    """
    if named is None:
        return "mmmu-pro", "unnamed"
    method = "cot" if named["method"] == "cot" else "no-cot"
    if named["setting"] == "vision":
        return "mmmu-pro-vision", method
    return "mmmu-pro-4" if named["options"] == "4" else "mmmu-pro", method


def _entry(file: LogFile, row: _Row, number: int, named: tuple[str, str]) -> Entry:
    try:
        options = ast.literal_eval(row.options)
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise file.wrong("holds options that are no list", number) from error
    if not isinstance(options, list) or not 0 < len(options) <= len(ascii_uppercase):
        raise file.wrong("holds options that are no list of answers", number)
    texts = [str(option) for option in options]
    reply = row.response if isinstance(row.response, str) else None
    return Entry(
        model=named[0],
        task=named[1],
        case=_case(row, texts),
        text=reply,
        mark=None if reply is None else _mark(row, reply, texts),
        check="mmmu",
    )


def _case(row: _Row, options: list[str]) -> Case:
    listed = "\n".join(
        f"{letter}. {option}" for letter, option in zip(ascii_uppercase, options, strict=False)
    )
    fields = {
        "options": json.dumps(options, ensure_ascii=False),
        "asked": "the pictures and the words round the question",
    }
    discipline = DISCIPLINE_OF.get(row.subject.replace(" ", "_"), "")
    further = {"subject": row.subject, "discipline": discipline, "difficulty": row.topic_difficulty}
    return Case(
        id=row.id,
        group=row.id,
        question=f"{row.question}\n{listed}",
        target=row.answer,
        fields=MappingProxyType(fields | {name: said for name, said in further.items() if said}),
    )


def _mark(row: _Row, reply: str, options: list[str]) -> Mark | None:
    if row.if_right is None:
        return None
    return Mark(
        value=float(row.if_right),
        by="the authors' marks",
        read=row.pred_indexs,
        how=_how(reply, options),
    )


def _how(reply: str, options: list[str]) -> str:
    """By which of their steps a letter is found, in the order in which their code tries them."""
    letters = ascii_uppercase[: len(options)]
    behind = reply.rpartition("Answer:")[2] if "Answer:" in reply else ""
    if len([letter for letter in letters if letter in behind.strip()]) == 1:
        return 'the only letter of an option behind the last "Answer:"'
    padded = f" {reply.strip(',.!?;:')} "
    for shape, said in (
        ("({})", "in brackets"),
        ("{} ", "before a space"),
        ("{}.", "before a full stop"),
    ):
        found = [letter for letter in letters if shape.format(letter) in padded]
        if found:
            return f"the last letter {said} anywhere in the reply, of {', '.join(found)}"
    if len(reply.split()) > 5 and any(option.lower() in reply.lower() for option in options):
        return "the option whose text comes last in the reply"
    return "at random: their code finds no letter and no option's text"


MMMU_PRO = Format(name="mmmu-pro", title="an MMMU-Pro output file", is_like=is_like, read=read)
