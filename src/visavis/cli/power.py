"""`visavis power`: how many cases a gap takes, as a table."""

from collections.abc import Mapping

from visavis.api.around import check_writable, surroundings
from visavis.api.power import needed
from visavis.api.shown import save
from visavis.cli.screen import out, terminal
from visavis.cli.tables import print_table
from visavis.options import PowerOptions
from visavis.report import power


def show(options: PowerOptions, environ: Mapping[str, str]) -> None:
    """The table, then what its columns mean."""
    if options.json is not None:
        check_writable(options.json)
    found = needed(options, surroundings(environ), terminal(yes=True, lang=options.lang))
    print_table(power.heads(options.lang), power.rows(found, options.lang), right_from=3)
    for text in power.reading(found, options.lang):
        out(text)
    if options.json is not None:
        out(f"JSON: {save(options.json, power.as_json(found))}")
