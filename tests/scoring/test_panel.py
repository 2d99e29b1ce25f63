"""From what judges said to a reply's score."""

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.judged_things import BETTER, MARKED, TONE, case
from visavis.core.case import Case
from visavis.core.outcome import Failure, Grade, Outcome, Reply, Score, Unscored
from visavis.core.rubric import CHECKS_WEIGHT, PASS_SHARE, TO_BE_JUDGED, Rubric
from visavis.core.ruling import Item, Ruling
from visavis.core.trial import Trial, TrialKey
from visavis.scoring.panel import combined, items, judged, opinions, things, things_of

NAMES = ["a", "b", "c"]


def trial(name: str, outcome: Outcome | None = None, grade: Grade | None = TO_BE_JUDGED) -> Trial:
    said = outcome or Reply(text="Thanks.")
    return Trial(
        key=TrialKey(name, "manners", "c0", 0),
        outcome=said,
        grade=grade if isinstance(said, Reply) else None,
        usd=None,
    )


def said(judge: str, item: Item, value: float | None) -> Ruling:
    grade = Unscored(because="no verdict") if value is None else Score(value=value, because="")
    return Ruling(
        judge=judge, item=item, grade=grade, usd=None, usage=None, total_s=None, reused=False
    )


def test_each_reply_is_a_thing_of_a_rubric_and_each_two_are_one_of_a_pairwise() -> None:
    found = list(things(case(0, TONE, BETTER), "manners", 0, NAMES, ""))
    assert [one.first for one in found if not one.second] == NAMES
    assert [(one.first, one.second) for one in found if one.second] == [
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
    ]


def test_beside_a_baseline_only_its_pairs_are_asked() -> None:
    found = list(things(case(0, BETTER), "manners", 0, NAMES, "b"))
    assert [(one.first, one.second) for one in found] == [("a", "b"), ("b", "c")]


def test_what_failed_is_not_asked_about() -> None:
    trials = [trial("a"), trial("b", Failure(kind="timed out", detail=""))]
    assert [one.first for one in things_of(trials, {("manners", "c0"): case(0, TONE)}, "")] == ["a"]
    assert things_of(trials, {}, "") == []


PAIR = Item("manners", "c0", 0, "better", "a", "b")


@pytest.mark.parametrize(
    ("shown_first", "shown_second", "opinion"),
    [(1.0, 0.0, 1.0), (1.0, 1.0, 0.5), (0.0, 0.0, 0.5), (0.5, 0.0, 0.75), (0.0, 1.0, 0.0)],
)
def test_the_two_orders_of_a_pair_are_averaged(
    shown_first: float, shown_second: float, opinion: float
) -> None:
    assert items(PAIR) == (PAIR, PAIR.turned)
    rulings = [said("j", PAIR, shown_first), said("j", PAIR.turned, shown_second)]
    assert opinions(rulings, [PAIR], ["j"]) == {"j": {PAIR: opinion}}


def test_a_pair_of_which_one_order_is_missing_or_failed_has_no_opinion() -> None:
    missing = opinions([said("j", PAIR, 1.0)], [PAIR], ["j"])["j"][PAIR]
    failed = opinions([said("j", PAIR, 1.0), said("j", PAIR.turned, None)], [PAIR], ["j"])
    assert missing == Unscored(because="was not asked yet")
    assert failed["j"][PAIR] == Unscored(because="no verdict")


def graded(
    known: Case, rulings: list[Ruling], trials: list[Trial], judges: list[str]
) -> list[Grade | None]:
    cases = {("manners", "c0"): known}
    found = opinions(rulings, things_of(trials, cases, ""), judges)
    return [one.grade for one in judged(trials, cases, found)]


def by_tone(judge: str, name: str, value: float | None) -> Ruling:
    return said(judge, Item("manners", "c0", 0, "tone", name), value)


def values(grades: list[Grade | None]) -> list[float | None]:
    return [one.value if isinstance(one, Score) else None for one in grades]


@pytest.mark.parametrize(
    ("votes", "value"), [([1, 1, 0], 1.0), ([1, 0, 0], 0.0), ([1, 0], 0.5), ([1, 1], 1.0)]
)
def test_most_judges_decide_what_passes(votes: list[float], value: float) -> None:
    names = [f"j{n}" for n in range(len(votes))]
    rulings = [by_tone(judge, "a", vote) for judge, vote in zip(names, votes, strict=True)]
    assert values(graded(case(0, TONE), rulings, [trial("a")], names)) == [value]


def test_marks_without_a_pass_mark_are_averaged() -> None:
    rulings = [
        said(j, Item("manners", "c0", 0, "marked", "a"), v) for j, v in (("i", 1), ("j", 0.5))
    ]
    assert values(graded(case(0, MARKED), rulings, [trial("a")], ["i", "j"])) == [0.75]


def test_a_reply_that_one_judge_could_not_judge_is_unscored_by_name() -> None:
    rulings = [by_tone("i", "a", 1), by_tone("j", "a", None)]
    (grade,) = graded(case(0, TONE), rulings, [trial("a")], ["i", "j"])
    assert grade == Unscored(because="j on tone: no verdict")


def test_a_lone_reply_has_nothing_to_be_put_beside() -> None:
    trials = [trial("a"), trial("b", Failure(kind="timed out", detail=""))]
    grades = graded(case(0, BETTER, TONE), [], trials, ["j"])
    assert grades == [Unscored(because="there is no other reply to put beside it"), None]


def test_without_judges_replies_wait_for_them() -> None:
    held = trial("a", grade=Score(value=1.0, because="well"))
    assert graded(case(0, TONE), [], [trial("a"), held], []) == [TO_BE_JUDGED, TO_BE_JUDGED]


def test_cases_without_rubrics_are_left_alone() -> None:
    held = trial("a", grade=Score(value=1.0, because="well"))
    assert judged([held], {}, {}) == (held,)


def test_a_reply_that_could_not_be_graded_stays_so() -> None:
    odd = Unscored(because="the check died")
    assert combined(case(0, TONE), odd, {"tone": 1.0}) == odd
    ungraded = trial("a", grade=None)
    assert graded(case(0, TONE), [], [ungraded], ["j"]) == [None]


def test_rubrics_and_checks_count_by_their_weights_and_are_shown_apart() -> None:
    known = case(0, TONE, **{CHECKS_WEIGHT: "3"})
    before = Score(value=1.0, because="well", read="well", marks=MappingProxyType({"strict": 0.0}))
    grade = combined(known, before, {"tone": 0.0})
    assert isinstance(grade, Score)
    assert (grade.value, grade.read) == (0.75, "well")
    assert grade.because == "checks 1.00, tone 0.00; well"
    assert dict(grade.marks) == {"strict": 0.0, "checks": 1.0, "tone": 0.0}


def test_a_share_to_pass_makes_the_score_whole() -> None:
    known = case(0, TONE, **{PASS_SHARE: "0.5"})
    for tone, score in ((1.0, 1.0), (0.9, 0.0)):
        grade = combined(known, Score(value=0.0, because=""), {"tone": tone})
        assert isinstance(grade, Score)
        assert grade.value == score


@given(
    some.floats(0, 1), some.lists(some.floats(0, 1), min_size=1, max_size=4), some.floats(0.01, 100)
)
def test_a_combined_score_lies_between_its_parts(
    mechanical: float, marks: list[float], weight: float
) -> None:
    rubrics = [Rubric(name=f"r{n}", kind="rubric", text="?") for n in range(len(marks))]
    known = case(0, *rubrics, **{CHECKS_WEIGHT: str(weight)})
    told = {one.name: value for one, value in zip(rubrics, marks, strict=True)}
    grade = combined(known, Score(value=mechanical, because=""), dict(told))
    assert isinstance(grade, Score)
    every = [mechanical, *marks]
    assert min(every) - 1e-9 <= grade.value <= max(every) + 1e-9
