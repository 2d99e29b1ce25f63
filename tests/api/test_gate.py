"""`visavis gate` between runs that were really made."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest

import visavis
from tests import made_runs as runs
from visavis.api.around import surroundings
from visavis.api.gate import Gated, gated
from visavis.cli import gate as command
from visavis.core.errors import OptionError, UnknownNameError
from visavis.core.outcome import Reply, Usage
from visavis.core.stamps import Stamps
from visavis.core.trial import Trial, TrialKey
from visavis.measure.store import RunStore
from visavis.options.runs import GateOptions
from visavis.report.gate import (
    as_json,
    as_junit,
    as_markdown,
    headline,
    paired,
    remarks,
    rows,
)

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Runs of recorded answers: a candidate is right on so many of 80 cases."""

    def run(name: str, *, word: str = "Say", cases: int = 80, **right: int) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        file = folder / "cases.yaml"
        lines = [f"  - {{id: c{n}, prompt: {word} {n}, equals: 'yes'}}" for n in range(cases)]
        file.write_text("\n".join(["cases:", *lines]))
        for model, count in right.items():
            said = (
                {"prompt": f"{word} {n}", "text": "yes" if n < count else "no"}
                for n in range(cases)
            )
            (folder / f"{model}.jsonl").write_text("\n".join(map(json.dumps, said)))
        visavis.compare(
            [f"{model}=recorded:{folder}/{model}.jsonl" for model in right],
            on=(str(file),),
            out=folder / "run",
            speed=False,
            yes=True,
        )
        return folder / "run"

    return run


def passed(base: str, candidate: str, home: Path) -> Gated:
    return gated(base, candidate, GateOptions(), surroundings({"VISAVIS_HOME": str(home)}))


def test_two_runs_of_the_same_cases_are_paired(make: Make, tmp_path: Path) -> None:
    old, new = make("old", old=72, other=3), make("new", new=40, another=1)
    found = passed(f"{old}#old", f"{new}#new", tmp_path)
    assert found.gate.passing == "worse"
    assert (found.shared, found.apart) == (80, 0)
    same = passed(f"{old}#old", f"{old}#old", tmp_path)
    assert same.gate.passing in ("non-inferior", "undecided")
    assert passed(f"{new}#new", f"{old}#old", tmp_path).gate.passing == "non-inferior"


def test_cases_that_only_one_was_asked_do_not_count_and_are_said(
    make: Make, tmp_path: Path
) -> None:
    old, new = make("old", old=80, other=3), make("new", cases=60, new=60, another=1)
    found = passed(f"{old}#old", f"{new}#new", tmp_path)
    assert (found.shared, found.apart) == (60, 20)
    assert paired(60, 20, "en") == "60 shared cases; 20 asked of one only do not count"
    assert paired(60, 0, "en") == "60 shared cases"


def test_the_exit_code_says_it_and_files_for_the_build_are_written(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = make("old", old=72, other=3), make("new", new=40, another=1)
    options = GateOptions(
        junit=tmp_path / "g.xml", markdown=tmp_path / "g.md", json=tmp_path / "g.json"
    )
    environ = {"VISAVIS_HOME": str(tmp_path)}
    assert command.show(f"{old}#old", f"{new}#new", options, environ) == 3
    assert "is worse than" in capsys.readouterr().out
    suite = ElementTree.parse(tmp_path / "g.xml").getroot()  # our own file
    assert (suite.get("failures"), suite.get("tests")) == ("1", "1")
    assert suite.find("testcase/failure") is not None
    assert "| cases: score |" in (tmp_path / "g.md").read_text()
    written = json.loads((tmp_path / "g.json").read_text())
    assert (written["outcome"], written["checks"][0]["outcome"]) == ("worse", "worse")
    assert command.show(f"{new}#new", f"{old}#old", GateOptions(), environ) == 0
    assert command.show(f"{old}#other", f"{new}#another", GateOptions(), environ) == 4


def test_what_is_undecided_says_how_many_cases_settle_it(make: Make, tmp_path: Path) -> None:
    old, new = make("old", old=72, other=3), make("new", new=70, another=1)
    found = passed(f"{old}#old", f"{new}#new", tmp_path).gate
    assert found.passing == "undecided"
    _, ((*_, said),) = rows(found, "en")
    assert "cases settle it" in said
    assert b"<skipped message=" in as_junit(found)
    assert "Undecided" in as_markdown(found, "old", "new", "en")
    assert headline(found, "a", "b", "fr") != headline(found, "a", "b", "en")
    assert json.loads(as_json(found, "old", "new"))["checks"][0]["cases_needed"] > 80


def test_what_cannot_be_paired_is_refused(make: Make, tmp_path: Path) -> None:
    old, new = make("old", old=9, other=3), make("new", word="Tell", new=9, another=1)
    with pytest.raises(OptionError, match="not asked in the same words"):
        passed(f"{old}#old", f"{new}#new", tmp_path)
    with pytest.raises(OptionError, match=r"several candidates; name one of them: '.*#old'"):
        passed(str(old), f"{new}#new", tmp_path)
    with pytest.raises(UnknownNameError, match="try old"):
        passed(f"{old}#olt", f"{new}#new", tmp_path)


def gated_by_hand(one: Path, other: Path, home: Path, **options: str) -> Gated:
    around = surroundings({"VISAVIS_HOME": str(home)})
    return gated(f"{one}#a", f"{other}#a", GateOptions(**options), around)  # type: ignore[arg-type]  # words alone


def test_a_reply_that_both_runs_hold_is_said_to_show_nothing(tmp_path: Path) -> None:
    moment = "2026-01-01T00:00:00.000+00:00"
    one = runs.make(tmp_path / "one", lambda *_: runs.Say(asked_at=moment))
    other = runs.make(tmp_path / "other", lambda *_: runs.Say(asked_at=moment, reused=True))
    assert gated_by_hand(one, other, tmp_path).again == 20
    later = runs.make(tmp_path / "later", at="2026-11-23T10:00:00+00:00")
    assert gated_by_hand(one, later, tmp_path).again == 0
    (said,) = remarks(20, elsewhere=False, musts=0, lang="en")
    assert said.startswith("20 cases show nothing")
    assert list(remarks(0, elsewhere=False, musts=0, lang="en")) == []


def test_what_must_hold_is_left_to_a_verdict_and_said(tmp_path: Path) -> None:
    one, other = runs.make(tmp_path / "one"), runs.make(tmp_path / "other", at="2026-11-23")
    musts = gated_by_hand(one, other, tmp_path, policy="chat").musts
    assert musts > 0
    (said,) = remarks(0, elsewhere=False, musts=musts, lang="en")
    assert "visavis verdict" in said


def test_speed_counts_on_one_machine_and_not_on_two(tmp_path: Path) -> None:
    def timed(name: str, first_s: float, cpu: str) -> Path:
        rng = Random(name)
        folder = runs.make(tmp_path / name, machine={"cpu": cpu}, at=f"2026-11-2{len(name)}")
        with RunStore.begin(folder, visavis.Comparison(folder).facts.spec) as store:
            for n in range(8):
                at = first_s * rng.lognormvariate(0, 0.02)
                stamps = Stamps(due=0.0, sent=0.0, first=at, last=at + 1, done=at + 1)
                usage = Usage(input_tokens=9, output_tokens=40)
                key = TrialKey("a", "speed", f"block {n + 1}", 0)
                reply = Reply(text="word", usage=usage, stamps=stamps)
                store.add(
                    Trial(key=key, outcome=reply, grade=None, usd=None, asked_at=f"{name}{n}")
                )
        return folder

    base, slow, far = timed("b", 0.2, "c"), timed("sl", 0.4, "c"), timed("far", 0.4, "d")
    assert gated_by_hand(base, slow, tmp_path).gate.passing == "worse"
    away = gated_by_hand(base, far, tmp_path)
    assert (away.gate.passing, away.elsewhere) != ("worse", False)
    assert away.elsewhere
    assert {check.row.benchmark for check in away.gate.checks} == {"sums"}
    assert list(remarks(0, elsewhere=True, musts=0, lang="en")) == [
        "Speed does not count: it was measured on two machines."
    ]


@pytest.mark.parametrize(
    "benchmark", [{"version": 2}, {"protocol": "sums@2"}, {"departures": ("hot",)}]
)
def test_what_was_asked_or_graded_otherwise_is_refused(
    tmp_path: Path, benchmark: dict[str, object]
) -> None:
    one = runs.make(tmp_path / "one")
    other = runs.make(tmp_path / "other", benchmark=benchmark)
    with pytest.raises(OptionError, match="in another way in the base; run the base again"):
        gated_by_hand(one, other, tmp_path)


def test_a_candidate_that_fails_too_often_is_undecided_for_that_reason(tmp_path: Path) -> None:
    one = runs.make(tmp_path / "one")
    other = runs.make(
        tmp_path / "other", lambda name, case, _: runs.Say(fails=case % 3 == 0), at="2026-11-23"
    )
    found = gated_by_hand(one, other, tmp_path).gate
    assert found.passing == "undecided"
    assert any(row[-1].endswith("too many cases failed") for row in rows(found, "en")[1])


def test_a_sign_in_the_name_of_a_run_is_no_candidate(tmp_path: Path) -> None:
    one = runs.make(tmp_path / "run#1", who=["a"])
    other = runs.make(tmp_path / "run#2", who=["http://host#a"], at="2026-11-23")
    around = surroundings({"VISAVIS_HOME": str(tmp_path)})
    for text in (str(other), f"{other}#http://host#a"):
        found = gated(str(one), text, GateOptions(), around)
        assert (found.base.name, found.candidate.name) == ("a", "http://host#a")
