"""Puts language models face to face: measured on your machine, compared in pairs, with a verdict.

>>> import visavis
>>> seen = visavis.compare(["qwen2.5-coder-0.5b", "smollm2-135m"], on=["logic:40"])
>>> print(seen.table())

The names below are loaded when they are first used, so that `import visavis` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from visavis.api import Comparison as Comparison
    from visavis.api import compare as compare
    from visavis.api import load as load
    from visavis.api.speed import speed as speed
    from visavis.api.speed_run import SpeedRun as SpeedRun
    from visavis.candidates.scripted import ScriptedClient as ScriptedClient
    from visavis.core.errors import VisavisError as VisavisError
    from visavis.core.outcome import Failure as Failure
    from visavis.core.outcome import Reply as Reply
    from visavis.core.outcome import Score as Score
    from visavis.core.outcome import Unscored as Unscored
    from visavis.core.outcome import Usage as Usage
    from visavis.core.prompt import Message as Message
    from visavis.core.prompt import Prompt as Prompt
    from visavis.core.prompt import Settings as Settings
    from visavis.stats.estimate import Estimate as Estimate
    from visavis.stats.estimate import TooFew as TooFew
    from visavis.verdict.decide import Alike as Alike
    from visavis.verdict.decide import Prefer as Prefer
    from visavis.verdict.decide import Undecided as Undecided

__version__ = "0.1.0"

_HOMES = {
    "Alike": "verdict.decide",
    "compare": "api",
    "Comparison": "api",
    "Estimate": "stats.estimate",
    "Failure": "core.outcome",
    "load": "api",
    "Message": "core.prompt",
    "Prefer": "verdict.decide",
    "Prompt": "core.prompt",
    "Reply": "core.outcome",
    "Score": "core.outcome",
    "ScriptedClient": "candidates.scripted",
    "Settings": "core.prompt",
    "speed": "api.speed",
    "SpeedRun": "api.speed_run",
    "TooFew": "stats.estimate",
    "Undecided": "verdict.decide",
    "Unscored": "core.outcome",
    "Usage": "core.outcome",
    "VisavisError": "core.errors",
}

__all__ = sorted(_HOMES, key=str.casefold)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'visavis' has no attribute {name!r}")
    return getattr(import_module(f"visavis.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
