"""What the command line and notebooks call: `compare`, `load`, `Comparison`.

They are loaded when they are first used: who only lists runs need not wait for what asks models.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from visavis.api.comparison import Comparison
    from visavis.api.entry import compare, load

__all__ = ["Comparison", "compare", "load"]

_HOMES = {"Comparison": "comparison", "compare": "entry", "load": "entry"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'visavis.api' has no attribute {name!r}")
    return getattr(import_module(f"visavis.api.{_HOMES[name]}"), name)
