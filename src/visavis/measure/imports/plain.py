"""Plain files: JSON Lines, a JSON array or CSV, with a column each for question, answer and key.

`--columns id=case,text=output` says how the columns are called here; those that have our names
need not be named. In JSON, `a.b` is `b` within `a`.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from hashlib import sha256
from io import StringIO
from types import MappingProxyType
from typing import Any, get_args

from visavis.benchmarks.imported import told
from visavis.core.case import Case
from visavis.core.errors import OptionError
from visavis.core.outcome import Finish
from visavis.core.prompt import Message
from visavis.measure.imports.base import Columns, Entry, Format, Log, Mark
from visavis.measure.imports.reading import LogFile

COLUMNS = {
    "id": "the case's id; without it, the question's digest",
    "question": "what was asked",
    "system": "a system message",
    "text": "the answer",
    "target": "the key",
    "group": "cases that rise and fall together",
    "model": "who answered; without it, the file's name",
    "finish": "'stop', 'length' …",
    "source_score": "the source's own verdict, from 0 to 1, or true and false",
    "source_read": "the answer that the source read",
}
_NEEDED = ("question", "text")
_TRUE, _FALSE = ("true", "yes", "correct", "pass"), ("false", "no", "incorrect", "fail")
_LONGEST_FIELD = 1 << 28


def is_like(file: LogFile) -> bool:
    return True


def is_table(file: LogFile) -> bool:
    """Whether it is no JSON, and begins with a row of several columns."""
    head = file.content.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]
    return head[:1] not in (b"{", b"[") and b"," in head


def read(file: LogFile, columns: Columns) -> Log:
    rows = list(_rows(file))
    if not rows:
        raise file.wrong("holds no answers; check the file")
    names = _names(file, rows[0][1], columns)
    return Log(tool="file", entries=tuple(_entry(file, _Row(file, *row, names)) for row in rows))


def _rows(file: LogFile) -> Iterator[tuple[int, Any]]:
    """Each row with the line on which it begins; those of a JSON array are numbered."""
    match file.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]:
        case b"{":
            return file.lines()
        case b"[":
            return iter(enumerate(file.json(), start=1))
    return _of_csv(file)


class _Row:
    """One line, asked by our names."""

    def __init__(self, file: LogFile, line: int, value: Any, names: Mapping[str, str]) -> None:
        if not isinstance(value, dict):
            raise file.wrong("is no JSON object; write one a line", line)
        self._file, self._value, self._names, self.line = file, value, names, line

    def get(self, ours: str) -> str | None:
        """The text of a column; None where there is none, or nothing in it."""
        found = _at(self._value, self._names[ours]) if ours in self._names else None
        if found is None or isinstance(found, str):
            return found
        if isinstance(found, dict | list):
            name = self._names[ours]
            raise self.wrong(f"has a list or an object in {name!r}; name a part of it: '{name}.0'")
        return str(found)

    def needed(self, ours: str) -> str:
        found = self.get(ours)
        if found is None:
            raise self.wrong(f"has nothing in {self._names[ours]!r}")
        return found

    def wrong(self, said: str) -> Exception:
        return self._file.wrong(said, self.line)


def _entry(file: LogFile, row: _Row) -> Entry:
    question, system = row.needed("question"), row.get("system")
    first = () if system is None else (Message(role="system", content=system),)
    asked, fields = told((*first, Message(role="user", content=question)))
    name = row.get("id") or sha256(question.encode()).hexdigest()[:12]
    return Entry(
        model=row.get("model") or file.stem,
        task=file.stem,
        case=Case(
            id=name,
            group=row.get("group") or name,
            question=asked,
            target=row.get("target") or "",
            fields=MappingProxyType(fields),
        ),
        text=row.get("text"),
        finish=_finish(row),
        mark=_mark(row),
    )


def _finish(row: _Row) -> Finish:
    said = row.get("finish") or "unknown"
    for finish in get_args(Finish):
        if said == finish:
            return finish  # type: ignore[no-any-return]  # one of the literal's own values
    raise row.wrong(f"ends by {said!r}; known are {', '.join(get_args(Finish))}")


def _mark(row: _Row) -> Mark | None:
    said = row.get("source_score")
    if not said:
        return None
    value = 1.0 if said.lower() in _TRUE else 0.0 if said.lower() in _FALSE else None
    try:
        value = float(said) if value is None else value
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise row.wrong(f"has a verdict {said!r}, which is not from 0 to 1")
    return Mark(value=value, by="the file's verdict", read=row.get("source_read"))


def _names(file: LogFile, first: Any, columns: Columns) -> dict[str, str]:
    """Our name of each column that is there, and the file's."""
    if not isinstance(first, dict):
        raise file.wrong("is no JSON object; write one a line", 1)
    for ours, theirs in columns.items():
        if ours not in COLUMNS:
            raise OptionError(f"--columns {_nearest(ours, COLUMNS)}: {ours!r} is no column of ours")
        if _at(first, theirs) is None and theirs not in first:
            raise OptionError(
                f"--columns {ours}={_nearest(theirs, first)}: {file.name!r} has no {theirs!r}"
            )
    names = {ours: columns.get(ours, ours) for ours in COLUMNS if ours in columns or ours in first}
    missing = [ours for ours in _NEEDED if ours not in names]
    if missing:
        raise OptionError(
            f"{file.name!r} has no column {missing[0]!r}; name the one that holds "
            f"{COLUMNS[missing[0]]}: '--columns {missing[0]}=…', of {_listed(first)}"
        )
    return names


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(name, map(str, known), n=1)
    return f"{_listed(near)}?" if near else f"one of {_listed(known)}"


def _listed(names: Iterable[Any]) -> str:
    """On one line, whatever a file calls its columns."""
    return ", ".join(" ".join(str(name).split())[:80] for name in names)


def _at(value: Any, name: str) -> Any:
    """The value under a name, or under the steps of a dotted one."""
    if isinstance(value, dict) and name in value:
        return value[name]
    for step in name.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _of_csv(file: LogFile) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with the line on which each begins; fields may hold line breaks."""
    text = file.text()
    head = text.partition("\n")[0]
    usual = csv.field_size_limit(_LONGEST_FIELD)  # of the whole process
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True
    )
    try:
        names = next(reader, [])
        if len(set(names)) < len(names) or not all(name.strip() for name in names):
            raise file.wrong("has columns without a name, or twice the same", 1)
        line = reader.line_num + 1
        for row in reader:
            if row and len(row) != len(names):
                raise file.wrong(f"has {len(row)} fields, the first line {len(names)}", line)
            if row:
                yield line, dict(zip(names, row, strict=True))
            line = reader.line_num + 1
    except csv.Error as error:
        raise file.wrong(f"is no CSV: {error}", reader.line_num) from error
    finally:
        csv.field_size_limit(usual)


PLAIN = Format(name="plain", title="JSON Lines or CSV", is_like=is_like, read=read)
