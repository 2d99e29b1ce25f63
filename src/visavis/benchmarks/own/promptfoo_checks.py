"""Assertions of promptfoo as our checks, those that have a meaning here."""

import re
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from visavis.benchmarks.own.foreign import any_of


class Untold(ValueError):  # noqa: N818  # it is no error: it says what has no meaning here
    """An assertion that cannot be brought along; the text says which, and why."""


def check_of(told: Any) -> dict[str, Any]:
    """`{"contains": "x"}`, with a `weight` where the assertion has one."""
    if not isinstance(told, Mapping) or not isinstance(told.get("type"), str):
        raise Untold("an assertion must be a mapping with a 'type'")
    kind, value = told["type"], told.get("value")
    make = _MADE.get(kind)
    if make is None:
        raise Untold(f"the assertion {kind!r} has no meaning here")
    made = make(value, told.get("threshold"))
    weight = told.get("weight", 1)
    if not isinstance(weight, int | float) or weight <= 0:
        raise Untold(f"the assertion {kind!r} has weight {weight!r}, and so never counts")
    return made if weight == 1 else {**made, "weight": weight}


def expected(cell: str) -> dict[str, Any]:
    """What a cell of `__expected` asserts: `contains: x`, or a text that the reply equals."""
    kind, colon, value = cell.partition(":")
    if colon and kind.strip() in _MADE:
        listed = "-a" in kind  # -all, -any
        parts = [part.strip() for part in value.split(",")]
        return {"type": kind.strip(), "value": parts if listed else value.strip()}
    return {"type": "equals", "value": cell}


def _text(value: Any) -> str:
    if isinstance(value, str) and value.strip() and not value.startswith("file://"):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Untold(f"an assertion needs a text of its own, not {value!r}")


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not value:
        raise Untold("an assertion of several texts needs a list of them")
    return [_text(one) for one in value]


def _plain(texts: list[str]) -> list[str]:
    """Texts that can be made into a pattern: none holds a variable."""
    if any("{{" in text for text in texts):
        raise Untold("variables within several texts of which one will do have no meaning here")
    return texts


def _equals(value: Any, _: Any) -> dict[str, Any]:
    return {"json_schema": {"const": value}} if isinstance(value, dict | list) else {
        "equals": _text(value)
    }  # fmt: skip


def _not_equals(value: Any, _: Any) -> dict[str, Any]:
    text = re.escape(*_plain([_text(value)]))
    return {"matches": rf"(?s)\A(?!\s*{text}\s*\Z)"}


def _regex(value: Any, _: Any) -> dict[str, Any]:
    return {"matches": _text(value)}


def _not_regex(value: Any, _: Any) -> dict[str, Any]:
    return {"matches": rf"(?s)\A(?!.*(?:{_text(value)}))"}


def _any(value: Any, _: Any) -> dict[str, Any]:
    return {"matches": f"(?i){any_of(_plain(_texts(value)))}"}


def _starts(value: Any, _: Any) -> dict[str, Any]:
    return {"matches": any_of(_plain([_text(value)]), starts=True)}


def _json(value: Any, _: Any) -> dict[str, Any]:
    if value is None or isinstance(value, Mapping):
        return {"json_schema": value or {}}
    raise Untold("a JSON schema in a file or a text has no meaning here; write it out")


def _python(value: Any, _: Any) -> dict[str, Any]:
    code = _text(value)
    if re.search(r"\bcontext\b", code):
        raise Untold("Python that reads promptfoo's 'context' has no meaning here")
    body = code if re.search(r"\breturn\b", code) else f"return bool({code.strip()})"
    inner = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return {"python": f"def check(reply):\n    output = reply\n{inner}\n"}


def _judge(value: Any, _: Any) -> dict[str, Any]:
    return {"judge": _text(value)}


def _latency(_: Any, threshold: Any) -> dict[str, Any]:
    return {"latency": {"total_s": _number(threshold) / 1000}}


def _cost(_: Any, threshold: Any) -> dict[str, Any]:
    return {"price": _number(threshold)}


def _words(value: Any, _: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        names = {"min": "at_least", "max": "at_most"}
        return {
            "length": {
                "words": {ours: value[name] for name, ours in names.items() if name in value}
            }
        }
    return {"length": {"words": int(_number(value))}}


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return value
    raise Untold(f"an assertion needs a number above 0, not {value!r}")


def _one(kind: str) -> Callable[[Any, Any], dict[str, Any]]:
    return lambda value, _: {kind: _text(value)}


def _all(kind: str) -> Callable[[Any, Any], dict[str, Any]]:
    return lambda value, _: {kind: _texts(value)}


_MADE: Mapping[str, Callable[[Any, Any], dict[str, Any]]] = {
    "equals": _equals,
    "not-equals": _not_equals,
    **dict.fromkeys(("contains", "icontains"), _one("contains")),
    **dict.fromkeys(("not-contains", "not-icontains"), _one("lacks")),
    **dict.fromkeys(("contains-all", "icontains-all"), _all("contains")),
    **dict.fromkeys(("not-contains-any", "not-icontains-any"), _all("lacks")),
    **dict.fromkeys(("contains-any", "icontains-any"), _any),
    "starts-with": _starts,
    "regex": _regex,
    "not-regex": _not_regex,
    **dict.fromkeys(("is-json", "contains-json"), _json),
    "python": _python,
    **dict.fromkeys(("llm-rubric", "model-graded-closedqa", "g-eval"), _judge),
    "latency": _latency,
    "cost": _cost,
    "word-count": _words,
}
