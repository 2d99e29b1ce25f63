"""What checks saw of replies is kept beside the trials, and read back."""

from dataclasses import replace
from pathlib import Path

from tests.measure.store_things import SPEC, trial
from visavis.core.outcome import CLIP, Evidence, Score
from visavis.core.trial import Trial
from visavis.measure.evidence import MOST_BYTES
from visavis.measure.store import RunStore

FRAME = Evidence(name="ball", media_type="image/png", data=b"a frame")
MOVES = Evidence(name="ball" + CLIP, media_type="image/png", data=b"a clip that is longer")
TRACE = Evidence(name="ball trace", media_type="text/plain", data=b"1.0 s it flies")


def seen(*evidence: Evidence, repeat: int = 0) -> Trial:
    plain = trial()
    graded = Score(value=1.0, because="it holds", evidence=evidence)
    return replace(plain, key=plain.key._replace(repeat=repeat), grade=graded)


def test_evidence_comes_back_by_trial_in_its_order(tmp_path: Path) -> None:
    with RunStore.begin(tmp_path / "run", SPEC) as store:
        first, second = seen(MOVES, FRAME, TRACE), seen(FRAME, repeat=1)
        store.add(first)
        store.add(second)
        store.commit()
        assert store.evidence(first.key) == (MOVES, FRAME, TRACE)
        assert store.evidence(second.key) == (FRAME,)
        assert [one.grade for one in store.trials()] == [
            Score(value=1.0, because="it holds"),
            Score(value=1.0, because="it holds"),
        ]
    with RunStore.open(tmp_path / "run") as again:
        assert again.evidence(second.key) == (FRAME,)


def test_pictures_that_stand_still_come_first_as_far_as_they_fit(tmp_path: Path) -> None:
    with RunStore.begin(tmp_path / "run", SPEC) as store:
        first, second = seen(MOVES, FRAME, TRACE), seen(FRAME, repeat=1)
        store.add(first)
        store.add(second)
        store.commit()
        assert store.seen_pictures(1000) == {first.key: (FRAME, MOVES), second.key: (FRAME,)}
        assert store.seen_pictures(15) == {first.key: (FRAME,), second.key: (FRAME,)}


def test_a_run_without_evidence_has_none(tmp_path: Path) -> None:
    with RunStore.begin(tmp_path / "run", SPEC) as store:
        store.add(seen())
        store.commit()
        assert store.evidence(seen().key) == ()
        assert store.seen_pictures(1000) == {}


def test_of_too_much_evidence_the_rest_is_left_out(tmp_path: Path) -> None:
    large = Evidence(name="x", media_type="image/png", data=bytes(MOST_BYTES))
    with RunStore.begin(tmp_path / "run", SPEC) as store:
        store.add(seen(large, FRAME))
        store.commit()
        assert store.evidence(seen().key) == (large,)
