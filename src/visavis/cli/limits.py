"""`visavis limits`: how far each candidate goes, in lines and a table."""

import sys
from collections.abc import Mapping, Sequence

from visavis.api.around import surroundings
from visavis.api.limits import consents, find_limits, outline, planned
from visavis.api.shown import save
from visavis.cli.screen import out, terminal
from visavis.cli.tables import print_table
from visavis.core.errors import OptionError
from visavis.options import LimitsOptions
from visavis.report import limits as report
from visavis.report.limits import Probed


def show(named: Sequence[str], options: LimitsOptions, environ: Mapping[str, str]) -> None:
    """Plan, price, ask, show; the exit code is 1 where something was not brought to its end."""
    screen = terminal(yes=options.yes)
    plan = planned(named, options, surroundings(environ), screen)
    for text in outline(plan):
        out(text)
    if options.dry_run:
        return
    if not consents(plan, screen):
        raise OptionError("nothing was asked; lower --budget or --longest, name less, or agree")
    found = find_limits(plan, screen)
    for probed in found:
        _print(probed)
    if options.json is not None:
        out(f"JSON: {save(options.json, report.as_json(found))}")
    if len(found) < len(named) or any(probed.findings.unfinished for probed in found):
        out("Not all was asked: the same command goes on, and pays for no reply twice.")
        sys.exit(1)


def _print(probed: Probed) -> None:
    out("")
    for text in report.told(probed):
        out(text)
    if not probed.findings.sought:
        return
    print_table(report.heads(), report.table(probed.findings), right_from=0)
