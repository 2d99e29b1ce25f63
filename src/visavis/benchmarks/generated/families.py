"""Every family, by module: importing this makes them all known."""

from visavis.benchmarks.generated import (
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
from visavis.benchmarks.generated.family import FAMILIES, LEVELS, Family, Level

__all__ = ["FAMILIES", "LEVELS", "MODULES", "Family", "Level"]

MODULES = (logic, grid, schedule, money, trace, table, rule, ordering, units)
