"""A second proof of each answer: from the words of the question alone, by another way."""

from collections.abc import Callable

from tests.benchmarks.generated.second import (
    grid,
    logic,
    money,
    ordering,
    rule,
    schedule,
    table,
    trace,
    units,
)

PROVEN: dict[str, Callable[[str, str], str]] = {
    "logic": logic.proven,
    "grid": grid.proven,
    "schedule": schedule.proven,
    "money": money.proven,
    "trace": trace.proven,
    "table": table.proven,
    "rule": rule.proven,
    "ordering": ordering.proven,
    "units": units.proven,
}
"""By family: from a question and its language to its key."""
