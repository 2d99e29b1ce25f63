"""Votes on the disk: each once, taken back by number, read beside a run of any age."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.arena_run import made
from visavis.core.errors import StoreError
from visavis.core.vote import Vote
from visavis.measure.store import RunStore
from visavis.measure.votes import VoteStore, votes_in

VOTE = Vote(
    benchmark="sums",
    case="c00000",
    repeat=0,
    left="amber",
    right="birch",
    choice="left",
    seconds=2.5,
    at="2026-11-22T10:00:00+00:00",
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return made(tmp_path / "run")


def test_a_vote_says_who_won() -> None:
    assert VOTE.winner == "amber"
    assert replace(VOTE, choice="right").winner == "birch"
    assert replace(VOTE, choice="tie").winner is None
    assert replace(VOTE, choice="skip").winner is None


def test_a_run_without_votes_has_none_and_is_left_as_it_is(run: Path) -> None:
    before = (run / "trials.sqlite").read_bytes()
    assert votes_in(run) == ()
    assert (run / "trials.sqlite").read_bytes() == before


def test_a_vote_is_read_as_it_was_given(run: Path) -> None:
    with VoteStore(run) as store:
        assert store.add(VOTE)
        assert store.all() == (VOTE,)
    assert votes_in(run) == (VOTE,)


def test_a_vote_without_a_time_gets_the_one_of_now(run: Path) -> None:
    with VoteStore(run) as store:
        store.add(replace(VOTE, at=""))
    assert votes_in(run)[0].at.startswith("20")


def test_the_same_pair_counts_once_whichever_reply_stands_on_the_left(run: Path) -> None:
    with VoteStore(run) as store:
        assert store.add(VOTE)
        assert not store.add(replace(VOTE, choice="tie"))
        assert not store.add(replace(VOTE, left="birch", right="amber"))
        assert store.add(replace(VOTE, voter="Ana"))
        assert store.add(replace(VOTE, repeat=1))
        assert store.all()[0] == VOTE


def test_a_vote_taken_back_may_be_given_anew_and_its_number_is_spent(run: Path) -> None:
    with VoteStore(run) as store:
        store.add(VOTE)
        (first,) = store.of("")
        assert store.take_back(first.number, "Ana") is None  # not hers
        assert store.take_back(first.number, "") == VOTE
        assert store.take_back(first.number, "") is None
        assert store.add(replace(VOTE, choice="right"))
        assert store.of("")[0].number > first.number


def test_what_was_skipped_can_be_put_back(run: Path) -> None:
    with VoteStore(run) as store:
        store.add(replace(VOTE, choice="skip"))
        store.add(replace(VOTE, case="c00001"))
        assert store.put_back_skipped("") == 1
        assert [vote.case for vote in store.all()] == ["c00001"]


def test_many_tabs_at_once_count_each_pair_once(run: Path) -> None:
    def tab(_: int) -> int:
        with VoteStore(run) as store:
            return sum(store.add(replace(VOTE, case=f"c{n:05}")) for n in range(5))

    with ThreadPoolExecutor(4) as pool:
        kept = sum(pool.map(tab, range(4)))
    assert kept == len(votes_in(run)) == 5


def test_a_kill_right_after_a_vote_loses_nothing(run: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from dataclasses import replace\n"
        "from tests.measure.test_votes import VOTE; from visavis.measure.votes import VoteStore\n"
        "store = VoteStore(Path(sys.argv[1]))\n"
        "for n in range(5): store.add(replace(VOTE, case=f'c{n:05}'))\n"
        "os.kill(os.getpid(), 9)"
    )
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", code, str(run)], env=environment, check=False)
    assert done.returncode != 0
    assert len(votes_in(run)) == 5


def test_votes_and_trials_leave_each_other_alone(run: Path) -> None:
    with VoteStore(run) as store:
        store.add(VOTE)
    with RunStore.open(run) as opened:
        spec, trials = opened.spec, list(opened.trials())
    with RunStore.begin(run, spec) as again, VoteStore(run) as beside:
        beside.add(replace(VOTE, case="c00001"))
        assert len(again.done()) == len(trials)
    assert len(votes_in(run)) == 2


def test_a_run_of_the_format_before_takes_votes_and_stays_of_its_format(run: Path) -> None:
    with closing(sqlite3.connect(run / "trials.sqlite")) as db, db:
        db.execute("ALTER TABLE trials DROP COLUMN marks")
        db.execute("PRAGMA user_version = 1")
    with VoteStore(run) as store:
        store.add(VOTE)
    with closing(sqlite3.connect(run / "trials.sqlite")) as db, db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert votes_in(run) == (VOTE,)


def test_a_choice_of_a_later_version_is_refused_in_one_line(run: Path) -> None:
    with VoteStore(run) as store:
        store.add(VOTE)
    with closing(sqlite3.connect(run / "trials.sqlite")) as db, db:
        db.execute("PRAGMA ignore_check_constraints = 1")
        db.execute("UPDATE votes SET choice = 'both'")
    with pytest.raises(StoreError, match="none that this visavis knows"):
        votes_in(run)


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot use"):
        VoteStore(tmp_path)
    (tmp_path / "trials.sqlite").write_bytes(b"no database at all, but long enough to be read" * 9)
    with pytest.raises(StoreError, match="torn or no file of ours"):
        VoteStore(tmp_path)
