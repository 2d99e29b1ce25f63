"""The load of `benches.wire` by other load generators, judged by the same server's log.

    python -m benches.wire_peers [--tools guidellm aiperf] [--streams N …] [--runs N]

Each tool is to be on the PATH, best in an environment of its own (`pip install guidellm`, `pip
install aiperf`); those that are not are left out. Nothing is fetched: prompts come from a file, and
aiperf's tokenizer, without which it does not start, knows one word. A tool's requests are joined
to the server's by the number with which each reply begins, or by the prompt. What a tool calls the
time to first token is taken as it says it: of guidellm `first_output_token_iteration` less
`request_start`, of aiperf `time_to_first_token`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

from benches.wire import LOADS, ms, pin, pinned_server
from visavis.measure.calibrate import Delays, take_log
from visavis.measure.truth_server import Truth

Load = tuple[int, int, Delays]

TOKENIZER = {
    "version": "1.0",
    "added_tokens": [],
    "pre_tokenizer": {"type": "Whitespace"},
    "model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "word": 1}, "unk_token": "[UNK]"},
}


class Said(NamedTuple):
    """What a tool says of one request that it calls successful."""

    of: int | str
    """The number of the reply, or the prompt."""
    first_s: float
    inter_s: float
    """Mean time between tokens."""


def guidellm(tool: str, url: str, load: Load, folder: Path) -> Iterator[Said]:
    streams, rounds, delays = load
    prompts, said = folder / "prompts.json", folder / "said.json"
    count = streams * rounds
    prompts.write_text(json.dumps([{"prompt": f"request {n}"} for n in range(2 * count)]))
    backend = {
        "kind": "openai_http",
        "target": url.removesuffix("/v1"),
        "model": delays.model,
        "extras": {"body": {"max_tokens": delays.tokens}},
    }
    command = [
        *(tool, "run", "--backend", json.dumps(backend)),
        *("--profile", f"kind=concurrent,streams={streams}"),
        *("--constraint", f"kind=max_requests,count={count}"),
        *("--data", f"kind=json_file,path={prompts}"),
        *("--output", f"kind=json,path={said}"),
        "--disable-console",
    ]
    call(command, HF_HUB_OFFLINE="1")
    (benchmark,) = json.loads(said.read_text())["benchmarks"]
    for one in benchmark["requests"]["successful"]:
        times = one["info"]["timings"]
        first, last = times["first_output_token_iteration"], times["last_token_iteration"]
        yield Said(
            of=int(one["output"].split()[0].removeprefix("#")),
            first_s=first - times["request_start"],
            inter_s=(last - first) / (delays.tokens - 1),
        )


def aiperf(tool: str, url: str, load: Load, folder: Path) -> Iterator[Said]:
    streams, rounds, delays = load
    names = [f"request-{n}" for n in range(streams * rounds)]
    rows = (json.dumps({"session_id": name, "text": name}) for name in names)
    (folder / "prompts.jsonl").write_text("".join(f"{row}\n" for row in rows))
    (folder / "tokenizer.json").write_text(json.dumps(TOKENIZER))
    told = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "[UNK]"}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    command = [
        *(tool, "profile", "--model", delays.model, "--url", url.removesuffix("/v1")),
        *("--endpoint-type", "chat", "--streaming", "--use-legacy-max-tokens"),
        *("--extra-inputs", f"max_tokens:{delays.tokens}", "--use-server-token-count"),
        *("--input-file", str(folder / "prompts.jsonl"), "--custom-dataset-type", "single-turn"),
        *("--dataset-sampling-strategy", "sequential", "--tokenizer", str(folder)),
        *("--concurrency", str(streams), "--request-count", str(len(names))),
        *("--output-artifact-dir", str(folder / "out"), "--ui-type", "none"),
    ]
    call(command)
    for line in (folder / "out" / "profile_export.jsonl").read_text().splitlines():
        one: dict[str, Any] = json.loads(line)
        if one.get("error") is None:
            yield Said(
                of=one["metadata"]["conversation_id"],
                first_s=one["metrics"]["time_to_first_token"]["value"] / 1000,
                inter_s=one["metrics"]["inter_token_latency"]["value"] / 1000,
            )


TOOLS: dict[str, Callable[[str, str, Load, Path], Iterator[Said]]] = {
    "guidellm": guidellm,
    "aiperf": aiperf,
}


def call(command: list[str], **environ: str) -> None:
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environ},
        preexec_fn=lambda: pin(0),
    )


def errors_s(said: list[Said], truths: list[Truth]) -> Iterator[tuple[float, float]]:
    """Of each request: first token, and mean inter-token time."""
    true: dict[int | str, Truth] = {truth.number: truth for truth in truths}
    true.update({truth.prompt: truth for truth in truths})
    for one in said:
        before = true[one.of].before
        inter_s = (before[-1] - before[0]) / (len(before) - 1)
        yield (
            abs(one.first_s - (before[0] - true[one.of].arrived)),
            abs(one.inter_s - inter_s),
        )


def rank(errors: list[float], share: float) -> float:
    return sorted(errors)[ceil(share * len(errors)) - 1]


def row(name: str, tool: str, url: str, load: Load, runs: int) -> str:
    found = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            said = list(TOOLS[name](tool, url, load, Path(folder)))
        found.append(list(zip(*errors_s(said, take_log(url)), strict=True)))
    first, gap = [list(one[0]) for one in found], [list(one[1]) for one in found]
    cells = [
        ms([rank(one, 0.5) for one in first]),
        ms([rank(one, 0.99) for one in first]),
        ms([rank(one, 0.99) for one in gap]),
    ]
    return f"| {load[0]:,} | {name} | " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", nargs="*", choices=TOOLS, default=list(TOOLS))
    parser.add_argument("--streams", type=int, nargs="*", default=[1, 16, 64, 256])
    parser.add_argument("--runs", type=int, default=1)
    given = parser.parse_args()
    found = {name: path for name in given.tools if (path := shutil.which(name))}
    if not found:
        sys.exit(f"none of {', '.join(given.tools)} is on the PATH")
    print("| streams | client | first token p50, ms | p99, ms | mean inter-token p99, ms |")
    print("|" + " --- |" * 5)
    with pinned_server(None) as url:
        for load in LOADS:
            if load[0] in given.streams:
                for name, tool in found.items():
                    print(row(name, tool, url, load, given.runs), flush=True)


if __name__ == "__main__":
    main()
