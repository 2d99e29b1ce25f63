"""Time to start: importing and everyday commands, beside a bare interpreter, in one run.

    python -m benches.start [--rounds N]

The disk is warm and bytecode is there, as after anybody's first start: one round is not counted.
What counts are the differences in one run.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benches.million_run import write_run

WAYS = {
    "python -c pass": ["-c", "pass"],
    "import visavis": ["-c", "import visavis"],
    "visavis --help": ["-m", "visavis", "--help"],
    "visavis models": ["-m", "visavis", "models"],
    "visavis policies": ["-m", "visavis", "policies"],
    "visavis claims gpt-4o-mini": ["-m", "visavis", "claims", "gpt-4o-mini"],
    "visavis show, 1,000 trials": ["-m", "visavis", "show", "run"],
    "visavis verdict, the same": ["-m", "visavis", "verdict", "run", "--policy", "everyday"],
    "the page, the same": ["-m", "visavis", "show", "run", "--format", "html", "--out", "p.html"],
}
CASES, CANDIDATES = 250, 4


def wall_ms(arguments: list[str], at: Path) -> float:
    """Milliseconds from starting a process to its end."""
    environ = {**os.environ, "PYTHONPYCACHEPREFIX": str(at / "bytecode"), "VISAVIS_HOME": str(at)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *arguments]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=at, env=environ)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as at:
        write_run(Path(at) / "run", CASES, CANDIDATES)
        for counted in (False, *[True] * rounds):
            for way, arguments in WAYS.items():
                ms = wall_ms(arguments, Path(at))
                if counted:
                    taken[way].append(ms)
    bare = statistics.median(taken["python -c pass"])
    for way, each in taken.items():
        middle = statistics.median(each)
        print(
            f"{way:26} {middle:6.0f} ms ({min(each):.0f} to {max(each):.0f}), "
            f"{middle - bare:+5.0f} ms beside the bare interpreter"
        )


if __name__ == "__main__":
    main()
