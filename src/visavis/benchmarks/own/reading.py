"""From a path to what a case file says: YAML, JSON Lines or CSV, of a size that can be read."""

import json
import re
from os.path import isdir  # `Path.is_dir` raises where a name is too long
from pathlib import Path
from typing import Any

from visavis.benchmarks.base import short_hash
from visavis.benchmarks.located import (
    Located,
    Wrong,
    csv_of,
    decoded,
    json_lines_of,
    told,
    yaml_of,
)
from visavis.benchmarks.own.schema import OwnCase
from visavis.core.errors import CaseFileError

LARGEST_BYTES = {".yaml": 1 << 20, ".yml": 1 << 20, ".jsonl": 256 << 20, ".csv": 64 << 20}
"""By suffix. YAML is read at some 150 kB a second, JSON Lines hundreds of times as fast."""
MOST_FILES = 1_000
"""In one folder of cases."""

_TEXTS = frozenset(("equals", "contains", "lacks", "good", "bad", "images"))
"""Columns of a CSV file that may stand several times."""
_NUMBERS = frozenset(("number", "answer", "max_tokens", "threshold", "price"))
_PLAIN_NUMBER = re.compile(r"[-+]?\d{1,15}(?:[.,]\d{1,15})?")


def read_bytes(path: Path) -> bytes:
    """A case file's content."""
    largest = LARGEST_BYTES.get(path.suffix.lower())
    if largest is None:
        ends = " or ".join(LARGEST_BYTES)
        raise CaseFileError(f"{str(path)!r} is read as cases; its name must end in {ends}")
    try:
        if not path.is_file():
            raise CaseFileError(f"there is no file {str(path)!r}; check the path")
        if path.stat().st_size > largest:
            instead = "write it as .jsonl" if "y" in path.suffix.lower() else "split it"
            raise CaseFileError(f"{str(path)!r} is larger than {largest >> 20} MiB; {instead}")
        return path.read_bytes()
    except OSError as error:
        raise CaseFileError(f"{str(path)!r} cannot be read: {error.strerror}") from error


def files_of(path: Path) -> tuple[Path, ...]:
    """The case files of a folder and of those below it, or the one file."""
    if not isdir(path):
        return (path,)
    found = sorted(
        file
        for file in path.rglob("*")
        if file.suffix.lower() in LARGEST_BYTES and not _is_hidden(file, path) and file.is_file()
    )
    if not found:
        ends = " or ".join(LARGEST_BYTES)
        raise CaseFileError(f"the folder {str(path)!r} holds no case file: none ends in {ends}")
    if len(found) > MOST_FILES:
        raise CaseFileError(f"the folder {str(path)!r} holds more than {MOST_FILES:,} case files")
    return tuple(found)


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def located(path: Path, raw: bytes) -> Located:
    """What a case file says, as a mapping with the key `cases`."""
    text = decoded(str(path), raw)
    match path.suffix.lower():
        case ".jsonl":
            found = json_lines_of(str(path), text)
            _refuse_samples(found)
        case ".csv":
            found = csv_of(str(path), text)
            _refuse_headless(found)
            _refuse_twice(found)
            found.value = [_typed(row) for row in found.value]
        case _:
            found = yaml_of(str(path), text)
            _refuse_promptfoo(found)
            return found
    found.value = {"cases": list(map(_with_id, found.value))} if found.value else None
    found.lines = {("cases", *place): line for place, line in found.lines.items()}
    return found


def _with_id(row: Any) -> Any:
    """A row that has no id is known by what it holds: changed, it is another case."""
    if not isinstance(row, dict) or "id" in row:
        return row
    return {"id": short_hash(json.dumps(row, sort_keys=True, ensure_ascii=False)), **row}


def _refuse_headless(found: Located) -> None:
    """A table without a row of names: a case was read as one."""
    named = [name for row in found.value[:1] for name in row]
    if named and not OwnCase.model_fields.keys() & {*named}:
        said = (
            f"the first row must name the keys, such as 'prompt,equals'; it says {named[0][:40]!r}"
        )
        raise told(found.file, Wrong(found.line(()), said))


def _refuse_twice(found: Located) -> None:
    """A column that may stand only once, and does not."""
    for row in found.value:
        for name, cell in row.items():
            if isinstance(cell, list) and name not in (*_TEXTS, "tags"):
                row[name] = cell[0]
                said = f"the column {name!r} is there twice"
                if not any(wrong.said == said for wrong in found.wrong):
                    found.note(said, found.line(()))


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """Cells as the values that they mean: a CSV file holds only texts."""
    return {name: _cell(name, cell) for name, cell in row.items()}


def _cell(name: str, cell: Any) -> Any:
    if isinstance(cell, list):
        return ", ".join(cell) if name == "tags" else cell
    plain = cell.strip()
    if name in _NUMBERS and _PLAIN_NUMBER.fullmatch(plain):
        number = float(plain.replace(",", "."))
        return int(number) if plain.lstrip("+-").isdigit() else number
    return plain if name in ("id", "group", "language", "program") else cell


def _refuse_samples(found: Located) -> None:
    first = next(iter(found.value), None)
    if isinstance(first, dict) and "input" in first and not {"prompt", "turns"} & first.keys():
        raise _foreign(found, "samples for OpenAI's evals")


def _refuse_promptfoo(found: Located) -> None:
    value = found.value
    if isinstance(value, dict) and "cases" not in value and {"prompts", "tests"} & value.keys():
        raise _foreign(found, "a configuration of promptfoo")


def _foreign(found: Located, what: str) -> CaseFileError:
    said = f"holds {what}; 'visavis cases new cases.yaml --from {found.file}' turns it into cases"
    return told(found.file, Wrong(1, said))
