"""The view on a terminal: a table where it fits, else one block a measure.

Colour says nothing that the words do not say, and there is none where the output is piped.
"""

from collections.abc import Callable, Iterable
from textwrap import wrap
from typing import TextIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from visavis.report.choose import UseView
from visavis.report.facts import FactCell, FactRow
from visavis.report.heads import Tabled
from visavis.report.language import Words
from visavis.report.sentences import Said
from visavis.report.table import CellView, GapView, RowView
from visavis.report.text import PIPED_COLUMNS, line
from visavis.report.view import View

_NOTE_COLUMNS = 24
"""Notes and verdicts are broken at this width, so that a table is seldom wider than 120 columns."""

_FOUND_COLUMNS = 34
"""The same, beside a fact that was found by asking."""

_GAP_COLUMNS = 16
"""A gap that could not be taken says why, in more words than a figure has."""

_GAP_HEAD_COLUMNS = 12
"""Its head is no wider than most gaps are."""

_STYLES: dict[Said, str] = {
    "prefer": "green",
    "alike": "cyan",
    "undecided": "yellow",
    "stop": "dim",
    "luck": "dim",
}
_SIGNS: dict[Said, str] = {"prefer": "●", "alike": "=", "undecided": "?", "stop": "■", "luck": "~"}


def show(view: View, file: TextIO, *, columns: int | None = None) -> None:
    """Print a view, as wide as the terminal, or as told."""
    put(lambda console: _page(view, console), file, columns)


def put(page: Callable[[Console], RenderableType], file: TextIO, columns: int | None) -> None:
    """Print what `page` makes for a console of this width."""
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    if columns is not None or not console.is_terminal:
        console.width = columns or PIPED_COLUMNS
    with console.capture() as capture:
        console.print(page(console))
    lines = (text.rstrip() for text in capture.get().splitlines())
    file.write("\n".join(lines).rstrip("\n") + "\n")


def _page(view: View, console: Console) -> RenderableType:
    _, width = Words(view.lang), console.width
    parts: list[RenderableType] = [
        Group(wrapped(view.title, width, "bold"), wrapped(view.run, width, "dim")),
        wrapped(view.headline, width),
        *(wrapped("! " + warning, width, "yellow", hang=2) for warning in view.warnings),
        measures(view, console),
        Group(*(sentence(said.text, said.kind, width) for said in view.sentences)),
        *_uses(view, width),
        *_breakdowns(view, width),
        *_votes(view, width),
        _facts(view, console),
        *_claims(view, console),
        Group(*(wrapped(text, width, "dim") for text in view.reading)),
        wrapped(_("Again: {command}", command=view.command), width, "dim", hang=2),
    ]
    return Group(*(spaced for part in parts for spaced in (part, Text())))


def _uses(view: View, width: int) -> Iterable[RenderableType]:
    """What to choose, a line a use."""
    _ = Words(view.lang)
    if view.choose:
        yield Group(
            wrapped(_("What to choose, by use"), width, "bold"),
            *(
                sentence(_use(use, _), "prefer" if use.decided else "undecided", width)
                for use in view.choose.uses
            ),
        )


def _use(use: UseView, _: Words) -> str:
    name = use.name
    if use.known_as:
        name = _("{name} ({detail})", name=name, detail=use.known_as)
    more = _("; ").join(map(" ".join, use.commands))
    return _("{label}: {value}", label=name, value=" ".join(filter(None, [*use.why, more])))


def sentence(text: str, kind: Said, width: int) -> Text:
    """A verdict behind its sign."""
    said = wrapped(f"{_SIGNS[kind]} {text}", width, hang=2)
    said.stylize(_STYLES[kind], 0, 1)
    return said


def wrapped(text: str, width: int, style: str = "", hang: int = 0) -> Text:
    """Broken at plain spaces alone: rich would also break at no-break ones."""
    return Text("\n".join(_lines(text, width, hang)), style=style, no_wrap=True)


def _lines(text: str, width: int, hang: int = 0) -> list[str]:
    return wrap(text, max(width, 12), subsequent_indent=" " * hang, break_on_hyphens=False)


def measures(view: Tabled, console: Console) -> RenderableType:
    """The table where it fits, else one block a measure."""
    table = _table(view)
    natural = Measurement.get(console, console.options.update(max_width=10_000), table).maximum
    if natural <= console.width:
        return table
    return Group(*(part for row in view.rows for part in _stacked(row, view, console.width)))


def _table(view: Tabled) -> Table:
    _ = Words(view.lang)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column(_("measure"), no_wrap=True)
    for head in view.heads:
        table.add_column(head.name, no_wrap=True)
    if view.pair:
        table.add_column(
            "\n".join(_lines(_("gap, first to second"), _GAP_HEAD_COLUMNS)), no_wrap=True
        )
        table.add_column(_("verdict"), no_wrap=True)
    for row in view.rows:
        gaps = _gap_or_why(row, _) if view.pair else ()
        table.add_row(_label(row), *(_cell(cell) for cell in row.cells), *gaps)
    return table


def _label(row: RowView) -> Text:
    text = Text("\n".join(_lines(row.label, _NOTE_COLUMNS)), style="bold")
    return text.append(f"\n{row.detail}", style="not bold dim") if row.detail else text


def _cell(cell: CellView) -> Text:
    if not cell.interval:
        return Text("\n".join(_lines(cell.value, _NOTE_COLUMNS)), style="dim")
    beside = f" ({cell.n})" if cell.n else ""
    if len(cell.value + beside) > _NOTE_COLUMNS:
        beside = f"\n{beside.strip()}"
    text = Text.assemble(
        (cell.value, "bold green" if cell.best else ""),
        (beside, "dim"),
        ("\n" + "\n".join(_lines(cell.interval, _NOTE_COLUMNS)), "dim"),
    )
    for note in cell.notes:
        text.append("\n" + "\n".join(_lines(note, _NOTE_COLUMNS)), style="yellow")
    return text


def _gap(gap: GapView) -> tuple[Text, Text]:
    size = Text.assemble(
        "\n".join(_lines(gap.size, _GAP_COLUMNS)),
        (f"\n{gap.interval}" if gap.interval else "", "dim"),
    )
    verdict = Text("\n".join(_lines(gap.verdict, _NOTE_COLUMNS)), style=_STYLES[gap.kind])
    if gap.settle:
        verdict.append("\n" + "\n".join(_lines(gap.settle, _NOTE_COLUMNS)), style="dim")
    return size, verdict


def _gap_or_why(row: RowView, _: Words) -> tuple[Text, Text]:
    if not row.compared:
        return Text(), Text()
    return _gap(row.gaps[0]) if row.gaps else _no_gap(_)


def _no_gap(_: Words) -> tuple[Text, Text]:
    return Text(_("not compared"), style="dim"), Text(_("none"), style="dim")


def _stacked(row: RowView, view: Tabled, width: int) -> Iterable[Text]:
    """A measure as a block: its name, a line a candidate, a line a pair."""
    yield Text(row.label, style="bold").append(f" {row.detail}", style="not bold dim")
    column = max(len(head.name) for head in view.heads)
    for head, cell in zip(view.heads, row.cells, strict=True):
        yield _stacked_cell(head.name, cell, column, width)
    for gap in row.gaps:
        told = ", ".join(part for part in (gap.size, gap.interval) if part)
        verdict = ", ".join(part for part in (gap.verdict, gap.settle) if part)
        said = labelled(
            told if view.pair else f"{line(gap.a)} / {line(gap.b)}, {told}", verdict, view
        )
        text = wrapped(f"{_SIGNS[gap.kind]} {said}", width - 2, hang=2)
        text.stylize(_STYLES[gap.kind], 0, 1)
        yield _indented(text)
    if row is not view.rows[-1]:
        yield Text()


def _stacked_cell(name: str, cell: CellView, column: int, width: int) -> Text:
    around = ", ".join(part for part in (cell.interval, cell.n) if part)
    told = f"{cell.value} ({around})" if around else cell.value
    said = ", ".join([told, *cell.notes])
    if column > width // 3:  # no room beside the names: below them
        text = Text(name + "\n").append_text(_indented(wrapped(said, width - 4)))
    else:
        text = wrapped(f"{name.ljust(column)}  {said}", width - 2, hang=column + 2)
    if cell.best:
        text.stylize("bold green", 0, len(name))
    return _indented(text)


def _indented(text: Text) -> Text:
    return Text("\n").join(Text("  ").append_text(line) for line in text.split("\n"))


def _breakdowns(view: View, width: int) -> Iterable[RenderableType]:
    """Figures of all cases of a benchmark; those of its parts are for the page and Markdown."""
    _ = Words(view.lang)
    said = []
    for part in view.breakdowns:
        if part.by:
            text = _(
                "{benchmark}, by {part}: on the page and in Markdown",
                benchmark=part.benchmark,
                part=part.by,
            )
            said.append(wrapped(text, width, "dim", hang=2))
            continue
        for row in part.rows:
            cells = (
                f"{line(cell.candidate)} {cell.value}"
                + (f" ({cell.interval})" if cell.interval else "")
                for cell in row.cells
            )
            told = labelled(f"{part.benchmark}, {row.label}", _("; ").join(cells), view)
            said.append(wrapped(told, width, hang=2))
    if said:
        yield Group(*said)


def _votes(view: View, width: int) -> Iterable[RenderableType]:
    if view.votes:
        yield Group(*(wrapped(text, width, hang=2) for text in view.votes.lines))


def _claims(view: View, console: Console) -> Iterable[RenderableType]:
    """What was published beside what was measured; and that there is more."""
    seen = view.claims
    if seen is None:
        return
    if seen.rows and console.width >= PIPED_COLUMNS:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for head in seen.heads:
            table.add_column(head, header_style="bold")
        for row in seen.rows:
            table.add_row(*(Text("\n".join(_lines(cell, _NOTE_COLUMNS))) for cell in row))
        yield table
    else:
        told = (", ".join(row) for row in seen.rows)
        yield Group(*(wrapped(text, console.width, hang=2) for text in told))
    further = (*seen.sources, seen.further)
    yield Group(*(wrapped(text, console.width, "dim", hang=2) for text in further if text))


def _facts(view: View, console: Console) -> RenderableType:
    """Facts without their sources, which the page and Markdown print.

    What is unknown of every candidate for the same reason is gathered below the table.
    """
    _, unknown = Words(view.lang), dict[str, list[str]]()
    shown = []
    for row in view.facts:
        values = {cell.value for cell in row.cells}
        if len(values) == 1 and not row.cells[0].known:
            unknown.setdefault(values.pop(), []).append(row.label)
        else:
            shown.append(row)
    wide = console.width >= _NOTE_COLUMNS * (len(view.heads) + 1)
    return Group(
        *([_fact_table(shown, view)] if wide else _fact_lines(shown, view, console.width)),
        *(
            wrapped(labelled(_("; ").join(labels), why, view), console.width, "dim", hang=2)
            for why, labels in unknown.items()
        ),
    )


def _fact_table(rows: Iterable[FactRow], view: View) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column()
    for head in view.heads:
        table.add_column(head.name, header_style="bold")
    for row in rows:
        table.add_row(Text(row.label, style="dim"), *map(_fact, row.cells))
    return table


def _fact(cell: FactCell) -> Text:
    text = Text(cell.value, style="" if cell.known else "dim")
    for part in (cell.around, *cell.notes):
        text.append("".join(f"\n{line}" for line in _lines(part, _FOUND_COLUMNS)), style="dim")
    return text


def _fact_lines(rows: Iterable[FactRow], view: View, width: int) -> Iterable[Text]:
    for row in rows:
        told = (
            f"{line(cell.candidate)} {cell.value}" + (f" ({cell.around})" if cell.around else "")
            for cell in row.cells
        )
        yield wrapped(labelled(row.label, ", ".join(told), view), width, hang=2)


def labelled(label: str, value: str, view: Tabled) -> str:
    _ = Words(view.lang)
    return _("{label}: {value}", label=label, value=value)
