"""`visavis cases try`: the table, the files it writes, the exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from visavis.benchmarks.programs.base import PROGRAMS, Finding, ProgramTask, Requirement
from visavis.cli import try_program
from visavis.core.errors import OptionError, UnknownNameError
from visavis.core.outcome import Evidence
from visavis.options.cases import TryOptions
from visavis.report.language import Words
from visavis.scoring.fence.stage import Stage


def _says(word: str) -> Requirement:
    def check(stage: Stage) -> Finding:
        said = stage.run(["one.py"]).stdout.decode().strip()
        seen = Evidence(name=word, media_type="text/plain", data=said.encode())
        return Finding(holds=word in said, because=f"it said {said!r}", evidence=(seen,))

    return Requirement(name=word, text=f"It prints {word}.", check=check)


@pytest.fixture
def task() -> str:
    name = "words-of-a-test"
    if name not in PROGRAMS:
        PROGRAMS.add(
            name,
            ProgramTask(
                name=name,
                title="Two words",
                file="one.py",
                contract="- It prints.",
                requirements=(_says("yes"), _says("no")),
            ),
        )
    return name


def test_a_program_is_tried_and_told_requirement_by_requirement(
    task: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "mine.py"
    program.write_text("print('yes')")
    options = TryOptions(json=tmp_path / "found.json", frames=tmp_path / "seen")
    with pytest.raises(SystemExit) as ended:
        try_program.show(task, program, options)
    assert ended.value.code == 1
    told = capsys.readouterr().out.splitlines()
    assert told[1].split() == ["1", "yes", "holds", "it", "said", "'yes'"]
    assert told[2].split()[:4] == ["2", "no", "does", "not"]
    assert told[3] == f"{program}: 1 of 2 requirements hold"
    found = json.loads((tmp_path / "found.json").read_text())
    assert [one["holds"] for one in found["requirements"]] == [True, False]
    assert {place.name for place in (tmp_path / "seen").iterdir()} == {"01-yes.txt", "02-no.txt"}


def test_a_trial_is_told_in_french(
    task: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "mine.py"
    program.write_text("print('yes')")
    with pytest.raises(SystemExit):
        try_program.show(task, program, TryOptions(lang="fr"))
    told = capsys.readouterr().out
    hold = Words("fr")("{n} of {of} requirements hold", n="1", of="2")
    assert hold in told
    assert "requirements" not in told


def test_a_reply_is_read_for_its_program_and_all_that_hold_end_well(
    task: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = tmp_path / "reply.md"
    reply.write_text("Here it is:\n```python\nprint('yes and no')\n```\n")
    try_program.show(task, reply, TryOptions())
    assert "2 of 2 requirements hold" in capsys.readouterr().out


def test_what_cannot_be_tried_is_said(task: str, tmp_path: Path) -> None:
    prose = tmp_path / "reply.txt"
    prose.write_text("I would rather not.")
    with pytest.raises(OptionError, match="holds no program"):
        try_program.show(task, prose, TryOptions())
    with pytest.raises(UnknownNameError, match="no program task is called 'arkanoids'"):
        try_program.show("arkanoids", prose, TryOptions())


def test_every_task_is_known_to_a_program_that_asks_for_nothing_else() -> None:
    # In a process of its own: here, some other test has long imported them all.
    words = [sys.executable, "-m", "visavis", "cases", "try", "nope", os.devnull]
    told = subprocess.run(words, capture_output=True, text=True, check=False, timeout=200)
    assert "try arkanoid, csv-report, parser, plot, todo, web-server" in told.stderr
