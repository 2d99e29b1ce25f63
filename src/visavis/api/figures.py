"""What lies behind a run's scores: each benchmark's further figures, candidate by candidate."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from visavis.benchmarks.base import Figure, Graded
from visavis.benchmarks.figures import figures_of, marks, passes
from visavis.benchmarks.imported import imported_as
from visavis.benchmarks.own.figures import figures as by_tag
from visavis.core.outcome import Score
from visavis.core.trial import Trial
from visavis.measure.spec import OWN, BenchmarkSpec
from visavis.report.run_facts import RunFacts
from visavis.stats.estimate import Estimate


def figures_of_run(
    run: RunFacts, trials: Iterable[Trial]
) -> Mapping[str, Mapping[str, tuple[Figure, ...]]]:
    """By benchmark and candidate, in the run's order; a benchmark without any is left out."""
    cases = {
        (name, stored.case.id): stored.case for name, kept in run.cases.items() for stored in kept
    }
    graded: dict[tuple[str, str], list[Graded]] = {}
    for trial in trials:
        case = cases.get((trial.key.benchmark, trial.key.case))
        if case is not None and isinstance(trial.grade, Score):
            of = trial.key.benchmark, trial.key.candidate
            graded.setdefault(of, []).append(Graded(case=case, score=trial.grade))
    found = {
        spec.name: {
            candidate.name: _figures(spec, graded.get((spec.name, candidate.name), []))
            for candidate in run.spec.candidates
        }
        for spec in run.spec.benchmarks
    }
    for name in run.spec.drawn:
        found[name] = {of: tuple(map(_unadjusted, figures)) for of, figures in found[name].items()}
    return {name: of for name, of in found.items() if any(of.values())}


def _unadjusted(figure: Figure) -> Figure:
    """Its interval is that of a number of cases fixed beforehand, which this was not."""
    if not isinstance(figure.value, Estimate):
        return figure
    method = f"{figure.value.method}, not adjusted for stopping early"
    return replace(figure, value=replace(figure.value, method=method))


def _figures(spec: BenchmarkSpec, graded: list[Graded]) -> tuple[Figure, ...]:
    """A benchmark that has changed since, or that we do not know, has no figures of its own."""
    if not graded:
        return ()
    if spec.protocol.startswith(OWN):
        return (*marks(graded), *passes(graded), *by_tag(graded))
    from visavis.benchmarks.choose import known  # it loads every benchmark

    benchmark = known(spec.protocol) or imported_as(spec.protocol, [one.case for one in graded])
    if benchmark is None or benchmark.version != spec.version:
        return (*marks(graded), *passes(graded))
    return figures_of(benchmark, graded)
