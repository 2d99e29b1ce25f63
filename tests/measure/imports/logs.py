"""Small logs of our own, each in the form of its tool."""

import gzip
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ANSWERS = {
    "1": ("What is 2 + 3?", "5"),
    "2": ("What is 4 + 4?", "8"),
    "3": ("What is 7 - 9?", "-2"),
}
"""Questions and keys, by id."""


def write(file: Path, value: Any) -> Path:
    """JSON, or JSON Lines where the name ends so; packed where it ends in `.gz`."""
    plain = file.name.removesuffix(".gz")
    text = (
        "".join(json.dumps(row) + "\n" for row in value)
        if plain.endswith(".jsonl")
        else json.dumps(value)
    )
    file.write_bytes(gzip.compress(text.encode()) if file.suffix == ".gz" else text.encode())
    return file


def zeroeval(
    replies: Mapping[str, str], *, model: str = "openai/gpt-x", dataset: str = "gsm"
) -> list[dict[str, Any]]:
    return [
        {
            "session_id": name,
            "chat_history": [f"{ANSWERS[name][0]} Answer in JSON."],
            "model_input": "n/a",
            "output": [reply],
            "generator": model,
            "configs": {"engine": "openai", "temperature": 0.0, "max_tokens": 64},
            "dataset": dataset,
            "id": name,
            "question": ANSWERS[name][0],
            "answer": f"# {ANSWERS[name][1]}" if dataset == "gsm" else ANSWERS[name][1],
        }
        for name, reply in replies.items()
    ]


def lm_eval(replies: Mapping[str, str], **further: Any) -> list[dict[str, Any]]:
    """Two filters a case, as lm-eval's `gsm8k` has them: one row for each."""
    rows = []
    for number, (name, reply) in enumerate(replies.items()):
        question, key = ANSWERS[name]
        for told, right in (
            ("strict-match", f"#### {key}" in reply),
            ("flexible-extract", key in reply),
        ):
            rows.append(
                {
                    "doc_id": number,
                    "doc": {"question": question, "answer": f"So.\n#### {key}"},
                    "target": f"So.\n#### {key}",
                    "arguments": {
                        "gen_args_0": {
                            "arg_0": f"Question: {question}\nAnswer:",
                            "arg_1": {"until": ["\n\n"], "max_gen_toks": 99},
                        }
                    },
                    "resps": [[reply]],
                    "filtered_resps": [reply[-1:]],
                    "filter": told,
                    "metrics": ["exact_match"],
                    "doc_hash": f"h{name}",
                    "exact_match": float(right),
                    **further,
                }
            )
    return rows


def weighed(weights: Sequence[Sequence[float]], target: object = "1") -> list[dict[str, Any]]:
    """A multiple choice by log-probabilities."""
    return [
        {
            "doc_id": number,
            "doc": {"question": "Which?"},
            "target": target,
            "arguments": {
                f"gen_args_{place}": {"arg_0": f"Which {number}?\nAnswer:", "arg_1": f" {letter}"}
                for place, letter in enumerate("ABCD"[: len(of)])
            },
            "resps": [[[str(weight), "False"]] for weight in of],
            "filtered_resps": [[str(weight), "False"] for weight in of],
            "filter": "none",
            "metrics": ["acc"],
            "acc": 1.0,
        }
        for number, of in enumerate(weights)
    ]


def sample(
    name: str | int, reply: str | None, value: object = "C", **further: Any
) -> dict[str, Any]:
    """One sample of an inspect log; an error stands in place of a reply that is None."""
    question, key = ANSWERS[str(name)]
    asked = [
        {"role": "system", "content": "Think."},
        {"role": "user", "content": question, "source": "input"},
    ]
    choice = {"message": {"role": "assistant", "content": reply}, "stop_reason": "stop"}
    return {
        "id": name,
        "epoch": 1,
        "input": question,
        "target": key,
        "messages": [*asked, {"role": "assistant", "content": reply or "", "source": "generate"}],
        "output": {
            "model": "m",
            "choices": [] if reply is None else [choice],
            "usage": {"input_tokens": 11, "output_tokens": 3},
        },
        "scores": {"match": {"value": value, "answer": reply}},
        "error": {"message": "down"} if reply is None else None,
        **further,
    }


HEAD: dict[str, Any] = {
    "version": 2,
    "status": "success",
    "eval": {
        "task": "inspect_evals/gsm8k",
        "task_id": "t",
        "model": "openai/gpt-x",
        "model_generate_config": {"max_tokens": 64, "temperature": 0.0},
        "packages": {"inspect_ai": "0.3"},
    },
}


def inspect_zip(
    file: Path, samples: Sequence[Mapping[str, Any]], pack: int = zipfile.ZIP_DEFLATED
) -> Path:
    with zipfile.ZipFile(file, "w", pack) as packed:
        packed.writestr("_journal/start.json", json.dumps(HEAD))
        for one in samples:
            packed.writestr(f"samples/{one['id']}_epoch_{one['epoch']}.json", json.dumps(one))
        packed.writestr("header.json", json.dumps(HEAD))
    return file


def zstandard_zip(file: Path, members: Mapping[str, bytes], compress: Any) -> Path:
    """A zip packed as inspect packs today, which Python's `zipfile` cannot write before 3.14."""
    bodies = {name: compress(content) for name, content in members.items()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for name, body in bodies.items():
            packed.writestr(name, body)
        places = {info.filename: info.header_offset for info in packed.infolist()}
        directory = packed.start_dir
    raw = bytearray(file.read_bytes())
    for name, content in members.items():
        centre = raw.index(name.encode(), directory) - 46
        for start, method, crc, size in (
            (places[name], 8, 14, 22),
            (centre, 10, 16, 24),
        ):
            raw[start + method : start + method + 2] = (93).to_bytes(2, "little")
            raw[start + crc : start + crc + 4] = zlib.crc32(content).to_bytes(4, "little")
            raw[start + size : start + size + 4] = len(content).to_bytes(4, "little")
    file.write_bytes(bytes(raw))
    return file


def promptfoo(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "evalId": "eval-1",
        "results": {"version": 3, "results": list(rows)},
        "config": {"description": "capitals of the world"},
        "metadata": {"promptfooVersion": "0.121"},
    }


def promptfoo_row(country: str, reply: str | None, *asserts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "provider": {"id": "openai:gpt-x", "label": ""},
        "prompt": {"raw": f"Capital of {country}?", "label": "Capital of {{country}}?"},
        "promptIdx": 0,
        "testIdx": 0,
        "vars": {"country": country, "cap": "Paris"},
        "testCase": {"vars": {"country": country}, "assert": list(asserts)},
        "response": {}
        if reply is None
        else {"output": reply, "tokenUsage": {"prompt": 5, "completion": 1}},
        "success": reply == "Paris",
        "failureReason": 2 if reply is None else 0,
        "error": "boom" if reply is None else None,
    }


def mmmu_pro(name: str, response: object, pred: str, **further: Any) -> dict[str, Any]:
    return {
        "id": name,
        "question": "Which trend is in <image 1>?",
        "options": "['growth', 'decline', 'none']",
        "answer": "B",
        "topic_difficulty": "Easy",
        "subject": "History",
        "response": response,
        "pred_indexs": pred,
        "if_right": pred == "B",
        **further,
    }
