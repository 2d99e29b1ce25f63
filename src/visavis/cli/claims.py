"""`visavis claims`: what was published of a system, and how it stands."""

from collections.abc import Mapping, Sequence

from visavis.api.around import check_writable, surroundings
from visavis.api.claims import checked
from visavis.api.shown import save
from visavis.cli.screen import out
from visavis.cli.tables import print_table
from visavis.options import ClaimsOptions
from visavis.report import claims


def show(systems: Sequence[str], options: ClaimsOptions, environ: Mapping[str, str]) -> None:
    """A table a system, then how many stand how, and who printed them."""
    if options.json is not None:
        check_writable(options.json)
    found = checked(systems, options, surroundings(environ))
    for system, rows in claims.tables(found, options.lang):
        print_table(claims.heads(options.lang), rows, title=system)
        out("")
    out(claims.sums(found, options.lang))
    for source in claims.sources(found, options.lang):
        out(source)
    if options.json is not None:
        out(f"JSON: {save(options.json, claims.as_json(found))}")
