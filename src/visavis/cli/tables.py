"""A table on the terminal, as wide as it is; piped, as wide as every report."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from visavis.report.text import PIPED_COLUMNS


def print_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    title: str | None = None,
    right_from: int | None = None,
) -> None:
    """Cells as they are written; columns from number `right_from` on are set to the right. Without
    a row, nothing."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, head in enumerate(heads):
        is_right = right_from is not None and number >= right_from
        table.add_column(head, justify="right" if is_right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    if table.row_count:
        console = Console(highlight=False, markup=False, emoji=False)
        if not console.is_terminal:
            console.width = PIPED_COLUMNS
        console.print(table)
