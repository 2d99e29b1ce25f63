"""Your own cases, from a YAML or JSON Lines file: prompts, and the checks a right reply passes.

Four lines are a whole file:

    cases:
      - id: sum
        prompt: What is 17 + 25?
        number: 42
"""

import json
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from visavis.benchmarks.base import Benchmark
from visavis.benchmarks.located import Located, decoded, json_lines_of, yaml_of
from visavis.benchmarks.own_schema import NumberCheck, OwnCase, OwnFile
from visavis.core.case import Case
from visavis.core.errors import CaseFileError
from visavis.core.fence import Fence
from visavis.core.outcome import Grade
from visavis.core.prompt import Prompt, ask
from visavis.scoring.checks import all_of, uses_fence

LARGEST_BYTES = {".yaml": 1 << 20, ".yml": 1 << 20, ".jsonl": 256 << 20}
"""By suffix. YAML is read at some 150 kB a second, JSON Lines hundreds of times as fast."""


def load_own(path: Path) -> Benchmark:
    """The benchmark that a user's file describes; all of the file is read and checked here."""
    raw = _read(path)
    text = decoded(str(path), raw)
    if path.suffix.lower() == ".jsonl":
        found = json_lines_of(str(path), text)
        found.value = {"cases": found.value} if found.value else None
        found.lines = {("cases", *place): line for place, line in found.lines.items()}
    else:
        found = yaml_of(str(path), text)
    cases = _cases(_checked(found), found)
    return Benchmark(
        name=path.stem,
        protocol=f"own@{sha256(raw).hexdigest()[:12]}",
        version=1,
        chance=None,
        source=f"your own file {path.name!r}",
        load=lambda options: cases,
        ask=ask_case,
        grade=grade,
        runs_programs=any(uses_fence(json.loads(case.target)) for case in cases),
    )


def ask_case(case: Case) -> Prompt:
    system = case.fields.get("system")
    return ask(case.question, max_tokens=int(case.fields["max_tokens"]), system=system)


def grade(case: Case, text: str, fence: Fence) -> Grade:
    return all_of(json.loads(case.target), text, fence)


def _read(path: Path) -> bytes:
    largest = LARGEST_BYTES.get(path.suffix.lower())
    if largest is None:
        ends = " or ".join(LARGEST_BYTES)
        raise CaseFileError(f"{str(path)!r} is read as cases; its name must end in {ends}")
    try:
        if not path.is_file():
            raise CaseFileError(f"there is no file {str(path)!r}; check the path")
        if path.stat().st_size > largest:
            instead = "split it" if path.suffix.lower() == ".jsonl" else "write it as .jsonl"
            raise CaseFileError(f"{str(path)!r} is larger than {largest >> 20} MiB; {instead}")
        return path.read_bytes()
    except OSError as error:
        raise CaseFileError(f"{str(path)!r} cannot be read: {error.strerror}") from error


def _checked(found: Located) -> OwnFile:
    if found.value is None:
        found.fail(
            "holds no cases; write some, each with 'id', 'prompt' and a check such as 'equals'", 1
        )
    if isinstance(found.value, list):
        found.fail("begin with a line 'cases:' and put the list under it", 1)
    try:
        return OwnFile.model_validate(found.value)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        first = min(wrong, key=lambda one: (not _is_slip(one), found.line(one["loc"])))
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        found.fail(_reworded(first) + more, found.line(first["loc"]))


def _is_slip(detail: ErrorDetails) -> bool:
    """A misspelt key is told first: the key it was meant for seems missing because of it."""
    return detail["type"] == "extra_forbidden"


def _reworded(detail: ErrorDetails) -> str:
    said, place = detail["msg"], detail["loc"]
    last = place[-1] if place else "the file"
    what = "this case" if isinstance(last, int) else repr(last)
    match detail["type"]:
        case "missing":
            return f"needs {last!r}"
        case "extra_forbidden":
            return _unknown(str(last), place)
        case "model_type":
            return f"{what} must be a mapping of keys and values"
        case "wrong":
            return f"{what} {said}"
    return f"{what}: {said[:1].lower()}{said[1:]}"


def _unknown(key: str, place: tuple[Any, ...]) -> str:
    kinds: dict[int, type[BaseModel]] = {1: OwnFile, 3: OwnCase, 4: NumberCheck}
    known = kinds[len(place)].model_fields
    near = get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
    return f"no key is called {key!r}; {hint}"


def _cases(file: OwnFile, found: Located) -> tuple[Case, ...]:
    first_line: dict[str, int] = {}
    for number, own in enumerate(file.cases):
        line = found.line(("cases", number, "id"))
        if own.id in first_line:
            found.fail(f"the id {own.id!r} was used before, on line {first_line[own.id]}", line)
        first_line[own.id] = line
    return tuple(_case(own, file) for own in file.cases)


def _case(own: OwnCase, file: OwnFile) -> Case:
    system = own.system if own.system is not None else file.system
    return Case(
        id=own.id,
        group=own.group or own.id,
        question=own.prompt,
        target=json.dumps(own.checks(), ensure_ascii=False),
        fields=MappingProxyType(
            {"max_tokens": str(own.max_tokens or file.max_tokens)}
            | ({} if system is None else {"system": system})
        ),
    )
