"""Traces of real load: when requests came, and how long they were, from a CSV or JSONL file.

Ours has the columns `due_s`, `prompt_tokens`, `output_tokens`. Those of two traces that were
published are known, too: Azure's LLM inference traces (`TIMESTAMP`, `ContextTokens`,
`GeneratedTokens`) and Mooncake's (`timestamp` in ms, `input_length`, `output_length`). Times count
from the first request; lengths may be missing, then those of the load hold.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from visavis.core.errors import OptionError
from visavis.measure.load.arrivals import Arrival, Trace

_DUE: Final = ("due_s", "TIMESTAMP", "timestamp")
_PROMPT: Final = ("prompt_tokens", "ContextTokens", "input_length")
_OUTPUT: Final = ("output_tokens", "GeneratedTokens", "output_length")
_MOST_TOKENS: Final = 10_000_000

Row = Mapping[str, Any]


def trace(file: Path) -> Trace:
    """The requests in a file, in order of time."""
    rows = list(enumerate(_rows(file), start=1))
    if not rows:
        raise OptionError(f"trace {str(file)!r} holds no request; add a line with 'due_s'")
    found = sorted((_arrival(row, file, number) for number, row in rows), key=lambda a: a.due_s)
    begin = found[0].due_s
    return Trace(
        file=file.name, arrivals=tuple(one._replace(due_s=one.due_s - begin) for one in found)
    )


def _rows(file: Path) -> Iterator[Row]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise OptionError(f"trace {str(file)!r} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OptionError(f"trace {str(file)!r} is no UTF-8 text; save it as such") from error
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and lines[0].lstrip().startswith("{"):
        return _objects(lines, file)
    return iter(csv.DictReader(lines))


def _objects(lines: Iterable[str], file: Path) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise OptionError(f"trace {str(file)!r}, request {number}: this is no JSON object")
        yield row


def _arrival(row: Row, file: Path, number: int) -> Arrival:
    name = next((name for name in _DUE if row.get(name) not in (None, "")), None)
    if name is None:
        raise OptionError(
            f"trace {str(file)!r}, request {number}: nothing says when it came; name the column "
            "'due_s', in seconds"
        )
    try:
        due_s = _seconds(row[name]) / (1000 if name == "timestamp" else 1)
        lengths = [_tokens(row, names) for names in (_PROMPT, _OUTPUT)]
    except (ValueError, TypeError, OverflowError):
        raise OptionError(
            f"trace {str(file)!r}, request {number}: its time or a length is no number"
        ) from None
    return Arrival(due_s, *lengths)


def _seconds(told: object) -> float:
    """A number, or a moment as Azure writes it: `2023-11-16 18:15:46.6805900`."""
    try:
        seconds = float(told)  # type: ignore[arg-type]  # whatever it is, float refuses it
    except ValueError:
        return datetime.fromisoformat(str(told)).timestamp()
    if not abs(seconds) < 1e15:  # nan and infinities, too
        raise ValueError(told)
    return seconds


def _tokens(row: Row, names: Iterable[str]) -> int | None:
    told = next((row[name] for name in names if row.get(name) not in (None, "")), None)
    if told is None:
        return None
    tokens = int(float(told))
    if not 0 < tokens <= _MOST_TOKENS:
        raise ValueError(told)
    return tokens
