"""A table on the terminal, as wide as it is; piped, as wide as every report."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from visavis.report.terminal import PIPED_COLUMNS


def print_table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, title: str | None = None
) -> None:
    """Cells as they are written, and a blank line behind."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPED_COLUMNS
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    console.print()
