"""Every program task: importing this registers them all, in the order in which they are listed."""

from typing import Final

from visavis.benchmarks.programs import arkanoid, csv_report, parser, plot, todo, web_server

MODULES: Final = (arkanoid, todo, csv_report, web_server, parser, plot)
