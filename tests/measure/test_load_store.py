"""A speed run's folder holds every instant, and tells what it is."""

import sqlite3
from pathlib import Path

import pytest

from tests.measure.load_things import FAILED, block, new_store, served, timing
from visavis.core.errors import OptionError, StoreError
from visavis.measure.calibrate import Calibration, Delays, ErrorAt, Spread
from visavis.measure.load_block import Request
from visavis.measure.load_store import LoadStore
from visavis.measure.spec import is_speed

A = served("http://127.0.0.1:1/v1", "a")
NEAR = Spread(p50=0.0001, p99=0.001, largest=0.002)
CALIBRATION = Calibration(
    clock="kernel",
    delays=Delays(),
    processes=1,
    at=(
        ErrorAt(
            streams=4,
            requests=24,
            failed=0,
            first_token=NEAR,
            inter_token=NEAR,
            chunk_gap=NEAR,
            doubtful=1,
            late=NEAR,
            longest_blind_s=0.002,
            cpu_s_per_token=1e-5,
        ),
    ),
)


def test_what_was_put_in_comes_out(tmp_path: Path) -> None:
    told = block([timing(1.0, 0.5), timing(2.0, 0.1, outcome=FAILED)])
    paid = Request(timing=timing(3.0, 0.25), counted=False, usd=0.01)
    blocks = [told, block([], number=1)]
    object.__setattr__(told, "requests", (*told.requests, paid))
    with new_store(tmp_path / "run", [A], "at once 2") as store:
        for one in blocks:
            store.add(one)
        store.add_calibration(CALIBRATION)
        store.charge("a", 0.5, "no price came back")
        store.add_note("slow")
        store.add_note("slow")
        store.add_fact("a", "peak_bytes", 1.0)
        store.add_fact("a", "peak_bytes", 2.0)
    assert is_speed(tmp_path / "run")
    with LoadStore.open(tmp_path / "run") as store:
        assert list(store.blocks()) == blocks
        assert store.calibration() == CALIBRATION
        assert store.spent_usd() == {"a": 0.51}
        assert store.notes() == ("slow",)
        assert store.facts() == [("a", "peak_bytes", 2.0)]
        assert store.spec.candidates == (A,)
        assert store.spec.shapes == ("at once 2",)


def test_a_run_without_calibration_says_so(tmp_path: Path) -> None:
    with new_store(tmp_path / "run", [A]) as store:
        assert store.calibration() is None
        assert store.spent_usd() == {}


def test_a_block_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    with new_store(tmp_path / "run", [A]) as store:
        store.add(block([timing(1.0, 0.5)]))
        with pytest.raises(sqlite3.IntegrityError):
            store.add(block([timing(1.0, 0.5), timing(2.0, 0.5)]))
        (kept,) = store.blocks()
    assert len(kept.requests) == 1


def test_a_speed_run_takes_no_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OptionError, match="new one"):
        new_store(tmp_path, [A])
    with pytest.raises(OptionError, match="new one"):
        new_store(tmp_path / "mine.txt", [A])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "no speed run's"),
        ("\xff", "no speed run's"),
        ('{"format": 1, "kind": "speed"}', "no speed run's"),
    ],
)
def test_another_folder_is_told_apart(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "run.json").write_text(text, encoding="latin-1")
    with pytest.raises(StoreError, match=said):
        LoadStore.open(tmp_path)
    assert is_speed(tmp_path) == ("speed" in text)
    assert not is_speed(tmp_path / "none")


def test_a_newer_format_asks_for_a_newer_visavis(tmp_path: Path) -> None:
    with new_store(tmp_path / "run", [A]):
        pass
    head = tmp_path / "run" / "run.json"
    text = head.read_text(encoding="utf-8").replace('"format": 1', '"format": 9')
    head.write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match="update visavis"):
        LoadStore.open(tmp_path / "run")


def test_the_head_names_no_path_of_the_machine(tmp_path: Path) -> None:
    from dataclasses import replace

    with new_store(tmp_path / "run", [replace(A, file=tmp_path / "secret.gguf")]):
        pass
    assert "secret" not in (tmp_path / "run" / "run.json").read_text(encoding="utf-8")
