"""A judgement is a trial of a judge."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from visavis.core.outcome import Failure, Grade, Outcome, Reply, Score, Unscored, Usage
from visavis.core.ruling import Item, ruling
from visavis.core.stamps import Stamps
from visavis.core.trial import Trial

ITEM = Item("manners", "c0", 2, "tone", "a", "b")


def trial(outcome: Outcome, grade: Grade | None = None) -> Trial:
    return Trial(key=ITEM.key("judge"), outcome=outcome, grade=grade, usd=0.5, reused=False)


@given(some.builds(Item, *[some.text()] * 2, some.integers(0, 99), *[some.text()] * 3))
def test_the_key_of_a_judges_trial_says_what_it_was_asked(item: Item) -> None:
    key = item.key("judge")
    assert key.candidate == "judge"
    assert Item.of(key) == item
    assert item.turned.turned == item


def test_a_verdict_comes_with_its_price_tokens_and_time() -> None:
    stamps = Stamps(due=0.0, sent=1.0, first=2.0, last=3.0, done=3.5)
    reply = Reply(text="[[A]]", usage=Usage(input_tokens=9, output_tokens=3), stamps=stamps)
    found = ruling(trial(reply, Score(value=1.0, because="", read="A")))
    assert (found.judge, found.item, found.usd, found.total_s) == ("judge", ITEM, 0.5, 2.5)
    assert found.grade == Score(value=1.0, because="", read="A")


@pytest.mark.parametrize(
    ("outcome", "grade", "because"),
    [
        (Failure(kind="timed out", detail=""), None, "timed out"),
        (Reply(text="[[A]]", finish="length"), Score(value=1.0, because=""), "cut off"),
        (Reply(text="?"), None, "no verdict"),
    ],
)
def test_where_there_is_no_verdict_the_reason_is_told(
    outcome: Outcome, grade: Grade | None, because: str
) -> None:
    found = ruling(trial(outcome, grade))
    assert isinstance(found.grade, Unscored)
    assert because in found.grade.because
