"""Trials to observations: a failure is never a wrong answer."""

from dataclasses import replace

from visavis.core.observation import Counts
from visavis.core.outcome import Failure, Grade, Outcome, Reply, Score, Unscored, Usage
from visavis.core.stamps import Stamps
from visavis.core.trial import Trial, TrialKey
from visavis.measure.observe import counts, observations

USAGE = Usage(input_tokens=10, output_tokens=21, reasoning_tokens=10)
REPLY = Reply(text="4", usage=USAGE, stamps=Stamps(due=0, sent=1, first=2, last=4, done=5))
RIGHT = Score(value=1.0, because="read 4", read="4")


def trial(
    outcome: Outcome, grade: Grade | None, *, benchmark: str = "sums", repeat: int = 0
) -> Trial:
    return Trial(key=TrialKey("a", benchmark, "c1", repeat), outcome=outcome, grade=grade, usd=None)


def measured(*trials: Trial) -> list[tuple[str, str, str, float]]:
    return [
        (o.axis, o.measure, o.unit_id, o.value)
        for o in observations(trials, lambda benchmark, case: f"{benchmark}/{case}")
    ]


def test_a_graded_reply_is_a_score_and_its_tokens_and_says_nothing_of_speed() -> None:
    assert measured(trial(REPLY, RIGHT)) == [
        ("quality", "score", "c1", 1.0),
        ("price", "output_tokens", "c1", 21.0),
    ]


def test_a_price_is_observed_where_it_is_known_even_of_a_failure() -> None:
    billed = replace(trial(Failure(kind="timed out", detail="-", usage=USAGE), None), usd=0.5)
    assert measured(billed) == [("price", "usd", "c1", 0.5)]


def test_a_failure_and_an_unscored_reply_are_no_observation_of_quality() -> None:
    failed = trial(Failure(kind="rejected", detail="-"), None)
    unscored = trial(Reply(text="?"), Unscored(because="the judge failed"))
    assert measured(failed, unscored) == []


def test_speed_comes_from_its_own_benchmark_and_leaves_reasoning_out_of_the_rate() -> None:
    grade = Unscored(because="asked for speed")
    assert measured(trial(REPLY, grade, benchmark="speed")) == [
        ("speed", "first_token_s", "c1", 1.0),
        ("speed", "output_tokens_per_s", "c1", 5.0),  # ten intervals in two seconds
    ]
    reused = replace(trial(REPLY, grade, benchmark="speed"), reused=True)
    silent = replace(REPLY, stamps=Stamps(due=0, sent=1, first=None, last=None, done=2))
    stampless, uncounted = replace(REPLY, stamps=None), replace(REPLY, usage=None)
    others = [trial(one, grade, benchmark="speed") for one in (silent, stampless, uncounted)]
    assert measured(reused, *others) == [("speed", "first_token_s", "c1", 1.0)]


def test_repeats_of_a_case_are_observations_of_one_unit() -> None:
    told = list(
        observations(
            [trial(Reply(text="4"), RIGHT, repeat=n) for n in range(3)], lambda *_: "group"
        )
    )
    assert [(o.unit_id, o.group) for o in told] == [("c1", "group")] * 3


def test_tries_of_a_benchmark_that_is_one_case_are_units_of_it() -> None:
    tries = (trial(Reply(text="4"), RIGHT, repeat=n, benchmark="c1") for n in range(3))
    told = observations(tries, lambda *_: "c1")
    assert [(o.unit_id, o.group) for o in told] == [(f"c1/{n}", "c1") for n in (1, 2, 3)]


def test_everything_asked_is_counted_in_exactly_one_of_scored_failed_unscored() -> None:
    unparsed = Score(value=0.0, because="nothing read")
    told = counts(
        [
            trial(REPLY, RIGHT),
            replace(trial(REPLY, RIGHT), reused=True),
            trial(replace(REPLY, finish="length"), unparsed),
            trial(REPLY, Unscored(because="-")),
            trial(Failure(kind="rejected", detail="-"), None),
            trial(Failure(kind="timed out", detail="-"), None),
            trial(Failure(kind="timed out", detail="-"), None),
            trial(REPLY, RIGHT, benchmark="other"),
        ]
    )
    sums, other = told
    assert sums == Counts(
        candidate="a",
        benchmark="sums",
        asked=7,
        scored=3,
        failed=3,
        unscored=1,
        unparsed=1,
        truncated=1,
        reused=1,
        failures=(("timed out", 2), ("rejected", 1)),
    )
    assert (other.asked, other.scored) == (1, 1)


def _always(*answers: tuple[str, str | None, float]) -> str | None:
    """Each with its case, what was read, and its score."""
    graded = {
        TrialKey("a", "sums", case, place): Score(value=value, because="", read=read)
        for place, (case, read, value) in enumerate(answers)
    }
    reply = Reply(text="?")
    (counted,) = counts(replace(trial(reply, grade), key=key) for key, grade in graded.items())
    return counted.always


def test_an_answer_that_is_always_the_same_is_told_and_unread_ones_do_not_hide_it() -> None:
    right, wrong = [("1", "yes", 1.0), ("2", "yes", 1.0)], [(c, "yes", 0.0) for c in "345"]
    assert _always(*right, *wrong) == "yes"
    assert _always(*right, *wrong, ("6", None, 0.0)) == "yes"
    assert _always(*right, *wrong, ("6", "no", 1.0)) is None


def test_answers_that_are_all_right_or_of_few_cases_are_no_habit() -> None:
    assert _always(*((case, "yes", 1.0) for case in "123456")) is None
    assert _always(*((case, "yes", 0.0) for case in "1234")) is None
    assert _always(*(("1", "yes", 0.0) for _ in range(9))) is None
    assert _always(*((case, None, 0.0) for case in "123456")) is None
