"""The real command, in a process of its own."""

import subprocess
import sys
from pathlib import Path

VISAVIS = [sys.executable, "-m", "visavis"]


def called(
    environment: dict[str, str], *words: str, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*VISAVIS, *words],
        env=environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
