"""A snapshot that changed is found, and one that did not is left alone."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from visavis.verdict.changes import Who
from visavis.verdict.drift import NOTHING_SAID, Asking, Drift, Said, Served, Suspect, drifts

WHO = Who("a", "a")
Rng = np.random.Generator


def suspect(asking: Asking, old: Served = NOTHING_SAID, new: Served = NOTHING_SAID) -> Drift:
    (found,) = drifts([Suspect(who=WHO, snapshot="a-1", asked=(asking,), served=(old, new))])
    return found


def asking(old: Sequence[Sequence[Said]], new: Sequence[Sequence[Said]]) -> Asking:
    return Asking(
        benchmark="logic",
        old={str(n): tries for n, tries in enumerate(old)},
        new={str(n): tries for n, tries in enumerate(new)},
        groups={},
    )


def says(*texts: str) -> list[Said]:
    return [Said(text, "stop", 1.0, 5.0) for text in texts]


SAME = asking([says("yes")] * 20, [says("yes")] * 20)


def test_a_server_that_says_it_is_another_has_drifted() -> None:
    one, other = Served(frozenset({"m-1"}), frozenset()), Served(frozenset({"m-2"}), frozenset())
    assert suspect(SAME, one, other).found
    assert not suspect(SAME, one, one).found
    assert not suspect(SAME, NOTHING_SAID, other).found  # silence says nothing
    a, b = (Served(frozenset(), frozenset(names)) for names in ("fg", "gh"))
    assert not suspect(SAME, a, b).found  # several systems serve at a time
    assert suspect(SAME, a, Served(frozenset(), frozenset("h"))).found


def test_identical_replies_are_no_drift_and_counted() -> None:
    found = suspect(SAME)
    assert not found.found
    assert found.identical == {"logic": 1.0}
    assert all(signal.p_holm is None for signal in found.signals)


def test_other_replies_alone_prove_nothing_without_repeats() -> None:
    found = suspect(asking([says("yes")] * 40, [says("no")] * 40))
    assert not found.found
    assert found.identical == {"logic": 0.0}


def test_other_replies_than_repeats_explain_are_drift() -> None:
    found = suspect(asking([says("yes", "yes")] * 39 + [says("a", "b")], [says("no")] * 40))
    assert [signal.sign for signal in found.signals if signal.shown] == ["replies"]


def test_what_only_one_run_asked_is_no_sign() -> None:
    found = suspect(asking([says("yes")] * 3 + [[]], [says("yes")] * 3))
    assert found.identical == {"logic": 1.0}
    nothing = suspect(Asking(benchmark="b", old={}, new={}, groups={}))
    assert (nothing.identical, nothing.found) == ({"b": 0.0}, False)


def test_a_run_that_tried_oftener_is_held_against_as_many_tries() -> None:
    one, cut = says("yes")[0], Said("yes", "length", 1.0, 5.0)
    found = suspect(asking([[one] * 9 + [cut]] * 40, [[one]] * 40))
    assert [signal.p_holm for signal in found.signals if signal.sign == "finish"] == [None]
    assert suspect(asking([[cut, one]] * 40, [[one]] * 40)).found


def fickle(
    rng: Rng, n: int, tries: int, *, loss: float = 0.0, other: float = 0.0, again: int = 0
) -> Asking:
    """Two runs of a source that draws each reply anew: `loss` is taken from each case's chance of
    a right one in the second run, and `other` of its replies are in other words than before. The
    second run has `again` tries of each case, where that is another number."""
    ease = rng.beta(1.5, 0.6, n)
    phrasings = rng.integers(1, 6, n)  # in how many ways it may put it
    long = rng.lognormal(4.0, 0.6, n)

    def run(loss: float, other: float, tries: int = tries) -> list[list[Said]]:
        def one(case: int) -> Said:
            right = rng.random() < max(0.0, ease[case] - loss)
            words = f"{right} {rng.integers(phrasings[case])} {rng.random() < other}"
            cut = "length" if rng.random() < 0.04 else "stop"
            return Said(words, cut, float(right), float(round(long[case] * rng.lognormal(0, 0.1))))

        return [[one(case) for _ in range(tries)] for case in range(n)]

    return asking(run(0.0, 0.0), run(loss, other, again or tries))


def alarms(runs: int, seed: int, make: Callable[[Rng], Asking]) -> int:
    rng = np.random.default_rng(seed)
    return sum(suspect(make(rng)).found for _ in range(runs))


def test_without_a_drift_few_alarms_are_raised() -> None:
    assert alarms(60, 3, lambda rng: fickle(rng, 60, 2)) <= 8  # 5 %, and chance


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "tries", "again"), [(40, 1, 1), (40, 3, 3), (150, 2, 2), (40, 10, 1)]
)
def test_without_a_drift_at_most_5_of_100_reports_raise_an_alarm(
    n: int, tries: int, again: int
) -> None:
    found = alarms(1000, n + tries, lambda rng: fickle(rng, n, tries, again=again))
    assert found <= 50


@pytest.mark.slow
def test_a_change_of_10_points_in_300_cases_is_found_in_most_reports() -> None:
    assert alarms(100, 8, lambda rng: fickle(rng, 300, 1, loss=0.1)) >= 60


@pytest.mark.slow
def test_other_words_show_where_each_case_was_tried_twice() -> None:
    assert alarms(50, 9, lambda rng: fickle(rng, 100, 2, other=1.0)) >= 48
