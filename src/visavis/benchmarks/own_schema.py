"""What a user may write in a case file. The published JSON schema is made from these classes."""

import ast
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from visavis.scoring.checks import CHECKS

SCHEMA_FILE = Path(__file__).with_name("own_cases.schema.json")


def wrong(said: str) -> PydanticCustomError:
    """A mistake in our own words."""
    return PydanticCustomError("wrong", "{said}", {"said": said})


@contextmanager
def _quiet() -> Iterator[None]:
    """What Python would have written otherwise is the user's own matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _texts(value: object) -> tuple[str, ...]:
    texts = tuple(value) if isinstance(value, list) else (value,)
    for text in texts:
        if not isinstance(text, str):
            raise wrong(f"needs text; put it in quotes: '{text}'")
        if not text.strip():
            raise wrong("needs text that is not empty")
    if not texts:
        raise wrong("needs at least one text")
    return texts


def _number(value: object) -> object:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return {"value": value} if plain else value


def _pattern(value: object) -> object:
    if isinstance(value, str):
        try:
            with _quiet():
                re.compile(value)
        except (re.error, RecursionError, OverflowError) as error:
            raise wrong(f"is no regular expression: {error}") from error
    return value


def _code(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        with _quiet():
            tree = ast.parse(value)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise wrong(f"is no Python: {error}") from error
    if not any(isinstance(node, ast.FunctionDef) and node.name == "check" for node in tree.body):
        raise wrong("must define 'check(reply)', which returns True or False")
    return value


def _json_schema(value: object) -> object:
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


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts, json_schema_input_type=str | list[str])]


class Strict(BaseModel):
    """Nothing that a user wrote is passed over or bent into shape."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
    )


class NumberCheck(Strict):
    """A number and how far from it a reply may be."""

    value: float
    within: Annotated[float, Field(ge=0)] = 0.0
    """Largest distance that still counts as right."""


class OwnCase(Strict):
    """One prompt, and the checks that a right reply passes: all of them."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [check]} for check in CHECKS]}
    )

    id: Annotated[str, Field(pattern=r"^[^\s].{0,199}$")]
    """Names the case in tables and pairs candidates; never reuse one for another question."""
    prompt: Annotated[str, Field(pattern=r"\S")]
    """What is asked, word for word."""
    system: str | None = None
    """A system message for this case; that of the file when not given."""
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    """Tokens after which a reply is cut; that of the file when not given."""
    group: Annotated[str, Field(min_length=1)] | None = None
    """Cases that rise and fall together: variants of one question, questions on one text."""
    equals: Texts | None = None
    """The reply is this text, or one of these, but for case, spacing and a final full stop."""
    contains: Texts | None = None
    """The reply contains this text, or all of these, whatever its case and spacing."""
    matches: Annotated[str, Field(min_length=1), BeforeValidator(_pattern)] | None = None
    """A Python regular expression that is found in the reply, within two seconds."""
    number: Annotated[
        NumberCheck | None, BeforeValidator(_number, json_schema_input_type=float | NumberCheck)
    ] = None
    """The last number in the reply, in English or French writing."""
    json_schema: Annotated[dict[str, Any], BeforeValidator(_json_schema)] | None = None
    """A JSON schema for the JSON in the reply."""
    python: Annotated[str, BeforeValidator(_code)] | None = None
    """Python that defines `check(reply)`; runs inside the fence, for five seconds at most."""

    @model_validator(mode="after")
    def _is_checked(self) -> "OwnCase":
        if not self.checks():
            raise wrong(f"needs a check: one of {', '.join(CHECKS)}")
        return self

    def checks(self) -> dict[str, Any]:
        return self.model_dump(mode="json", include=set(CHECKS), exclude_none=True)


class OwnFile(Strict):
    """A file of cases, with what they share."""

    cases: Annotated[list[OwnCase], Field(min_length=1)]
    system: str | None = None
    """A system message for every case that has none of its own."""
    max_tokens: Annotated[int, Field(ge=1)] = 512
    """Tokens after which a reply is cut, for every case that does not say."""


def published() -> str:
    """The JSON schema of a case file, as `SCHEMA_FILE` must hold it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **OwnFile.model_json_schema(mode="validation"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
