"""`visavis power`: how many cases a gap takes, as a table."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from visavis.api.entry import surroundings
from visavis.api.power import needed
from visavis.api.request import check_writable
from visavis.api.shown import save
from visavis.cli.screen import out, terminal
from visavis.options import PowerOptions
from visavis.report import power
from visavis.report.terminal import PIPED_COLUMNS


def show(options: PowerOptions, environ: Mapping[str, str]) -> None:
    """The table, then what its columns mean."""
    if options.json is not None:
        check_writable(options.json)
    found = needed(options, surroundings(environ), terminal(yes=True, lang=options.lang))
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPED_COLUMNS
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, head in enumerate(power.heads(options.lang)):
        table.add_column(head, justify="right" if number > 2 else "left", overflow="fold")
    for row in power.rows(found, options.lang):
        table.add_row(*row)
    console.print(table)
    for text in power.reading(found, options.lang):
        out(text)
    if options.json is not None:
        out(f"JSON: {save(options.json, power.as_json(found))}")
