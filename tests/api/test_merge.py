"""`visavis merge`: one run of several, and what can be done with it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import visavis
from tests.api.merging import LATER, Merge, trials
from tests.made_runs import Say, make, part, tried
from tests.measure.things import candidate, sums
from visavis.api.around import Surroundings
from visavis.api.diff import diff
from visavis.api.gate import gated
from visavis.api.merge import merge
from visavis.api.verdict import chosen
from visavis.cli import merge as command
from visavis.cli import runs
from visavis.core.candidate import Fact
from visavis.core.errors import OptionError
from visavis.core.trial import TrialKey
from visavis.measure.store import RunStore
from visavis.options.runs import DiffOptions, GateOptions, MergeOptions


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
