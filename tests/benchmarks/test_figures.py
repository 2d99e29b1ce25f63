"""What lies behind a score: marks, parts, and the average over parts."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from visavis.benchmarks.base import Figure, Graded
from visavis.benchmarks.figures import ALL_OF_K, ONE_OF_K, divided, figures_of, macro, marks, passes
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


def tried(rights: dict[str, list[float]]) -> list[Graded]:
    """Scored tries, by case."""
    return [graded(value, case) for case, values in rights.items() for value in values]


def test_of_several_tries_one_or_all_are_right() -> None:
    tries = {"a": [1.0, 0, 0, 0, 0], "b": [1.0] * 5, "c": [0.5] * 5}
    figures = list(passes(tried(tries)))
    assert [one.name for one in figures] == [
        "pass@1", "pass@2", "pass@3", "pass@4", "pass@5", "pass^2", "pass^3", "pass^4", "pass^5",
    ]  # fmt: skip
    found = told(figures)
    assert found["pass@2"] == pytest.approx((0.4 + 1 + 0) / 3)
    assert found["pass@5"] == pytest.approx(2 / 3)
    assert found["pass^2"] == pytest.approx(1 / 3)
    assert [one.doc for one in figures if one.doc] == [ONE_OF_K, ALL_OF_K]
    assert figures[-1] in figures_of(LOGIC, tried(tries))


def test_cases_tried_once_have_no_figure_of_k() -> None:
    assert list(passes(tried({"a": [1.0], "b": [0.0]}))) == []


def test_a_figure_of_k_needs_k_tries_of_nearly_every_case() -> None:
    few = tried({"a": [1.0, 0.0], "b": [0.0, 0.0, 0.0]})
    assert [one.name for one in passes(few)] == ["pass@1", "pass@2", "pass^2"]
    many = {str(n): [1.0, 0.0, 1.0] for n in range(40)} | {"lost": [1.0, 0.0]}
    last = list(passes(tried(many)))[-1]
    assert (last.name, getattr(last.value, "n", None)) == ("pass^3", 40)


def test_of_many_tries_some_ks_are_shown() -> None:
    names = [one.name for one in passes(tried({"a": [1.0] * 30, "b": [0.0] * 30}))]
    assert names[:8] == [f"pass@{k}" for k in (1, 2, 3, 4, 5, 10, 20, 30)]


@pytest.mark.parametrize("k", ["pass@1", "pass@3", "pass^3"])
def test_figures_of_k_hold_the_truth_95_times_in_100(k: str) -> None:
    rng, held, runs = np.random.default_rng(13), 0, 300
    truths = {"pass@1": 0.5, "pass@3": 1 - 1 / 4, "pass^3": 1 / 4}  # of evenly spread chances
    for _ in range(runs):
        rights = rng.random((40, 5)) < rng.random(40)[:, None]
        seen = tried({str(n): row.tolist() for n, row in enumerate(rights.astype(float))})
        found = next(one.value for one in passes(seen) if one.name == k)
        held += isinstance(found, Estimate) and found.low <= truths[k] <= found.high
    assert held / runs == pytest.approx(0.95, abs=0.035)
