"""Cases one by one: who passed which, and why not."""

from visavis.core.outcome import Failure, Grade, Reply, Score, Unscored
from visavis.core.trial import Trial, TrialKey
from visavis.report.by_case import MOST_ROWS, by_case


def trial(
    candidate: str, case: str, grade: Grade | None, repeat: int = 0, outcome: Reply | None = None
) -> Trial:
    came = outcome or (Reply(text="x") if grade else Failure(kind="timed out", detail="after 9 s"))
    key = TrialKey(candidate, "own", case, repeat)
    return Trial(key=key, outcome=came, grade=grade, usd=None)


RIGHT, WRONG = Score(value=1.0, because="is x"), Score(value=0.0, because="is not\ny" + "." * 200)


def test_of_one_candidate_the_row_says_what_was_wrong() -> None:
    trials = [
        trial("a", "right", RIGHT),
        trial("a", "wrong", WRONG),
        trial("a", "lost", None),
        trial("a", "unsaid", Unscored(because="no judge")),
        trial("a", "half", RIGHT),
        trial("a", "half", WRONG, repeat=1),
    ]
    told = by_case(trials, ["a"], "en")
    assert told.heads == ("case", "a", "why")
    assert [row[:2] for row in told.rows] == [
        ("right", "pass"),
        ("wrong", "fail"),
        ("lost", "failure"),
        ("unsaid", "unscored"),
        ("half", "50%"),
    ]
    reasons = [row[2] for row in told.rows]
    assert reasons[1].startswith("is not y...")
    assert (len(reasons[1]), reasons[0]) == (160, "")
    assert reasons[2:4] == ["timed out: after 9 s", "no judge"]
    assert reasons[4] == reasons[1]
    assert told.left_out == ""


def test_several_candidates_stand_beside_each_other() -> None:
    told = by_case([trial("a", "one", RIGHT), trial("b", "one", WRONG)], ["a", "b", "c"], "en")
    assert told.rows == (("one", "pass", "fail", "–"),)


def test_of_many_cases_those_that_somebody_did_not_pass_are_shown() -> None:
    trials = [trial("a", f"c{n}", WRONG if n == 7 else RIGHT) for n in range(MOST_ROWS + 1)]
    told = by_case(trials, ["a"], "en")
    assert [row[0] for row in told.rows] == ["c7"]
    assert told.left_out == f"{MOST_ROWS} more cases: on the page"
