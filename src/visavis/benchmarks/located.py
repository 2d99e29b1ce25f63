"""Reads YAML and JSON lines as plain values that know on which line each of them stands.

Of YAML 1.2 what plain data needs is taken: no anchors, no tags of one's own, one document. Each
mistake is one line that names the file and the line.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError

from visavis.core.errors import CaseFileError

Place = tuple[str | int, ...]
"""Keys and positions that lead from the whole to a part of it."""

PLAIN = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Located:
    """A plain value, and the line of each of its parts, counted from 1."""

    file: str
    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """Where a part stands, or the nearest part around it that is written down."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fail(self, said: str, line: int) -> NoReturn:
        raise CaseFileError(f"{self.file}:{line}: {said}")


def decoded(file: str, raw: bytes) -> str:
    """The text of a file, which must be UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        Located(file).fail("is not UTF-8; save it as UTF-8", 1 + raw.count(b"\n", 0, error.start))


def yaml_of(file: str, text: str) -> Located:
    """The one document of a YAML file; its value is None when there is nothing in it."""
    found = Located(file)
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        if node is not None:
            found.value = _plain(node, (), found)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        found.fail(_reworded(error.problem or "is no YAML"), mark.line + 1 if mark else 1)
    except ReaderError as error:
        line = 1 + text.count("\n", 0, error.position)
        found.fail(f"holds a character that YAML forbids: U+{error.character:04X}", line)
    except RecursionError:
        found.fail("is nested too deeply", 1)
    return found


def json_lines_of(file: str, text: str) -> Located:
    """The values of a file with one JSON value a line; blank lines are passed over."""
    found = Located(file, value=[])
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        found.lines[len(found.value),] = number
        try:
            found.value.append(json.loads(line, object_pairs_hook=_once))
        except json.JSONDecodeError as error:
            found.fail(f"is no JSON at column {error.colno}: {error.msg.lower()}", number)
        except RecursionError:
            found.fail("is nested too deeply", number)
        except _TwiceError as error:
            found.fail(f"the key {error.args[0]!r} is there twice", number)
        except ValueError:
            found.fail("holds a number of absurd length", number)
    return found


class _TwiceError(Exception):
    """A key stands twice in one JSON object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _TwiceError(twice)
    return made


def _reworded(problem: str) -> str:
    if "'\\t'" in problem:
        return "a tab stands where YAML wants spaces"
    if "found another document" in problem:
        return "a second document begins ('---'); write one file for each"
    return f"is no YAML: {problem}"


def _plain(node: Node, place: Place, found: Located) -> Any:
    line = node.start_mark.line + 1
    found.lines.setdefault(place, line)
    if node.anchor is not None:
        found.fail(f"the anchor '&{node.anchor}' is not read here; write the value out", line)
    try:
        if isinstance(node, ScalarNode):
            return _scalar(node)
        if _tag(node) not in ("!!map", "!!seq"):
            raise ValueError(f"the tag {_tag(node)!r} is not read here")
    except ValueError as error:
        found.fail(str(error), line)
    if isinstance(node, MappingNode):
        return dict(_entries(node, place, found))
    return [_plain(item, (*place, i), found) for i, item in enumerate(node.value)]


def _entries(node: MappingNode, place: Place, found: Located) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for name, inner in node.value:
        line = name.start_mark.line + 1
        if not isinstance(name, ScalarNode):
            found.fail("a key must be plain text", line)
        key = name.value
        if key in seen:
            found.fail(f"the key {key!r} is there twice; first on line {seen[key]}", line)
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
        raise ValueError(f"{text!r} is no {_tag(node)[2:]}") from error
    raise ValueError(f"the tag {_tag(node)!r} is not read here")


def _tag(node: Node) -> str:
    """As it is written: `!!int`, `!mine`."""
    return str(node.tag).replace(PLAIN, "!!")
