"""Trials are read without their texts, or case by case, and say the same."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measure.store_things import ASKED, SPEC
from tests.measure.test_store import trials
from visavis.core.outcome import Reply, Score, Usage
from visavis.core.trial import Trial, TrialKey
from visavis.measure.observe import counts, observations
from visavis.measure.store import RunStore
from visavis.measure.trial_rows import row_of, without_texts

ORDER = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 9)
"""The columns as they are read: `marks` came to the table last."""


def bare(trial: Trial) -> Trial:
    row = row_of(trial)
    return without_texts()(tuple(row[place] for place in ORDER))


@given(came=st.lists(trials, max_size=9, unique_by=lambda t: t.key))
def test_what_judging_sees_is_the_same_without_the_texts(came: list[Trial]) -> None:
    made = [bare(trial) for trial in came]

    def observed(of: list[Trial]) -> Counter[object]:
        return Counter(observations(of, lambda benchmark, case: case))

    assert observed(made) == observed(came)
    assert counts(made) == counts(came)


def test_a_text_is_left_out_where_its_tokens_were_counted_and_kept_where_not() -> None:
    counted = Trial(
        key=TrialKey("a", "sums", "c", 0),
        outcome=Reply(text="one", usage=Usage(input_tokens=1, output_tokens=1)),
        grade=Score(value=1.0, because="right", read="one"),
        usd=None,
    )
    reply = bare(counted).outcome
    assert isinstance(reply, Reply)
    assert reply.text == ""
    assert reply.usage == Usage(input_tokens=1, output_tokens=1)
    uncounted = replace(counted, outcome=Reply(text="one"))
    assert bare(uncounted).outcome == uncounted.outcome
    assert bare(counted).grade == Score(value=1.0, because="", read="one")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    with RunStore.begin(tmp_path / "run", SPEC) as opened:
        yield opened


def test_cases_come_in_the_order_asked_each_with_all_its_trials(store: RunStore) -> None:
    store.add_cases(ASKED)
    made = [
        Trial(
            key=TrialKey(name, "sums", f"c{n:05}", repeat),
            outcome=Reply(text=f"{n}"),
            grade=None,
            usd=None,
        )
        for repeat in (1, 0)
        for n in (4, 2, 0)
        for name in ("b", "a")
    ]
    stray = replace(made[0], key=TrialKey("somebody else", "sums", "c00000", 0))
    for trial in (*made, stray):
        store.add(trial)
    store.commit()
    found = list(store.tried())
    assert [one.asked.case.id for one in found] == ["c00000", "c00002", "c00004"]
    assert found[1].asked.prompt == ASKED[0].benchmark.ask(ASKED[0].cases[2])
    for one in found:
        mine = [of for of in made if of.key.case == one.asked.case.id]
        assert sorted(one.trials, key=lambda t: t.key) == sorted(mine, key=lambda t: t.key)
