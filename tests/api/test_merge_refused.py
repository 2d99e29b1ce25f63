"""Runs that are no whole, and places that are not free: refused, and nothing is left lying."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import visavis
from tests.api.merging import LATER, Merge
from tests.made_runs import make
from tests.measure.load.things import new_store, served
from tests.measure.things import candidate, sums
from visavis.core.errors import OptionError, StoreError, VisavisError
from visavis.measure import disk
from visavis.measure.contamination import TURNED
from visavis.measure.judging.store import JudgementStore
from visavis.measure.store import RunStore

REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "one name, two candidates": (
        {},
        {"who": [replace(candidate("a"), snapshot="a-2")]},
        "'a' is 'a-1' in one run and 'a-2' in",
    ),
    "another protocol": ({}, {"benchmark": {"protocol": "sums@2"}}, "was asked in two ways"),
    "another version": ({}, {"benchmark": {"version": 2}}, "version 2"),
    "another temperature": ({}, {"benchmark": {"departures": ("hot",)}}, "hot"),
    "other orders": (
        {"benchmark": {"protocol": f"mmlu@0cot{TURNED}"}},
        {"benchmark": {"protocol": f"mmlu@0cot{TURNED}"}},
        "tries other orders",
    ),
    "until decided, and not": ({"drawn": {"sums": 1}}, {}, "one verdict cannot hold for both"),
}


@pytest.mark.parametrize(("one", "other", "why"), REFUSED.values(), ids=REFUSED)
def test_what_would_say_something_else_than_its_parts_is_refused(
    tmp_path: Path, joined: Merge, one: dict[str, Any], other: dict[str, Any], why: str
) -> None:
    first = make(tmp_path / "one", **one)
    second = make(tmp_path / "other", **{"who": ["c"], "at": LATER, **other})
    with pytest.raises(OptionError, match=why):
        joined(first, second)
    assert not (tmp_path / "whole").exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_case_in_other_words_is_refused(tmp_path: Path, joined: Merge) -> None:
    asked = sums(3)
    other = replace(asked, cases=tuple(replace(c, question="9 + 9 = ?") for c in asked.cases))
    one = make(tmp_path / "one", asked=(asked,))
    two = make(tmp_path / "two", asked=(other,), who=["c"], at=LATER)
    with pytest.raises(OptionError, match="'c00000' of 'sums' was not asked in the same words"):
        joined(one, two)


def test_runs_that_cannot_be_merged_are_named(tmp_path: Path, joined: Merge) -> None:
    one, other = make(tmp_path / "one"), make(tmp_path / "other", who=["c"], at=LATER)
    with pytest.raises(OptionError, match="two runs or more"):
        joined(one)
    with pytest.raises(OptionError, match="named twice"):
        joined(one, tmp_path / "." / "one")
    with new_store(tmp_path / "speed", [served("http://127.0.0.1:1/v1", "m")], "at once 1"):
        pass
    with pytest.raises(OptionError, match="measured speed alone"):
        joined(one, tmp_path / "speed")
    spec = visavis.Comparison(other).facts.spec
    with (
        RunStore.begin(other, spec),
        pytest.raises(StoreError, match="being written by another process"),
    ):
        joined(one, other)
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "mine.txt").write_text("mine")
    with pytest.raises(OptionError, match="is there already"):
        joined(one, other)
    assert (tmp_path / "whole" / "mine.txt").read_text() == "mine"
    (tmp_path / "a file").write_text("mine")
    with pytest.raises(OptionError, match="is there already"):
        joined(one, other, out="a file")


def test_a_run_that_is_torn_is_named_and_not_the_whole(tmp_path: Path, joined: Merge) -> None:
    one, torn = make(tmp_path / "one"), make(tmp_path / "torn", who=["c"], at=LATER)
    file = torn / "trials.sqlite"
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'trials'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as writing:
        writing.seek((page - 1) * size)
        writing.write(b"\xff" * size)
    with pytest.raises(StoreError, match="'torn' is torn"):
        joined(one, torn)


def test_a_copy_adds_nothing_and_is_refused(tmp_path: Path, joined: Merge) -> None:
    one, copy = make(tmp_path / "one"), make(tmp_path / "copy")
    with pytest.raises(OptionError, match="holds nothing that the others do not"):
        joined(one, copy)


def test_judges_of_one_name_that_are_two_are_refused(tmp_path: Path, joined: Merge) -> None:
    for name, snapshot, at in (("one", "j-1", LATER), ("other", "j-2", "2026-11-23")):
        make(tmp_path / name, who=[name, "b"] if name == "one" else ["c"], at=at)
        with JudgementStore(tmp_path / name) as judges:
            judges.seat([replace(candidate("judge"), snapshot=snapshot)], "")
    with pytest.raises(OptionError, match="judge 'judge' of"):
        joined(tmp_path / "one", tmp_path / "other")
    assert not (tmp_path / "whole").exists()


def test_two_merges_into_one_folder_never_mix(tmp_path: Path, joined: Merge) -> None:
    one, other = make(tmp_path / "one"), make(tmp_path / "other", who=["c"], at=LATER)
    lock = disk.lock(tmp_path / ".whole.lock")
    assert lock is not None
    with closing(lock), pytest.raises(StoreError, match="another process is merging"):
        joined(one, other)
    assert joined(one, other).seen.done == 60
    with pytest.raises(OptionError, match="is there already"):
        joined(one, other)


def test_a_merge_that_is_killed_leaves_no_run_and_the_next_one_is_whole(
    tmp_path: Path, joined: Merge
) -> None:
    one, other = make(tmp_path / "one"), make(tmp_path / "other", who=["c"], at=LATER)
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from visavis.api.around import Surroundings\n"
        "from visavis.api.merge import merge\n"
        "from visavis.measure import merging_rows\n"
        "from visavis.options.runs import MergeOptions\n"
        "merging_rows._charges = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "here = Surroundings(home=Path(), environ={})\n"
        "merge(sys.argv[1:3], MergeOptions(out=Path(sys.argv[3])), here)\n"
    )
    words = [sys.executable, "-c", code, str(one), str(other), str(tmp_path / "whole")]
    assert subprocess.run(words, check=False, timeout=60).returncode == -signal.SIGKILL
    assert not (tmp_path / "whole").exists()
    assert (tmp_path / ".whole.part").exists()
    assert joined(one, other).seen.done == 60
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, joined: Merge) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    with pytest.raises(VisavisError, match="shut"):
        joined(make(tmp_path / "one"), make(tmp_path / "two", who=["c"], at=LATER), out="shut/x")
