"""What lies behind a score: marks, parts, and the average over parts."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from visavis.benchmarks.base import Figure, Graded
from visavis.benchmarks.figures import divided, figures_of, macro, marks
from visavis.benchmarks.logic import LOGIC
from visavis.core.case import Case
from visavis.core.outcome import Score
from visavis.stats.estimate import Estimate, TooFew


def graded(value: float, subject: str = "art", number: int = 0, **further: float) -> Graded:
    case = Case(
        id=f"{subject}/{number}",
        group=f"{subject}/{number}",
        question="?",
        target="!",
        fields=MappingProxyType({"subject": subject}),
    )
    score = Score(value=value, because="so", marks=MappingProxyType(further))
    return Graded(case=case, score=score)


def told(figures: Sequence[Figure]) -> dict[str, float | None]:
    return {
        f"{one.by}/{one.name}" if one.by else one.name: one.value.value
        if isinstance(one.value, Estimate)
        else None
        for one in figures
    }


def test_each_mark_has_its_mean_and_the_strict_reader_its_loss() -> None:
    seen = [
        graded(1.0, number=0, strict=1.0, flexible=1.0),
        graded(1.0, number=1, strict=0.0, flexible=1.0),
        graded(0.0, number=2, strict=0.0, flexible=0.0),
        graded(0.0, number=3, strict=1.0, flexible=0.0),
    ]
    means = {"strict": 0.5, "flexible": 0.5, "lost to format": 0.25}
    assert told(list(marks(seen))) == means


def test_a_mark_that_some_replies_lack_is_no_figure() -> None:
    assert list(marks([graded(1.0, loose=1.0), graded(1.0, number=1)])) == []


def test_parts_count_alike_in_their_average_and_by_size_in_the_score() -> None:
    seen = [graded(1.0, "art", n) for n in range(6)]
    seen += [graded(float(n % 2), "law", n) for n in range(2)]
    figures = [*divided(seen, "subject"), macro(seen, "subject")]
    assert told(figures) == {"subject/art": 1.0, "subject/law": 0.5, "mean of subjects": 0.75}


def test_one_case_in_a_part_is_too_few_for_an_interval() -> None:
    lone = macro([graded(1.0, "art"), graded(0.0, "law"), graded(0.0, "law", 1)], "subject")
    assert lone.value == TooFew(groups=1, needed=2)
    same = macro([graded(1.0, "art", n) for n in range(3)], "subject")
    assert isinstance(same.value, TooFew)


def test_the_average_over_parts_holds_the_truth_95_times_in_100() -> None:
    rng, held, runs = np.random.default_rng(11), 0, 600
    truths = np.array([0.9, 0.7, 0.5, 0.3])
    for _ in range(runs):
        seen = [
            graded(float(rng.random() < truth), str(part), n)
            for part, truth in enumerate(truths)
            for n in range(40)
        ]
        found = macro(seen, "subject").value
        held += isinstance(found, Estimate) and found.low <= truths.mean() <= found.high
    assert held / runs == pytest.approx(0.95, abs=0.03)


def test_a_benchmarks_own_figure_goes_before_a_mark_of_the_same_name() -> None:
    own = Figure(name="strict", value=TooFew(groups=0, needed=1))
    benchmark = replace(LOGIC, figures=lambda seen: (own,))
    assert figures_of(benchmark, [graded(1.0, strict=1.0)]) == (own,)
    assert figures_of(benchmark, []) == ()
