"""The process that computes log-probabilities in float32, so that the run's own goes on.

Run as a file by `float32.py`. On stdin comes one line of JSON, the settings, then a line for each
question; out of stdout goes one line when the network is loaded, then a line for each answer.
Whatever waits is answered together.
"""

import json
import os
import queue
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from visavis.candidates.llama_child import be_expendable, die_with, take_stdout

_ONE_THREAD: Final = ("OPENBLAS", "OMP", "MKL", "BLIS", "VECLIB_MAXIMUM")
"""What BLAS libraries call themselves. Threads are ours, each with a block of rows."""
_GATHER_S: Final = 0.02
"""Silence after which the questions that came are answered; more may still be on their way."""


def serve() -> None:
    answer = take_stdout()
    wanted = json.loads(sys.stdin.buffer.readline())
    die_with(wanted["parent"])
    be_expendable()
    os.environ.update({f"{name}_NUM_THREADS": "1" for name in _ONE_THREAD})
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(lines,), daemon=True).start()
    begun = time.perf_counter()

    # NumPy reads its number of threads when it is imported.
    from visavis.candidates import gguf
    from visavis.candidates.likelihood.choosing import Chooser, Question
    from visavis.candidates.likelihood.network import load

    file = Path(wanted["file"])
    with ThreadPoolExecutor(wanted["threads"]) as pool:
        network = load(file, gguf.read(file), pool)
        chooser = Chooser(network, pool, kept_bytes=wanted["kept_bytes"])
        _say(answer, {"load_s": time.perf_counter() - begun})
        for asked in _gathered(lines):
            for found in chooser.answers(Question.read(line) for line in asked):
                _say(answer, found._asdict())


def _say(answer: int, line: dict[str, object]) -> None:
    os.write(answer, json.dumps(line).encode() + b"\n")


def _listen(lines: "queue.SimpleQueue[bytes]") -> None:
    """Until nobody wants us any more, whatever is being computed then."""
    for line in sys.stdin.buffer:
        lines.put(line)
    os._exit(0)


def _gathered(lines: "queue.SimpleQueue[bytes]") -> Iterator[list[bytes]]:
    """What has come since the last time, waiting for the first and a moment for the next."""
    while True:
        asked = [lines.get()]
        try:
            while True:
                asked.append(lines.get(timeout=_GATHER_S))
        except queue.Empty:
            yield asked


if __name__ == "__main__":
    serve()
