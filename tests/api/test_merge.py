"""`visavis merge`: one run of several, and nothing lost on the way."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import visavis
from tests.made_runs import Say, make, part, tried
from tests.measure.load_things import new_store, served
from tests.measure.things import candidate, sums
from visavis.api.around import Surroundings
from visavis.api.claims_kept import keep, kept
from visavis.api.diff import diff
from visavis.api.gate import gated
from visavis.api.merge import Whole, merge
from visavis.api.verdict import chosen
from visavis.cli import merge as command
from visavis.cli import runs
from visavis.core.candidate import Fact
from visavis.core.errors import OptionError, StoreError, VisavisError
from visavis.core.observation import Observation
from visavis.core.outcome import Evidence, Reply, Score
from visavis.core.ruling import Item
from visavis.core.trial import Trial, TrialKey
from visavis.core.vote import Vote
from visavis.measure import disk
from visavis.measure.contamination import TURNED
from visavis.measure.judging.store import JudgementStore, judgements_in
from visavis.measure.speed import SPEED, speed_asked
from visavis.measure.store import RunStore
from visavis.measure.votes import VoteStore, votes_in
from visavis.options import GateOptions
from visavis.options_of_runs import DiffOptions, MergeOptions, Prefer

Merge = Callable[..., Whole]
LATER = "2026-11-22T10:00:00+00:00"


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(home=tmp_path / "home", environ={})


@pytest.fixture
def joined(tmp_path: Path, around: Surroundings) -> Merge:
    def whole(*runs: Path, out: str = "whole", prefer: Prefer = "all") -> Whole:
        options = MergeOptions(out=tmp_path / out, prefer=prefer)
        return merge([*map(str, runs)], options, around)

    return whole


def trials(folder: Path) -> dict[TrialKey, Trial]:
    with RunStore.open(folder) as store:
        return {trial.key: trial for trial in store.trials(texts=True)}


def test_other_candidates_on_the_same_cases_make_one_comparison(
    tmp_path: Path, joined: Merge
) -> None:
    one = make(tmp_path / "one", who=["a", "b"])
    other = make(tmp_path / "other", lambda *_: Say(value=0.0), who=["c"], at=LATER)
    whole = joined(one, other)
    assert (whole.seen.done, whole.seen.planned) == (60, 60)
    assert trials(whole.folder) == trials(one) | trials(other)
    seen = visavis.Comparison(whole.folder)
    assert [c.name for c in seen.facts.spec.candidates] == ["a", "b", "c"]
    (score,) = (row for row in seen.judgement.rows if row.measure == "score")
    assert {(g.a, g.b) for g in score.gaps} == {("a", "b"), ("a", "c"), ("b", "c")}
    assert seen.table()
    assert seen.html()
    assert seen.json()
    assert chosen(whole.folder, "default")
    assert "merged from" in seen.markdown()
    assert seen.facts.command.startswith("visavis merge ")


def test_other_benchmarks_and_more_cases_add_up(tmp_path: Path, joined: Merge) -> None:
    one = make(tmp_path / "one", asked=(part(sums(30), slice(0, 20)),))
    more = make(
        tmp_path / "more", asked=(part(sums(30), slice(10, 30)), sums(5, "further")), at=LATER
    )
    whole = joined(one, more)
    # The ten cases that both asked were tried twice; the other thirty once.
    assert whole.seen.done == 2 * (20 + 20 + 5)
    seen = visavis.Comparison(whole.folder)
    assert [(b.name, b.cases, b.repeats) for b in seen.facts.spec.benchmarks] == [
        ("sums", 30, 2),
        ("further", 5, 1),
    ]
    assert [len(cases) for cases in seen.facts.cases.values()] == [30, 5]
    assert not whole.resumable


def test_what_both_asked_becomes_a_further_try_and_nothing_is_dropped(
    tmp_path: Path, joined: Merge
) -> None:
    one = make(tmp_path / "one", lambda *_: Say(text="before"), who=["a", "b"])
    other = make(tmp_path / "other", lambda *_: Say(text="after"), who=["a", "c"], at=LATER)
    found = trials(joined(one, other).folder)
    texts = {
        name: [
            found[TrialKey(name, "sums", "c00003", n)].outcome.text  # type: ignore[union-attr]  # none failed
            for n in range(2)
            if TrialKey(name, "sums", "c00003", n) in found
        ]
        for name in "abc"
    }
    assert texts == {"a": ["before", "after"], "b": ["before"], "c": ["after"]}
    assert len(found) == 80


def test_one_word_may_be_preferred_and_that_is_said(tmp_path: Path, joined: Merge) -> None:
    one = make(tmp_path / "one", lambda *_: Say(text="before"))
    other = make(tmp_path / "other", lambda *_: Say(text="after"), who=["a", "c"], at=LATER)
    for prefer, text, name in (("first", "before", "other"), ("newest", "after", "one")):
        whole = joined(one, other, out=prefer, prefer=prefer)
        found = trials(whole.folder)
        assert {t.outcome.text for k, t in found.items() if k.candidate == "a"} == {text}  # type: ignore[union-attr]  # as above
        assert len(found) == 60
        (said,) = (note for note in whole.notes if "passed over" in note)
        assert f"{name}'" in said
        assert "20 passed over for another run's" in said


def test_a_reply_that_one_run_took_from_the_other_is_one_reply(
    tmp_path: Path, joined: Merge
) -> None:
    moment = "2026-01-01T00:00:00.000+00:00"
    one = make(tmp_path / "one", lambda *_: Say(asked_at=moment))
    other = make(
        tmp_path / "other",
        lambda name, *_: Say(asked_at=moment if name == "a" else "", reused=name == "a"),
        who=["a", "c"],
        at=LATER,
    )
    whole = joined(one, other)
    found = trials(whole.folder)
    assert len(found) == 60
    assert not any(trial.reused for trial in found.values())  # it was paid for once
    assert "20 there already" in whole.notes[1]
    # Two tries in one moment are two.
    twice = (tried(sums(4), 2),)
    two = make(tmp_path / "two", lambda *_: Say(asked_at=moment), asked=twice)
    more = make(tmp_path / "further", asked=(sums(2, "more"),), at=LATER)
    assert joined(two, more, out="again").seen.done == 16 + 4


def test_a_recording_read_twice_is_one_try(tmp_path: Path, joined: Merge) -> None:
    tape = candidate("tape", "recorded")
    one = make(tmp_path / "one", who=[tape, "b"])
    other = make(tmp_path / "other", who=[tape, "c"], at=LATER)
    failing = make(tmp_path / "failing", lambda *_: Say(fails=True), who=[tape, "d"], at=LATER)
    assert joined(one, other).seen.done == 60
    assert joined(one, failing, out="and").seen.done == 80  # another answer is another try


def test_a_whole_of_wholes_counts_each_reply_once(tmp_path: Path, joined: Merge) -> None:
    one, two, three = (
        make(tmp_path / f"{n}", who=["a", name], at=f"2026-11-2{n}T10:00:00+00:00")
        for n, name in enumerate("bcd", 1)
    )
    pair = joined(one, two, out="pair").folder
    assert joined(pair, three, out="all").seen.done == 120
    assert joined(pair, joined(two, three, out="other").folder, out="every").seen.done == 120


def test_the_parts_are_named_with_day_seed_version_and_machine(
    tmp_path: Path, joined: Merge
) -> None:
    one = make(tmp_path / "one", seed=3)
    other = make(
        tmp_path / "other",
        who=["c"],
        at=LATER,
        machine={"cpu": "Another", "visavis": "0.2.0", "cores": 8, "packages": {"numpy": "2"}},
    )
    spec = visavis.Comparison(joined(one, other).folder).facts.spec
    assert [(p.name, p.seed, p.trials) for p in spec.parts] == [
        (str(one), 3, 40),
        (str(other), 0, 20),
    ]
    assert spec.machine["cpu"] == "A processor / Another"
    assert spec.machine["at"] == LATER
    with RunStore.open(tmp_path / "whole") as store:
        said = store.notes()
    assert "2026-11-21, visavis 0.1.0, A processor, seed 3" in said[0]


def test_facts_are_those_of_the_newest_day(tmp_path: Path, joined: Merge) -> None:
    def priced(usd: float) -> Any:
        fact = Fact(name="usd_per_million_input_tokens", value=usd, source="l", as_of="")
        return replace(candidate("a"), facts=(fact,))

    new = make(tmp_path / "new", who=[priced(2.0)], at=LATER)
    old = make(tmp_path / "old", who=[priced(1.0), "b"])
    (a, _) = visavis.Comparison(joined(new, old).folder).facts.spec.candidates
    assert a.facts[0].value == 2.0


def test_engines_that_differ_are_said(tmp_path: Path, joined: Merge) -> None:
    def through(engine: str) -> Any:
        fact = Fact(name="engine", value=engine, source="as it was started here", as_of="")
        return replace(candidate("a", "local"), facts=(fact,))

    one = make(tmp_path / "one", who=[through("llama 1")])
    other = make(tmp_path / "other", who=[through("llama 2")], at=LATER)
    assert "'a' was asked through 'llama 1' and 'llama 2'" in joined(one, other).notes


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


def test_a_copy_adds_nothing_and_is_refused(tmp_path: Path, joined: Merge) -> None:
    one, copy = make(tmp_path / "one"), make(tmp_path / "copy")
    with pytest.raises(OptionError, match="holds nothing that the others do not"):
        joined(one, copy)


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


def test_judges_of_one_name_that_are_two_are_refused(tmp_path: Path, joined: Merge) -> None:
    for name, snapshot, at in (("one", "j-1", LATER), ("other", "j-2", "2026-11-23")):
        make(tmp_path / name, who=[name, "b"] if name == "one" else ["c"], at=at)
        with JudgementStore(tmp_path / name) as judges:
            judges.seat([replace(candidate("judge"), snapshot=snapshot)], "")
    with pytest.raises(OptionError, match="judge 'judge' of"):
        joined(tmp_path / "one", tmp_path / "other")
    assert not (tmp_path / "whole").exists()


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


def test_a_whole_is_gone_on_with_where_one_command_asks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    around = Surroundings(home=tmp_path / "home", environ={})
    monkeypatch.chdir(tmp_path)
    told: dict[str, Any] = {"speed": False, "yes": True}
    visavis.compare(["scripted:Yes", "scripted:No"], on=["logic:8"], out=tmp_path / "one", **told)
    visavis.compare(
        ["scripted:Yes", "scripted:echo"], on=["logic:12"], out=tmp_path / "two", **told
    )
    whole = merge(
        [str(tmp_path / "one"), str(tmp_path / "two")],
        MergeOptions(out=tmp_path / "whole", prefer="first"),
        around,
    )
    assert whole.resumable
    assert (whole.seen.done, whole.seen.planned) == (8 + 12 + 12, 36)
    runs.resume(str(tmp_path / "whole"), {"VISAVIS_HOME": str(tmp_path / "home")})
    assert len(trials(tmp_path / "whole")) == 36
    other = merge(
        [str(tmp_path / "one"), str(tmp_path / "two")], MergeOptions(out=tmp_path / "all"), around
    )
    assert other.resumable
    (tmp_path / "home" / "runs").mkdir(parents=True, exist_ok=True)
    seeded = make(tmp_path / "seeded", seed=7, who=["q"])
    odd = merge([str(seeded), str(make(tmp_path / "x"))], MergeOptions(), around)
    assert odd.folder.parent == tmp_path / "home" / "runs"
    with pytest.raises(OptionError, match="finish its parts"):
        runs.resume(odd.folder.name, {"VISAVIS_HOME": str(tmp_path / "home")})


def test_a_whole_is_gated_and_compared_with_another(
    tmp_path: Path, joined: Merge, around: Surroundings
) -> None:
    whole = joined(make(tmp_path / "one"), make(tmp_path / "other", who=["c"], at=LATER)).folder
    later = make(tmp_path / "later", who=["a", "c"], at="2026-11-25T10:00:00+00:00")
    assert gated(f"{whole}#a", f"{later}#a", GateOptions(), around).shared == 20
    assert len(diff(str(whole), str(later), DiffOptions(), around).candidates) == 2


def test_the_command_says_what_came_of_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = [
        str(make(tmp_path / "one")),
        str(make(tmp_path / "other", who=["c"], at=LATER, asked=(sums(5),))),
    ]
    command.merge(both, MergeOptions(out=tmp_path / "whole"), {"VISAVIS_HOME": str(tmp_path)})
    said = capsys.readouterr()
    assert "45 trials; visavis show" in said.out
    assert "15 trials of some candidates on some cases are still to come" in said.out
    assert said.err.count("merged from") == 2


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
        "from visavis.options_of_runs import MergeOptions\n"
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
