"""The job in the docs does as they say: it stops what is worse, and what could not be compared."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.made_runs import Say, Saying, make
from tests.measure.things import sums

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "gate.md"
ASKED = (sums(400),)


@pytest.fixture(scope="module")
def steps() -> list[dict[str, Any]]:
    text = PAGE.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    job: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    found: list[dict[str, Any]] = job["jobs"]["gate"]["steps"]
    return found


def gate_step(steps: list[dict[str, Any]], place: Path) -> subprocess.CompletedProcess[str]:
    """The step as GitHub runs it: by `bash -e`, with a file for the summary."""
    (script,) = (step["run"] for step in steps if "visavis gate" in step.get("run", ""))
    (place / "bin").mkdir()
    command = place / "bin" / "visavis"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m visavis "$@"\n')
    command.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{place / 'bin'}:{os.environ['PATH']}",
        "VISAVIS_HOME": str(place / "home"),
        "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def answers(wrong: range) -> Saying:
    """Right on all of 400 cases but these."""
    return lambda _, case, __: Say(value=float(case not in wrong), text=f"{case not in wrong}")


@pytest.mark.parametrize(
    ("wrong", "passes", "said"),
    [
        (range(130), False, "is worse than"),
        pytest.param(range(370, 400), True, "may replace", marks=pytest.mark.slow),
        pytest.param(range(38), True, "Undecided", marks=pytest.mark.slow),
    ],
)
def test_a_build_stops_where_the_candidate_is_worse(
    tmp_path: Path, steps: list[dict[str, Any]], wrong: range, passes: bool, said: str
) -> None:
    make(tmp_path / "runs" / "base", answers(range(370, 400)), who=["a"], asked=ASKED)
    make(tmp_path / "candidate", answers(wrong), who=["a"], asked=ASKED, at="2026-11-22")
    done = gate_step(steps, tmp_path)
    assert (done.returncode == 0) is passes, done.stderr
    assert said in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert (tmp_path / "gate.xml").exists()


def test_a_build_stops_where_there_is_nothing_to_compare(
    tmp_path: Path, steps: list[dict[str, Any]]
) -> None:
    make(tmp_path / "candidate", who=["a"])
    done = gate_step(steps, tmp_path)
    assert done.returncode != 0
    assert "runs/base" in done.stderr
    assert not (tmp_path / "summary.md").exists()


@pytest.mark.slow
def test_the_candidate_is_asked_as_the_command_line_takes_it(
    steps: list[dict[str, Any]],
) -> None:
    (asking,) = (step["run"] for step in steps if "cases run" in step.get("run", ""))
    words = [sys.executable, "-m", *asking.split(), "--dry-run"]
    words[words.index("cases.yaml")] = "logic"
    done = subprocess.run(words, capture_output=True, text=True, timeout=200, check=False)
    assert "No such option" not in done.stderr
    assert "unexpected" not in done.stderr
