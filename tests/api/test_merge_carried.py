"""What a run holds beside its trials goes with them when it is merged."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import visavis
from tests.api.merging import LATER, Merge, trials
from tests.made_runs import Say, make
from tests.measure.things import candidate
from visavis.api.claims_kept import keep, kept
from visavis.core.observation import Observation
from visavis.core.outcome import Evidence, Reply, Score
from visavis.core.ruling import Item
from visavis.core.trial import Trial, TrialKey
from visavis.core.vote import Vote
from visavis.measure.judging.store import JudgementStore, judgements_in
from visavis.measure.speed import SPEED, speed_asked
from visavis.measure.store import RunStore
from visavis.measure.votes import VoteStore, votes_in


def test_what_runs_were_given_to_be_held_against_goes_with_them(
    tmp_path: Path, joined: Merge
) -> None:
    one, other = make(tmp_path / "one"), make(tmp_path / "other", who=["c"], at=LATER)
    claims = [
        f"sources: {{blog: {{title: T}}}}\nclaims:\n  - {{system: m, criterion: mmlu, value: {n}, "
        "unit: percent, source: blog}\n".encode()
        for n in range(3)
    ]
    keep({"1.yaml": claims[0], "2.yaml": claims[1]}, one)
    keep({"1.yaml": claims[1], "2.yaml": claims[2]}, other)
    (tmp_path / "secret").write_bytes(b"mine")
    (other / "claims" / "3.yaml").symlink_to(tmp_path / "secret")
    os.mkfifo(other / "claims" / "4.yaml")
    assert [file.read_bytes() for file in kept(joined(one, other).folder)] == claims


def test_charges_of_two_runs_add_up_and_of_copies_do_not(tmp_path: Path, joined: Merge) -> None:
    def charged(folder: Path, **told: Any) -> Path:
        make(folder, **told)
        with RunStore.begin(folder, visavis.Comparison(folder).facts.spec) as store:
            store.charge("a", 0.5, "warm-up")
        return folder

    one = charged(tmp_path / "one", saying=lambda name, case, _: Say() if case < 10 else None)
    went_on = charged(tmp_path / "went on")
    other = charged(tmp_path / "other", who=["a", "c"], at=LATER)
    for both, usd in (((one, went_on), 0.5), ((one, other), 1.0)):
        with RunStore.open(joined(*both, out=both[1].name + " too").folder) as store:
            assert store.charged_usd() == {"a": usd}


def test_evidence_peaks_votes_and_judgements_are_carried(tmp_path: Path, joined: Merge) -> None:
    one, other = make(tmp_path / "one"), make(tmp_path / "other", at=LATER)
    for folder, seconds in ((one, 1.0), (other, 2.0)):
        told = visavis.Comparison(folder).facts.spec
        with RunStore.begin(folder, told) as store:
            grade = Score(
                value=1.0,
                because="",
                evidence=(Evidence(name="x", media_type="text/plain", data=b"1"),),
            )
            key = TrialKey("a", "sums", "c00000", 1)
            store.add(
                Trial(
                    key=key, outcome=Reply(text="x"), grade=grade, usd=None, asked_at=f"x{seconds}"
                )
            )
            store.add_note("slow today")
            store.add_peak(
                Observation(
                    candidate="a",
                    axis="memory",
                    measure="peak_bytes",
                    benchmark="engine",
                    unit_id="run",
                    group="run",
                    value=seconds,
                )
            )
        with VoteStore(folder) as votes:
            votes.add(
                Vote(
                    benchmark="sums",
                    case="c00001",
                    repeat=0,
                    left="a",
                    right="b",
                    choice="left",
                    seconds=seconds,
                    voter="me",
                )
            )
        with JudgementStore(folder) as judges:
            judges.seat([candidate("judge")], "")
            item = Item("sums", "c00001", 0, "rubric", "a", "b")
            grade = Score(value=seconds / 2, because="", read="1")
            judges.add(Trial(key=item.key("judge"), outcome=Reply(text="1"), grade=grade, usd=0.1))
            judges.label([(item, seconds)])
    whole = joined(one, other).folder
    with RunStore.open(whole) as store:
        assert [p.value for p in store.peaks()] == [2.0]
        assert [store.evidence(TrialKey("a", "sums", "c00000", n))[0].data for n in (1, 3)] == [
            b"1"
        ] * 2
        assert f"{one}: slow today" in store.notes()
    assert [(v.repeat, v.seconds) for v in votes_in(whole)] == [(0, 1.0), (1, 2.0)]
    judged = judgements_in(whole)
    assert [Item.of(t.key).repeat for t in judged.trials] == [0, 1]
    assert [value for _, value in judged.labels] == [1.0, 2.0]
    assert [one.name for one in judged.judges] == ["judge"]
    assert visavis.Comparison(whole).table()


def test_votes_on_what_was_passed_over_stay_behind_and_that_is_said(
    tmp_path: Path, joined: Merge
) -> None:
    one, other = make(tmp_path / "one"), make(tmp_path / "other", who=["a", "b", "c"], at=LATER)
    with VoteStore(other) as votes:
        for right in ("b", "c"):
            votes.add(
                Vote(
                    benchmark="sums",
                    case="c00001",
                    repeat=0,
                    left="a",
                    right=right,
                    choice="tie",
                    seconds=1.0,
                )
            )
    whole = joined(one, other, prefer="first")
    assert votes_in(whole.folder) == ()
    assert any("2 votes or judgements were of trials left out" in note for note in whole.notes)


def test_blocks_of_speed_of_two_runs_are_no_pairs(tmp_path: Path, joined: Merge) -> None:
    for name, who, at in (("one", ["a", "b"], LATER), ("other", ["c"], "2026-11-23")):
        folder = make(tmp_path / name, who=who, at=at)
        asked = speed_asked(2)
        with RunStore.begin(folder, visavis.Comparison(folder).facts.spec) as store:
            store.add_cases([asked])
            for case in asked.cases:
                for one in who:
                    store.add(
                        Trial(
                            key=TrialKey(one, SPEED, case.id, 0),
                            outcome=Reply(text="x"),
                            grade=None,
                            usd=None,
                            asked_at=f"{name} {case.id}",
                        )
                    )
    whole = joined(tmp_path / "one", tmp_path / "other").folder
    found: dict[str, set[str]] = {name: set() for name in "abc"}
    for key in trials(whole):
        if key.benchmark == SPEED:
            found[key.candidate].add(key.case)
    assert found["a"] == found["b"] == {"block 1", "block 2"}
    assert found["c"] == {"block 3", "block 4"}
    with RunStore.open(whole) as store:
        assert [stored.case.id for stored in store.cases(SPEED)] == [
            f"block {n}" for n in range(1, 5)
        ]


def test_a_run_of_the_format_before_is_merged(tmp_path: Path, joined: Merge) -> None:
    old = make(tmp_path / "old")
    with closing(sqlite3.connect(old / "trials.sqlite")) as db, db:
        db.execute("ALTER TABLE trials DROP COLUMN marks")
        db.execute("PRAGMA user_version = 1")
        db.execute("DROP TABLE pictures")
    text = (old / "run.json").read_text().replace('"format": 2', '"format": 1')
    (old / "run.json").write_text(text)
    new = make(tmp_path / "new", who=["c"], at=LATER)
    assert joined(old, new).seen.done == 60
    assert visavis.Comparison(tmp_path / "whole").table()
