"""Every program task: importing this registers them all, in the order in which they are listed."""

from typing import Final

from visavis.benchmarks.programs import arkanoid

MODULES: Final = (arkanoid,)
