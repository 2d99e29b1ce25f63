"""What a benchmark is about, and what it is called in a sentence."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from visavis.measure.spec import BenchmarkSpec
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.text import line

Field = Literal[
    "code", "mathematics", "knowledge", "reasoning", "pictures", "language", "instructions"
]

_FAMILIES: Mapping[Field, tuple[str, ...]] = MappingProxyType(
    {
        "code": (
            *("humaneval", "humaneval+"),
            *("arkanoid", "csv-report", "parser", "plot", "todo", "web-server"),
        ),
        "mathematics": ("gsm8k", "math", "math500", "mgsm", "money", "units"),
        "knowledge": ("mmlu",),
        "reasoning": ("logic", "grid", "ordering", "rule", "schedule", "table", "trace"),
        "pictures": ("mmmu", "mmmu-pro"),
        "language": ("glue",),
        "instructions": ("ifeval",),
    }
)
_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "math@zeroeval": N_("MATH, level 5"),
        "humaneval": N_("HumanEval"),
        "humaneval+": N_("HumanEval+"),
        "gsm8k": N_("GSM8K"),
        "math": N_("MATH"),
        "math500": N_("MATH-500"),
        "mgsm": N_("MGSM"),
        "mmlu": N_("MMLU"),
        "mmmu": N_("MMMU"),
        "mmmu-pro": N_("MMMU-Pro"),
        "glue": N_("GLUE"),
        "ifeval": N_("IFEval"),
        "logic": N_("Logic puzzles"),
        "grid": N_("Grid puzzles"),
        "ordering": N_("Ordering puzzles"),
        "rule": N_("Rules to apply"),
        "schedule": N_("Schedules"),
        "table": N_("Tables to read"),
        "trace": N_("Programs traced by hand"),
        "money": N_("Sums of money"),
        "units": N_("Units to convert"),
        "arkanoid": N_("The Arkanoid game"),
    }
)
"""By protocol, else by family."""


def family(protocol: str) -> str:
    """`humaneval` of `humaneval@evalplus`, `glue` of `glue-cola@loglik`."""
    name = protocol.partition("@")[0]
    return "glue" if name.startswith("glue-") else name


def field_of(protocol: str) -> Field | None:
    """None for a benchmark of one's own, of which nobody else knows what it is about."""
    name = family(protocol)
    return next((field for field, known in _FAMILIES.items() if name in known), None)


def title(spec: BenchmarkSpec, lang: Language) -> str:
    """What a sentence calls it: its published name, unless the user gave it another."""
    name = spec.protocol.partition("@")[0]
    known = _TITLES.get(spec.protocol) or _TITLES.get(name)
    own = spec.name not in (name, spec.protocol)
    return line(spec.name) if own or known is None else Words(lang)(known)
