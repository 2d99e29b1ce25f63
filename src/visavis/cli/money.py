"""`visavis money`."""

from collections.abc import Mapping

from visavis.api.around import check_writable, surroundings
from visavis.api.money import money
from visavis.api.runs import heading
from visavis.api.shown import save
from visavis.cli.screen import out
from visavis.cli.tables import print_table
from visavis.options import MoneyOptions
from visavis.report.money import money_view
from visavis.report.money_export import as_json
from visavis.report.money_prices import Row


def show(run: str, options: MoneyOptions, environ: Mapping[str, str]) -> None:
    """Prices, what the workload comes to, and where another way becomes cheaper."""
    if options.json is not None:
        check_writable(options.json)
    around = surroundings(environ)
    found = money(run, options, around)
    out(heading(run, options.lang, around))
    seen = money_view(found, options.lang)
    print_table(("", *seen.names), map(_cells, seen.prices))
    out("")
    for text in (*seen.about, seen.workload):
        out(text)
    out("")
    print_table(seen.month_heads, map(_cells, seen.month))
    out("")
    for text in seen.told:
        out(text)
    if options.json is not None:
        out(f"JSON: {save(options.json, as_json(found))}")


def _cells(row: Row) -> tuple[str, ...]:
    cells = ("\n".join(part for part in (one.value, one.around) if part) for one in row.cells)
    return (row.label, *cells)
