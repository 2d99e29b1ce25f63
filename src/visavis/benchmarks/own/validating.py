"""Finds all that is wrong with a file of cases, each mistake with its line."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from visavis.benchmarks.located import Located, Place, Wrong
from visavis.benchmarks.own import schema
from visavis.benchmarks.own.filling import Filled, filled
from visavis.benchmarks.own.schema import ALL_CHECKS, OwnCase, OwnFile

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


def validated(found: Located) -> tuple[OwnFile | None, Filled]:
    """The file if it is right; all that is wrong is added to `found.wrong`."""
    if found.wrong and found.value is None:
        return None, Filled()
    shape = _shape(found)
    if shape is not None:
        found.wrong.append(shape)
        return None, Filled()
    made = filled(found) if isinstance(found.value.get("cases"), list) else Filled()
    wrong = [*made.wrong, *_ruled(found), *_twice(found, made)]
    file = None
    try:
        whole = {**found.value, "cases": made.cases} if made.cases else found.value
        file = OwnFile.model_validate(whole)
    except ValidationError as error:
        wrong += _worded(error, found, made)
    found.wrong += dict.fromkeys(wrong)
    return (None if found.wrong else file), made


def _shape(found: Located) -> Wrong | None:
    if found.value is None:
        return Wrong(
            1, "holds no cases; write some, each with 'id', 'prompt' and a check such as 'equals'"
        )
    if isinstance(found.value, list):
        return Wrong(1, "begin with a line 'cases:' and put the list under it")
    if not isinstance(found.value, dict):
        return Wrong(1, "'the file' must be a mapping of keys and values")
    return None


def _worded(error: ValidationError, found: Located, made: Filled) -> Iterator[Wrong]:
    for detail in error.errors(include_url=False, include_input=False):
        place = _written(detail["loc"], made)
        if found.is_read(place):
            slip = detail["type"] == "extra_forbidden"
            yield Wrong(found.line(place), _reworded(detail), rank=int(not slip))


def _written(place: Place, made: Filled) -> Place:
    """The place in the file of a part of what was made of it."""
    if len(place) > 1 and place[0] == "cases" and isinstance(place[1], int) and made.origins:
        return ("cases", made.origins[place[1]], *place[2:])
    return place


def _reworded(detail: ErrorDetails) -> str:
    said, place = detail["msg"], tuple(part for part in detail["loc"] if part != "[key]")
    last = place[-1] if place else "the file"
    what = _named(place) if isinstance(last, int) else repr(last)
    match detail["type"]:
        case "missing":
            return f"needs {last!r}"
        case "extra_forbidden":
            return _unknown(str(last), place)
        case "model_type":
            number = "a number, or " if last in _NUMBERS else ""
            return f"{what} must be {number}a mapping of keys and values"
        case "wrong":
            return f"{what} {said}"
    return f"{what}: {said[:1].lower()}{said[1:]}"


def _named(place: Place) -> str:
    """What a part of a list is called."""
    if place[-2:-1] == ("cases",):
        return "this case"
    return f"number {int(place[-1]) + 1} of {place[-2]!r}"


def _unknown(key: str, place: Place) -> str:
    parents = [part for part in place[:-1] if isinstance(part, str)]
    known = _MODELS[parents[-1]].model_fields if parents else OwnFile.model_fields
    meant = _MEANT.get(key.lower().replace("-", "_"))
    near = [meant] if meant in known else get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
    return f"no key is called {key!r}; {hint}"


def _ruled(found: Located) -> Iterator[Wrong]:
    """What no single key is to blame for."""
    cases = found.value.get("cases")
    for number, raw in enumerate(cases if isinstance(cases, list) else ()):
        if isinstance(raw, dict):
            place = ("cases", number)
            for key, said in _rules(raw):
                yield Wrong(found.line((*place, key) if key else place), said, rank=1)


def _twice(found: Located, made: Filled) -> Iterator[Wrong]:
    """Ids that were used before."""
    first: dict[str, int] = {}
    for raw, origin in zip(made.cases, made.origins, strict=True):
        name = raw.get("id") if isinstance(raw, dict) else None
        if isinstance(name, str):
            line = found.line(("cases", origin, "id"))
            if name in first:
                said = f"the id {name!r} was used before, on line {first[name]}"
                yield Wrong(line, said, rank=1)
            first.setdefault(name, line)


def _rules(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a case, and under which key; an unknown key may be the missing one."""
    misspelt = raw.keys() - OwnCase.model_fields.keys()
    turns = raw.get("turns")
    if "prompt" not in raw and turns is None and not misspelt:
        yield "", "needs 'prompt'"
    if not misspelt and not any(raw.get(check) is not None for check in (*ALL_CHECKS, "checks")):
        yield "", f"this case needs a check: one of {', '.join(ALL_CHECKS)}"
    if "system" in raw and isinstance(turns, list) and turns and _role(turns[0]) == "system":
        yield "system", "the system message is there twice: as 'system', and as the first turn"
    if isinstance(turns, list):
        said = _order(turns, ends="prompt" not in raw)
        if said:
            yield "turns", said


def _order(turns: Sequence[Any], *, ends: bool) -> str | None:
    """What is wrong with the order of the turns; `ends`: no prompt comes after them."""
    roles = [_role(turn) for turn in turns]
    if not turns:
        return "'turns' needs at least one"
    if None in roles:
        return None  # told of the turn itself
    spoken = roles[1:] if roles[0] == "system" else roles
    for number, role in enumerate(spoken):
        if role != ("user", "assistant")[number % 2]:
            return "'turns' go user, assistant, user …; a system message may come first"
    if ends and (not spoken or spoken[-1] != "user"):
        return "'turns' must end with the user's, or be followed by 'prompt'"
    if not ends and spoken and spoken[-1] != "assistant":
        return "'turns' must end with the assistant's where 'prompt' follows"
    return None


def _role(turn: Any) -> str | None:
    if not isinstance(turn, dict):
        return None
    said = [role for role in ("system", "user", "assistant") if role in turn]
    role = turn.get("role") if "role" in turn else said[0] if len(said) == 1 else None
    return role if role in ("system", "user", "assistant") else None
