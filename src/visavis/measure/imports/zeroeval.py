"""ZeroEval's result files: `result_dirs/TASK/MODEL.json`, a list with one object a case.

The files hold no verdict of an answer. Their authors' rule (`src/evaluation/gsm_eval.py` and
`math_eval.py`) is simple and published, so it is applied here again, in our words: the first
number of the `answer` field equals the first number of the key. On the published files it gives
the published totals to the last digit. A file that `math_eval.py` has written holds `matched`,
which then counts.
"""

import json
import re
from collections.abc import Iterator
from string import ascii_uppercase
from types import MappingProxyType
from typing import Any

import msgspec

from visavis.benchmarks.imported import told
from visavis.core.case import Case
from visavis.core.prompt import Message
from visavis.core.tell import tell
from visavis.measure.imports.base import Columns, Entry, Format, Log, Mark
from visavis.measure.imports.reading import LogFile, shaped

_TASKS = {"gsm": "gsm8k", "math-l5": "math"}
"""Their names of benchmarks that have another here."""


class _Row(msgspec.Struct):
    id: int | str
    chat_history: list[str]
    output: list[str]
    generator: str
    dataset: str
    configs: dict[str, Any] = {}
    answer: str | None = None
    correct_answer: str | None = None
    choices: list[str] | None = None
    matched: bool | str | None = None


def is_like(file: LogFile) -> bool:
    head = file.content[:200_000]
    return head.lstrip()[:1] == b"[" and b'"chat_history"' in head and b'"generator"' in head


def read(file: LogFile, _: Columns) -> Log:
    rows = shaped(file, file.json(), list[_Row])
    if not rows:
        raise file.wrong("holds no answers; check the file")
    settings = {name: str(value) for name, value in rows[0].configs.items()}
    return Log(
        tool="zeroeval",
        entries=tuple(entry for row in rows for entry in _entries(row)),
        settings=MappingProxyType(settings),
    )


def _entries(row: _Row) -> Iterator[Entry]:
    """One for each of a case's answers: several where they were sampled."""
    for number, text in enumerate(row.output, start=1):
        marked = row.dataset in _TASKS and row.answer is not None
        yield Entry(
            model=row.generator,
            task=_TASKS.get(row.dataset, row.dataset),
            case=_case(row, number),
            text=text,
            mark=_mark(row, text) if marked else None,
            check="letter" if row.choices is not None else None,
        )


def _case(row: _Row, number: int) -> Case:
    messages = tuple(
        Message(role="assistant" if turn % 2 else "user", content=content)
        for turn, content in enumerate(row.chat_history)
    )
    question, fields = told(messages, max_tokens=row.configs.get("max_tokens"))
    target = (row.answer or "").removeprefix("#").strip()
    if row.choices is not None and row.correct_answer in row.choices:
        target = ascii_uppercase[row.choices.index(row.correct_answer)]
        fields["options"] = json.dumps(row.choices, ensure_ascii=False)
    return Case(
        id=str(row.id) if number == 1 else f"{row.id}~{number}",
        group=str(row.id),
        question=question,
        target=target,
        fields=MappingProxyType(fields),
    )


def _mark(row: _Row, text: str) -> Mark:
    if row.matched is not None:
        return Mark(value=float(row.matched is True), by="math_eval.py")
    said = _answer_field(text, row.generator)
    read, key = _first_number(said), _first_number((row.answer or "").replace("#", ""))
    right = read is not None and key is not None and float(read) == float(key)
    return Mark(
        value=float(right),
        by="its authors' rule, applied again",
        read=read,
        how=tell("no answer field")
        if said is None
        else tell("first number of the field {said!r}", said=said),
    )


_WRITINGS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (r'"answer"\s*:\s*"([^"]*?)"', 0),
        (r'"answer"\s*:\s*([^,\s]*)', 0),
        (r"answer\s*:\s*([^,\s]*)", 0),
    )
)
"""Where there is no whole object: the field in quotes, bare, and with a bare name."""
_BOXED = re.compile(r"\\boxed\{(\w+)\}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FRACTION = re.compile(r"(-?\d{1,200}(?:\.\d+)?) ?/ ?(-?\d{1,200}(?:\.\d+)?)")


def _answer_field(text: str, model: str) -> str | None:
    """What their rule takes for the answer; None where it finds none."""
    whole = _first_object(text)
    if isinstance(whole, dict) and "answer" in whole:
        return str(whole["answer"])
    for writing in _WRITINGS:
        if match := writing.search(text):
            return match[1]
    boxed = _BOXED.search(text) if "Llama-3.1" in model else None
    return boxed[1] if boxed else None


def _first_object(text: str) -> Any:
    """The first `{…}` with its braces balanced, if it is JSON once its line breaks are gone."""
    depth, start = 0, text.find("{")
    for brace in re.finditer(r"[{}]", text):
        depth = max(0, depth + (1 if brace[0] == "{" else -1))
        if depth == 0 and brace.start() > start >= 0:
            try:
                return json.loads(text[start : brace.end()].replace("\n", ""))
            except (ValueError, RecursionError):
                return None
    return None


def _first_number(said: str | None) -> str | None:
    """Dollar signs and commas are left out, and a plain fraction is reckoned."""
    if said is None:
        return None
    plain = said.replace("$", "").strip().replace(",", "")
    if (fraction := _FRACTION.fullmatch(plain)) and float(fraction[2]):
        plain = str(float(fraction[1]) / float(fraction[2]))
    match = _NUMBER.search(plain)
    return match[0] if match else None


ZEROEVAL = Format(name="zeroeval", title="a ZeroEval result file", is_like=is_like, read=read)
