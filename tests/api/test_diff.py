"""`visavis diff` between runs made by hand."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.made_runs import Say, make, part, tried
from tests.measure.load.things import block, served, timing
from tests.measure.load.things import spec as load_spec
from tests.measure.things import candidate, sums
from visavis.api.around import Surroundings
from visavis.api.diff import diff
from visavis.cli import diff as command
from visavis.core.candidate import Fact, Lifecycle, Unknown
from visavis.core.errors import OptionError, UnknownNameError
from visavis.core.outcome import Reply, Usage
from visavis.core.stamps import Stamps
from visavis.core.trial import Trial
from visavis.measure.load.store import LoadStore
from visavis.measure.store import RunStore
from visavis.options.runs import DiffOptions
from visavis.report.diff import Diff, WhatChanged, as_json, footnote, lonely, remarks, rows, title

Changed = Callable[..., Diff]
HUNDRED = (sums(100),)


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    def found(old: Path, new: Path, *candidate: str) -> Diff:
        around = Surroundings(home=tmp_path / "home", environ={})
        return diff(str(old), str(new), DiffOptions(candidate=candidate), around)

    return found


def first(found: Diff) -> WhatChanged:
    return found.candidates[0]


def said(one: WhatChanged) -> str:
    return "\n".join([title(one, "en"), *("; ".join(row) for row in rows(one, "en"))]) + "\n".join(
        remarks(one, "en")
    )


def right_until(count: int, **told: Any) -> Callable[[str, int, int], Say]:
    return lambda name, case, repeat: Say(text=f"{case < count}", value=float(case < count), **told)


def test_cases_that_both_runs_asked_are_paired_and_flips_are_named(
    tmp_path: Path, changed: Changed
) -> None:
    old = make(tmp_path / "old", right_until(90), asked=HUNDRED)
    new = make(tmp_path / "new", right_until(60), asked=HUNDRED, at="2026-11-22T10:00:00+00:00")
    one = first(changed(old, new))
    score, price, tokens = one.changes
    assert (price.row.measure, price.becomes) == ("usd_per_solved_case", "worse")
    assert (score.row.measure, score.becomes, score.paired) == ("score", "worse", True)
    assert tokens.becomes in ("unchanged", "undecided")
    assert one.flips[0].lost == tuple(f"c{n:05}" for n in range(60, 90))
    assert one.flips[0].won == ()
    assert one.drift is not None
    assert {s.sign for s in one.drift.signals if s.shown} == {"score"}
    text = said(one)
    assert "sums: score; 90% (80% to 95%); 60% (48% to 71%); −30 points (−42 to −20); worse" in text
    assert "30 cases got worse: c00060, c00061, c00062, c00063, c00064 …" in text
    assert "! a has drifted, though its snapshot is a-1 in both runs: its score moved." in text
    back = first(changed(new, old))
    assert back.changes[0].becomes == "better"
    assert "30 cases got better" in said(back)


def test_cases_of_its_own_make_each_run_stand_for_itself(tmp_path: Path, changed: Changed) -> None:
    old = make(tmp_path / "old", right_until(190), asked=(part(sums(200), slice(100, 200)),))
    new = make(tmp_path / "new", right_until(60), asked=HUNDRED)
    one = first(changed(old, new))
    assert [change.paired for change in one.changes] == [False] * 3
    assert one.changes[0].becomes == "worse"
    assert one.flips == ()
    assert one.drift is not None
    assert one.drift.signals == ()
    assert "each for itself, n\xa0=\xa0200" in said(one)


def test_a_reply_taken_from_the_old_run_does_not_count(tmp_path: Path, changed: Changed) -> None:
    def again(name: str, case: int, repeat: int) -> Say:
        return Say(reused=case < 15, asked_at="2026-01-01T00:00:00.000" if case < 15 else "")

    def before(name: str, case: int, repeat: int) -> Say:
        return Say(asked_at="2026-01-01T00:00:00.000" if case < 15 else "")

    old, new = make(tmp_path / "old", before), make(tmp_path / "new", again, at="2026-11-22T10:00")
    one = first(changed(old, new))
    assert (one.again, one.flips[0].shared) == (15, 5)
    assert "15 cases do not count: their replies were taken from the old run" in said(one)
    when = "2026-01-01T00:00:00.000"
    whole = make(tmp_path / "whole", lambda *_: Say(asked_at=when))
    taken = make(
        tmp_path / "taken", lambda *_: Say(asked_at=when, reused=True), at="2026-11-22T10:00"
    )
    all_of_it = first(changed(whole, taken))
    assert all_of_it.changes == ()
    assert "sums: not compared: nothing was asked anew" in said(all_of_it)


def test_one_recording_cannot_change(tmp_path: Path, changed: Changed) -> None:
    taped = candidate("tape", "recorded")
    old = make(tmp_path / "old", who=[taped])
    new = make(tmp_path / "new", who=[taped], at="2026-11-22T10:00:00+00:00")
    one = first(changed(old, new))
    assert one.drift is None
    assert "nothing was asked anew" in said(one)


def test_cases_of_ones_own_are_compared_one_by_one_whatever_else_is_in_their_file(
    tmp_path: Path, changed: Changed
) -> None:
    asked = sums(30)
    graded = replace(asked.cases[0], target="another key")
    edited = replace(asked, cases=(graded, *asked.cases[1:]))
    old = make(tmp_path / "old", benchmark={"protocol": "own@1"}, asked=(asked,))
    new = make(tmp_path / "new", benchmark={"protocol": "own@2"}, asked=(edited,), at="2026-11-22")
    assert first(changed(old, new)).flips[0].shared == 29


@pytest.mark.parametrize(
    ("benchmark", "why"),
    [
        ({"protocol": "sums@2"}, "another protocol"),
        ({"version": 2}, "another version of the benchmark"),
        ({"departures": ("at temperature 1",)}, "asked otherwise than before"),
    ],
)
def test_what_was_asked_otherwise_is_not_compared(
    tmp_path: Path, changed: Changed, benchmark: dict[str, Any], why: str
) -> None:
    old = make(tmp_path / "old")
    new = make(tmp_path / "new", benchmark=benchmark)
    assert f"sums: not compared: {why}" in said(first(changed(old, new)))


def test_what_only_one_run_asked_is_said(tmp_path: Path, changed: Changed) -> None:
    sums_and_more = (sums(20), sums(5, "more"))
    old = make(tmp_path / "old", asked=sums_and_more)
    new = make(tmp_path / "new", at="2026-11-22T10:00")
    assert "more: not compared: only the old run asked it" in said(first(changed(old, new)))
    assert "more: not compared: only the new run asked it" in said(first(changed(new, old)))
    empty = make(tmp_path / "empty", lambda *_: None)
    assert "one of the runs has no trial of it" in said(first(changed(old, empty)))


def test_other_cases_of_a_run_that_stopped_when_decided_are_not_compared(
    tmp_path: Path, changed: Changed
) -> None:
    old = make(tmp_path / "old", asked=(part(sums(40), slice(20, 40)),), drawn={"sums": 1})
    new = make(tmp_path / "new")
    assert "stopped when decided, on other cases" in said(first(changed(old, new)))
    same = make(tmp_path / "same", at="2026-11-22T10:00", drawn={"sums": 1})
    assert first(changed(same, new)).changes[0].paired


def test_candidates_are_matched_by_name_snapshot_or_system(
    tmp_path: Path, changed: Changed
) -> None:
    one = replace(candidate("one"), system="model")
    renamed = replace(one, name="renamed")
    later = replace(one, name="later", snapshot="one-2")
    old = make(tmp_path / "old", who=[one, "other"])
    by_snapshot = make(tmp_path / "new", who=["more", renamed], at="2026-11-22")
    found = changed(old, by_snapshot)
    assert [tuple(c.who) for c in found.candidates] == [("one", "renamed")]
    assert found.alone == (("other",), ("more",))
    assert list(lonely(found, "en")) == [
        "Only in the old run: other.",
        "Only in the new run: more.",
    ]
    assert title(first(found), "en") == "renamed, before: one"
    by_system = make(tmp_path / "later", who=[later, "other"], at="2026-11-22")
    found = changed(old, by_system)
    assert [tuple(c.who) for c in found.candidates] == [("one", "later"), ("other", "other")]
    assert first(found).drift is None  # another snapshot
    assert "snapshot: one-1 → one-2" in said(first(found))


def test_candidates_may_be_named(tmp_path: Path, changed: Changed) -> None:
    old = make(tmp_path / "old", who=["a", "x=y"])
    new = make(tmp_path / "new", who=["b", "x=y", "z=w"], at="2026-11-22")
    assert [tuple(c.who) for c in changed(old, new, "a=b").candidates] == [("a", "b")]
    assert [tuple(c.who) for c in changed(old, new, "x=y", "x=y=z=w").candidates] == [
        ("x=y", "x=y"),
        ("x=y", "z=w"),
    ]
    with pytest.raises(UnknownNameError, match="old run is called 'c'; try a"):
        changed(old, new, "c=b")
    with pytest.raises(UnknownNameError, match="new run is called 'a'"):
        changed(old, new, "a")
    strangers = make(tmp_path / "strangers", who=["c", "d"])
    with pytest.raises(OptionError, match=r"share no candidate; .* 'a=c'"):
        changed(old, strangers)


def test_a_run_and_itself_are_no_two(tmp_path: Path, changed: Changed) -> None:
    run = make(tmp_path / "run", right_until(90), asked=HUNDRED)
    with pytest.raises(OptionError, match=r"are one run; name two, or its candidates"):
        changed(run, run)


def test_speed_of_two_days_is_no_pair_and_of_two_machines_no_gap(
    tmp_path: Path, changed: Changed
) -> None:
    def blocks(first_s: float) -> Callable[[Trial], Trial]:
        rng = Random(first_s)

        def timed(trial: Trial) -> Trial:
            at = first_s * rng.lognormvariate(0, 0.05)
            stamps = Stamps(due=0.0, sent=0.0, first=at, last=at + 1, done=at + 1)
            reply = Reply(text="word", usage=Usage(input_tokens=9, output_tokens=40), stamps=stamps)
            key = trial.key._replace(benchmark="speed")
            return replace(trial, key=key, outcome=reply, grade=None)

        return timed

    local = candidate("m", "local")
    for name, first_s, cpu in (("old", 0.2, "c"), ("new", 0.4, "c"), ("far", 0.4, "d")):
        folder = make(tmp_path / name, who=[local], asked=(sums(6),), machine={"cpu": cpu}, at=name)
        with closing(RunStore.begin(folder, RunStore.open(folder).spec)) as store:
            timed = blocks(first_s)
            for trial in list(store.trials()):
                store.add(timed(trial))
    one = first(changed(tmp_path / "old", tmp_path / "new"))
    by_measure = {c.row.measure: c for c in one.changes if c.row.benchmark == "speed"}
    assert by_measure["first_token_s"].becomes == "worse"
    assert not by_measure["first_token_s"].paired
    far = first(changed(tmp_path / "old", tmp_path / "far"))
    assert "speed: not compared: measured on another machine" in said(far)


def test_what_is_stated_otherwise_is_shown(tmp_path: Path, changed: Changed) -> None:
    def facts(usd: float) -> tuple[Fact, ...]:
        source = {"source": "a list", "as_of": "2026-01"}
        return (
            Fact(name="usd_per_million_input_tokens", value=usd, **source),
            Fact(name="context_window_tokens", value=Unknown(because="nobody says"), **source),
        )

    before = replace(candidate("m"), quantisation="Q4_0", facts=facts(1.0))
    gone = Lifecycle(
        status="deprecated", shutdown_date="2027-01-01", successor=None, source="", as_of=""
    )
    after = replace(candidate("m"), quantisation="Q8_0", facts=facts(2.5), lifecycle=gone)
    old = make(tmp_path / "old", lambda *_: Say(model="m-1"), who=[before])
    new = make(
        tmp_path / "new",
        lambda *_: Say(model="m-2"),
        who=[after],
        at="2026-11-22",
        machine={"cpu": "Another"},
    )
    one = first(changed(old, new))
    text = said(one)
    for line in (
        "quantisation: Q4_0 → Q8_0",
        "price per million input tokens: $1.00 → $2.50",
        "lifecycle: nothing → deprecated",
        "model that answered: m-1 → m-2",
        "processor: A processor → Another",
        "is m-1 in both runs: its server says that another answers.",
    ):
        assert line in text
    assert "context" not in text


def test_tries_tell_luck_from_drift(tmp_path: Path, changed: Changed) -> None:
    rng, thrice = Random(1), (tried(sums(40), 3),)

    def fickle(*_: object) -> Say:
        return Say(text=rng.choice("ab"))

    old = make(tmp_path / "old", fickle, asked=thrice)
    new = make(tmp_path / "new", fickle, asked=thrice, at="2026-11-22")
    one = first(changed(old, new))
    assert one.drift is not None
    assert not one.drift.found
    assert 0.3 < one.drift.identical["sums"] < 0.7
    assert "No drift of a was shown" in said(one)
    assert "only --repeats can tell" not in said(one)
    other = make(tmp_path / "other", lambda *_: Say(text="c"), at="2026-11-23", asked=thrice)
    assert "it says other things than before" in said(first(changed(old, other)))
    once = make(tmp_path / "once", fickle, at="2026-11-24")
    again = make(tmp_path / "again", fickle, at="2026-11-25")
    assert "how many luck explains, only --repeats can tell" in said(first(changed(once, again)))


def test_failures_are_no_replies_and_too_many_bar_a_verdict(
    tmp_path: Path, changed: Changed
) -> None:
    old = make(tmp_path / "old", right_until(95), asked=HUNDRED)
    new = make(
        tmp_path / "new",
        lambda name, case, repeat: Say(value=0.0, text="no", fails=case % 5 == 0),
        asked=HUNDRED,
        at="2026-11-22",
    )
    one = first(changed(old, new))
    assert one.changes[0].becomes == "undecided"


def speed_run(
    folder: Path, first_s: float, *, seed: int, load: str = "at once 1", **told: Any
) -> Path:
    rng = Random(seed)
    who = [served("http://127.0.0.1:1/v1", name) for name in ("m", "n")]
    spec = replace(load_spec(who, load), **{"machine": {"cpu": "c"}, **told})
    with LoadStore.begin(folder, spec) as store:
        for number in range(8):
            for one in who:
                waits = [timing(n, first_s * rng.lognormvariate(0, 0.05)) for n in range(6)]
                store.add(block(waits, candidate=one.name, load=load, number=number))
    return folder


def test_speed_runs_are_compared_load_by_load_and_never_in_pairs(
    tmp_path: Path, changed: Changed
) -> None:
    old = speed_run(tmp_path / "old", 0.2, seed=1, slo=("first_token_s.p95<=0.6",))
    new = speed_run(tmp_path / "new", 0.4, seed=2, slo=("first_token_s.p95<=0.6",))
    one = first(changed(old, new))
    by_measure = {change.row.measure: change for change in one.changes}
    assert by_measure["first_token_s"].becomes == "worse"
    assert "goodput_per_s" in by_measure
    assert not any(change.paired for change in one.changes)
    assert one.drift is None
    shorter = speed_run(tmp_path / "shorter", 0.2, seed=3, output_tokens=4)
    assert "at once 1: not compared: asked otherwise than before" in said(
        first(changed(old, shorter))
    )
    elsewhere = speed_run(tmp_path / "elsewhere", 0.2, seed=3, machine={"cpu": "d"})
    assert "measured on another machine" in said(first(changed(old, elsewhere)))
    with_more = speed_run(tmp_path / "more", 0.2, seed=3, load="at once 4")
    assert "at once 4: not compared: only the new run" in said(first(changed(old, with_more)))
    assert "at once 4: not compared: only the old run" in said(first(changed(with_more, old)))
    comparison = make(tmp_path / "comparison")
    with pytest.raises(OptionError, match="two of a kind"):
        changed(old, comparison)


def test_the_command_prints_tables_and_writes_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = make(tmp_path / "old", right_until(90), asked=HUNDRED)
    new = make(tmp_path / "new", right_until(60), asked=HUNDRED, at="2026-11-22")
    file = tmp_path / "diff.json"
    environ = {"VISAVIS_HOME": str(tmp_path)}
    command.show(str(old), str(new), DiffOptions(json=file), environ)
    printed = capsys.readouterr().out
    assert "worse" in printed
    assert "A gap is new less old" in printed
    written = json.loads(file.read_bytes())
    (one, _) = written["candidates"]
    assert one["changes"][0]["becomes"] == "worse"
    assert len(one["flips"][0]["lost"]) == 30
    assert one["drift"]["found"] is True
    strangers = make(tmp_path / "x", who=["a", "c"], asked=(sums(3, "others"),))
    command.show(str(old), str(strangers), DiffOptions(), environ)
    assert "A gap is" not in capsys.readouterr().out


def test_what_a_run_says_acts_on_nothing(tmp_path: Path, changed: Changed) -> None:
    bad = replace(candidate("a\u202e\x1b[31m"), snapshot="sha256:" + "0" * 64)
    old = make(tmp_path / "old", who=[bad])
    new = make(tmp_path / "new", who=[bad], at="2026-11-22")
    assert "sha256:000000000000…" in said(first(changed(old, new)))
    found = changed(old, new)
    text = said(first(found)) + footnote(found, "en")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert b"\\u202e" in as_json(found)
