"""What is judged, and what difference would change a choice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from visavis.verdict.hardware import Hardware
from visavis.verdict.must import Must
from visavis.verdict.workload import Workload

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
    least_cases: int = 0
    """Among fewer, what is rare and large may not have been seen, and the interval be too narrow:
    replies that run on to the limit. Intervals of 24 real replies held in 49 to 70 of 100 draws."""


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        measure.name: measure
        for measure in (
            Measure(name="score", scale="difference", higher_is_better=True),
            Measure(name="usd_per_solved_case", scale="ratio", higher_is_better=False),
            Measure(name="first_token_s", scale="ratio", higher_is_better=False),
            Measure(name="output_tokens_per_s", scale="ratio", higher_is_better=True),
            Measure(name="characters_per_s", scale="ratio", higher_is_better=True, decides=False),
            Measure(name="words_per_s", scale="ratio", higher_is_better=True, decides=False),
            Measure(name="throughput_tokens_per_s", scale="ratio", higher_is_better=True),
            Measure(name="goodput_per_s", scale="ratio", higher_is_better=True),
            Measure(
                name="output_tokens",
                scale="ratio",
                higher_is_better=False,
                decides=False,
                least_cases=100,
            ),
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


class Weight(NamedTuple):
    """How much one gap that matters counts on a measure: anything from `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a use asks of a candidate: what must hold, and what matters how much."""

    name: str
    about: str = ""
    """The use, in a few words."""
    matters: Mapping[str, float]
    """Smallest gap that would change a choice. Score: a difference on 0 to 1. All else: a ratio
    minus one."""
    must: tuple[Must, ...] = ()
    """What a candidate has to meet before anything is weighed."""
    weights: Mapping[str, Weight] = field(default_factory=lambda: MappingProxyType({}))
    """By measure, or by measure and benchmark (`score.humaneval`). Empty: nobody knows, so any
    weights are possible; else what is not named does not count."""
    workload: Workload | None = None
    """What `usd_per_month` speaks of; without it, nobody knows that."""
    hardware: Hardware | None = None
    """On which candidates run that have no price list."""

    def bar(self, measure: str) -> Bar:
        return Bar(measure=MEASURES[measure], matters=self.matters[measure])


DEFAULT = Policy(
    name="default",
    about="nobody knows what counts how much",
    matters=MappingProxyType({name: 0.05 if name == "score" else 0.10 for name in MEASURES}),
)
"""Ours to state and anyone's to change: 5 points of score, a tenth of anything else."""
