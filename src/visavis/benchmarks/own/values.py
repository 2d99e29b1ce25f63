"""What a user may write for a value, bent into one form or turned away in our own words."""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from pydantic_core import PydanticCustomError

from visavis.core.errors import UnknownNameError

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def wrong(said: str) -> PydanticCustomError:
    """A mistake in our own words."""
    return PydanticCustomError("wrong", "{said}", {"said": said})


@contextmanager
def _quiet() -> Iterator[None]:
    """What Python would have written otherwise is the user's own matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def no_text(value: object, at: int | None = None) -> PydanticCustomError:
    """What stands there is no text; `at` is its place in a list."""
    plain = isinstance(value, int | float) or value is None
    said = "needs text; put it in quotes: " if plain else "needs a text, or a list of texts"
    written = f"'{value}'" if plain else ""
    return PydanticCustomError(
        "no_text", "{said}{written}", {"said": said, "written": written, "at": at}
    )


def texts(value: object) -> tuple[str, ...]:
    """One text or a list of them."""
    found = replies(value)
    for text in found:
        if not text.strip():
            raise wrong("needs text that is not empty")
    if not found:
        raise wrong("needs at least one text")
    return found


def replies(value: object) -> tuple[str, ...]:
    """Texts of which one may be empty: a reply can be."""
    several = isinstance(value, list)
    found = tuple(value) if isinstance(value, list) else (value,)
    for at, text in enumerate(found):
        if not isinstance(text, str):
            raise no_text(text, at if several else None)
    return found


def tags(value: object) -> tuple[str, ...]:
    """Words; of a text, those between spaces and commas."""
    words = re.split(r"[,;\s]+", value.strip()) if isinstance(value, str) else value
    found = texts(list(words) if isinstance(words, list) else words)
    for word in found:
        if not re.fullmatch(r"[^\s,;:#/\\]{1,60}", word):
            raise wrong(f"needs words without space or any of ,;:#/ where it says {word!r}")
    return found


def variable(value: object) -> object:
    """A text or a number, or a mapping of such."""
    plain = str | int | float  # a truth value is an integer
    inner = value.values() if isinstance(value, Mapping) else [value]
    if not inner or not all(isinstance(one, plain) for one in inner):
        raise wrong("needs a text, a number, or a mapping of such")
    return value


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def number(value: object) -> object:
    """A bare number is one that a reply must meet exactly."""
    return {"value": value} if is_number(value) else value


def answer(value: object) -> object:
    """A number, a day (`2026-11-22`), or texts of which any will do."""
    if is_number(value):
        return {"number": value}
    if isinstance(value, str) and _DAY.fullmatch(value):
        return {"date": value}
    return {"texts": value} if isinstance(value, str | list) else value


def day(value: object) -> object:
    if isinstance(value, str) and not _is_day(value):
        raise wrong(f"needs a day such as 2026-11-22, not {value!r}")
    return value


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def bounds(value: object) -> object:
    """A bare number is both bounds."""
    return {"at_least": value, "at_most": value} if is_number(value) else value


def usd(value: object) -> object:
    return {"usd": value} if is_number(value) else value


def language(value: object) -> object:
    if isinstance(value, str):
        from visavis.scoring.instructions.language import known_languages

        if value not in known_languages():
            known = ", ".join(sorted(known_languages()))
            raise wrong(f"needs the two letters of a language; known are {known}")
    return value


def rubrics(value: object) -> object:
    """One rubric, or a list; each a text or a mapping."""
    if value is None:
        return None
    several = value if isinstance(value, list) else [value]
    return [{"text": one} if isinstance(one, str) else one for one in several]


def turn(value: object) -> object:
    """`user: Hello.` says the same as `role: user` and `content: Hello.`"""
    if isinstance(value, Mapping):
        roles = [role for role in ("system", "user", "assistant") if role in value]
        if len(roles) == 1 and not {"role", "content"} & value.keys():
            rest = {key: inner for key, inner in value.items() if key != roles[0]}
            return {"role": roles[0], "content": value[roles[0]], **rest}
    return value


def pattern(value: object) -> object:
    if isinstance(value, str):
        try:
            with _quiet():
                re.compile(value)
        except (re.error, RecursionError, OverflowError) as error:
            raise wrong(f"is no regular expression: {error}") from error
    return value


def code(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        with _quiet():
            tree = ast.parse(value)
    except SyntaxError as error:
        said = f"is no Python: {error.msg}, on its line {error.lineno or 1}"
        raise PydanticCustomError(
            "code", "{said}", {"said": said, "at": error.lineno or 1}
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise wrong(f"is no Python: {error}") from error
    if not any(isinstance(node, ast.FunctionDef) and node.name == "check" for node in tree.body):
        raise wrong("must define 'check(reply)', which returns True or False")
    return value


def program(value: object) -> object:
    if isinstance(value, str):
        from visavis.benchmarks.own.programs import task

        try:
            task(value)
        except UnknownNameError as error:
            raise wrong(f"names no task: {error}") from error
    return value


def json_schema(value: object) -> object:
    from jsonschema import SchemaError
    from jsonschema.validators import Draft202012Validator, validator_for

    if isinstance(value, Mapping):
        try:
            with _quiet():
                validator_for(value, default=Draft202012Validator).check_schema(dict(value))
        except SchemaError as error:
            raise wrong(f"is no JSON schema: {error.json_path}: {error.message}") from error
        for key, inner in _pairs(value):
            _refuse(key, inner, value)
    return value


def _pairs(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key), inner
            yield from _pairs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _pairs(inner)


def _refuse(key: str, value: object, schema: Mapping[str, Any]) -> None:
    """Turn away what we would not check in bounded time, or would have to fetch."""
    from referencing import Registry
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import DRAFT202012

    if key == "patternProperties":
        raise wrong("uses 'patternProperties', which is not checked here; use 'properties'")
    if key in ("$ref", "$dynamicRef") and isinstance(value, str):
        resolver = Registry().resolver_with_root(DRAFT202012.create_resource(dict(schema)))
        try:
            resolver.lookup(value)
        except Unresolvable as error:
            raise wrong(f"refers to {value!r}, which is not in it; nothing is fetched") from error
