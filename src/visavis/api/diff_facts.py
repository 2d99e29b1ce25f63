"""What is stated of a candidate in two runs, and what of that is not the same any more."""

from collections.abc import Mapping
from typing import Any

from visavis.core.candidate import Candidate, Unknown
from visavis.report.diff import FactChange, Value

Stated = Mapping[str, tuple[Value, ...]]
"""Values by name; several where sources disagree, none where nobody says."""


def stated(candidate: Candidate, machine: Mapping[str, Any]) -> dict[str, tuple[Value, ...]]:
    """By name: who it is, how it is reached, all facts that a source states, and by what it was
    measured."""
    life = candidate.lifecycle
    found: dict[str, set[Value]] = {
        "name": {candidate.name},
        "snapshot": {candidate.snapshot},
        "model": {candidate.model},
        "route": {candidate.route},
        "address": {candidate.base_url or ""},
        "quantisation": {candidate.quantisation or ""},
        "lifecycle": {life.status if life else ""},
        "shutdown": {(life.shutdown_date if life else "") or ""},
        "processor": {str(machine.get("cpu", ""))},
        "visavis": {str(machine.get("visavis", ""))},
    }
    for fact in candidate.facts:
        if not isinstance(fact.value, Unknown):
            found.setdefault(fact.name, set()).add(fact.value)
    return {name: tuple(sorted(values - {""}, key=str)) for name, values in found.items()}


def facts_changed(old: Stated, new: Stated) -> tuple[FactChange, ...]:
    """Those that are not the same, in the order stated. What only one run says is shown as well."""
    return tuple(
        FactChange(name, old.get(name, ()), new.get(name, ()))
        for name in dict.fromkeys([*old, *new])
        if old.get(name, ()) != new.get(name, ())
    )
