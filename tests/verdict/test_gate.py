"""A gate lets pass what is not worse, stops what is, and does not flicker."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.verdict.seen import counted, seen
from visavis.core.observation import Observation
from visavis.verdict.compare import judge
from visavis.verdict.gate import BASE, CANDIDATE, Gate, gate
from visavis.verdict.policy import DEFAULT

Answers = NDArray[np.bool_]
"""Whether each case was solved."""


def gated(observations: Sequence[Observation], n: int) -> Gate:
    names = (CANDIDATE, BASE)
    counts = [counted(name, asked=n) for name in names]
    return gate(judge(observations, counts, names, DEFAULT), DEFAULT)


def of_scores(candidate: Sequence[float], base: Sequence[float]) -> Gate:
    return gated([*seen(CANDIDATE, candidate), *seen(BASE, base)], len(base))


def test_equal_answers_pass() -> None:
    found = of_scores([1.0, 0.0] * 200, [1.0, 0.0] * 200)
    assert found.passing == "non-inferior"


def test_a_shown_loss_is_worse_and_a_shown_gain_is_not() -> None:
    right, wrong = [1.0] * 100, [0.0] * 30 + [1.0] * 70
    assert of_scores(wrong, right).passing == "worse"
    assert of_scores(right, wrong).passing == "non-inferior"


def test_few_cases_leave_it_undecided_and_say_how_many_would_do() -> None:
    (check,) = of_scores([1.0] * 9 + [0.0], [1.0] * 10).checks
    assert check.passing == "undecided"
    assert (check.cases_needed or 0) > 10


def test_too_little_to_measure_is_undecided() -> None:
    once = {"measure": "first_token_s", "benchmark": "speed"}
    found = gated([*seen(CANDIDATE, [1.0], **once), *seen(BASE, [1.0], **once)], 1)
    assert found.passing == "undecided"
    assert [check.cases_needed for check in found.checks] == [None]


def test_what_does_not_decide_is_no_reason_to_fail() -> None:
    wordy = [*seen(CANDIDATE, [900.0 + n % 7 for n in range(60)], measure="output_tokens")]
    brief = [*seen(BASE, [9.0 + n % 5 for n in range(60)], measure="output_tokens")]
    same = [*seen(CANDIDATE, [1.0, 0.0] * 200), *seen(BASE, [1.0, 0.0] * 200)]
    assert gated([*wordy, *brief, *same], 400).passing == "non-inferior"


def test_who_tried_oftener_is_held_against_as_many_tries() -> None:
    """The base was asked once and had no bad luck; one try in 17 of the candidate had."""
    once = seen(BASE, [1.0] * 40)
    often = [o for k in range(5) for o in seen(CANDIDATE, [float(n % 17 != k) for n in range(40)])]
    (check,) = gated([*once, *often], 40).checks
    assert check.passing == "undecided"
    assert check.gap.verdict.by.value == pytest.approx(-3 / 40)  # type: ignore[union-attr]  # it is known
    (unasked,) = gated([*once[:20], *often], 40).checks
    assert unasked.gap.verdict.by.n == 20


def test_a_slower_candidate_is_worse_and_a_faster_one_is_not() -> None:
    rng = np.random.default_rng(3)
    quick, slow = rng.lognormal(0.0, 0.02, 12), rng.lognormal(0.3, 0.02, 12)

    def passing(candidate: Sequence[float], base: Sequence[float]) -> str:
        pairs = ((CANDIDATE, candidate), (BASE, base))
        return gated(
            [
                o
                for name, of in pairs
                for o in seen(name, of, measure="first_token_s", benchmark="speed")
            ],
            12,
        ).passing

    assert passing(slow.tolist(), quick.tolist()) == "worse"
    assert passing(quick.tolist(), slow.tolist()) == "non-inferior"


def _passing(candidate: Answers, base: Answers) -> str:
    return of_scores(candidate.astype(float).tolist(), base.astype(float).tolist()).passing


def _runs(loss: float, *, n: int, runs: int, seed: int) -> list[str]:
    """Outcomes of builds: answers to a case rise and fall together, as those of two versions do."""
    rng = np.random.default_rng(seed)
    found: list[str] = []
    for _ in range(runs):
        ease = rng.beta(2.0, 0.7, n)  # three in four are solved, most cases by both or neither
        base, candidate = rng.random(n) < ease, rng.random(n) < np.clip(ease - loss, 0, 1)
        found.append(
            of_scores(candidate.astype(float).tolist(), base.astype(float).tolist()).passing
        )
    return found


def test_without_a_difference_a_build_fails_in_few_of_many_runs() -> None:
    assert _runs(0.0, n=300, runs=100, seed=1).count("worse") <= 12  # 5 %, and chance


@pytest.mark.slow
def test_without_a_difference_at_most_5_builds_in_100_fail() -> None:
    assert _runs(0.0, n=300, runs=1000, seed=2).count("worse") <= 50


@pytest.mark.slow
def test_one_try_against_five_without_a_difference_fails_at_most_5_builds_in_100() -> None:
    rng, found = np.random.default_rng(6), 0
    for _ in range(500):
        asked = ((BASE, 1), (CANDIDATE, 5))
        right = ((name, rng.random(40) < 0.96) for name, tries in asked for _ in range(tries))
        every = [o for name, of in right for o in seen(name, of.astype(float).tolist())]
        found += gated(every, 40).passing == "worse"
    assert found <= 25


@pytest.mark.slow
def test_a_loss_of_10_points_in_300_cases_that_mostly_agree_is_caught() -> None:
    rng = np.random.default_rng(5)
    caught = 0
    for _ in range(1000):
        base = rng.random(300) < 0.8
        lost, won = rng.random(300) < 0.15, rng.random(300) < 0.1  # 12 % lost, 2 % won
        candidate = np.where(base, ~lost, won)
        caught += _passing(candidate, base) == "worse"
    assert caught >= 950
