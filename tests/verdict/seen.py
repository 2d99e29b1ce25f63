"""Observations and counts as a run would leave them."""

from collections.abc import Iterable, Sequence

from visavis.core.observation import Axis, Counts, Observation

_AXES: dict[str, Axis] = {"score": "quality", "usd": "price", "output_tokens": "price"}


def seen(
    candidate: str,
    values: Iterable[float],
    *,
    measure: str = "score",
    benchmark: str = "logic",
    groups: Sequence[str] | None = None,
) -> list[Observation]:
    """One observation a unit, numbered; each in a group of its own unless said otherwise."""
    return [
        Observation(
            candidate=candidate,
            axis=_AXES.get(measure, "speed"),
            measure=measure,
            benchmark=benchmark,
            unit_id=str(unit),
            group=groups[unit] if groups else str(unit),
            value=value,
        )
        for unit, value in enumerate(values)
    ]


def counted(candidate: str, benchmark: str = "logic", *, asked: int, failed: int = 0) -> Counts:
    return Counts(
        candidate=candidate,
        benchmark=benchmark,
        asked=asked,
        scored=asked - failed,
        failed=failed,
        unscored=0,
        unparsed=0,
        truncated=0,
        reused=0,
    )
