"""Multiple choice by log-likelihood: ours beside lm-eval's, on the same weights and questions.

    python -m benches.likelihood PEER MODEL.gguf MMLU [--subjects A,B] [--questions 10]

By hand: it takes minutes. PEER is the Python of an environment of its own, made with

    python3 -m venv peer && peer/bin/pip install torch==2.13.0 transformers==5.23.0 \\
        lm_eval==0.4.13 accelerate gguf

and MMLU a folder with its authors' `dev/*.csv` and `test/*.csv`. Questions are asked as its
authors do, after five examples. Both compute in float32 from the same dequantised weights, with as
many threads as there are cores; lm-eval's command is printed. Ours is run before and after, each
time from the start of the process to its end, loading included, and so is lm-eval.
"""

import argparse
import asyncio
import csv
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from visavis.candidates.likelihood.opening import open_likelihood
from visavis.candidates.llama_cpp import open_llama
from visavis.core.candidate import Candidate
from visavis.core.outcome import Reply
from visavis.core.prompt import choose

LETTERS = "ABCD"
SUBJECTS = (
    "college_computer_science,high_school_computer_science,high_school_statistics,machine_learning"
)
"""With about 700 tokens of examples each."""
TASK = """task: visavis_mmlu
dataset_path: json
dataset_kwargs:
  data_files:
    test: {items}
test_split: test
output_type: multiple_choice
doc_to_text: "{{{{context}}}}"
doc_to_choice: ["A", "B", "C", "D"]
doc_to_target: "{{{{answer}}}}"
metric_list:
  - metric: acc
"""
Item = dict[str, Any]


def rows(mmlu: Path, split: str, subject: str) -> list[list[str]]:
    with (mmlu / split / f"{subject}_{split}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def asked(row: list[str]) -> str:
    options = "".join(f"{letter}. {text}\n" for letter, text in zip(LETTERS, row[1:5], strict=True))
    return f"{row[0].strip()}\n{options}Answer:"


def items(mmlu: Path, subjects: list[str], count: int) -> list[Item]:
    made: list[Item] = []
    for subject in subjects:
        about = subject.replace("_", " ")
        head = f"The following are multiple choice questions (with answers) about {about}.\n\n"
        shots = "".join(f"{asked(row)} {row[5]}\n\n" for row in rows(mmlu, "dev", subject)[:5])
        made += [
            {"context": head + shots + asked(row), "answer": LETTERS.index(row[5])}
            for row in rows(mmlu, "test", subject)[:count]
        ]
    return made


class Run(NamedTuple):
    """What one process took, in seconds, and found: log-probabilities of the letters."""

    whole_s: float
    cpu_s: float
    """Of all its processes: what it costs, however busy the machine is."""
    asking_s: float
    found: list[list[float]]


async def ours(model: Path, asked_of: list[Item]) -> tuple[float, list[list[float]]]:
    """Seconds of asking, and log-probabilities."""
    who = Candidate(
        name="ours", kind="local", route="gguf", model=model.name, snapshot="", file=model
    )
    async with (
        open_llama(who, at_once=4, note=print) as llama,
        open_likelihood(who, llama, note=print) as client,
    ):
        choices = tuple(f" {letter}" for letter in LETTERS)
        prompts = [choose(item["context"], choices) for item in asked_of]
        begun = time.perf_counter()
        replies = await asyncio.gather(*map(client.send, prompts))
        took = time.perf_counter() - begun
    return took, [list(r.logprobs) for r in replies if isinstance(r, Reply) and r.logprobs]


def timed(command: list[str], log: Path, **environment: str) -> tuple[float, float]:
    """Wall and CPU seconds of a process and its children; what it prints goes to `log`."""
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with log.open("w", encoding="utf-8") as file:
        subprocess.run(
            command, check=True, stdout=file, stderr=file, env={**os.environ, **environment}
        )
    whole_s, now = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return whole_s, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


def our_run(model: Path, folder: Path) -> Run:
    out = folder / "ours.json"
    paths = map(str, (model, folder, out))
    command = [sys.executable, "-m", "benches.likelihood", "--ours", *paths]
    seconds = timed(command, folder / "ours.log")
    return Run(*seconds, *json.loads(out.read_text(encoding="utf-8")))


def peer_run(peer: str, model: Path, folder: Path) -> Run:
    arguments = f"pretrained={model.parent},gguf_file={model.name},dtype=float32"
    command = [
        *(peer, "-m", "lm_eval", "--model", "hf", "--model_args", arguments, "--device", "cpu"),
        *("--batch_size", "1", "--tasks", "visavis_mmlu", "--include_path", str(folder)),
        *("--log_samples", "--output_path", str(folder / "peer")),
    ]
    shown = " ".join(command).replace(str(folder), "FOLDER").replace(str(model.parent), ".")
    print("peer:", shown.replace(peer, "peer/bin/python"), flush=True)
    log = folder / "peer.log"
    seconds = timed(command, log, HF_HUB_OFFLINE="1", HF_HOME=str(folder / "hf"))
    said = log.read_text(encoding="utf-8")
    begun, ended = (_said_at(said, words) for words in ("Running loglikelihood", "Saving results"))
    (samples,) = (folder / "peer").glob("**/samples_*.jsonl")
    lines = [json.loads(line) for line in samples.read_text(encoding="utf-8").splitlines()]
    lines.sort(key=lambda line: int(line["doc_id"]))
    found = [[float(one[0]) for one in line["filtered_resps"]] for line in lines]
    return Run(*seconds, (ended - begun).total_seconds(), found)


def _said_at(log: str, words: str) -> datetime:
    found = re.search(rf"(\d{{4}}-\d\d-\d\d:\d\d:\d\d:\d\d) INFO .*{words}", log)
    assert found is not None, f"lm-eval did not say {words!r}"
    return datetime.strptime(f"{found[1]}+0000", "%Y-%m-%d:%H:%M:%S%z")


def told(name: str, run: Run) -> Run:
    load = os.getloadavg()[0]
    print(
        f"{name:8}{run.whole_s:8.1f} s, asking alone {run.asking_s:.1f} s, CPU {run.cpu_s:.1f} s; "
        f"load of the machine {load:.1f}",
        flush=True,
    )
    return run


def compare(given: argparse.Namespace, folder: Path) -> None:
    made = items(given.mmlu, given.subjects.split(","), given.questions)
    lines = "".join(json.dumps(item) + "\n" for item in made)
    (folder / "items.jsonl").write_text(lines, encoding="utf-8")
    task = TASK.format(items=folder / "items.jsonl")
    (folder / "visavis_mmlu.yaml").write_text(task, encoding="utf-8")
    before = told("ours", our_run(given.model, folder))
    peer = told("lm-eval", peer_run(given.peer, given.model, folder))
    after = told("ours", our_run(given.model, folder))
    pairs = list(zip(before.found, peer.found, strict=True))
    same = sum(a.index(max(a)) == b.index(max(b)) for a, b in pairs)
    most = max(abs(x - y) for a, b in pairs for x, y in zip(a, b, strict=True))
    right = sum(a.index(max(a)) == one["answer"] for a, one in zip(before.found, made, strict=True))
    print(f"{len(made)} questions, {right} right; the same choice on {same} of {len(pairs)}")
    print(f"log-probabilities differ by {most:.1e} at most")
    whole, cpu, asking = (
        2 * theirs / (one + other)
        for theirs, one, other in zip(peer[:3], before[:3], after[:3], strict=True)
    )
    print(f"lm-eval / ours: {whole:.1f} times; asking alone {asking:.1f}, CPU time {cpu:.1f} times")


def main() -> None:
    if sys.argv[1:2] == ["--ours"]:
        model, folder, out = (Path(one) for one in sys.argv[2:])
        lines = (folder / "items.jsonl").read_text(encoding="utf-8").splitlines()
        found = asyncio.run(ours(model, [json.loads(line) for line in lines]))
        out.write_text(json.dumps(found), encoding="utf-8")
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer")
    parser.add_argument("model", type=Path)
    parser.add_argument("mmlu", type=Path)
    parser.add_argument("--subjects", default=SUBJECTS)
    parser.add_argument("--questions", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        compare(given, Path(place))


if __name__ == "__main__":
    main()
