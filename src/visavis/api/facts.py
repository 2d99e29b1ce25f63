"""What the report says of a run beside its numbers, read from its folder."""

from visavis.api.request import command
from visavis.core.candidate import Fact
from visavis.measure.store import RunStore
from visavis.report.run_facts import RunFacts


def facts_of(store: RunStore) -> RunFacts:
    """Who was asked what, when and by what; and what was measured beside the trials."""
    spec = store.spec
    began = str(spec.machine.get("at", ""))
    measured: dict[str, tuple[Fact, ...]] = {}
    for peak in store.peaks():
        fact = Fact(name=peak.measure, value=peak.value, source="measured here", as_of=began[:10])
        measured[peak.candidate] = (*measured.get(peak.candidate, ()), fact)
    packages = spec.machine.get("packages", {})
    return RunFacts(
        name=str(spec.passed.get("out", store.folder.name)),
        spec=spec,
        cases={one.name: tuple(store.cases(one.name, pictures=False)) for one in spec.benchmarks},
        facts=measured,
        charged_usd=store.charged_usd(),
        started_at=began,
        command=command(spec.passed),
        versions={
            "visavis": str(spec.machine.get("visavis", "")),
            "Python": str(spec.machine.get("python", "")),
            **{name: version for name, version in packages.items() if version},
        },
        notes=store.notes(),
    )
