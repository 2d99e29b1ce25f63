"""`visavis claims`: what was published of a system, and how it stands."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from visavis.api.claims import checked
from visavis.api.entry import surroundings
from visavis.api.request import check_writable
from visavis.api.shown import save
from visavis.cli.screen import out
from visavis.options import ClaimsOptions
from visavis.report import claims
from visavis.report.terminal import PIPED_COLUMNS


def show(systems: Sequence[str], options: ClaimsOptions, environ: Mapping[str, str]) -> None:
    """A table a system, then how many stand how, and who printed them."""
    if options.json is not None:
        check_writable(options.json)
    found = checked(systems, options, surroundings(environ))
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPED_COLUMNS
    for system, rows in claims.tables(found, options.lang):
        table = Table(title=system, title_justify="left", box=None, pad_edge=False)
        for head in claims.heads(options.lang):
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(*row)
        console.print(table)
        console.print()
    out(claims.sums(found, options.lang))
    for source in claims.sources(found, options.lang):
        out(source)
    if options.json is not None:
        out(f"JSON: {save(options.json, claims.as_json(found))}")
