"""What a machine looks like from outside: to see that it is left as it was."""

import gc
import os
import re
from dataclasses import dataclass
from pathlib import Path

import psutil

TEST = """
def check(candidate):
    assert candidate(1, 2) == 3
    assert candidate("a", "b") == "ab"
    assert candidate([1], [2]) == [1, 2]
"""
HOSTILE = {
    place.name.removesuffix(".py.txt"): place.read_text()
    for place in sorted(Path(__file__).with_name("hostile").glob("*.py.txt"))
}
WITHIN = ("tester", "resident", "program", "stage_agent", "stage_child", "values")
"""Modules of the fence that run where nothing else of ours is to be had."""


@dataclass(frozen=True)
class Machine:
    """Everything a program could have left behind, as far as it can be counted."""

    processes: frozenset[int]
    """Ours and below."""
    open_files: int
    shared_memory: str
    temporary: frozenset[str]


def machine() -> Machine:
    gc.collect()
    return Machine(
        processes=frozenset(child.pid for child in psutil.Process().children(recursive=True)),
        open_files=len(os.listdir("/proc/self/fd")),
        shared_memory="".join(
            Path("/proc/sysvipc", kind).read_text() for kind in ("shm", "sem", "msg")
        ),
        temporary=frozenset(
            place.name
            for folder in ("/tmp", "/dev/shm", "/var/tmp")
            for place in Path(folder).iterdir()
            if place.name.startswith("left-behind") or _orphaned(place.name)
        ),
    )


def _orphaned(name: str) -> bool:
    """A scratch folder of the weak fence whose resident is no more."""
    found = re.match(r"visavis-(\d+)-", name)
    return found is not None and not psutil.pid_exists(int(found[1]))
