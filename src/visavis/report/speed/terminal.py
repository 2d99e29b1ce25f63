"""The view of a speed run on a terminal: a table a load, then what it comes to."""

from collections.abc import Iterator
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.text import Text

from visavis.report.language import Words
from visavis.report.speed.view import SpeedView
from visavis.report.terminal import measures, put, sentence, wrapped


def show_speed(view: SpeedView, file: TextIO, *, columns: int | None = None) -> None:
    """Print a view, as wide as the terminal, or as told."""
    put(lambda console: _page(view, console), file, columns)


def _page(view: SpeedView, console: Console) -> RenderableType:
    return Group(*(spaced for part in _parts(view, console) for spaced in (part, Text())))


def _parts(view: SpeedView, console: Console) -> Iterator[RenderableType]:
    _, width = Words(view.lang), console.width
    yield Group(wrapped(view.title, width, "bold"), wrapped(view.run, width, "dim"))
    yield wrapped(view.headline, width)
    for warning in view.warnings:
        yield wrapped("! " + warning, width, "yellow", hang=2)
    for load in view.loads:
        yield Group(Text(load.label, style="bold underline"), measures(load, console))
    if view.sentences:
        yield Group(*(sentence(said.text, said.kind, width) for said in view.sentences))
    items = (_("{label}: {value}", label=item.label, value=item.value) for item in view.items)
    yield Group(*(wrapped(text, width, "dim", hang=2) for text in items))
    yield Group(*(wrapped(text, width, "dim") for text in view.reading))
    yield wrapped(_("Again: {command}", command=view.command), width, "dim", hang=2)
