"""What is judged, and what difference would change a choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from visavis.core.registry import Registry

Scale = Literal["difference", "ratio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How gaps on one measure are taken."""

    name: str
    """Named by unit, as observations name it."""
    scale: Scale
    higher_is_better: bool
    decides: bool = True
    """False for what explains a price or a speed, and so must not count twice in a choice."""


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        measure.name: measure
        for measure in (
            Measure(name="score", scale="difference", higher_is_better=True),
            Measure(name="usd_per_solved_case", scale="ratio", higher_is_better=False),
            Measure(name="first_token_s", scale="ratio", higher_is_better=False),
            Measure(name="output_tokens_per_s", scale="ratio", higher_is_better=True),
            Measure(name="characters_per_s", scale="ratio", higher_is_better=True, decides=False),
            Measure(name="throughput_tokens_per_s", scale="ratio", higher_is_better=True),
            Measure(name="goodput_per_s", scale="ratio", higher_is_better=True),
            Measure(name="output_tokens", scale="ratio", higher_is_better=False, decides=False),
        )
    }
)
"""Every measure that is judged, in the order in which it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What a gap on one measure has to clear."""

    measure: Measure
    matters: float
    """Smallest difference (or ratio minus one) that would change a choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The smallest gap that would change a choice, by measure."""

    name: str
    matters: Mapping[str, float]
    """Score: a difference on 0 to 1. All else: a ratio minus one."""

    def bar(self, measure: str) -> Bar:
        return Bar(measure=MEASURES[measure], matters=self.matters[measure])


POLICIES: Registry[Policy] = Registry("policy")

DEFAULT = POLICIES.add(
    "default",
    Policy(
        name="default",
        matters=MappingProxyType(
            {name: 0.05 if name == "score" else 0.10 for name in MEASURES},
        ),
    ),
)
"""Ours to state and anyone's to change: 5 points of score, a tenth of anything else."""
