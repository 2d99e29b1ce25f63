"""The load of `benches.wire` by guidellm, judged by the same server's log.

    python -m benches.wire_peers [--streams N …] [--runs N]

Needs `guidellm` on the PATH, best from an environment of its own (`pip install guidellm`). Its
requests are joined to the server's by the number with which each reply begins. What it calls the
time to first token is its `first_output_token_iteration` less its `request_start`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Any

from benches.wire import LOADS, ms, pin, pinned_server
from visavis.measure.calibrate import Delays, take_log
from visavis.measure.truth_server import Truth


def run(tool: str, url: str, load: tuple[int, int, Delays]) -> list[dict[str, Any]]:
    """What guidellm says of each request that it calls successful."""
    streams, rounds, delays = load
    with tempfile.TemporaryDirectory() as folder:
        prompts, said = Path(folder) / "prompts.json", Path(folder) / "said.json"
        count = streams * rounds
        prompts.write_text(json.dumps([{"prompt": f"request {n}"} for n in range(2 * count)]))
        extras = json.dumps({"body": {"max_tokens": delays.tokens}})
        backend = {
            "kind": "openai_http",
            "target": url.removesuffix("/v1"),
            "model": delays.model,
            "extras": json.loads(extras),
        }
        command = [
            tool,
            "run",
            *("--backend", json.dumps(backend)),
            *("--profile", f"kind=concurrent,streams={streams}"),
            *("--constraint", f"kind=max_requests,count={count}"),
            *("--data", f"kind=json_file,path={prompts}"),
            *("--output", f"kind=json,path={said}"),
            "--disable-console",
        ]
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
            preexec_fn=lambda: pin(0),
        )
        (benchmark,) = json.loads(said.read_text())["benchmarks"]
        found: list[dict[str, Any]] = benchmark["requests"]["successful"]
        return found


def errors_s(said: list[dict[str, Any]], truths: list[Truth]) -> Iterator[tuple[float, float]]:
    """Of each request: first token, and mean inter-token time."""
    true = {truth.number: truth for truth in truths}
    for one in said:
        truth = true[int(one["output"].split()[0].removeprefix("#"))]
        times = one["info"]["timings"]
        first = times["first_output_token_iteration"]
        after = len(truth.before) - 1
        yield (
            abs(first - times["request_start"] - (truth.before[0] - truth.arrived)),
            abs(times["last_token_iteration"] - first - (truth.before[-1] - truth.before[0]))
            / after,
        )


def rank(errors: list[float], share: float) -> float:
    return sorted(errors)[ceil(share * len(errors)) - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, nargs="*", default=[1, 16, 64, 256])
    parser.add_argument("--runs", type=int, default=1)
    given = parser.parse_args()
    tool = shutil.which("guidellm")
    if tool is None:
        sys.exit("no guidellm on the PATH")
    print("| streams | client | first token p50, ms | p99, ms | mean inter-token p99, ms |")
    print("|" + " --- |" * 5)
    with pinned_server(None) as url:
        for load in LOADS:
            if load[0] not in given.streams:
                continue
            runs = []
            for _ in range(given.runs):
                said = run(tool, url, load)
                runs.append(list(zip(*errors_s(said, take_log(url)), strict=True)))
            first, gap = [list(one[0]) for one in runs], [list(one[1]) for one in runs]
            cells = [
                ms([rank(one, 0.5) for one in first]),
                ms([rank(one, 0.99) for one in first]),
                ms([rank(one, 0.99) for one in gap]),
            ]
            print(f"| {load[0]:,} | guidellm | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
