"""lm-eval's `samples_TASK_TIME.jsonl`, as `--log_samples` writes it: one object a case and filter.

The file does not name the model: `results_TIME.json` beside it does, else the folder it lies in.
Subjects of MMLU and MATH are tasks of their own there, and parts of one protocol here. A case's
words may be wrapped in the model's own chat template; the `doc_hash` then still tells
that two files mean the same case.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import msgspec

from visavis.benchmarks.imported import told
from visavis.benchmarks.mmlu_files import FIELD_OF
from visavis.core.case import Case
from visavis.core.errors import VisavisError
from visavis.core.prompt import Message, Way
from visavis.measure.imports.base import Columns, Entry, Format, Log, Mark
from visavis.measure.imports.reading import LogFile, opened, shaped

_NAMED = re.compile(r"samples_(?P<task>.+?)_(?P<time>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d[\d.]*)")
_FIRST_FILTERS = ("flexible-extract", "flexible_extract", "none")
"""Which of several readings of the same reply is set beside ours, where it is there."""

_OF_MATH = (
    "algebra",
    "counting_and_prob",
    "geometry",
    "intermediate_algebra",
    "num_theory",
    "prealgebra",
    "precalc",
)
_PARTS: Mapping[str, Collection[str]] = {
    "mmlu": FIELD_OF.keys(),
    "minerva_math": _OF_MATH,
    "hendrycks_math": _OF_MATH,
}


class _Row(msgspec.Struct):
    doc_id: int | str
    doc: dict[str, Any]
    target: Any
    arguments: Any
    resps: list[Any]
    filtered_resps: Any = None
    filter: str = "none"
    metrics: list[str] = []
    doc_hash: str = ""


def is_like(file: LogFile) -> bool:
    head = file.content[:200_000]
    return b'"doc_id"' in head and b'"resps"' in head


def read(file: LogFile, _: Columns) -> Log:
    found: dict[str, list[tuple[_Row, dict[str, Any]]]] = {}
    for number, value in file.lines():
        row = shaped(file, value, _Row, number)
        found.setdefault(str(row.doc_id), []).append((row, value))
    if not found:
        raise file.wrong("holds no answers; check the file")
    named = _NAMED.match(file.stem)
    task = named["task"] if named else file.stem.removeprefix("samples_")
    model, settings = _run(file, named["time"] if named else None)
    task, part = _part(task)
    entries = (
        _of_part(entry, part)
        for rows in found.values()
        for entry in _entries(file, rows, model, task)
    )
    return Log(tool="lm-eval", entries=tuple(entries), settings=MappingProxyType(settings))


def _part(task: str) -> tuple[str, str]:
    """A benchmark, and the subject of it that a task is; empty where it is none."""
    for whole, parts in _PARTS.items():
        subject = task.removeprefix(f"{whole}_")
        if subject in parts:
            return whole, subject
    return task, ""


def _of_part(entry: Entry, subject: str) -> Entry:
    """Numbers begin anew in each subject; its name before them tells the cases apart."""
    if not subject:
        return entry
    case = entry.case
    further = {"subject": subject}
    if subject in FIELD_OF:
        further["field"] = FIELD_OF[subject]
    named = replace(
        case,
        id=f"{subject}/{case.id}",
        group=f"{subject}/{case.group}",
        fields=MappingProxyType({**case.fields, **further}),
    )
    return replace(entry, case=named)


def _entries(
    file: LogFile, rows: Sequence[tuple[_Row, dict[str, Any]]], model: str, task: str
) -> Iterator[Entry]:
    """One for each reply to a case; its several filters are several marks of the same reply."""
    row = rows[0][0]
    asked = _arguments(file, row)
    if isinstance(asked[0][1], str):
        yield _chosen(file, rows, asked, (model, task))
        return
    replies = row.resps[0] if isinstance(row.resps[0], list) else row.resps
    for number, text in enumerate(replies, start=1):
        if not isinstance(text, str):
            raise file.wrong(
                f"holds no text in 'resps' of case {row.doc_id!r}; its task makes none"
            )
        yield Entry(
            model=model,
            task=task,
            case=_generated(row, asked[0], number),
            text=text,
            mark=_mark(rows),
        )


def _chosen(
    file: LogFile,
    rows: Sequence[tuple[_Row, dict[str, Any]]],
    asked: Sequence[tuple[str, Any]],
    named: tuple[str, str],
) -> Entry:
    """A case whose choices were weighed by their log-probabilities."""
    row = rows[0][0]
    choices = [choice for _, choice in asked]
    weights = [_weight(file, row, one) for one in row.resps[: len(choices)]]
    contexts = {context for context, _ in asked}
    key = _key(row, choices)
    if len(contexts) > 1 or len(weights) < len(choices) or len(choices) < 2 or key is None:
        raise file.wrong(
            f"weighs case {row.doc_id!r} in a way that is not read here: "
            "one text, and one log-probability for each choice"
        )
    question, fields = told(_messages(asked[0][0])[0], way="choose", choices=choices)
    return Entry(
        model=named[0],
        task=named[1],
        case=_case(row, question, fields, choices[key]),
        text=choices[max(range(len(choices)), key=weights.__getitem__)],
        finish="stop",
        logprobs=tuple(weights),
        mark=_mark(rows),
        check="choice",
    )


def _generated(row: _Row, asked: tuple[str, Any], number: int) -> Case:
    settings = asked[1] if isinstance(asked[1], Mapping) else {}
    stop = settings.get("until") or ()
    limit = settings.get("max_gen_toks")
    messages, way = _messages(asked[0])
    question, fields = told(
        messages,
        max_tokens=limit if isinstance(limit, int) else None,
        way=way,
        stop=[stop] if isinstance(stop, str) else [text for text in stop if isinstance(text, str)],
    )
    return _case(row, question, fields | _further(row.doc), _target(row), number)


def _case(
    row: _Row, question: str, fields: Mapping[str, str], target: str, number: int = 1
) -> Case:
    doc = {"doc": row.doc_hash} if row.doc_hash else {}
    return Case(
        id=str(row.doc_id) if number == 1 else f"{row.doc_id}~{number}",
        group=str(row.doc_id),
        question=question,
        target=target,
        fields=MappingProxyType({**fields, **doc}),
    )


def _target(row: _Row) -> str:
    """The key. Of GSM8K's it is what follows the "####", of HumanEval's the tests themselves."""
    if "test" in row.doc and "entry_point" in row.doc:
        return str(row.doc["test"])
    if "problem" in row.doc and "answer" in row.doc:
        return str(row.doc["answer"])
    target = row.target if isinstance(row.target, str) else json.dumps(row.target)
    return target.rpartition("####")[2].strip() if "####" in target else target


def _further(doc: Mapping[str, Any]) -> dict[str, str]:
    """What our graders need of a row beside its key."""
    if "entry_point" in doc and "prompt" in doc:
        return {"entry_point": str(doc["entry_point"]), "head": str(doc["prompt"])}
    if "instruction_id_list" in doc:
        return {name: json.dumps(doc[name]) for name in ("instruction_id_list", "kwargs")}
    return {}


def _arguments(file: LogFile, row: _Row) -> list[tuple[str, Any]]:
    """Context and continuation, or context and settings, of each request of a case."""
    told = row.arguments
    pairs = list(told.values()) if isinstance(told, dict) else told
    made = [list(pair.values()) if isinstance(pair, dict) else pair for pair in pairs or ()]
    if not made or not all(isinstance(pair, list) and len(pair) > 1 for pair in made):
        raise file.wrong(f"says in no way known here what case {row.doc_id!r} was asked")
    # A conversation is a tuple of one text, which JSON makes a list of one.
    contexts = [_read(pair[0]) for pair in made]
    if None in contexts:
        raise file.wrong(f"holds no text of what case {row.doc_id!r} was asked")
    return [(context or "", pair[1]) for context, pair in zip(contexts, made, strict=True)]


def _messages(context: str) -> tuple[tuple[Message, ...], Way]:
    """A conversation where an API was asked, which is written as JSON; else raw text."""
    if context.startswith('[{"role"'):
        with suppress(ValueError, msgspec.ValidationError):
            return tuple(msgspec.convert(json.loads(context), list[Message])), "chat"
    return (Message(role="user", content=context),), "continue"


def _weight(file: LogFile, row: _Row, reply: Any) -> float:
    """`[["-0.1", "False"]]`, with one layer of lists more or less by version."""
    while isinstance(reply, list) and reply:
        reply = reply[0]
    try:
        return float(reply)
    except (TypeError, ValueError) as error:
        raise file.wrong(f"holds no log-probability for case {row.doc_id!r}") from error


def _key(row: _Row, choices: Sequence[str]) -> int | None:
    """Which choice is right: the target is its number or its text."""
    target = str(row.target).strip()
    texts = [choice.strip() for choice in choices]
    if target in texts:
        return texts.index(target)
    if target.isdigit() and int(target) < len(choices):
        return int(target)
    return None


def _mark(rows: Sequence[tuple[_Row, dict[str, Any]]]) -> Mark | None:
    """The first metric of the most lenient filter, in lm-eval's words."""
    ranked = sorted(rows, key=lambda one: one[0].filter not in _FIRST_FILTERS)
    row, value = ranked[0]
    for metric in row.metrics:
        if isinstance(value.get(metric), bool | int | float):
            by = metric if row.filter == "none" else f"{metric}, {row.filter}"
            return Mark(value=float(value[metric]), by=by, read=_read(row.filtered_resps))
    return None


def _read(filtered: Any) -> str | None:
    while isinstance(filtered, list) and len(filtered) == 1:
        filtered = filtered[0]
    return filtered if isinstance(filtered, str) else None


def _run(file: LogFile, time: str | None) -> tuple[str, dict[str, str]]:
    """The model, and how it was asked."""
    beside = file.path.parent / f"results_{time}.json"
    if time is not None and beside.is_file():
        with suppress(VisavisError):
            told = opened(beside).json()
            model = told.get("model_name") or told.get("model_source")
            config = told.get("config") or {}
            settings = {
                name: str(config[name])
                for name in ("model", "model_args", "gen_kwargs", "limit", "num_fewshot")
                if config.get(name) not in (None, "", {})
            }
            return str(model or file.path.parent.name), settings
    return file.path.resolve().parent.name.replace("__", "/"), {}


LM_EVAL = Format(name="lm-eval", title="lm-eval's samples file", is_like=is_like, read=read)
