"""What stands behind the scores as data: estimates, further figures, and what is luck of the draw.

A part of the document that `results.schema.json` describes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from visavis.report.run_facts import RunFacts
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.repeats import Spread
from visavis.verdict.compare import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateData:
    """A value with its 95 % interval, which is null where there is too little to give one; the
    value, too, but where every one of the `n` is the same."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    """Units that it rests on: cases, or blocks of requests."""
    method: str
    groups: int | None = None
    """So many that the units come in, and the interval rests on; null where each stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureData:
    """A further figure of one candidate on one benchmark: shown, never judged by."""

    benchmark: str
    candidate: str
    name: str
    by: str
    """What the cases were divided by; empty for a figure of all of them."""
    estimate: EstimateData


@dataclass(frozen=True, slots=True, kw_only=True)
class LuckData:
    """What the error of one candidate's score, or of one pair's gap, is made of, where cases were
    tried several times. Errors are standard errors."""

    benchmark: str
    candidate: str
    less: str | None
    """The other candidate of a pair, whose score is taken off; null for one candidate's score."""
    cases: int
    tries: float
    """Of each case; their harmonic mean where failures made them unequal."""
    on_these_cases: EstimateData
    """The interval allows for luck of the draw alone."""
    variance_within_cases: float
    """Of single tries around their case's level; of a pair, both candidates' together."""
    variance_between_cases: float
    """Of the cases' levels, with luck taken out."""
    error: float
    error_of_cases: float
    error_of_luck: float
    luck_share: float | None
    """Of the error's variance, about; null where all tries of all cases got the same."""
    error_with_twice_the_cases: float
    error_with_twice_the_tries: float
    tries_to_halve_error: float | None
    """Null where no number of tries will."""


def figures_data(run: RunFacts) -> Iterator[FigureData]:
    """Every further figure, benchmark by benchmark."""
    for benchmark, of in run.figures.items():
        for candidate, figures in of.items():
            for figure in figures:
                yield FigureData(
                    benchmark=benchmark,
                    candidate=candidate,
                    name=figure.name,
                    by=figure.by,
                    estimate=estimate_data(figure.value),
                )


def luck_data(judgement: Judgement) -> Iterator[LuckData]:
    """Of each benchmark first the candidates, then the pairs."""
    for luck in judgement.luck:
        for name, found in luck.one.items():
            yield _luck(luck.benchmark, name, None, found)
        for (a, b), found in luck.two.items():
            yield _luck(luck.benchmark, a, b, found)


def _luck(benchmark: str, candidate: str, less: str | None, found: Spread) -> LuckData:
    return LuckData(
        benchmark=benchmark,
        candidate=candidate,
        less=less,
        cases=found.cases,
        tries=found.tries,
        on_these_cases=estimate_data(found.here),
        variance_within_cases=found.within,
        variance_between_cases=found.between,
        error=found.error,
        error_of_cases=found.of_cases,
        error_of_luck=found.of_luck,
        luck_share=found.luck_share,
        error_with_twice_the_cases=found.error_with(cases=2),
        error_with_twice_the_tries=found.error_with(tries=2),
        tries_to_halve_error=found.tries_to_halve(),
    )


def estimate_data(found: Estimate | TooFew) -> EstimateData:
    """An estimate, or why there is none."""
    if isinstance(found, TooFew):
        of = f"{found.groups} of {found.needed} groups"
        few = f"no spread in {found.groups} groups" if found.no_spread else f"too few: {of}"
        return EstimateData(value=found.mean, low=None, high=None, n=found.n, method=few)
    return EstimateData(
        value=found.value,
        low=found.low,
        high=found.high,
        n=found.n,
        method=found.method,
        groups=found.groups,
    )
