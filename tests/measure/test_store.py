"""One run: what is put in comes out."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.measure.store_things import ASKED, SPEC, trial
from tests.measure.things import Seen, spec
from visavis.core.candidate import Candidate
from visavis.core.observation import Observation
from visavis.core.outcome import Failure, Reply, Retry, Score, Unscored, Usage
from visavis.core.stamps import Stamps
from visavis.core.trial import Trial, TrialKey
from visavis.measure.noted import Noted
from visavis.measure.spec import difference
from visavis.measure.store import RunStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    with RunStore.begin(tmp_path / "run", SPEC) as opened:
        yield opened


stamps = st.builds(
    Stamps,
    due=st.floats(0, 9),
    sent=st.floats(0, 9),
    first=st.none() | st.floats(0, 9),
    last=st.none() | st.floats(0, 9),
    done=st.floats(0, 9),
)
usages = st.builds(Usage, input_tokens=st.integers(0, 9), output_tokens=st.integers(0, 9))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
retries = st.lists(st.builds(Retry, because=texts, waited_s=st.floats(0, 9)), max_size=2).map(tuple)
replies = st.builds(
    Reply,
    text=texts,
    finish=st.sampled_from(["stop", "length", "content_filter"]),
    usage=st.none() | usages,
    stamps=st.none() | stamps,
    reasoning=st.none() | texts,
    refusal=st.none() | texts,
    model=st.none() | texts,
    retries=retries,
)
failures = st.builds(
    Failure,
    kind=st.sampled_from(["rejected", "timed out", "crashed"]),
    detail=texts,
    stamps=st.none() | stamps,
    retries=retries,
    usage=st.none() | usages,
)
grades = st.builds(Score, value=st.floats(0, 1), because=texts, read=st.none() | texts) | st.builds(
    Unscored, because=texts
)
keys = st.builds(TrialKey, st.sampled_from(["a", "b"]), texts, texts, st.integers(0, 3))
trials = st.builds(
    Trial,
    key=keys,
    outcome=replies,
    grade=grades,
    usd=st.none() | st.floats(0, 9),
    reused=st.booleans(),
    asked_at=texts,
) | st.builds(Trial, key=keys, outcome=failures, grade=st.none(), usd=st.none())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(came=st.lists(trials, max_size=5, unique_by=lambda t: t.key))
def test_what_is_read_is_what_was_added_in_that_order(
    tmp_path_factory: pytest.TempPathFactory, came: list[Trial]
) -> None:
    folder = tmp_path_factory.mktemp("run")
    with RunStore.begin(folder, SPEC) as writing:
        for one in came:
            writing.add(one)
    with RunStore.open(folder) as reading:
        assert list(reading.trials()) == came
        assert reading.done() == {one.key for one in came}


def test_trials_of_a_candidate_that_the_head_does_not_name_are_no_part_of_the_run(
    store: RunStore,
) -> None:
    store.add(trial())
    store.add(replace(trial(), key=TrialKey("stranger", "sums", "c00001", 0)))
    store.commit()
    assert [one.key.candidate for one in store.trials()] == ["a"]


def test_cases_and_prompts_are_there_without_the_benchmark(store: RunStore) -> None:
    store.add_cases(ASKED)
    store.add_cases(ASKED)
    with RunStore.open(store.folder) as reading:
        assert [stored.case for stored in reading.cases("sums")] == list(ASKED[0].cases)
        for case, prompt in reading.cases("sums"):
            assert prompt == ASKED[0].benchmark.ask(case)


def test_a_key_stored_twice_is_a_mistake_of_ours_and_nothing_of_that_commit_stays(
    store: RunStore,
) -> None:
    store.add(trial())
    store.commit()
    store.add(trial("c00001"))
    store.add(trial())
    with pytest.raises(ValueError, match="stored twice"):
        store.commit()
    assert [t.key.case for t in store.trials()] == ["c00000"]


def test_what_the_user_was_told_is_kept_once_and_in_order(store: RunStore) -> None:
    shown = Seen()
    noted = Noted(shown)
    noted.note("the file has no chat template")
    noted.keep_in(store)
    for text in ("the rate is limited", "the file has no chat template", "the budget is spent"):
        noted.note(text)
    noted.started({("a", "sums"): 1})
    noted.finished(trial())
    store.commit()
    with RunStore.open(store.folder) as reading:
        assert reading.notes() == (
            "the file has no chat template",
            "the rate is limited",
            "the budget is spent",
        )
    assert len(shown.notes) == 4
    assert (shown.totals, len(shown.trials)) == ({("a", "sums"): 1}, 1)


def test_money_without_a_price_is_told_by_candidate(store: RunStore) -> None:
    for usd in (0.25, 0.5):
        store.charge("a", usd, "warm-up")
    store.commit()
    assert store.charged_usd() == {"a": 0.75}


def test_another_reader_sees_each_commit_while_the_run_goes_on(store: RunStore) -> None:
    with RunStore.open(store.folder) as reading:
        store.add(trial())
        assert reading.done() == set()
        store.commit()
        assert reading.done() == {trial().key}


def test_money_is_counted_with_its_doubts_and_without_what_was_reused(store: RunStore) -> None:
    store.add(trial("c00000"))
    store.add(replace(trial("c00001"), usd=None))
    store.add(replace(trial("c00002"), reused=True))
    store.charge("a", 0.25, "timed out")
    store.commit()
    assert store.spent_usd() == 0.75


def test_of_two_peaks_the_larger_stays(store: RunStore) -> None:
    for value in (2.0, 3.0, 1.0):
        store.add_peak(
            Observation(
                candidate="a",
                axis="memory",
                measure="peak_bytes",
                benchmark="memory",
                unit_id="run",
                group="run",
                value=value,
            )
        )
    assert [peak.value for peak in store.peaks()] == [3.0]


def test_a_candidate_is_the_same_whatever_its_key_is_called() -> None:
    a = Candidate(name="a", kind="hosted", route="openai", model="m", snapshot="m", key_name="K")
    one, two = spec(ASKED, [a]), spec(ASKED, [replace(a, key_name="L")])
    assert difference(one, two) is None
