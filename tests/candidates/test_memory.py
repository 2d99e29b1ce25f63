"""The peak memory of a process."""

import os
import subprocess
import sys

import pytest

from visavis.candidates.memory import MemoryWatch

MIB = 1 << 20

GROWING = """
import sys
held = bytearray(64 << 20)
for at in range(0, len(held), 4096): held[at] = 1
held = None
print("done", flush=True)
sys.stdin.read()
"""


def test_the_peak_stays_when_the_memory_is_given_back() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", GROWING], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        watch = MemoryWatch()
        watch.look(process.pid)
    memory = watch.peak()
    if memory.how == "VmHWM":  # elsewhere only what we saw is known
        assert 64 * MIB < memory.peak_bytes < 200 * MIB


@pytest.mark.skipif(sys.platform != "linux", reason="the split is known on Linux alone")
def test_the_parts_are_about_the_whole() -> None:
    watch = MemoryWatch()
    watch.look(os.getpid())
    memory = watch.peak()
    assert memory.anonymous_bytes is not None
    assert memory.file_backed_bytes is not None
    assert 0.5 < (memory.anonymous_bytes + memory.file_backed_bytes) / memory.peak_bytes <= 1.01


def test_the_largest_of_several_lives_counts() -> None:
    watch = MemoryWatch()
    watch.look(os.getpid())
    before = watch.peak()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as small:
        watch.look(small.pid)
    assert watch.peak().peak_bytes == before.peak_bytes


def test_a_process_that_is_gone_leaves_what_was_seen() -> None:
    watch = MemoryWatch()
    watch.look(2**22 + 1)  # no Linux has so many
    assert watch.peak().peak_bytes == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no zombies")
def test_a_dead_process_that_nobody_buried_is_no_error() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    watch = MemoryWatch()
    watch.look(process.pid)
    process.wait()
    assert watch.peak().peak_bytes == 0
