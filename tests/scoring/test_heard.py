"""What each judge said of a reply, and what it made of the grade."""

from dataclasses import replace

import pytest

from tests.judged_things import BETTER, MARKED, TONE, case
from visavis.core.case import Case
from visavis.core.outcome import Failure, Grade, Outcome, Reply, Score, Unscored
from visavis.core.rubric import CHECKS_WEIGHT, PASS_SHARE, TO_BE_JUDGED
from visavis.core.ruling import Item, ruling
from visavis.core.trial import Trial, TrialKey
from visavis.scoring.heard import Heard, heard
from visavis.scoring.judged import read
from visavis.scoring.panel import judged, opinions, things_of

OF = ("manners", "c0")


def replied(name: str, grade: Grade | None = TO_BE_JUDGED) -> Trial:
    return Trial(key=TrialKey(name, *OF, 0), outcome=Reply(text="Thanks."), grade=grade, usd=None)


def answer(judge: str, item: Item, said: str | Outcome) -> Trial:
    rubric = {"tone": TONE, "marked": MARKED, "better": BETTER}[item.rubric]
    outcome = Reply(text=said) if isinstance(said, str) else said
    grade = read(rubric, said) if isinstance(said, str) else None
    return Trial(key=item.key(judge), outcome=outcome, grade=grade, usd=None)


def told(of: Case, trials: list[Trial], answers: list[Trial]) -> dict[str, Heard]:
    cases, judges = {OF: of}, list(dict.fromkeys(one.key.candidate for one in answers))
    found = opinions(map(ruling, answers), things_of(trials, cases, ""), judges)
    by_reply = heard(trials, cases, found, answers)
    for trial in judged(trials, cases, found):  # what is told is what was graded
        if isinstance(trial.grade, Score) and trial.key in by_reply:
            one = by_reply[trial.key]
            assert one.share is not None
            wanted = one.share if one.needed is None else float(one.share >= one.needed)
            assert trial.grade.value == pytest.approx(wanted)
    return {key.candidate: one for key, one in by_reply.items()}


def test_of_a_reply_marked_for_itself_the_words_the_mark_and_what_it_earned_are_told() -> None:
    item = Item(*OF, 0, "marked", "a")
    found = told(case(0, MARKED), [replied("a")], [answer("j", item, "Kind.\nRating: [[4]]")])
    (part,) = found["a"].parts
    (spoken,) = part.spoken
    assert (part.name, part.asked, part.scale) == ("marked", MARKED.text, (1, 5))
    assert (part.pass_mark, part.weight, part.earned) == (None, 1.0, 0.75)
    assert (spoken.judge, spoken.beside, spoken.shown_first) == ("j", "", True)
    assert (spoken.text, spoken.read, spoken.earned) == ("Kind.\nRating: [[4]]", "4", 0.75)
    assert found["a"].share == 0.75


def test_of_a_pair_both_orders_are_told_beside_both_replies() -> None:
    item = Item(*OF, 0, "better", "a", "b")
    answers = [answer("j", item, "A is kind.\n[[A]]"), answer("j", item.turned, "Same.\n[[C]]")]
    found = told(case(0, BETTER), [replied("a"), replied("b")], answers)
    (of_a,), (of_b,) = found["a"].parts, found["b"].parts
    assert [(s.beside, s.shown_first, s.earned) for s in of_a.spoken] == [
        ("b", True, 1.0),
        ("b", False, 0.5),
    ]
    assert [(s.beside, s.shown_first, s.earned) for s in of_b.spoken] == [
        ("a", False, 0.0),
        ("a", True, 0.5),
    ]
    assert (of_a.earned, of_b.earned) == (0.75, 0.25)
    assert [s.text for s in of_b.spoken] == ["A is kind.\n[[A]]", "Same.\n[[C]]"]


def test_a_judge_without_a_verdict_is_told_with_its_words_and_the_reason() -> None:
    item = Item(*OF, 0, "tone", "a")
    rambled = told(case(0, TONE), [replied("a")], [answer("j", item, "I cannot say")])
    (part,) = rambled["a"].parts
    assert (part.earned, part.spoken[0].read, part.spoken[0].text) == (None, None, "I cannot say")
    assert "no verdict" in part.spoken[0].because
    assert part.because.startswith("j on tone: ")
    assert rambled["a"].share is None
    failed = Failure(kind="timed out", detail="")
    (part,) = told(case(0, TONE), [replied("a")], [answer("j", item, failed)])["a"].parts
    assert (part.spoken[0].text, part.spoken[0].because) == ("", "the judge failed: timed out")


def test_other_checks_weights_and_the_share_that_is_needed_are_part_of_it() -> None:
    of = case(0, replace(TONE, weight=2.0), **{CHECKS_WEIGHT: "3", PASS_SHARE: "0.5"})
    item = Item(*OF, 0, "tone", "a")
    passed = [answer("j", item, "Rating: [[9]]")]
    grade = Score(value=0.0, because="expected 'sorry'")
    (checks, tone) = told(of, [replied("a", grade)], passed)["a"].parts
    assert (checks.kind, checks.weight, checks.earned) == ("checks", 3.0, 0.0)
    assert (checks.because, checks.spoken) == ("expected 'sorry'", ())
    assert (tone.weight, tone.earned) == (2.0, 1.0)
    one = told(of, [replied("a", grade)], passed)["a"]
    assert one.share == pytest.approx(0.4)
    assert one.needed == 0.5
    ungraded = told(of, [replied("a", Unscored(because="the fence broke"))], passed)["a"]
    assert (ungraded.parts[0].earned, ungraded.share) == (None, None)
    assert ungraded.parts[0].because == "the fence broke"


def test_a_reply_that_waits_for_its_grade_has_no_other_checks_to_tell_of() -> None:
    item = Item(*OF, 0, "tone", "a")
    (part,) = told(case(0, TONE), [replied("a", None)], [answer("j", item, "[[9]]")])["a"].parts
    assert part.kind == "rubric"


def test_nothing_is_told_without_judges_nor_of_a_reply_that_never_came() -> None:
    assert told(case(0, TONE), [replied("a")], []) == {}
    lost = replace(replied("b"), outcome=Failure(kind="timed out", detail=""), grade=None)
    item = Item(*OF, 0, "tone", "a")
    found = told(case(0, TONE), [replied("a"), lost], [answer("j", item, "[[9]]")])
    assert list(found) == ["a"]


def test_of_one_reply_alone_a_pair_says_why_it_has_no_verdict() -> None:
    of = case(0, TONE, BETTER)
    found = told(of, [replied("a")], [answer("j", Item(*OF, 0, "tone", "a"), "[[9]]")])
    tone, better = found["a"].parts
    assert (tone.earned, better.earned, better.spoken) == (1.0, None, ())
    assert better.because == "there is no other reply to put beside it"


def test_answers_of_judges_that_left_the_panel_are_not_told() -> None:
    item = Item(*OF, 0, "tone", "a")
    kept = [answer("j", item, "[[9]]"), answer("gone", item, "[[1]]")]
    cases, trials = {OF: case(0, TONE)}, [replied("a")]
    found = opinions(map(ruling, kept), things_of(trials, cases, ""), ["j"])
    (part,) = heard(trials, cases, found, kept)[trials[0].key].parts
    assert [one.judge for one in part.spoken] == ["j"]
