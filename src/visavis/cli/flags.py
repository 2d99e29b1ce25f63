"""Flags from options: one flag for each field of an options class, and nothing written twice."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from visavis.core.numbers import check_numbers, number_of
from visavis.options import flag


def takes(options: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command, whose last parameter is named `options`, one flag per field of `options`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(command, eval_str=True).parameters.values())[:-1]
        parameters = [*own, *_flags(options)]
        names = [f.name for f in fields(options)]

        @wraps(command)
        def called(**given: Any) -> None:
            told = options(**{name: _told(given.pop(name)) for name in names})
            check_numbers(told, flag)
            command(**given, options=told)

        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it; functions allow it
        called.__annotations__ = {p.name: p.annotation for p in parameters}
        return called

    return decorate


def _told(value: Any) -> Any:
    """Repeated flags arrive as a list; options are values, so they hold tuples."""
    if isinstance(value, list):
        return tuple(value)
    return value


def _flags(options: type) -> list[inspect.Parameter]:
    kinds, marked = get_type_hints(options), get_type_hints(options, include_extras=True)
    return [
        inspect.Parameter(
            f.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=[] if f.default == () else f.default,
            annotation=Annotated[
                _kind(kinds[f.name]),
                typer.Option(
                    _spelling(f.name, f.default),
                    help=f.metadata["doc"],
                    **_reader(flag(f.name), marked[f.name]),
                ),
            ],
        )
        for f in fields(options)
    ]


def _reader(name: str, hint: Any) -> dict[str, Any]:
    """How a number is read: what is none is told how one looks."""
    held = number_of(hint)
    if held is None:
        return {}
    kind, number = held

    def read(text: Any) -> Any:
        try:
            return text if text is None else kind(text)
        except ValueError:
            raise number.refusal(name, repr(text)) from None

    return {"parser": read, "metavar": f"<{kind.__name__}>"}


def _kind(hint: Any) -> Any:
    if get_origin(hint) is tuple and get_args(hint)[-1] is Ellipsis:
        return list[str]
    return hint


def _spelling(name: str, default: object) -> str:
    return f"{flag(name)}/{flag(name, no=True)}" if default is True else flag(name)
