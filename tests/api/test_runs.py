"""`visavis runs`: every run there is, whatever state its folder is in."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import visavis
from tests.measure.things import candidate, spec, sums
from visavis.api.around import Surroundings
from visavis.api.runs import keep_verdict, listed, names
from visavis.core.errors import OptionError
from visavis.core.outcome import Reply, Score
from visavis.core.trial import Trial, TrialKey
from visavis.measure import disk
from visavis.measure.store import RunStore
from visavis.options.runs import RunsOptions
from visavis.report.runs import Listed, as_json, lines

List = Callable[..., dict[str, Listed]]


@pytest.fixture
def all_runs(around: Surroundings) -> List:
    def by_name(*folders: str, verdicts: bool = False) -> dict[str, Listed]:
        found = listed(folders, RunsOptions(verdicts=verdicts), around)
        return {one.name: one for one in found}

    return by_name


def begin(folder: Path, *, trials: int = 10, at: str = "2026-11-21T10:00:00+00:00") -> RunStore:
    """A run of two candidates and five cases, so many of whose trials are there."""
    asked = [sums(5)]
    told = spec(asked, [candidate("a"), candidate("b")])
    store = RunStore.begin(folder, told)
    store.add_cases(asked)
    keys = [TrialKey(name, "sums", case.id, 0) for name in "ab" for case in asked[0].cases]
    for key in keys[:trials]:
        grade = Score(value=1.0, because="right", read="1")
        store.add(Trial(key=key, outcome=Reply(text="1"), grade=grade, usd=0.01))
    store.commit()
    said = json.loads((folder / "run.json").read_text())
    said["run"]["machine"] = {"at": at}
    (folder / "run.json").write_text(json.dumps(said))
    return store


def make(folder: Path, *, trials: int = 10, at: str = "2026-11-21T10:00:00+00:00") -> None:
    begin(folder, trials=trials, at=at).close()


def test_each_run_says_who_was_asked_what_how_far_it_is_and_what_it_cost(
    around: Surroundings, all_runs: List
) -> None:
    runs = around.home / "runs"
    make(runs / "whole")
    make(runs / "cut", trials=4, at="2026-11-22T10:00:00+00:00")
    found = all_runs()
    assert list(found) == ["cut", "whole"]  # the newest first
    whole, cut = found["whole"].seen, found["cut"].seen
    assert (whole.state, whole.done, whole.planned) == ("done", 10, 10)
    assert whole.usd == pytest.approx(0.1)
    assert (whole.candidates, whole.benchmarks) == (("a", "b"), ("sums@1",))
    assert (cut.state, cut.done, cut.planned) == ("unfinished", 4, 10)
    said = list(lines(tuple(found.values()), "en"))
    assert said[:2] == [
        "cut  22\xa0November 2026, 10:00\xa0UTC",
        "    a, b on sums@1; 4 trials; 6 to come; $0.0400",
    ]
    assert "done" in said[3]
    assert said[-1].startswith("2 runs have not been judged yet")


def test_a_run_that_is_being_written_says_so(around: Surroundings, all_runs: List) -> None:
    store = begin(around.home / "runs" / "now", trials=3)
    assert all_runs()["now"].seen.state == "being written"
    store.close()
    assert all_runs()["now"].seen.state == "unfinished"


def test_what_was_seen_is_kept_until_the_run_changes(around: Surroundings, all_runs: List) -> None:
    folder = around.home / "runs" / "one"
    make(folder, trials=4)
    assert all_runs()["one"].seen.done == 4
    kept = around.home / "glances.sqlite"
    with closing(sqlite3.connect(kept)) as db, db:
        (told,) = db.execute("SELECT glance FROM glances").fetchone()
        changed = told.replace('"done":4', '"done":5')
        db.execute("UPDATE glances SET glance = ?", (changed,))
    assert all_runs()["one"].seen.done == 5  # what was kept
    os.utime(folder / "trials.sqlite", (1, 1))
    assert all_runs()["one"].seen.done == 4  # what is there


@pytest.mark.parametrize("content", [b"", b"\0" * 9000, b"{}"])
def test_what_was_kept_and_is_torn_costs_nothing(
    around: Surroundings, all_runs: List, content: bytes
) -> None:
    make(around.home / "runs" / "one")
    (around.home / "glances.sqlite").write_bytes(content)
    assert all_runs()["one"].seen.done == 10


HOSTILE = {
    "empty": b"",
    "torn": b'{"format": 2, "run": {"candi',
    "a list": b"[1, 2]",
    "of tomorrow": b'{"format": 99, "run": {}}',
    "deep": b"[" * 100_000,
    "no text": b"\xff\xfe\x00",
    "of wrong kinds": b'{"format": 2, "run": {"candidates": 7, "benchmarks": {}}}',
    "a speed run's, torn": b'{"kind": "speed", "format": 1}',
    "a number without end": b'{"format": 1e999, "run": {}}',
}


@pytest.mark.parametrize("told", HOSTILE.values(), ids=HOSTILE)
def test_no_head_of_a_run_breaks_the_list(
    around: Surroundings, all_runs: List, told: bytes
) -> None:
    runs = around.home / "runs"
    make(runs / "good")
    make(runs / "bad")
    (runs / "bad" / "run.json").write_bytes(told)
    found = all_runs(verdicts=True)
    assert found["good"].seen.state == "done"
    assert found["bad"].seen.state == "unreadable"
    (said,) = (text for text in lines((found["bad"],), "en") if "unreadable: " in text)
    assert "\n" not in said


def test_no_file_in_a_run_breaks_the_list_or_keeps_it_waiting(
    around: Surroundings, all_runs: List
) -> None:
    runs = around.home / "runs"
    for name in ("no trials", "torn trials", "a pipe", "a folder", "another's"):
        make(runs / name)
    (runs / "no trials" / "trials.sqlite").unlink()
    (runs / "torn trials" / "trials.sqlite").write_bytes(b"no database " * 999)
    for name in ("a pipe", "a folder", "another's"):
        (runs / name / "trials.sqlite").unlink()
    os.mkfifo(runs / "a pipe" / "trials.sqlite")
    (runs / "a folder" / "trials.sqlite").mkdir()
    with closing(sqlite3.connect(runs / "another's" / "trials.sqlite")) as db:
        db.execute("CREATE TABLE other (thing TEXT)")
    found = all_runs(verdicts=True)
    assert {one.seen.state for one in found.values()} == {"unreadable"}
    assert all(one.seen.because for one in found.values())


@pytest.mark.parametrize(
    "passed", [{"judge": None}, {"candidates": 5}, {"on": {"a": 1}}, {"seed": []}]
)
def test_a_run_that_nobody_can_judge_keeps_nobody_from_the_next(
    around: Surroundings, all_runs: List, passed: dict[str, object]
) -> None:
    runs = around.home / "runs"
    make(runs / "good")
    make(runs / "bad")
    said = json.loads((runs / "bad" / "run.json").read_text())
    said["run"]["passed"] = passed
    (runs / "bad" / "run.json").write_text(json.dumps(said))
    assert all_runs(verdicts=True)["good"].verdict


def test_odd_names_are_shown_and_act_on_nothing(around: Surroundings, all_runs: List) -> None:
    odd = "a\nb \u202e\x1b[31m'\";$(rm)"
    make(around.home / "runs" / odd)
    (one,) = all_runs().values()
    assert one.name == odd
    said = "\n".join(lines((one,), "en"))
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert b"\\u202e" in as_json((one,))
    assert json.loads(as_json((one,)))["runs"][0]["name"] == odd


def test_folders_named_are_listed_beside_the_home_each_once(
    around: Surroundings, all_runs: List, tmp_path: Path
) -> None:
    make(around.home / "runs" / "one")
    make(tmp_path / "elsewhere" / "two")
    make(tmp_path / "elsewhere" / ".being put together")
    everywhere = str(tmp_path / "elsewhere")
    assert set(all_runs(everywhere)) == {"one", f"{everywhere}/two"}
    assert set(all_runs(f"{everywhere}/two", everywhere)) == {"one", f"{everywhere}/two"}
    assert set(all_runs(str(around.home / "runs" / "one"))) == {"one"}
    with pytest.raises(OptionError, match="is no folder"):
        all_runs(str(tmp_path / "nowhere"))


def test_without_a_run_the_list_says_how_to_begin(around: Surroundings, all_runs: List) -> None:
    assert all_runs() == {}
    (said,) = lines((), "en")
    assert "visavis compare" in said
    assert names(around.home) == []


def test_a_verdict_is_shown_once_somebody_has_judged(around: Surroundings, all_runs: List) -> None:
    folder = around.home / "runs" / "one"
    make(folder)
    assert all_runs()["one"].verdict == ""
    seen = visavis.Comparison(folder)
    keep_verdict(visavis.Comparison(folder, policy="chat"), around.home)
    assert all_runs()["one"].verdict == ""  # a policy's own verdict is not that of the run
    keep_verdict(seen, around.home)
    assert all_runs()["one"].verdict == seen.verdict
    make(around.home / "runs" / "two")
    assert all_runs(verdicts=True)["two"].verdict
    assert all_runs()["two"].verdict


def test_names_for_the_shell_are_those_that_show_takes(around: Surroundings) -> None:
    make(around.home / "runs" / "one")
    assert names(around.home) == ["one"]


def test_a_table_that_never_ends_is_given_up(
    around: Surroundings, all_runs: List, monkeypatch: pytest.MonkeyPatch
) -> None:
    from visavis.measure import glance

    folder = around.home / "runs" / "endless"
    make(folder)
    with closing(disk.connect(folder / "trials.sqlite", "", 2)) as db:
        db.executescript(
            "DROP TABLE trials; CREATE VIEW trials AS WITH RECURSIVE n(benchmark) AS "
            "(SELECT 1 UNION ALL SELECT benchmark + 1 FROM n) SELECT * FROM n;"
        )
    monkeypatch.setattr(glance, "MOST_SECONDS", 0.05)
    assert all_runs()["endless"].seen.state == "unreadable"
