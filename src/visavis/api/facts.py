"""What the report says of a run beside its numbers, read from its folder."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from visavis.api.again import again
from visavis.core.candidate import Fact
from visavis.measure.store import RunStore
from visavis.report.run_facts import RunFacts

_PAGE_PICTURES_BYTES = 6 << 20
"""Of frames and clips in one page, so that it stays one that can be sent."""


def facts_of(store: RunStore) -> RunFacts:
    """Who was asked what, when and by what; and what was measured beside the trials."""
    spec = store.spec
    began = str(spec.machine.get("at", ""))
    peaks = ((peak.candidate, peak.measure, peak.value) for peak in store.peaks())
    return RunFacts(
        name=str(spec.passed.get("out", store.folder.name)),
        spec=spec,
        cases={one.name: tuple(store.cases(one.name, pictures=False)) for one in spec.benchmarks},
        facts=measured_here(peaks, began[:10]),
        charged_usd=store.charged_usd(),
        pictures=store.seen_pictures(_PAGE_PICTURES_BYTES),
        started_at=began,
        command=again(spec),
        versions=versions(spec.machine),
        notes=store.notes(),
    )


def measured_here(
    found: Iterable[tuple[str, str, float]], as_of: str
) -> dict[str, tuple[Fact, ...]]:
    """By candidate, from its name, a measure with its unit and a value; `as_of` an ISO date."""
    facts: defaultdict[str, tuple[Fact, ...]] = defaultdict(tuple)
    for candidate, measure, value in found:
        fact = Fact(name=measure, value=value, source="measured here", as_of=as_of)
        facts[candidate] = (*facts[candidate], fact)
    return dict(facts)


def versions(machine: Mapping[str, Any]) -> dict[str, str]:
    """Of what measured, from what `probe` said of the machine."""
    return {
        "visavis": str(machine.get("visavis", "")),
        "Python": str(machine.get("python", "")),
        **{name: version for name, version in machine.get("packages", {}).items() if version},
    }
