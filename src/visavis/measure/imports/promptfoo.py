"""promptfoo's results as JSON, as `promptfoo eval -o results.json` writes them.

A file may hold several providers: each is a model of its own. A case is one test under one
prompt's wording. Where its one assertion is one that we make ourselves, `equals` or `contains`, it
is graded so. Any other test (code, a judge, several assertions) is not graded, unless `--check`
says how its first expected text is to be looked for.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import msgspec

from visavis.benchmarks.imported import told
from visavis.core.case import Case
from visavis.core.outcome import Finish, Usage
from visavis.core.prompt import Message
from visavis.measure.imports.base import Columns, Entry, Format, Log, Mark
from visavis.measure.imports.reading import LogFile, shaped

_CHECKS = {"equals": "equals", "contains": "contains", "icontains": "contains"}
_FINISHES: dict[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "content_filter": "content_filter",
    "tool_calls": "tool_calls",
}
_TEMPLATE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_ERROR = 2
"""`failureReason`: 0 none, 1 an assertion, 2 an error in place of a reply."""


class _Provider(msgspec.Struct):
    id: str = ""
    label: str | None = None


class _Prompt(msgspec.Struct):
    raw: str
    label: str = ""


class _Response(msgspec.Struct):
    output: Any = None
    tokenUsage: dict[str, Any] = {}  # noqa: N815  # promptfoo's own name
    finishReason: str | None = None  # noqa: N815  # promptfoo's own name


class _Assertion(msgspec.Struct):
    type: str
    value: Any = None


class _Test(msgspec.Struct):
    asserts: list[_Assertion] = msgspec.field(default_factory=list, name="assert")


class _Result(msgspec.Struct):
    provider: _Provider | str
    prompt: _Prompt
    vars: dict[str, Any]
    success: bool
    score: float | None = None
    response: _Response | None = None
    error: str | None = None
    failureReason: int = 0  # noqa: N815  # promptfoo's own name
    testCase: _Test = msgspec.field(default_factory=_Test)  # noqa: N815  # promptfoo's own name


class _Results(msgspec.Struct):
    results: list[_Result]
    version: int = 3


class _File(msgspec.Struct):
    results: _Results
    config: dict[str, Any] = {}
    metadata: dict[str, Any] = {}


def is_like(file: LogFile) -> bool:
    head = file.content[:5_000]
    return b'"evalId"' in head or (b'"promptIdx"' in file.content[:200_000])


def read(file: LogFile, _: Columns) -> Log:
    whole = shaped(file, file.json(), _File)
    if not whole.results.results:
        raise file.wrong("holds no results; check the file")
    task = str(whole.config.get("description") or file.stem)
    version = whole.metadata.get("promptfooVersion")
    return Log(
        tool="promptfoo",
        entries=tuple(_entry(row, task) for row in whole.results.results),
        settings=MappingProxyType({"promptfoo": str(version)} if version else {}),
    )


def _entry(row: _Result, task: str) -> Entry:
    check, target = _key(row)
    response = row.response or _Response()
    failed = row.failureReason == _ERROR or response.output is None
    return Entry(
        model=_model(row.provider),
        task=task,
        case=_case(row, target),
        text=None if failed else _text(response.output),
        finish=_FINISHES.get(response.finishReason or "", "unknown"),
        usage=_usage(response.tokenUsage),
        mark=None if failed else _mark(row),
        check=check,
    )


def _case(row: _Result, target: str) -> Case:
    question, fields = told(tuple(_messages(row.prompt.raw)))
    words = json.dumps([row.prompt.raw, row.vars], sort_keys=True, ensure_ascii=False)
    test = json.dumps(row.vars, sort_keys=True, ensure_ascii=False)
    return Case(
        id=_digest(words),
        group=_digest(test),
        question=question,
        target=target,
        fields=MappingProxyType(fields),
    )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def _model(provider: _Provider | str) -> str:
    return provider if isinstance(provider, str) else provider.label or provider.id


def _messages(raw: str) -> Iterator[Message]:
    """A conversation where the prompt is JSON of one, else one question."""
    try:
        yield from msgspec.json.decode(raw, type=list[Message])
    except (msgspec.DecodeError, RecursionError):
        yield Message(role="user", content=raw)


def _key(row: _Result) -> tuple[str, str]:
    """The check that a test's one assertion is, and the text that a right reply has."""
    asserted: Sequence[_Assertion] = row.testCase.asserts
    plain = [one for one in asserted if one.type in _CHECKS and isinstance(one.value, str)]
    if not plain:
        return "none", ""
    check = _CHECKS[plain[0].type] if len(asserted) == 1 else "none"
    return check, _rendered(plain[0].value, row.vars)


def _rendered(template: str, variables: Mapping[str, Any]) -> str:
    """The assertion's value with its plain variables put in; nothing of it is executed."""
    return _TEMPLATE.sub(lambda found: str(variables.get(found[1], found[0])), template)


def _text(output: Any) -> str:
    return output if isinstance(output, str) else json.dumps(output, ensure_ascii=False)


def _mark(row: _Result) -> Mark:
    return Mark(value=float(row.success), by="its assertions", how=row.error or "")


def _usage(tokens: Mapping[str, Any]) -> Usage | None:
    read, written = tokens.get("prompt"), tokens.get("completion")
    if not isinstance(read, int) or not isinstance(written, int) or read + written == 0:
        return None
    return Usage(input_tokens=read, output_tokens=written)


PROMPTFOO = Format(
    name="promptfoo", title="promptfoo's results as JSON", is_like=is_like, read=read
)
