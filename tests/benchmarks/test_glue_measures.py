"""GLUE: the paper's measures of each task, and its score."""

from collections.abc import Mapping, Sequence

import pytest
from scipy import stats

from visavis.benchmarks import glue
from visavis.benchmarks.base import BENCHMARKS, Graded
from visavis.benchmarks.figures import figures_of
from visavis.core.case import Case
from visavis.core.outcome import Score
from visavis.stats.estimate import Estimate, TooFew


def graded(task: str, key: str, said: str | None, number: int, part: str = "") -> Graded:
    fields = {"task": task, "first": f"text {number}"} | ({"part": part} if part else {})
    name = f"glue/{task}/{key}/{number}"
    case = Case(id=name, group=name, question="?", target=key, fields=fields)
    score = Score(value=0.0, because="") if said is None else glue.compare(case, said)
    assert isinstance(score, Score)
    return Graded(case=case, score=score)


Table = Mapping[tuple[str, str | None], int]
"""How many answers have this key and this label."""


def answers(task: str, table: Table, part: str = "") -> list[Graded]:
    """So many answers for each pair of key and label."""
    return [
        graded(task, key, said, number, part)
        for (key, said), count in table.items()
        for number in range(count)
    ]


COLA: Table = {
    ("acceptable", "acceptable"): 60,
    ("acceptable", "unacceptable"): 10,
    ("unacceptable", "acceptable"): 15,
    ("unacceptable", "unacceptable"): 15,
}
MRPC: Table = {
    ("equivalent", "equivalent"): 50,
    ("equivalent", "different"): 10,
    ("different", "equivalent"): 20,
    ("different", "different"): 19,
    ("equivalent", None): 1,
}


def values(protocol: str, seen: Sequence[Graded]) -> dict[str, float | None]:
    found = figures_of(BENCHMARKS.get(protocol), seen)
    return {
        one.name: one.value.value if isinstance(one.value, Estimate) else one.value.mean
        for one in found
    }


def test_cola_is_measured_by_matthews() -> None:
    expected = (60 * 15 - 15 * 10) / (75 * 70 * 30 * 25) ** 0.5
    assert values("glue-cola@loglik", answers("cola", COLA)) == {
        "Matthews correlation": pytest.approx(expected)
    }


def test_f1_counts_an_unread_answer_as_a_miss() -> None:
    assert values("glue-mrpc@loglik", answers("mrpc", MRPC)) == {
        "F1": pytest.approx(100 / (100 + 20 + 11))
    }


def test_amounts_are_measured_by_two_correlations() -> None:
    keys, said = ("0.000", "1.000", "2.500", "4.000", "5.000"), ("0", "2", "1", "4", "3.5")
    seen = [
        graded("stsb", key, read, n) for n, (key, read) in enumerate(zip(keys, said, strict=True))
    ]
    found = values("glue-stsb@loglik", [*seen, graded("stsb", "3.000", None, 9)])
    assert found["Spearman correlation"] == pytest.approx(0.8)
    assert found["Pearson correlation"] == pytest.approx(
        stats.pearsonr([0, 1, 2.5, 4, 5], [0, 2, 1, 4, 3.5])[0]
    )


def test_amounts_none_of_which_could_be_read_have_no_correlation() -> None:
    figures = figures_of(BENCHMARKS.get("glue-stsb@loglik"), [graded("stsb", "3.000", None, 1)])
    assert [figure.value for figure in figures] == [TooFew(groups=0, needed=2)] * 2


def test_mnli_is_measured_by_part() -> None:
    right: Table = {("neutral", "neutral"): 8, ("neutral", "entailment"): 2}
    wrong: Table = {("neutral", "neutral"): 5, ("neutral", "entailment"): 5}
    seen = answers("mnli", right, "matched") + answers("mnli", wrong, "mismatched")
    assert values("glue-mnli@loglik", seen) == {
        "matched accuracy": pytest.approx(0.8),
        "mismatched accuracy": pytest.approx(0.5),
    }


def test_the_glue_score_averages_measures_and_then_tasks() -> None:
    seen = answers("cola", COLA) + answers("mrpc", MRPC)
    seen += answers("stsb", {("0.000", "0"): 5, ("2.000", "3"): 5, ("5.000", "4"): 5})
    plain = {
        "sst2": "positive",
        "qqp": "duplicate",
        "mnli": "neutral",
        "qnli": "yes",
        "rte": "yes",
        "wnli": "yes",
    }
    for task, key in plain.items():
        seen += answers(task, {(key, key): 3, (key, "no"): 1})
    found = values("glue@loglik", seen)
    mrpc = (found["MRPC, accuracy"] or 0) / 2 + (found["MRPC, F1"] or 0) / 2
    qqp = (0.75 + 2 * 3 / (2 * 3 + 1)) / 2
    stsb = ((found["STS-B, Pearson correlation"] or 0) + 1.0) / 2
    tasks = [found["CoLA, Matthews correlation"] or 0, 0.75, mrpc, qqp, stsb, 0.75, 0.75, 0.75]
    assert found["GLUE score without WNLI"] == pytest.approx(sum(tasks) / 8)
    assert found["GLUE score"] == pytest.approx((sum(tasks) + 0.75) / 9)


def test_without_all_tasks_there_is_no_glue_score() -> None:
    assert "GLUE score" not in values("glue@loglik", answers("cola", COLA))
