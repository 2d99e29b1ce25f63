"""Odd standard streams: another encoding, closed, full."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMPARE = "-m visavis compare 'né=scripted:Yes' scripted:No --on logic:4 --no-speed --out run"


def shell(tmp_path: Path, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`line` by a shell in which `$PYTHON` is ours."""
    environment = {**os.environ, "PYTHON": sys.executable, "VISAVIS_HOME": str(tmp_path), **more}
    return subprocess.run(
        ["sh", "-c", line],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def test_a_terminal_of_few_characters_gets_plain_ones(tmp_path: Path) -> None:
    done = shell(tmp_path, f"$PYTHON {COMPARE} --lang fr", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "Pas encore tranche" in done.stdout
    assert "-100" in done.stdout
    assert "ne logic" in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_leads_nowhere_and_the_run_is_whole(tmp_path: Path, closed: str) -> None:
    assert shell(tmp_path, f"$PYTHON {COMPARE} {closed}").returncode == 0
    shown = shell(tmp_path, "$PYTHON -m visavis show run --format json")
    assert (shown.returncode, shown.stderr) == (0, "")


def test_what_the_system_refuses_is_told_in_a_line(tmp_path: Path) -> None:
    done = shell(tmp_path, f"$PYTHON -m visavis show {'x' * 300}")
    assert done.returncode == 1
    assert done.stderr.endswith("cannot be used: File name too long\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_an_output_that_takes_no_more_is_told_in_a_line(tmp_path: Path) -> None:
    done = shell(tmp_path, "$PYTHON -m visavis doctor > /dev/full")
    assert done.returncode == 1
    assert done.stderr == "visavis: the output cannot be written: No space left on device\n"
