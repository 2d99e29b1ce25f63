"""Reads YAML, JSON lines and CSV as plain values that know on which line each of them stands.

Of YAML 1.2 what plain data needs is taken: no anchors, no tags of one's own, one document. What is
wrong is noted with its line, and read on from there, so that all of it can be told at once.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError

from visavis.benchmarks.yaml_said import said_of
from visavis.core.errors import CaseFileError

Place = tuple[str | int, ...]
"""Keys and positions that lead from the whole to a part of it."""

PLAIN = "tag:yaml.org,2002:"
_LONGEST = 40
"""Characters of a value that a mistake names."""


@dataclass(frozen=True, slots=True, order=True)
class Wrong:
    """A mistake in a file, and the line on which it stands."""

    line: int
    said: str
    rank: int = field(default=0, compare=False)
    """What may have led to others is told before them: 0 before 1."""


@dataclass(slots=True)
class Located:
    """A plain value, and the line of each of its parts, counted from 1."""

    file: str
    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    """What could not be read."""
    unread: set[Place] = field(default_factory=set)
    """Parts that could not be read; None stands in their place."""
    written: dict[Place, str] = field(default_factory=dict)
    """Of a YAML value that is no text and not in quotes, how it was written."""
    blocks: set[Place] = field(default_factory=set)
    """Texts of a YAML file that begin on the line after their key."""

    def line(self, place: Place) -> int:
        """Where a part stands, or the nearest part around it that is written down."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def note(self, said: str, line: int, place: Place | None = None) -> None:
        """Keep what cannot be read; at `place` stands nothing then."""
        self.wrong.append(Wrong(line, said))
        if place is not None:
            self.unread.add(place)

    def is_read(self, place: Place) -> bool:
        """Whether this part, and all around it, could be read."""
        return not any(place[:end] in self.unread for end in range(len(place) + 1))


def told(file: str, wrong: Wrong, more: int = 0) -> CaseFileError:
    """One mistake as an error; `more` were found beside it."""
    others = f" (and {more} more)" if more else ""
    return CaseFileError(f"{file}:{wrong.line}: {wrong.said}{others}")


def decoded(file: str, raw: bytes) -> str:
    """The text of a file, which must be UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + raw.count(b"\n", 0, error.start)
        raise told(file, Wrong(line, "is not UTF-8; save it as UTF-8")) from error


def yaml_of(file: str, text: str) -> Located:
    """The one document of a YAML file; its value is None when there is nothing in it."""
    found = Located(file)
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        if node is not None:
            found.value = _plain(node, (), found)
    except MarkedYAMLError as error:
        found.note(*said_of(error, text), ())
    except ReaderError as error:
        line = 1 + text.count("\n", 0, error.position)
        found.note(f"holds a character that YAML forbids: U+{error.character:04X}", line, ())
    except RecursionError:
        found.note("is nested too deeply", 1, ())
    return found


def json_lines_of(file: str, text: str) -> Located:
    """The values of a file with one JSON value a line; blank lines are passed over."""
    found = Located(file, value=[])
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                value = json.loads(line, object_pairs_hook=_once)
                if "\\u" in line:
                    json.dumps(value, ensure_ascii=False).encode()
                found.value.append(value)
                found.lines[len(found.value) - 1,] = number
            except (ValueError, RecursionError, _TwiceError) as error:
                found.note(_unread(error), number)
    return found


def _unread(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"is no JSON at column {error.colno}: {error.msg.lower()}"
        case RecursionError():
            return "is nested too deeply"
        case UnicodeEncodeError():
            half = str(error.object)[error.start]
            return (
                f"holds half a character, \\u{ord(half):04x}; write both halves, or the character"
            )
        case _TwiceError():
            return f"the key {error.args[0]!r} is there twice"
    return "holds a number of absurd length"


def csv_of(file: str, text: str) -> Located:
    """The rows of a CSV file as mappings from its first row's names to what is in the cells.

    Cells are parted by a comma, or by the semicolon or tab that the first row has in its place.
    An empty cell is left out. Of a name that stands over several columns the cells make a list.
    """
    found = Located(file, value=[])
    rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    names: list[str] = []
    before = 0
    try:
        for cells in rows:
            line, before = before + 1, rows.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = [cell.strip() for cell in cells]
                found.lines[()] = line
            elif len(cells) > len(names):
                found.note(f"has {len(cells)} cells, the first row has {len(names)}", line)
            else:
                found.lines[len(found.value),] = line
                found.value.append(_row(names, cells))
    except csv.Error as error:
        found.note(_no_csv(str(error)), before + 1)
    return found


def _no_csv(problem: str) -> str:
    if "end of data" in problem:
        return "is no CSV: a quote is opened in this row and never closed"
    if "field limit" in problem:
        return f"has a cell of more than {csv.field_size_limit():,} characters; write it as .jsonl"
    if "expected after" in problem:
        return 'is no CSV: text goes on after a closing quote; within quotes write "" for a quote'
    return f"is no CSV: {problem}"


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _row(names: list[str], cells: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=False):
        if not cell.strip():
            continue
        if name in made:
            before = made[name]
            made[name] = [*before, cell] if isinstance(before, list) else [before, cell]
        else:
            made[name] = cell
    return made


class _TwiceError(Exception):
    """A key stands twice in one JSON object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _TwiceError(twice)
    return made


def _plain(node: Node, place: Place, found: Located) -> Any:
    line = node.start_mark.line + 1
    found.lines.setdefault(place, line)
    if node.anchor is not None:  # what it holds is not read: aliases can make it without end
        found.note(
            f"the anchor '&{node.anchor}' is not read here; write the value out", line, place
        )
        return None
    try:
        if isinstance(node, ScalarNode):
            value = _scalar(node)
            if not isinstance(value, str):
                found.written[place] = node.value
            if node.style in ("|", ">"):
                found.blocks.add(place)
            return value
        if _tag(node) not in ("!!map", "!!seq"):
            raise ValueError(f"the tag {_tag(node)!r} is not read here")
    except ValueError as error:
        found.note(str(error), line, place)
        return None
    if isinstance(node, MappingNode):
        return dict(_entries(node, place, found))
    return [_plain(item, (*place, i), found) for i, item in enumerate(node.value)]


def _entries(node: MappingNode, place: Place, found: Located) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for name, inner in node.value:
        line = name.start_mark.line + 1
        if not isinstance(name, ScalarNode):
            found.note("a key must be plain text", line)
            continue
        key = name.value
        if key in seen:
            found.note(f"the key {key!r} is there twice; first on line {seen[key]}", line)
            continue
        seen[key] = line
        found.lines[*place, key] = line
        yield key, _plain(inner, (*place, key), found)


def _scalar(node: ScalarNode) -> str | int | float | bool | None:
    text: str = node.value
    try:
        match _tag(node):
            case "!!str" | "!!timestamp" | "!!merge":
                return text
            case "!!null":
                return None
            case "!!bool":
                return text.lower() == "true"
            case "!!int":
                return int(text, 0 if text.lstrip("+-")[:2].lower() in ("0o", "0x", "0b") else 10)
            case "!!float":
                return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError as error:
        short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        long = text.lstrip("+-").isdecimal()
        fault = "a number of absurd length" if long else f"no {_tag(node)[2:]}"
        raise ValueError(f"{short!r} is {fault}") from error
    raise ValueError(f"the tag {_tag(node)!r} is not read here")


def _tag(node: Node) -> str:
    """As it is written: `!!int`, `!mine`."""
    return str(node.tag).replace(PLAIN, "!!")
