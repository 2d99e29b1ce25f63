"""The order of pairs: even over pairs and cases, and the same on any machine."""

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.core.outcome import Failure, Reply
from visavis.core.trial import Trial, TrialKey
from visavis.measure.matchups import matchups, words

NAMES = ("amber", "birch", "cedar")


def trial(name: str, case: int, said: str | None, *, repeat: int = 0, on: str = "sums") -> Trial:
    outcome = Failure(kind="timed out", detail="gone") if said is None else Reply(text=said)
    key = TrialKey(name, on, f"c{case}", repeat)
    return Trial(key=key, outcome=outcome, grade=None, usd=None)


def whole(cases: int, names: tuple[str, ...] = NAMES, repeats: int = 1) -> list[Trial]:
    return [
        trial(name, case, f"{name} {case} {repeat}", repeat=repeat)
        for repeat in range(repeats)
        for case in range(cases)
        for name in names
    ]


def test_every_pair_meets_once_on_every_try_of_every_case() -> None:
    plan = matchups(whole(7, repeats=2), NAMES, {"sums"}, seed=0)
    seen = {(*one[:3], one.pair) for one in plan.in_order}
    assert len(seen) == len(plan.in_order) == 7 * 2 * 3


@settings(max_examples=25)
@given(cases=st.integers(1, 20), seed=st.integers(0, 99), share=st.floats(0, 1))
def test_wherever_a_voter_stops_pairs_and_cases_were_covered_evenly(
    cases: int, seed: int, share: float
) -> None:
    plan = matchups(whole(cases), NAMES, {"sums"}, seed)
    shown = plan.in_order[: round(share * len(plan.in_order))]
    pairs = Counter(one.pair for one in shown)
    assert max(pairs.values(), default=0) - min(pairs.values(), default=0) <= 1 or len(pairs) < 3
    shown_of = Counter(one.case for one in shown)
    times = [shown_of[f"c{case}"] for case in range(cases)]
    assert max(times) - min(times) <= 2


def test_the_first_round_shows_every_case_once() -> None:
    plan = matchups(whole(30), NAMES, {"sums"}, seed=3)
    assert len({one.case for one in plan.in_order[:30]}) == 30


def test_the_same_seed_is_the_same_order_on_any_machine_and_another_is_not() -> None:
    first = matchups(whole(4), NAMES, {"sums"}, seed=1)
    assert first == matchups(whole(4), NAMES, {"sums"}, seed=1)
    assert first != matchups(whole(4), NAMES, {"sums"}, seed=2)
    one = matchups(whole(2), NAMES[:2], {"sums"}, seed=1).in_order
    assert [(each.case, each.left) for each in one] == [("c0", "amber"), ("c1", "birch")]


def test_each_candidate_stands_on_either_side_about_as_often() -> None:
    plan = matchups(whole(400, NAMES[:2]), NAMES[:2], {"sums"}, seed=0)
    left = Counter(one.left for one in plan.in_order)
    assert 160 <= left["amber"] <= 240


def test_sides_do_not_follow_from_the_order() -> None:
    plan = matchups(whole(400, NAMES[:2]), NAMES[:2], {"sums"}, seed=0)
    changes = sum(one.left != after.left for one, after in pairwise(plan.in_order))
    assert 160 <= changes <= 240


def test_replies_that_say_the_same_are_left_out_and_counted() -> None:
    trials = [trial("amber", 0, "Yes."), trial("birch", 0, " Yes.\n"), trial("cedar", 0, "No.")]
    plan = matchups(trials, NAMES, {"sums"}, seed=0)
    assert (plan.identical, plan.without) == (1, 0)
    assert {one.pair for one in plan.in_order} == {
        frozenset(("amber", "cedar")),
        frozenset(("birch", "cedar")),
    }


def test_a_failure_is_compared_with_nothing() -> None:
    trials = [trial("amber", 0, None), trial("birch", 0, "Yes."), trial("birch", 1, "only one")]
    plan = matchups(trials, NAMES, {"sums"}, seed=0)
    assert plan.in_order == ()
    assert plan.without == 1


def test_only_the_benchmarks_asked_for_are_shown() -> None:
    trials = whole(2) + [trial(name, 9, name, on="other") for name in NAMES]
    plan = matchups(trials, NAMES, {"other"}, seed=0)
    assert {one.benchmark for one in plan.in_order} == {"other"}


def test_a_marked_refusal_is_read_in_the_place_of_an_empty_text() -> None:
    assert words(Reply(text="", refusal="I must not.")) == "I must not."
    assert words(Reply(text="Here.", refusal="I must not.")) == "Here."
    assert words(Reply(text="")) == ""
