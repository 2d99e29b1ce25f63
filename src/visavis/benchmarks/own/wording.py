"""The words in which a mistake in a file of cases is told."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from visavis.benchmarks.located import Located, Place
from visavis.benchmarks.own import schema
from visavis.benchmarks.own.schema import OwnCase, OwnFile
from visavis.benchmarks.yaml_said import looks_like

_MODELS: Mapping[str, type[BaseModel]] = {
    "cases": OwnCase,
    "number": schema.NumberCheck,
    "answer": schema.AnswerCheck,
    "length": schema.LengthCheck,
    **dict.fromkeys(("words", "characters", "sentences", "lines"), schema.Bounds),
    "latency": schema.LatencyCheck,
    "price": schema.PriceCheck,
    "judge": schema.MarkedCriterion,
    "pairwise": schema.Criterion,
    "checks": schema.WeighedCheck,
    "turns": schema.Turn,
}
"""What stands under a key."""

_NUMBERS = ("number", "price", "words", "characters", "sentences", "lines")
"""Keys under which a number may stand as well."""
_ROLES = ("user", "assistant", "system")
"""Keys of a turn in its short form."""

_MEANT = {
    **dict.fromkeys(("question", "input", "query", "text"), "prompt"),
    **dict.fromkeys(("messages", "conversation", "history"), "turns"),
    **dict.fromkeys(("expected", "ideal", "target", "output", "exact"), "equals"),
    **dict.fromkeys(("regex", "pattern"), "matches"),
    **dict.fromkeys(("assert", "asserts", "assertions"), "checks"),
    **dict.fromkeys(("not_contains", "excludes", "forbids"), "lacks"),
    **dict.fromkeys(("includes", "include"), "contains"),
    **dict.fromkeys(("rubric", "llm_rubric", "criteria"), "judge"),
    **dict.fromkeys(("variables", "parameters"), "vars"),
    **dict.fromkeys(("name", "key"), "id"),
    **dict.fromkeys(("tag", "labels", "category"), "tags"),
    **dict.fromkeys(("image", "pictures", "picture"), "images"),
    **dict.fromkeys(("cost", "max_cost"), "price"),
    **dict.fromkeys(("schema", "is_json"), "json_schema"),
    **dict.fromkeys(("tests", "questions", "examples"), "cases"),
    **dict.fromkeys(("min", "minimum", "from"), "at_least"),
    **dict.fromkeys(("max", "maximum", "to"), "at_most"),
    **dict.fromkeys(("tolerance", "plus_minus"), "within"),
}
"""What other programs, or a hasty hand, call our keys."""

_MAPPING = "must be a mapping of keys and values"
_PLAIN: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "list_type": lambda _: "must be a list: each of it begins with '- '",
    "dict_type": lambda _: _MAPPING,
    "bool_type": lambda _: "must be true or false",
    "int_type": lambda _: "must be a whole number",
    "int_from_float": lambda _: "must be a whole number",
    "float_type": lambda _: "must be a number",
    "finite_number": lambda _: "must be a number that is finite",
    "greater_than": lambda ctx: f"must be more than {ctx['gt']:g}",
    "greater_than_equal": lambda ctx: f"must be at least {ctx['ge']:g}",
    "less_than_equal": lambda ctx: f"must be at most {ctx['le']:g}",
    "too_short": lambda ctx: f"needs at least {ctx['min_length']}",
    "string_too_short": lambda _: "must not be empty",
    "literal_error": lambda ctx: f"must be {ctx['expected']}",
}
"""By the kind of a mistake, what is said after the key."""
_PATTERNS: Final[Mapping[str, str]] = {
    r"\S": "must not be empty",
    r"^[^\s].{0,199}$": "must be one line of 1 to 200 characters that begins with no blank",
    r"^\S.{0,59}$": "must be one line of 1 to 60 characters that begins with no blank",
    r"^[A-Za-z_]\w*$": "is no name of a variable: write letters, digits and '_', no digit first",
}


def reworded(detail: ErrorDetails, place: Place, found: Located) -> str:
    """What is wrong; `place` is where it stands in the file."""
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    last = loc[-1] if loc else "the file"
    what = _named(loc, place, found) if isinstance(last, int) else repr(last)
    kind, ctx = detail["type"], detail.get("ctx", {})
    match kind:
        case "missing":
            return f"needs {last!r}"
        case "extra_forbidden":
            return unknown(str(last), loc)
        case "model_type":
            number = "a number, or " if last in _NUMBERS else ""
            return f"{what} must be {number}a mapping of keys and values"
        case "string_type" | "no_text":
            return f"{what} {_no_text(detail, place, found)}"
        case "wrong" | "code":
            return f"{what} {detail['msg']}"
        case "string_pattern_mismatch" if ctx.get("pattern") in _PATTERNS:
            return f"{what} {_PATTERNS[ctx['pattern']]}"
        case _ if kind in _PLAIN:
            return f"{what} {_PLAIN[kind](ctx)}"
    return f"{what}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"


def line_of(detail: ErrorDetails, place: Place, found: Located) -> int:
    """Where the mistake stands: of Python, the line of it; of a column of CSV, the first row."""
    line = found.line(place)
    if detail["type"] == "code" and place in found.blocks:
        return line + int(detail["ctx"]["at"])
    if detail["type"] == "extra_forbidden" and len(place) == 3 and place not in found.lines:
        return found.line(("cases",)) if found.file.lower().endswith(".csv") else line
    if detail["type"] == "no_text":
        return found.line(_inner(detail, place))
    return line


def _inner(detail: ErrorDetails, place: Place) -> Place:
    """The place in a list, where one was told."""
    at = detail.get("ctx", {}).get("at")
    return place if at is None else (*place, at)


def _no_text(detail: ErrorDetails, place: Place, found: Located) -> str:
    """As it was written, where that is known: `01234` is not `1234`."""
    inner = _inner(detail, place)
    if inner in found.written:
        literal = found.written[inner]
        return f"needs text; put it in quotes: '{literal}'" if literal else "is empty"
    if detail["type"] == "no_text":
        return detail["msg"]
    return "must be a text"


def _named(loc: Place, place: Place, found: Located) -> str:
    """What a part of a list is called; a part that stands alone goes by its key."""
    if loc[-2:-1] == ("cases",):
        return "this case"
    if place not in found.lines and len(loc) > 1:
        return repr(loc[-2])
    return f"number {int(loc[-1]) + 1} of {loc[-2]!r}"


def meant(key: str, place: Place) -> str | None:
    """The key of ours that somebody may have had in mind."""
    known = _known(place)
    other = _MEANT.get(key.lower().replace("-", "_"))
    near = [other] if other in known else get_close_matches(key, known, n=1)
    return near[0] if near else None


def unknown(key: str, place: Place) -> str:
    """What is said of a key that is not ours."""
    seeming = looks_like(key)
    if seeming:
        return seeming
    near = meant(key, place)
    hint = f"did you mean {near!r}?" if near else f"known are {', '.join(_known(place))}"
    return f"no key is called {key!r}; {hint}"


def _known(place: Place) -> list[str]:
    parents = [part for part in place[:-1] if isinstance(part, str)]
    if not parents:
        return list(OwnFile.model_fields)
    short = _ROLES if parents[-1] == "turns" else ()
    return [*short, *_MODELS[parents[-1]].model_fields]
