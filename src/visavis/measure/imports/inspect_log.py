"""Inspect's logs: `.eval`, a zip of JSON files, and `.json`, all of it in one.

Nothing of a zip is written to the disk. Today's inspect packs with zstandard, which Python reads
from 3.14 on, and before that with the package `backports.zstd`.
"""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from importlib import import_module
from io import BytesIO
from string import ascii_uppercase
from types import MappingProxyType
from typing import Any

import msgspec

from visavis.benchmarks.imported import told
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.outcome import Finish, Usage
from visavis.core.prompt import Message
from visavis.measure.imports.base import Columns, Entry, Format, Log, Mark
from visavis.measure.imports.reading import LARGEST_BYTES, LogFile, parsed, shaped

_ZSTANDARD = 93
_ATTACHED = "attachment://"
_VALUES = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
"""Inspect's letters: correct, incorrect, partly, no answer."""
_FINISHES: dict[str, Finish] = {
    "stop": "stop",
    "max_tokens": "length",
    "model_length": "length",
    "content_filter": "content_filter",
    "tool_calls": "tool_calls",
}


class _Turn(msgspec.Struct):
    role: str
    content: Any = ""
    source: str | None = None


class _Choice(msgspec.Struct):
    message: _Turn
    stop_reason: str = "unknown"


class _Output(msgspec.Struct):
    choices: list[_Choice] = []
    usage: dict[str, Any] | None = None


class _Score(msgspec.Struct):
    value: Any = None
    answer: str | None = None


class _Sample(msgspec.Struct):
    id: int | str
    input: Any
    epoch: int = 1
    target: str | list[str] = ""
    choices: list[str] | None = None
    messages: list[_Turn] = []
    output: _Output = msgspec.field(default_factory=_Output)
    scores: dict[str, _Score] | None = None
    metadata: dict[str, Any] = {}
    attachments: dict[str, str] = {}
    error: Any = None


class _Eval(msgspec.Struct):
    task: str
    model: str
    model_generate_config: dict[str, Any] = {}
    packages: dict[str, Any] = {}


class _Head(msgspec.Struct):
    eval: _Eval


class _Whole(_Head):
    samples: list[_Sample] = []


def is_like(file: LogFile) -> bool:
    if file.content.startswith(b"PK"):
        return b"header.json" in file.content or b"_journal/" in file.content
    head = file.content[:5_000]
    return b'"eval"' in head and b'"task_id"' in head


def read(file: LogFile, _: Columns) -> Log:
    if file.content.startswith(b"PK"):
        head, samples = _of_zip(file)
    else:
        whole = shaped(file, file.json(), _Whole)
        head, samples = whole.eval, whole.samples
    if not samples:
        raise file.wrong("holds no samples; was it written with 'log_samples' off?")
    config = head.model_generate_config
    settings = {
        **{name: str(value) for name, value in config.items() if value is not None},
        **{name: str(version) for name, version in head.packages.items()},
    }
    return Log(
        tool="inspect",
        entries=tuple(_entry(file, head, sample) for sample in samples),
        settings=MappingProxyType(settings),
    )


def _entry(file: LogFile, head: _Eval, sample: _Sample) -> Entry:
    choice = next(iter(sample.output.choices), None)
    text = None if choice is None or sample.error else _text(choice.message.content, sample)
    return Entry(
        model=head.model,
        task=head.task.rpartition("/")[2],
        case=_case(file, head, sample),
        text=text,
        finish=_FINISHES.get(choice.stop_reason, "unknown") if choice else "unknown",
        usage=_usage(sample.output.usage),
        mark=_mark(sample),
        check="letter" if sample.choices and len(sample.target) == 1 else None,
    )


def _case(file: LogFile, head: _Eval, sample: _Sample) -> Case:
    limit = head.model_generate_config.get("max_tokens")
    question, fields = told(_asked(sample), max_tokens=limit if isinstance(limit, int) else None)
    target = sample.target if isinstance(sample.target, str) else _joined(sample.target)
    if sample.choices:
        if len(sample.choices) > len(ascii_uppercase):
            raise file.wrong(f"gives sample {sample.id!r} more choices than there are letters")
        fields["options"] = json.dumps(sample.choices, ensure_ascii=False)
    return Case(
        id=str(sample.id) if sample.epoch == 1 else f"{sample.id}~{sample.epoch}",
        group=str(sample.id),
        question=question,
        target=str(sample.metadata.get("test", target)),
        fields=MappingProxyType(fields | _further(sample.metadata)),
    )


def _joined(targets: list[str]) -> str:
    return targets[0] if len(targets) == 1 else json.dumps(targets, ensure_ascii=False)


def _further(metadata: Mapping[str, Any]) -> dict[str, str]:
    """What our graders need beside the key: HumanEval's head and tests, IFEval's instructions."""
    if "entry_point" in metadata and "prompt" in metadata:
        return {"entry_point": str(metadata["entry_point"]), "head": str(metadata["prompt"])}
    if "instruction_id_list" in metadata and "kwargs" in metadata:
        return {name: json.dumps(metadata[name]) for name in ("instruction_id_list", "kwargs")}
    return {}


def _asked(sample: _Sample) -> tuple[Message, ...]:
    """What stood before the first reply that was generated; the input where nothing is kept."""
    turns = sample.messages
    if not turns:
        turns = msgspec.convert(
            [{"role": "user", "content": sample.input}]
            if isinstance(sample.input, str)
            else sample.input,
            list[_Turn],
        )
    asked = []
    for turn in turns:
        if turn.role == "tool" or (turn.role == "assistant" and turn.source in (None, "generate")):
            break
        asked.append(
            Message(
                role="system"
                if turn.role == "system"
                else "assistant"
                if turn.role == "assistant"
                else "user",
                content=_text(turn.content, sample),
            )
        )
    return tuple(asked)


def _text(content: Any, sample: _Sample) -> str:
    """Text, or the text parts of a list; what was put aside as an attachment is put back."""
    if isinstance(content, list):
        parts = [part for part in content if isinstance(part, dict) and part.get("type") == "text"]
        return "\n".join(_text(part.get("text", ""), sample) for part in parts)
    text = content if isinstance(content, str) else ""
    if text.startswith(_ATTACHED):
        return sample.attachments.get(text.removeprefix(_ATTACHED), text)
    return text


def _mark(sample: _Sample) -> Mark | None:
    """The first score that is one number."""
    for name, score in (sample.scores or {}).items():
        value = score.value
        if isinstance(value, str):
            value = _VALUES.get(value)
        if isinstance(value, bool | int | float) and 0 <= value <= 1:
            return Mark(value=float(value), by=name, read=score.answer or None)
    return None


def _usage(told: Mapping[str, Any] | None) -> Usage | None:
    counts = [(told or {}).get(name) for name in ("input_tokens", "output_tokens")]
    if not all(isinstance(count, int) for count in counts):
        return None
    return Usage(input_tokens=counts[0] or 0, output_tokens=counts[1] or 0)


def _of_zip(file: LogFile) -> tuple[_Eval, list[_Sample]]:
    try:
        with zipfile.ZipFile(BytesIO(file.content)) as packed:
            members = {member.filename: member for member in packed.infolist()}
            _check(file, members)
            head = members.get("header.json") or members.get("_journal/start.json")
            if head is None:
                raise file.wrong("is a zip, but none that inspect wrote: it has no 'header.json'")
            told = shaped(file, _json(file, packed, head), _Head).eval
            samples = [
                shaped(file, _json(file, packed, member), _Sample)
                for name, member in members.items()
                if name.startswith("samples/") and name.endswith(".json")
            ]
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise file.wrong(f"is cut short or no zip: {error}; fetch it again") from error
    return told, samples


def _check(file: LogFile, members: Mapping[str, zipfile.ZipInfo]) -> None:
    """Refuse a zip that was made to do harm before anything of it is unpacked."""
    for name in members:
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise file.wrong(f"holds a file {name!r}, which leads out of it; no tool wrote that")
    if sum(member.file_size for member in members.values()) > LARGEST_BYTES:
        raise file.wrong(f"unpacks to more than {LARGEST_BYTES >> 20} MiB; split it")


def _json(file: LogFile, packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Any:
    raw = b"".join(_unpacked(file, packed, member))
    try:
        return parsed(file, raw.decode())
    except UnicodeDecodeError as error:
        raise file.wrong(f"holds {member.filename!r}, which is not UTF-8") from error


def _unpacked(file: LogFile, packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """One member, never more of it than its head says."""
    if member.compress_type != _ZSTANDARD:
        with packed.open(member) as stream:
            yield stream.read(member.file_size)
        return
    start = member.header_offset + 30
    lengths = file.content[start - 4 : start]
    start += int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    decompressor = _zstd(file).ZstdDecompressor()
    body = file.content[start : start + member.compress_size]
    try:
        content: bytes = decompressor.decompress(body, member.file_size)
    except Exception as error:  # its error class has another home in each package
        raise file.wrong(f"is damaged in {member.filename!r}: {error}; fetch it again") from error
    if len(content) < member.file_size or zlib.crc32(content) != member.CRC:
        raise file.wrong(f"is damaged in {member.filename!r}; fetch it again")
    yield content


def _zstd(file: LogFile) -> Any:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    raise DataError(
        f"{file.name!r} is packed with zstandard; install 'backports.zstd', or turn it into JSON "
        "by 'inspect log convert --to json'"
    )


INSPECT = Format(name="inspect", title="an inspect log", is_like=is_like, read=read)
