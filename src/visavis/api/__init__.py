"""What the command line and notebooks call: `compare`, `load`, `Comparison`."""

from visavis.api.comparison import Comparison
from visavis.api.entry import compare, load

__all__ = ["Comparison", "compare", "load"]
