"""How many cases it took, and how many were not needed, where asking stops once it is decided."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from visavis.core.trial import Trial
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.run_facts import RunFacts
from visavis.report.sentences import Sentence
from visavis.report.subjects import called
from visavis.report.text import Numbers
from visavis.verdict.compare import Gap, Judgement
from visavis.verdict.decide import Because, Undecided


class Stop(NamedTuple):
    """Where asking stopped on one benchmark."""

    benchmark: str
    cases: int
    """That could have been asked."""
    asked: int
    """Of one candidate at least."""
    decided: bool
    """Every gap in score."""
    goes_on: bool
    """Cases are left that may decide what is not."""

    @property
    def spared(self) -> int:
        return self.cases - self.asked


def stops(judgement: Judgement, run: RunFacts, trials: Iterable[Trial]) -> tuple[Stop, ...]:
    """By benchmark, in the order asked; none where the number of cases was fixed beforehand."""
    if not run.spec.drawn:
        return ()
    asked = {(trial.key.benchmark, trial.key.case) for trial in trials}
    gaps = {row.benchmark: row.gaps for row in judgement.rows if row.measure == "score"}
    found = []
    for known in run.spec.benchmarks:
        if known.name in run.spec.drawn:
            n = sum(1 for benchmark, _ in asked if benchmark == known.name)
            open_ = list(_open(gaps.get(known.name, ())))
            found.append(
                Stop(
                    benchmark=known.name,
                    cases=known.cases,
                    asked=n,
                    decided=known.name in gaps and not open_,
                    goes_on=n < known.cases
                    and (known.name not in gaps or any(v.because != Because.FAILED for v in open_)),
                )
            )
    return tuple(found)


def _open(gaps: Iterable[Gap]) -> Iterator[Undecided]:
    return (gap.verdict for gap in gaps if isinstance(gap.verdict, Undecided))


def spared(
    judgement: Judgement, run: RunFacts, trials: Iterable[Trial], lang: Language
) -> tuple[Sentence, ...]:
    """A sentence a benchmark."""
    found = stops(judgement, run, trials)
    return tuple(Sentence(kind="stop", text=_said(stop, lang)) for stop in found)


def _said(stop: Stop, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    name, asked, cases = called(stop.benchmark), num.count(stop.asked), num.count(stop.cases)
    if not stop.spared:
        return _("{benchmark} took all of its {cases} cases.", benchmark=name, cases=cases)
    if not stop.decided:
        return _(
            "{benchmark} was asked {asked} of its {cases} cases; that did not decide every gap.",
            benchmark=name,
            asked=asked,
            cases=cases,
        )
    return _.plural(
        "{benchmark} was decided after {asked} of its {cases} cases; the other one was not needed.",
        "{benchmark} was decided after {asked} of its {cases} cases; the other {spared} were not "
        "needed.",
        stop.spared,
        benchmark=name,
        asked=asked,
        cases=cases,
        spared=num.count(stop.spared),
    )
