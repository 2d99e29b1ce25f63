"""`visavis gate` between runs that were really made."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

import visavis
from visavis.api.entry import surroundings
from visavis.api.gate import Gated, gated
from visavis.cli import gate as command
from visavis.core.errors import OptionError, UnknownNameError
from visavis.options import GateOptions
from visavis.report.gate import as_json, as_junit, as_markdown, headline, paired, rows

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
