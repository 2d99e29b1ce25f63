"""`make bench`: every measurement in turn, written to docs/benchmarks.md.

    python -m benches [NAME ...]

With names, only those are run, and only printed.
"""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from visavis.measure.probe import probe

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

BENCHES = {
    "start": "Starting",
    "overhead": "What visavis costs a request",
    "wire": "Latencies said and true",
    "fence": "Running programs that a model wrote",
    "coverage": "Intervals and verdicts, by simulation",
    "sequential": "Stopping when it is decided, by simulation",
    "million": "A run of a million trials",
}
"""Module and title. `benches.engine` needs weights, `benches.wire_peers` other people's tools: they
are run by hand."""

BY_HAND = "<!-- by hand: `make bench` keeps what follows -->"

HEAD = """# Benchmarks of visavis itself

Written by `make bench` on {day}: {cpu}, {cores} cores, {gib:.0f} GiB,
{system}, {python}, visavis {revision}.
The machine is shared and noisy, so what counts are the ratios, taken in turns in one run; single
times are to rank, not to quote.
"""


def run(name: str) -> str:
    """What one measurement prints."""
    command = [sys.executable, "-m", f"benches.{name}"]
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.rstrip()


def section(name: str, said: str) -> str:
    """One measurement on the page; tables stay tables, the rest is printed as it came."""
    shown = said if said.startswith("|") else f"```text\n{said}\n```"
    return f"\n## {BENCHES[name]}\n\n`python -m benches.{name}`\n\n{shown}\n"


def by_hand() -> str:
    """The end of the page as it is: what somebody measured who had more at hand."""
    _, mark, kept = PAGE.read_text(encoding="utf-8").partition(BY_HAND)
    return f"\n{mark}{kept}" if mark else ""


def main(names: list[str]) -> None:
    for name in names:
        print(run(name))
    if names:
        return
    machine = probe()
    page = HEAD.format(
        day=datetime.now(UTC).date(),
        cpu=machine["cpu"],
        cores=machine["cores"],
        gib=machine["memory_bytes"] / 2**30,
        system=machine["system"],
        python=machine["python"],
        revision=(machine["revision"] or machine["visavis"])[:12],
    )
    for name in BENCHES:
        print(f"{name} …", flush=True)
        page += section(name, run(name))
    PAGE.write_text(page + by_hand(), encoding="utf-8")
    print(f"written: {PAGE.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
