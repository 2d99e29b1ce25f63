"""Every program task, registered in the order in which they are listed."""

from typing import Final

from visavis.benchmarks.programs import arkanoid, csv_report, parser, plot, todo, web_server
from visavis.benchmarks.programs.base import PROGRAMS

__all__ = ["MODULES", "PROGRAMS"]

MODULES: Final = (arkanoid, todo, csv_report, web_server, parser, plot)
