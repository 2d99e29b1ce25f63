"""Time to start: importing and everyday commands, beside a bare interpreter, in one run.

    python -m benches.start [--rounds N]

The disk is warm: one round is not counted. What counts are the differences in one run.
"""

import argparse
import statistics
import subprocess
import sys
import time

WAYS = {
    "python -c pass": ["-c", "pass"],
    "import visavis": ["-c", "import visavis"],
    "visavis --help": ["-m", "visavis", "--help"],
    "visavis models": ["-m", "visavis", "models"],
    "visavis policies": ["-m", "visavis", "policies"],
    "visavis claims gpt-4o-mini": ["-m", "visavis", "claims", "gpt-4o-mini"],
}


def wall_ms(arguments: list[str]) -> float:
    """Milliseconds from starting a process to its end."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {way: [] for way in WAYS}
    for counted in (False, *[True] * rounds):
        for way, arguments in WAYS.items():
            ms = wall_ms(arguments)
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
