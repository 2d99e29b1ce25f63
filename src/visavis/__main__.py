"""`python -m visavis` is `visavis`."""

from visavis.cli.main import run

run()
