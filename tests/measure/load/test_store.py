"""A speed run's folder holds every instant, and tells what it is."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.measure.load.things import FAILED, block, new_store, served, spec, timing
from visavis.core.errors import OptionError, StoreError
from visavis.measure.calibrate import Calibration, Delays, ErrorAt, Spread
from visavis.measure.load.block import WARM_UP, Request
from visavis.measure.load.means import Quota
from visavis.measure.load.spec import difference
from visavis.measure.load.store import LoadStore
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


def test_a_speed_run_takes_no_folder_that_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OptionError, match="choose a new folder"):
        new_store(tmp_path, [A])
    with pytest.raises(OptionError, match="is a file"):
        new_store(tmp_path / "mine.txt", [A])
    (tmp_path / "compared").mkdir()
    (tmp_path / "compared" / "run.json").write_text('{"format": 2, "run": {}}', encoding="utf-8")
    with pytest.raises(OptionError, match="holds another run: a comparison"):
        new_store(tmp_path / "compared", [A])


def test_a_run_is_gone_on_with_in_its_folder(tmp_path: Path) -> None:
    with new_store(tmp_path / "run", [A]) as store:
        store.add(block([timing(1.0, 0.5)], load=WARM_UP))
        store.add(block([timing(1.0, 0.5)]))
    with new_store(tmp_path / "run", [A]) as store:
        assert store.warm_ups("a") == 1
        store.add(block([timing(9.0, 0.5)], number=1))
        with pytest.raises(StoreError, match="written by another process"):
            new_store(tmp_path / "run", [A])
    with LoadStore.open(tmp_path / "run") as store:
        assert [one.number for one in store.blocks()] == [0, 0, 1]


def test_a_folder_in_which_we_were_killed_while_beginning_is_begun_again(tmp_path: Path) -> None:
    with new_store(tmp_path / "run", [A]):
        (tmp_path / "run" / "run.json").rename(tmp_path / "run" / "run.json.part")
    with new_store(tmp_path / "run", [A]) as store:
        store.add(block([timing(1.0, 0.5)]))
    assert is_speed(tmp_path / "run")


TRACED = "e" * 64


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"candidates": (served("http://127.0.0.1:1/v1", "b"),)}, "its candidates are a = a"),
        ({"machine": {"cpu": "another"}}, "another machine (None)"),
        ({"shapes": ("rate 2",)}, "its loads are at once 2;"),
        ({"trace_sha256": TRACED}, "its trace had other requests"),
        ({"prompt_tokens": 50}, "--prompt-tokens 40"),
        ({"shared_tokens": 5}, "--shared 0"),
        ({"output_tokens": 50}, "--tokens 8"),
        ({"blocks": 9}, "--blocks 2"),
        ({"quota": Quota(seconds=5.0)}, "each of its blocks counts all that comes"),
        ({"width": 5.0}, "--width 0"),
        ({"seed": 5}, "--seed 0"),
        ({"slo": ("total_s<=1",)}, "its objectives are none"),
    ],
)
def test_another_run_is_not_gone_on_with(
    tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    here = spec([A], "at once 2")
    with LoadStore.begin(tmp_path / "run", here):
        pass
    with pytest.raises(OptionError, match="holds another run") as error:
        LoadStore.begin(tmp_path / "run", replace(here, **changed))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_how_it_is_judged_and_what_it_may_cost_makes_no_other_run(tmp_path: Path) -> None:
    here = spec([replace(A, key_name="KEY")], "at once 2")
    with LoadStore.begin(tmp_path / "run", here):
        pass
    again = replace(here, policy="strict", passed={"budget": 2.0}, candidates=(A,))
    with LoadStore.begin(tmp_path / "run", again) as store:
        assert store.spec.policy == "default"


def test_a_quota_is_told_in_words() -> None:
    told = difference(
        replace(spec([A]), quota=Quota(seconds=2.5, requests=1000)), replace(spec([A]))
    )
    assert told == "each of its blocks counts 2.5 s or 1,000 requests"


def test_of_the_calibrations_of_several_sessions_the_worst_holds(tmp_path: Path) -> None:
    (near,) = CALIBRATION.at
    far = replace(near, first_token=replace(NEAR, p99=0.5))
    wide = replace(near, streams=16)
    later = replace(CALIBRATION, clock="user", at=(near, wide))
    with new_store(tmp_path / "run", [A]) as store:
        store.add_calibration(replace(CALIBRATION, at=(far,)))
        store.add_calibration(later)
        assert store.calibration() == replace(later, at=(far, wide))
        store.add_calibration(replace(CALIBRATION, at=(replace(near, failed=1),)))
        told = store.calibration()
    assert told is not None
    assert told.at[0].failed == 1


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
    with new_store(tmp_path / "run", [replace(A, file=tmp_path / "secret.gguf")]):
        pass
    assert "secret" not in (tmp_path / "run" / "run.json").read_text(encoding="utf-8")
